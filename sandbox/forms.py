"""What a form holds, and what Slack's own client refuses to send."""

from typing import Any

from sandbox.controls import ANSWERS, answer, everything
from sandbox.errors import NothingToClick
from sandbox.model import Json
from sandbox.screens import StateValues


def filled(blocks: list[Json], before: StateValues, given: dict[str, Any]) -> StateValues:
    """The complete `state.values`: what is given now, else what was there before, else each preset.

    `given` is {block_id: {action_id: answer}}; an answer is Slack's object, or just the value.
    """
    fields = {(b["block_id"], e["action_id"]): e for b, e in everything(blocks) if e["type"] in ANSWERS}
    for block_id, actions in given.items():
        for action_id in actions:
            if (block_id, action_id) not in fields:
                raise NothingToClick(f"There is no field {block_id}/{action_id}; there is: {_names(fields)}")
    values: StateValues = {}
    for (block_id, action_id), element in fields.items():
        field, preset = ANSWERS[element["type"]]
        if action_id in given.get(block_id, {}):
            held = answer(element, given[block_id][action_id])
        elif action_id in before.get(block_id, {}):
            held = before[block_id][action_id].get(field)
        else:
            held = answer(element, element.get(preset))
        values.setdefault(block_id, {})[action_id] = {"type": element["type"], field: held}
    return values


def _names(fields: dict[tuple[str, str], Json]) -> str:
    return ", ".join(f"{block_id}/{action_id}" for block_id, action_id in fields) or "none"


def refusals(blocks: list[Json], values: StateValues) -> dict[str, str]:
    """What the client itself objects to before anything is sent, by block_id."""
    found = {}
    for block, element in everything(blocks):
        if block["type"] == "input":
            field, _ = ANSWERS[element["type"]]
            held = values[block["block_id"]][element["action_id"]][field]
            refusal = _refusal(element, held, bool(block.get("optional")))
            if refusal:
                found[block["block_id"]] = refusal
    return found


def _refusal(element: Json, held: Any, optional: bool) -> str | None:
    if not held:
        return None if optional else "Please complete this required field."
    if not isinstance(held, str):
        return None
    if len(held) < element.get("min_length", 0):
        return f"Please use at least {element['min_length']} characters."
    if len(held) > element.get("max_length", 3000):
        return f"Please use no more than {element.get('max_length', 3000)} characters."
    if element["type"] == "email_text_input" and "@" not in held:
        return "Please enter a valid email address."
    if element["type"] == "url_text_input" and "://" not in held:
        return "Please enter a valid URL."
    if element["type"] == "number_input":
        return _number_refusal(element, held)
    return None


def _number_refusal(element: Json, held: str) -> str | None:
    try:
        number = float(held)
    except ValueError:
        return "Please enter a number."
    if not element["is_decimal_allowed"] and not number.is_integer():
        return "Please enter a whole number."
    if number < float(element.get("min_value", "-inf")) or number > float(element.get("max_value", "inf")):
        return "This number is out of range."
    return None


def input_blocks(blocks: list[Json]) -> set[str]:
    """Where an app may place its own error messages."""
    return {b["block_id"] for b in blocks if b["type"] == "input"}
