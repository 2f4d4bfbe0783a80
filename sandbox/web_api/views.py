"""`views.*`: modals and the home tab."""

from typing import Any

from sandbox.blocks.payloads import view_problems, view_too_large, with_ids
from sandbox.content import parsed
from sandbox.errors import SlackRefuses
from sandbox.model import Json
from sandbox.payloads import view_json
from sandbox.screens import MODALS_DEEP, View
from sandbox.state import State
from sandbox.triggers import Trigger
from sandbox.web_api.call import Call


def open_modal(call: Call) -> Json:
    content = checked_view(call.state, call.args.get("view"), "modal")
    _free_external_id(call, content, None)
    trigger = _spend_trigger(call)
    return _shown(call, call.state.screens.open(trigger.user_id, content))


def push(call: Call) -> Json:
    content = checked_view(call.state, call.args.get("view"), "modal")
    _free_external_id(call, content, None)
    trigger = _spend_trigger(call)
    if trigger.view_id is None or call.state.screens.modal(trigger.user_id) is None:
        raise SlackRefuses("invalid_arguments", messages=["[ERROR] `trigger_id` does not come from an open modal"])
    if call.state.screens.depth(trigger.user_id) >= MODALS_DEEP:
        raise SlackRefuses("push_limit_reached")
    return _shown(call, call.state.screens.push(trigger.user_id, content))


def update(call: Call) -> Json:
    view_id, external_id = call.optional("view_id"), call.optional("external_id")
    screens = call.state.screens
    view = screens.find(view_id) if view_id else screens.find_external(external_id or "-")
    if view is None:
        raise SlackRefuses("not_found")
    content = checked_view(call.state, call.args.get("view"), view.type)
    _free_external_id(call, content, view)
    _unchanged(call, view)
    return _shown(call, screens.update(view, content))


def publish(call: Call) -> Json:
    user_id = call.required("user_id")
    person = call.state.directory.users.get(user_id)
    if person is None or person.is_bot:
        raise SlackRefuses("invalid_arguments", messages=["invalid `user_id`"])
    if not call.state.switches.home_tab:
        raise SlackRefuses("not_enabled")
    content = checked_view(call.state, call.args.get("view"), "home")
    before = call.state.screens.home(user_id)
    _free_external_id(call, content, before)
    if before is not None:
        _unchanged(call, before)
    return _shown(call, call.state.screens.publish(user_id, content))


def checked_view(state: State, given: Any, kind: str) -> Json:
    """The view, complete with ids. Raises SlackRefuses as the Web API words it."""
    view = parsed(given, "invalid_arguments")
    if view is None:
        raise SlackRefuses("invalid_arguments", messages=["[ERROR] missing required field: view"])
    problems = view_problems(view)
    if not problems and view["type"] != kind:
        problems = [f"[ERROR] must be of type {kind} [json-pointer:/view/type]"]
    if problems:
        raise SlackRefuses("invalid_arguments", messages=problems)
    if view_too_large(view):
        raise SlackRefuses("view_too_large")
    return {**view, "blocks": with_ids(view["blocks"], state.ids)}


def _spend_trigger(call: Call) -> Trigger:
    trigger = call.state.triggers.find(call.required("trigger_id"))
    if trigger is None:
        raise SlackRefuses("invalid_trigger_id")
    if trigger.used:
        raise SlackRefuses("exchanged_trigger_id")
    if trigger.expired:
        raise SlackRefuses("expired_trigger_id")
    trigger.used = True
    return trigger


def _free_external_id(call: Call, content: Json, own: View | None) -> None:
    external_id = content.get("external_id")
    if external_id and call.state.screens.find_external(external_id) not in (None, own):
        raise SlackRefuses("duplicate_external_id")


def _unchanged(call: Call, view: View) -> None:
    seen = call.optional("hash")
    if seen is not None and seen != view.hash:
        raise SlackRefuses("hash_conflict")


def _shown(call: Call, view: View) -> Json:
    return {"view": view_json(view, call.state.team)}
