"""`conversations.*`: the places to talk, and who is there."""

from sandbox.errors import SlackRefuses
from sandbox.model import Channel, Json
from sandbox.web_api.call import Call

READ = {"public_channel": "channels:read", "private_channel": "groups:read", "im": "im:read", "mpim": "mpim:read"}


def list_all(call: Call) -> Json:
    kinds = (call.optional("types") or "public_channel").replace(" ", "").split(",")
    for kind in kinds:
        if kind not in READ:
            raise SlackRefuses("invalid_types")
        call.need(READ[kind])
    shown = [c for c in call.state.directory.channels.values() if call.sees(c) and _kind(c) in kinds]
    if call.flag("exclude_archived"):
        shown = [c for c in shown if not c.is_archived]
    page, following = call.page(shown, default=100)
    return {
        "channels": [conversation_json(call, c) for c in page],
        "response_metadata": {"next_cursor": following},
    }


def info(call: Call) -> Json:
    channel = call.channel()
    call.need(READ[_kind(channel)])
    answer = conversation_json(call, channel)
    if call.flag("include_num_members"):
        answer["num_members"] = len(channel.members)
    return {"channel": answer}


def members(call: Call) -> Json:
    channel = call.channel()
    call.need(READ[_kind(channel)])
    page, following = call.page(list(channel.members), default=100)
    return {"members": page, "response_metadata": {"next_cursor": following}}


def open_direct(call: Call) -> Json:
    """One person only: a workspace of one bot has no group messages."""
    if call.optional("channel"):
        channel = call.channel()
    else:
        users = [u for u in (call.optional("users") or "").split(",") if u]
        if not users:
            raise SlackRefuses("users_list_not_supplied")
        if len(users) > 1:
            raise SlackRefuses("method_not_supported_for_channel_type")
        channel = _direct_with(call, users[0])
    answer = conversation_json(call, channel) if call.flag("return_im") else {"id": channel.id}
    return {"channel": answer}


def _direct_with(call: Call, user_id: str) -> Channel:
    person = call.state.directory.users.get(user_id)
    if person is None or person.is_bot:
        raise SlackRefuses("user_not_found")
    if person.deleted:
        raise SlackRefuses("user_disabled")
    return call.state.im(user_id)


def join(call: Call) -> Json:
    channel = call.channel()
    if channel.kind == "im" or channel.is_private:
        raise SlackRefuses("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackRefuses("is_archived")
    already = call.state.in_channel(channel, call.state.team.bot_user_id)
    if not already:
        channel.members.append(call.state.team.bot_user_id)
    answer: Json = {"channel": conversation_json(call, channel)}
    if already:
        answer |= {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
    return answer


def _kind(channel: Channel) -> str:
    if channel.kind == "im":
        return "im"
    return "private_channel" if channel.is_private else "public_channel"


def conversation_json(call: Call, channel: Channel) -> Json:
    team = call.state.team
    common: Json = {
        "id": channel.id,
        "created": channel.created,
        "is_archived": channel.is_archived,
        "is_org_shared": False,
        "context_team_id": team.id,
    }
    if channel.kind == "im":
        return {**common, "is_im": True, "user": channel.user, "is_user_deleted": _gone(call, channel), "is_open": True}
    return {
        **common,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": True,
        "is_group": False,
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.is_private,
        "is_general": False,
        "is_shared": False,
        "is_ext_shared": False,
        "is_member": call.state.in_channel(channel, team.bot_user_id),
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "num_members": len(channel.members),
    }


def _gone(call: Call, channel: Channel) -> bool:
    person = call.state.directory.users.get(channel.user or "")
    return person is None or person.deleted
