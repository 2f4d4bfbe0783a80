"""Interactive elements: buttons, selects, inputs, and where each may stand."""

from typing import Any

from sandbox.blocks.checks import (
    Check,
    Problems,
    anything,
    boolean,
    by_type,
    items,
    link,
    number,
    one_of,
    problem,
    shape,
    string,
)
from sandbox.blocks.texts import (
    confirm,
    conversation_filter,
    dispatch_config,
    initial_among_options,
    one_source,
    option_group,
    overflow_option,
    plain,
    plain_option,
    text_option,
)

ID = string(255)
USERS = items(string(20), 100)
BASE: dict[str, Check] = {"action_id": ID, "confirm": confirm, "focus_on_load": boolean}
SELECT: dict[str, Check] = {**BASE, "placeholder": plain(150)}
MULTI: dict[str, Check] = {**SELECT, "max_selected_items": number(1, 100)}
STATIC: dict[str, Check] = {"options": items(plain_option, 100), "option_groups": items(option_group, 100)}
TYPED: dict[str, Check] = {
    "action_id": ID,
    "placeholder": plain(150),
    "focus_on_load": boolean,
    "dispatch_action_config": dispatch_config,
}


def lengths_in_order(place: str, value: Any) -> Problems:
    if value.get("min_length", 0) > value.get("max_length", 3000):
        yield problem(place, "`min_length` must not be above `max_length`")


def initial_date(place: str, value: Any) -> Problems:
    parts = value.split("-") if isinstance(value, str) else []
    if [len(p) for p in parts] != [4, 2, 2] or not all(p.isdigit() for p in parts):
        yield problem(place, "must be a date formatted YYYY-MM-DD")


def initial_time(place: str, value: Any) -> Problems:
    parts = value.split(":") if isinstance(value, str) else []
    if [len(p) for p in parts] != [2, 2] or not all(p.isdigit() for p in parts):
        yield problem(place, "must be a time formatted HH:mm")


BUTTON = shape(
    {"text": plain(75)},
    {
        "action_id": ID,
        "url": link(),
        "value": string(2000),
        "style": one_of("primary", "danger"),
        "confirm": confirm,
        "accessibility_label": string(75),
        "visible_to_user_ids": USERS,
        "agent_prompt": string(4000),
        "agent_prompt_display": anything,
    },
)

SHAPES: dict[str, Check] = {
    "button": BUTTON,
    "overflow": shape({"options": items(overflow_option, 5)}, {"action_id": ID, "confirm": confirm}),
    "static_select": shape({}, {**SELECT, **STATIC, "initial_option": plain_option}, one_source, initial_among_options),
    "multi_static_select": shape(
        {}, {**MULTI, **STATIC, "initial_options": items(plain_option, 100)}, one_source, initial_among_options
    ),
    "external_select": shape({}, {**SELECT, "initial_option": plain_option, "min_query_length": number(0, 100)}),
    "multi_external_select": shape(
        {}, {**MULTI, "initial_options": items(plain_option, 100), "min_query_length": number(0, 100)}
    ),
    "users_select": shape({}, {**SELECT, "initial_user": string(20)}),
    "multi_users_select": shape({}, {**MULTI, "initial_users": USERS}),
    "conversations_select": shape(
        {},
        {
            **SELECT,
            "initial_conversation": string(20),
            "default_to_current_conversation": boolean,
            "response_url_enabled": boolean,
            "filter": conversation_filter,
        },
    ),
    "multi_conversations_select": shape(
        {},
        {
            **MULTI,
            "initial_conversations": USERS,
            "default_to_current_conversation": boolean,
            "filter": conversation_filter,
        },
    ),
    "channels_select": shape({}, {**SELECT, "initial_channel": string(20), "response_url_enabled": boolean}),
    "multi_channels_select": shape({}, {**MULTI, "initial_channels": USERS}),
    "checkboxes": shape(
        {"options": items(text_option, 10)}, {**BASE, "initial_options": items(text_option, 10)}, initial_among_options
    ),
    "radio_buttons": shape(
        {"options": items(text_option, 10)}, {**BASE, "initial_option": text_option}, initial_among_options
    ),
    "datepicker": shape({}, {**SELECT, "initial_date": initial_date}),
    "timepicker": shape({}, {**SELECT, "initial_time": initial_time, "timezone": string(60)}),
    "datetimepicker": shape({}, {**BASE, "initial_date_time": number(1e9, 1e10 - 1)}),
    "plain_text_input": shape(
        {},
        {
            **TYPED,
            "initial_value": string(3000, 0),
            "multiline": boolean,
            "min_length": number(0, 3000),
            "max_length": number(1, 3000),
        },
        lengths_in_order,
    ),
    "email_text_input": shape({}, {**TYPED, "initial_value": string(3000, 0)}),
    "url_text_input": shape({}, {**TYPED, "initial_value": string(3000, 0)}),
    "number_input": shape(
        {"is_decimal_allowed": boolean},
        {
            **TYPED,
            "initial_value": string(40),
            "min_value": string(40),
            "max_value": string(40),
        },
    ),
    "rich_text_input": shape({}, {**TYPED, "initial_value": anything}),
    "file_input": shape({}, {"action_id": ID, "filetypes": items(string(20), 100), "max_files": number(1, 10)}),
    "feedback_buttons": shape({"positive_button": anything, "negative_button": anything}, {"action_id": ID}),
    "icon_button": shape(
        {"icon": one_of("trash"), "text": plain(75)},
        {
            "action_id": ID,
            "value": string(2000),
            "confirm": confirm,
            "accessibility_label": string(75),
            "visible_to_user_ids": USERS,
        },
    ),
    "workflow_button": shape(
        {"text": plain(75), "workflow": anything}, {"action_id": ID, "style": one_of("primary", "danger")}
    ),
    "image": shape({"alt_text": string(2000)}, {"image_url": link(), "slack_file": anything}),
}

SINGLE = (
    "static_select",
    "external_select",
    "users_select",
    "conversations_select",
    "channels_select",
)
PICKERS = ("checkboxes", "radio_buttons", "datepicker", "timepicker")
IN_ACTIONS = ("button", "overflow", "workflow_button", "datetimepicker", *SINGLE, *PICKERS)
IN_SECTION = (
    "button",
    "overflow",
    "workflow_button",
    "image",
    *SINGLE,
    *(f"multi_{kind}" for kind in SINGLE),
    *PICKERS,
)
IN_INPUT = (
    "plain_text_input",
    "email_text_input",
    "url_text_input",
    "number_input",
    "rich_text_input",
    "file_input",
    "datetimepicker",
    *SINGLE,
    *(f"multi_{kind}" for kind in SINGLE),
    *PICKERS,
)


def unique_actions(place: str, value: Any) -> Problems:
    """Within one block no two elements share an action_id."""
    seen: set[str] = set()
    for index, element in enumerate(value["elements"]):
        action_id = element.get("action_id")
        if action_id in seen:
            yield problem(f"{place}/elements/{index}/action_id", f"`action_id` {action_id} already exists")
        if action_id:
            seen.add(action_id)


in_actions = items(by_type(SHAPES, IN_ACTIONS), 25)
in_section = by_type(SHAPES, IN_SECTION)
in_input = by_type(SHAPES, IN_INPUT)
in_context_actions = items(by_type(SHAPES, ("feedback_buttons", "icon_button")), 5)
