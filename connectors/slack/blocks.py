"""Block Kit as plain dicts, each kept within Slack's limits (https://docs.slack.dev/reference/block-kit)."""

from collections.abc import Iterable, Mapping
from typing import Any

from connectors.slack.markup import ELLIPSIS, Content, count, literal, together
from connectors.slack.words import Action, Presence

Block = dict[str, Any]
TEXT, SECTION, CONTEXT, HEADER, OPTION, LABEL = 3000, 3000, 3000, 150, 75, 150
MOST_OPTIONS = 100


def mrkdwn(text: str, limit: int = SECTION) -> Block:
    """Markup in which bare addresses and #names stay as they were written."""
    return {"type": "mrkdwn", "text": together(shorten(text, limit)), "verbatim": True}


def plain(text: str, limit: int) -> Block:
    """Text without markup."""
    return {"type": "plain_text", "text": shorten(text, limit) or "–", "emoji": False}


def shorten(markup: str, limit: int) -> str:
    """Finished markup, cut before the link, date or entity that would not fit whole."""
    if len(markup) <= limit:
        return markup
    kept = markup[: limit - 1]
    if kept.rfind("<") > kept.rfind(">"):
        kept = kept[: kept.rfind("<")]
    if "&" in kept[-5:] and ";" not in kept[kept.rfind("&") :]:
        kept = kept[: kept.rfind("&")]
    return kept + ELLIPSIS


def message(text: str, blocks: list[Block]) -> Content:
    """A message whose `text` is short enough for chat.update, which refuses more than 4,000 characters."""
    return Content(shorten(text, TEXT), blocks)


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text, HEADER)}


def section(text: str) -> Block:
    return {"type": "section", "text": mrkdwn(text)}


def sections(lines: Iterable[str], most: int = 10) -> list[Block]:
    """As many lines as `most` sections hold, and how many were left out."""
    packs: list[list[str]] = [[]]
    left_out = 0
    for line in lines:
        room = SECTION - 100 - sum(len(one) + 1 for one in packs[-1])
        if len(line) > room and packs[-1]:
            packs.append([])
        if len(packs) > most:
            left_out += 1
        else:
            packs[-1].append(line)
    packs = [pack for pack in packs[:most] if pack]
    if left_out:
        packs[-1].append(f"and {count(left_out, 'more line')}")
    return [section("\n".join(pack)) for pack in packs]


def context(*texts: str) -> Block:
    return {"type": "context", "elements": [mrkdwn(text, CONTEXT) for text in texts if text]}


def divider() -> Block:
    return {"type": "divider"}


def actions(wanted: Iterable[Action], lead_id: str, primary: Action | None) -> Block:
    """The buttons of one lead; at most one of them stands out."""
    return {
        "type": "actions",
        "block_id": f"actions:{lead_id}"[:255],
        "elements": [_button(action, lead_id, stands_out=action is primary) for action in wanted],
    }


def _button(action: Action, lead_id: str, *, stands_out: bool) -> Block:
    button = {
        "type": "button",
        "action_id": action.value,
        "value": lead_id,
        "text": {"type": "plain_text", "text": action.label},
    }
    return button | {"style": "primary"} if stands_out else button


def button(action: Presence, value: str, label: str = "") -> Block:
    """A button about who is there; `label` takes the place of its usual words."""
    text = {"type": "plain_text", "text": label or action.label}
    return {"type": "button", "action_id": action.value, "value": value, "text": text}


def buttons(*wanted: Block) -> Block:
    return {"type": "actions", "elements": list(wanted)}


def option(value: str, label: str, description: str = "") -> Block:
    found = {"text": plain(literal(label, OPTION), OPTION), "value": value}
    return found | {"description": plain(literal(description, OPTION), OPTION)} if description else found


def select(field: str, options: list[Block], placeholder: str, initial: Block | None = None) -> Block:
    """A menu of one choice; more than 100 come in groups of 100. `initial` is one of them."""
    menu = {
        "type": "static_select",
        "action_id": field,
        "placeholder": plain(placeholder, LABEL),
        **_choices(options),
    }
    return menu | {"initial_option": initial} if initial else menu


def _choices(options: list[Block]) -> Block:
    """Slack takes 100 options, or 100 groups of so many."""
    if len(options) <= MOST_OPTIONS:
        return {"options": options}
    packs = [(at, options[at : at + MOST_OPTIONS]) for at in range(0, len(options), MOST_OPTIONS)][:MOST_OPTIONS]
    return {
        "option_groups": [
            {"label": plain(f"{at + 1:,} to {at + len(pack):,} of {len(options):,}", OPTION), "options": pack}
            for at, pack in packs
        ]
    }


def datepicker(field: str) -> Block:
    """A day to choose."""
    return {"type": "datepicker", "action_id": field, "placeholder": plain("Choose a day", LABEL)}


def number_input(action_id: str, placeholder: str, initial: int | None = None, *, most: int) -> Block:
    """A whole number from 0 to `most`."""
    field_of_numbers = {
        "type": "number_input",
        "action_id": action_id,
        "is_decimal_allowed": False,
        "min_value": "0",
        "max_value": str(most),
        "placeholder": plain(placeholder, LABEL),
    }
    return field_of_numbers if initial is None else field_of_numbers | {"initial_value": str(initial)}


def text_input(field: str, placeholder: str, *, multiline: bool = False, most: int = 500) -> Block:
    return {
        "type": "plain_text_input",
        "action_id": field,
        "placeholder": plain(placeholder, LABEL),
        "multiline": multiline,
        "max_length": most,
    }


def question(field: str, label: str, element: Block, *, hint: str = "", optional: bool = False) -> Block:
    """An input of a modal; `field` names its answer and is where a mistake in it is shown."""
    asked = {"type": "input", "block_id": field, "label": plain(label, 200), "element": element, "optional": optional}
    return asked | {"hint": plain(hint, 1000)} if hint else asked


def answer(block: Mapping[str, Any]) -> str:
    """What was answered in one input, from its part of a submitted form's `state.values`; empty where nothing was."""
    for element in block.values():
        chosen = (element.get("selected_option") or {}).get("value")
        return str(chosen or element.get("selected_date") or element.get("value") or "").strip()
    return ""
