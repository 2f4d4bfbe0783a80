"""Reading what Slack shows: the words of a message or a view, its buttons, and its fields as somebody fills them in."""

from collections.abc import Mapping
from typing import Any

from sandbox.model import Message


def buttons(message: Message) -> list[str]:
    """The words on a message's buttons."""
    found = [element for block in message.blocks if block["type"] == "actions" for element in block["elements"]]
    return [element["text"]["text"] for element in found if element["type"] == "button"]


def words(node: Any) -> str:
    """Every text in a message, its blocks or a view, in reading order; no-break spaces read like others."""
    return _words(node).replace("\u00a0", " ")


def _words(node: Any) -> str:
    if isinstance(node, str):
        return ""
    if isinstance(node, Message):
        return f"{node.text}\n{_words(node.blocks)}"
    if isinstance(node, Mapping):
        own = [value for key, value in node.items() if key == "text" and isinstance(value, str)]
        return "\n".join(filter(None, [*own, *(_words(value) for value in node.values())]))
    return "\n".join(filter(None, map(_words, node))) if isinstance(node, list) else ""


def is_breach(message: Message) -> bool:
    """Whether a message tells of a promise that is broken and still owed."""
    return message.text.startswith("Time is up") or "Overdue by" in message.text


def fields(view: Mapping[str, Any]) -> dict[str, Any]:
    """A form's input blocks by their labels."""
    return {block["label"]["text"]: block for block in view["blocks"] if block["type"] == "input"}


def options(view: Mapping[str, Any], label: str) -> list[str]:
    """What a menu of a form offers."""
    return [option["text"]["text"] for option in offered(fields(view)[label]["element"])]


def offered(menu: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The options of a menu, in groups or not."""
    groups = menu.get("option_groups", [menu])
    return [option for group in groups for option in group["options"]]


def answered(view: Mapping[str, Any], answers: Mapping[str, str]) -> dict[str, Any]:
    """The state of a form after somebody gave these answers, named by the labels of the fields as identifiers."""
    state: dict[str, Any] = {}
    for label, block in fields(view).items():
        wanted = answers.get(label.casefold().replace(" ", "_").replace("-", "_").rstrip("?"))
        if wanted is None and any(key.startswith("initial_") for key in block["element"]):
            continue  # What the form came with stays.
        state[block["block_id"]] = {block["element"]["action_id"]: filled(block["element"], wanted)}
    return state


TYPED = {"plain_text_input": "value", "number_input": "value", "datepicker": "selected_date"}
"""Where the fields that offer no menu keep their answer."""


def filled(element: Mapping[str, Any], wanted: str | None) -> dict[str, Any]:
    """The state of one field after somebody chose or typed."""
    if element["type"] in TYPED:
        return {"type": element["type"], TYPED[element["type"]]: wanted or None}
    option = next((one for one in offered(element) if wanted in (one["text"]["text"], one["value"])), None)
    assert wanted is None or option is not None, f"{wanted} is not offered"
    return {"type": element["type"], "selected_option": option}
