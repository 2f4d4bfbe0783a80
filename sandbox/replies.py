"""What the bot says back: in the body of an answer, or later through a response URL."""

from sandbox.content import Content, posted_text, read_content
from sandbox.errors import BotDidNotAnswer, SlackRefuses
from sandbox.forms import input_blocks
from sandbox.hooks import Hook
from sandbox.model import Json, Message
from sandbox.screens import MODALS_DEEP, View
from sandbox.state import State
from sandbox.web_api.chat import rewrite
from sandbox.web_api.views import checked_view


def answer_submission(state: State, view: View, content: Json) -> dict[str, str]:
    """Does what the bot's `response_action` says; its errors by block_id, if that is what it says.

    Raises BotDidNotAnswer where Slack's client shows "We had some trouble connecting".
    """
    match content.get("response_action"):
        case None:
            state.screens.close(view)
        case "clear":
            state.screens.clear(view.user_id)
        case "errors":
            return _field_errors(view, content.get("errors"))
        case "update":
            state.screens.update(view, _next_view(state, content))
        case "push":
            if state.screens.depth(view.user_id) >= MODALS_DEEP:
                raise BotDidNotAnswer("push_limit_reached: three modals are open already")
            state.screens.push(view.user_id, _next_view(state, content))
        case other:
            raise BotDidNotAnswer(f"invalid_response: there is no response_action {other!r}")
    return {}


def _field_errors(view: View, errors: object) -> dict[str, str]:
    if not isinstance(errors, dict) or not errors:
        raise BotDidNotAnswer("invalid_response: `errors` must name at least one block")
    strangers = set(errors) - input_blocks(view.blocks)
    if strangers:
        raise BotDidNotAnswer(f"invalid_response: `errors` names no input block: {', '.join(sorted(strangers))}")
    return {str(block): str(text) for block, text in errors.items()}


def _next_view(state: State, content: Json) -> Json:
    try:
        return checked_view(state, content.get("view"), "modal")
    except SlackRefuses as refusal:
        raise BotDidNotAnswer(f"{refusal.error}: {'; '.join(refusal.messages)}") from refusal


def answer_command(state: State, hook: Hook, content: Json) -> None:
    """The body of a slash command's answer: a private message unless it says `in_channel`."""
    try:
        said = read_content(content, state.ids)
    except SlackRefuses as refusal:
        raise BotDidNotAnswer(f"{refusal.error}: {'; '.join(refusal.messages)}") from refusal
    if not said.empty:
        _say(state, hook, content, said)


def use_hook(state: State, hook: Hook, body: Json) -> None:
    """One POST to a response URL. Raises SlackRefuses."""
    original = state.timeline.find(hook.channel_id, hook.ts) if hook.ts else None
    if body.get("delete_original"):
        if original is not None:
            state.timeline.remove(original)
        return
    said = read_content(body, state.ids)
    if said.empty:
        raise SlackRefuses("no_text")
    if body.get("replace_original") and original is not None:
        rewrite(original, said, state.timeline.next_ts())
        state.timeline.changed()
        return
    _say(state, hook, body, said)


def _say(state: State, hook: Hook, body: Json, said: Content) -> Message:
    public = body.get("response_type") == "in_channel"
    message = state.say_as_bot(
        hook.channel_id,
        posted_text(said),
        said.blocks or [],
        attachments=said.attachments or [],
        metadata=said.metadata or None,
        thread_ts=body.get("thread_ts"),
        only_for=None if public else hook.user_id,
    )
    hook.said = body
    # A later `replace_original` means this answer, when there was no message to begin with.
    hook.ts = hook.ts or message.ts
    return message
