"""Finding what a person can use in a set of blocks, and saying what they did with it."""

from collections.abc import Iterator
from typing import Any

from sandbox.errors import NothingToClick
from sandbox.model import Json

# Where each kind keeps its answer, in view state and in actions alike, and where its preset is.
# https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
ANSWERS: dict[str, tuple[str, str]] = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "file_input": ("files", ""),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}


def elements(block: Json) -> list[Json]:
    """The interactive elements of one layout block."""
    match block["type"]:
        case "section":
            found = [block.get("accessory")]
        case "input":
            found = [block["element"]]
        case "actions" | "context_actions":
            found = block["elements"]
        case "card":
            found = block.get("actions", [])
        case "carousel":
            found = [e for card in block["elements"] for e in elements(card)]
        case _:
            found = []
    return [e for e in found if e and e["type"] != "image"]


def everything(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    for block in blocks:
        for element in elements(block):
            yield block, element


def find(
    blocks: list[Json], user_id: str, action_id: str | None, block_id: str | None, value: Any, label: str | None
) -> tuple[Json, Json]:
    """The one element these words point at: the block and the element.

    A button's `value` narrows the search as well; a select's is the choice made, so it must be on offer.
    """
    seen = [(b, e) for b, e in everything(blocks) if user_id in e.get("visible_to_user_ids", [user_id])]
    for block, element in seen:
        if action_id not in (None, element["action_id"]) or block_id not in (None, block["block_id"]):
            continue
        if element["type"] == "button" and value not in (None, element.get("value")):
            continue
        if label in (None, label_of(element)):
            return block, element
    wanted = ", ".join(str(w) for w in (label, action_id, block_id, value) if w is not None)
    there = ", ".join(f"{label_of(e)!r} ({e['action_id']})" for _, e in seen) or "nothing to use"
    raise NothingToClick(f"Nothing here answers to {wanted}; there is: {there}")


def label_of(element: Json) -> str:
    text = element.get("text") or element.get("placeholder") or {}
    return str(text.get("text", ""))


def action(block: Json, element: Json, chosen: Any, ts: str) -> Json:
    """One entry of a block_actions payload's `actions`."""
    done: Json = {"type": element["type"], "action_id": element["action_id"], "block_id": block["block_id"]}
    for name in ("text", "value", "style", "url", "placeholder"):
        if name in element:
            done[name] = element[name]
    if element["type"] == "overflow":
        done["selected_option"] = option(element, chosen)
    elif element["type"] in ANSWERS:
        field, _ = ANSWERS[element["type"]]
        done[field] = answer(element, chosen)
    return {**done, "action_ts": ts}


def answer(element: Json, chosen: Any) -> Any:
    """What a person chose, in the form Slack reports it. A choice may be given whole or by its value alone."""
    field, _ = ANSWERS[element["type"]]
    if isinstance(chosen, dict) and ("type" in chosen or field in chosen) and "text" not in chosen:
        chosen = chosen.get(field)
    if chosen in (None, "", []):
        return [] if field.endswith("s") else None
    if field == "selected_option":
        return option(element, chosen)
    if field == "selected_options":
        return [option(element, c) for c in chosen]
    return chosen


def option(element: Json, chosen: Any) -> Json:
    value = chosen.get("value") if isinstance(chosen, dict) else chosen
    offered = list(element.get("options", []))
    for group in element.get("option_groups", []):
        offered += group["options"]
    for each in offered:
        if each["value"] == value:
            found: Json = each
            return found
    values = ", ".join(str(o["value"]) for o in offered)
    raise NothingToClick(f"{value!r} is not among the choices: {values}")
