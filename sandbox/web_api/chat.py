"""`chat.*`: posting, changing and withdrawing messages."""

from sandbox.content import UPDATE_TEXT, Content, posted_text, read_content
from sandbox.errors import SlackRefuses
from sandbox.model import Channel, Json, Message
from sandbox.timeline import message_json
from sandbox.web_api.call import Call


def post_message(call: Call) -> Json:
    channel = _destination(call)
    content = read_content(call.args, call.state.ids)
    if content.empty:
        raise SlackRefuses("no_text")
    thread_ts = _thread(call, channel)
    if call.optional("username") or call.optional("icon_emoji") or call.optional("icon_url"):
        call.need("chat:write.customize")
    _wait_turn(call, channel)
    message = call.state.say_as_bot(
        channel.id,
        posted_text(content),
        content.blocks or [],
        attachments=content.attachments or [],
        metadata=content.metadata or None,
        thread_ts=thread_ts,
        reply_broadcast=bool(thread_ts) and call.flag("reply_broadcast"),
        username=call.optional("username"),
    )
    return {"channel": channel.id, "ts": message.ts, "message": _shown(call, message)}


def post_ephemeral(call: Call) -> Json:
    user_id = call.required("user")
    channel = _destination(call)
    content = read_content(call.args, call.state.ids)
    if content.empty:
        raise SlackRefuses("no_text")
    if user_id not in channel.members:
        raise SlackRefuses("user_not_in_channel")
    message = call.state.say_as_bot(
        channel.id,
        posted_text(content),
        content.blocks or [],
        attachments=content.attachments or [],
        thread_ts=_thread(call, channel),
        only_for=user_id,
    )
    return {"message_ts": message.ts}


def update(call: Call) -> Json:
    message = _own_message(call, "cant_update_message")
    content = read_content(call.args, call.state.ids)
    if content.text and len(content.text) > UPDATE_TEXT:
        raise SlackRefuses("msg_too_long")
    silent = content.text is not None or (content.blocks is None and content.attachments is None)
    if content.empty and silent and content.metadata is None:
        raise SlackRefuses("no_text")
    rewrite(message, content, call.state.timeline.next_ts())
    if message.thread_ts and call.flag("reply_broadcast"):
        message.reply_broadcast = True
    call.state.timeline.changed()
    return {
        "channel": message.channel,
        "ts": message.ts,
        "text": message.text,
        "message": _shown(call, message),
    }


def rewrite(message: Message, content: Content, ts: str) -> None:
    """Text alone takes the blocks away; blocks alone keep the text; only a change without blocks shows as edited.

    https://docs.slack.dev/reference/methods/chat.update#text-blocks-attachments
    """
    if content.text is not None:
        message.text = content.text
    if content.blocks is not None:
        message.blocks = content.blocks
    elif content.text is not None:
        message.blocks = []
    if content.attachments is not None:
        message.attachments = content.attachments
    if content.metadata is not None:
        message.metadata = content.metadata or None
    if not content.blocks:
        message.edited = ts


def delete(call: Call) -> Json:
    message = _own_message(call, "cant_delete_message")
    call.state.timeline.remove(message)
    return {"channel": message.channel, "ts": message.ts}


def get_permalink(call: Call) -> Json:
    channel = call.channel()
    ts = call.required("message_ts")
    message = call.state.timeline.find(channel.id, ts)
    if message is None or message.ephemeral:
        raise SlackRefuses("message_not_found")
    link = f"{call.state.team.url}archives/{channel.id}/p{ts.replace('.', '')}"
    if message.thread_ts:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def _destination(call: Call) -> Channel:
    """By id, `#name` or name; a user's id means the direct message, opened on the way."""
    wanted, directory = call.required("channel"), call.state.directory
    person = directory.users.get(wanted)
    if person is not None:
        if person.is_bot:
            raise SlackRefuses("channel_not_found")
        channel: Channel | None = call.state.im(person.id)
    else:
        channel = directory.channels.get(wanted) or directory.channel_by_name(wanted)
    if channel is None or not call.sees(channel):
        raise SlackRefuses("channel_not_found")
    if channel.is_archived:
        raise SlackRefuses("is_archived")
    if channel.kind == "im" and not call.state.switches.messages_tab:
        raise SlackRefuses("messages_tab_disabled")
    member = call.state.in_channel(channel, call.state.team.bot_user_id)
    if not member and not call.may("chat:write.public"):
        raise SlackRefuses("not_in_channel")
    return channel


def _thread(call: Call, channel: Channel) -> str | None:
    """Only a real, top-level message can be answered in a thread."""
    thread_ts = call.optional("thread_ts")
    if thread_ts is None:
        return None
    parent = call.state.timeline.find(channel.id, thread_ts)
    if parent is None or parent.ephemeral or parent.thread_ts:
        raise SlackRefuses("cannot_reply_to_message")
    return thread_ts


def _wait_turn(call: Call, channel: Channel) -> None:
    seconds = call.state.limits.wait_for_post(channel.id)
    if seconds:
        raise SlackRefuses("ratelimited", status=429, retry_after=seconds)


def _own_message(call: Call, otherwise: str) -> Message:
    channel, ts = call.channel(), call.required("ts")
    message = call.state.timeline.find(channel.id, ts)
    if message is None or message.ephemeral or message.deleted:
        raise SlackRefuses("message_not_found")
    if message.user != call.state.team.bot_user_id:
        raise SlackRefuses(otherwise)
    if channel.is_archived:
        raise SlackRefuses("is_inactive")
    return message


def _shown(call: Call, message: Message) -> Json:
    return message_json(message, call.state.timeline, call.state.team.bot_marks)
