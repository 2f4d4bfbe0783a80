"""`users.*`: finding people."""

from sandbox.directory import user_json
from sandbox.errors import SlackRefuses
from sandbox.model import Json, User
from sandbox.web_api.call import Call


def lookup_by_email(call: Call) -> Json:
    """Deactivated people are not found, as https://docs.slack.dev/reference/methods/users.lookupByEmail says."""
    user = call.state.directory.user_by_email(call.required("email"))
    if user is None:
        raise SlackRefuses("users_not_found")
    return {"user": _shown(call, user)}


def info(call: Call) -> Json:
    user = call.state.directory.users.get(call.required("user"))
    if user is None:
        raise SlackRefuses("user_not_found")
    return {"user": _shown(call, user)}


def list_all(call: Call) -> Json:
    users, following = call.page(list(call.state.directory.users.values()), default=1000)
    return {
        "members": [_shown(call, u) for u in users],
        "cache_ts": int(call.state.clock.now().timestamp()),
        "response_metadata": {"next_cursor": following},
    }


def _shown(call: Call, user: User) -> Json:
    return user_json(user, call.state.team.id, call.state.clock.now(), with_email=call.may("users:read.email"))
