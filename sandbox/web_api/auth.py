"""`auth.test`, `apps.connections.open` and `blocks.validate`: who am I, how do I connect, is this sound."""

from typing import Any

from sandbox.blocks.payloads import message_problems, view_problems
from sandbox.content import parsed
from sandbox.errors import SlackRefuses
from sandbox.model import Json
from sandbox.web_api.call import Call


def test(call: Call) -> Json:
    team = call.state.team
    return {
        "url": team.url,
        "team": team.name,
        "user": call.state.directory.bot.name,
        "team_id": team.id,
        "user_id": team.bot_user_id,
        "bot_id": team.bot_id,
        "is_enterprise_install": False,
    }


def validate_blocks(call: Call) -> Json:
    given = [name for name in ("blocks", "message", "view") if call.args.get(name)]
    if len(given) != 1:
        raise SlackRefuses("invalid_arguments", messages=["[ERROR] provide exactly one of blocks, message, view"])
    content: Any = parsed(call.args[given[0]], f"invalid_{given[0]}")
    if given[0] == "view":
        problems = view_problems(content)
    else:
        problems = message_problems(content if given[0] == "blocks" else content.get("blocks", []))
    if problems:
        raise SlackRefuses(f"invalid_{given[0]}", messages=problems)
    return {}
