"""What the bot receives: interactions, commands and events, in Slack's shapes.

https://docs.slack.dev/reference/interaction-payloads, https://docs.slack.dev/apis/events-api
"""

from sandbox.controls import ANSWERS
from sandbox.forms import filled
from sandbox.model import Channel, Json, Message, User
from sandbox.screens import View
from sandbox.team import Team
from sandbox.timeline import Timeline, message_json


def view_json(view: View, team: Team) -> Json:
    """A view as the Web API and the payloads show it."""
    content = view.content
    answer: Json = {
        "id": view.id,
        "team_id": team.id,
        "type": view.type,
        "blocks": view.blocks,
        "private_metadata": content.get("private_metadata", ""),
        "callback_id": content.get("callback_id", ""),
        "state": {"values": filled(view.blocks, view.values, {}) if view.values else {}},
        "hash": view.hash,
        "clear_on_close": content.get("clear_on_close", False),
        "notify_on_close": content.get("notify_on_close", False),
        "close": content.get("close"),
        "submit": content.get("submit"),
        "previous_view_id": view.previous_id,
        "root_view_id": view.root_id,
        "app_id": team.app_id,
        "external_id": content.get("external_id", ""),
        "app_installed_team_id": team.id,
        "bot_id": team.bot_id,
    }
    if "title" in content:
        answer["title"] = content["title"]
    return answer


def person(user: User, team: Team) -> Json:
    return {"id": user.id, "username": user.name, "name": user.name, "team_id": team.id}


def place(channel: Channel) -> Json:
    """Slack hides the names of what is not a public channel."""
    if channel.kind == "im":
        return {"id": channel.id, "name": "directmessage"}
    return {"id": channel.id, "name": "privategroup" if channel.is_private else channel.name}


def click_in_message(
    team: Team, user: User, channel: Channel, message: Message, timeline: Timeline, action: Json, trigger_id: str
) -> Json:
    """`block_actions` from a message, without its `response_url`."""
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.ephemeral,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    payload: Json = {
        "type": "block_actions",
        "user": person(user, team),
        **team.head,
        "container": container,
        "trigger_id": trigger_id,
        "channel": place(channel),
        "state": {"values": _chosen(filled(message.blocks, {}, {}), action)},
        "actions": [action],
    }
    if not message.ephemeral:
        payload["message"] = message_json(message, timeline, team.bot_marks)
    return payload


def _chosen(values: dict[str, dict[str, Json]], action: Json) -> dict[str, dict[str, Json]]:
    if action["type"] in ANSWERS:
        field, _ = ANSWERS[action["type"]]
        values[action["block_id"]][action["action_id"]] = {"type": action["type"], field: action[field]}
    return values


def click_in_view(team: Team, user: User, view: View, action: Json, trigger_id: str) -> Json:
    return {
        "type": "block_actions",
        "user": person(user, team),
        **team.head,
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": trigger_id,
        "view": view_json(view, team),
        "actions": [action],
    }


def submission(team: Team, user: User, view: View, trigger_id: str) -> Json:
    return {
        "type": "view_submission",
        "user": person(user, team),
        **team.head,
        "trigger_id": trigger_id,
        "view": view_json(view, team),
        "response_urls": [],
    }


def closing(team: Team, user: User, view: View, cleared: bool) -> Json:
    return {
        "type": "view_closed",
        "user": person(user, team),
        **team.head,
        "view": view_json(view, team),
        "is_cleared": cleared,
    }


def slash_command(
    team: Team, user: User, channel: Channel, command: str, text: str, response_url: str, trigger_id: str
) -> dict[str, str]:
    """The fields of a command, all strings, as a form carries them."""
    where = place(channel)
    return {
        "token": team.verification_token,
        "team_id": team.id,
        "team_domain": team.domain,
        "channel_id": where["id"],
        "channel_name": where["name"],
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "api_app_id": team.app_id,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    }


def event_callback(team: Team, event: Json, event_id: str, event_time: int) -> Json:
    """The envelope of the Events API. `event_time` is in seconds since 1970."""
    return {
        "token": team.verification_token,
        "team_id": team.id,
        "api_app_id": team.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": event_time,
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": team.id,
                "user_id": team.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{event_id}",
    }
