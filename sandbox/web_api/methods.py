"""The methods this workspace knows: what each needs and how often it may be called."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.model import Json
from sandbox.web_api import auth, chat, conversations, history, users, views
from sandbox.web_api.call import Call

# Calls per minute: https://docs.slack.dev/apis/web-api/rate-limits. SPECIAL is the "hundreds a minute" of
# auth.test and chat.getPermalink; chat.postMessage is paced by channel and workspace instead.
TIER_2, TIER_3, TIER_4, SPECIAL = 20, 50, 100, 600
PACED_ELSEWHERE = 1_000_000

READ_ANY = tuple(conversations.READ.values())
HISTORY_ANY = ("channels:history", "groups:history", "im:history", "mpim:history")


@dataclass(frozen=True)
class Method:
    """`scopes`: any one admits. `takes_json`: reading methods ignore a JSON body, as Slack's do."""

    answer: Callable[[Call], Json]
    per_minute: int
    scopes: tuple[str, ...] = ()
    takes_json: bool = True


def no_ticket(_call: Call) -> Json:
    """`apps.connections.open` is answered by the socket door; here only its manners are on record."""
    return {}


METHODS: dict[str, Method] = {
    "auth.test": Method(auth.test, SPECIAL),
    # Sources disagree on tier 1 or 3; with 1 a client could not reconnect within the minute, as real ones do.
    "apps.connections.open": Method(no_ticket, TIER_3),
    "blocks.validate": Method(auth.validate_blocks, SPECIAL),
    "chat.postMessage": Method(chat.post_message, PACED_ELSEWHERE, ("chat:write",)),
    "chat.postEphemeral": Method(chat.post_ephemeral, TIER_4, ("chat:write",)),
    "chat.update": Method(chat.update, TIER_3, ("chat:write",)),
    "chat.delete": Method(chat.delete, TIER_3, ("chat:write",)),
    "chat.getPermalink": Method(chat.get_permalink, SPECIAL, takes_json=False),
    "views.open": Method(views.open_modal, TIER_4),
    "views.push": Method(views.push, TIER_4),
    "views.update": Method(views.update, TIER_4),
    "views.publish": Method(views.publish, TIER_4),
    "users.info": Method(users.info, TIER_4, ("users:read",), takes_json=False),
    "users.list": Method(users.list_all, TIER_2, ("users:read",), takes_json=False),
    "users.lookupByEmail": Method(users.lookup_by_email, TIER_3, ("users:read.email",), takes_json=False),
    "conversations.list": Method(conversations.list_all, TIER_2, READ_ANY, takes_json=False),
    "conversations.info": Method(conversations.info, TIER_3, READ_ANY, takes_json=False),
    "conversations.members": Method(conversations.members, TIER_4, READ_ANY, takes_json=False),
    "conversations.open": Method(conversations.open_direct, TIER_3, ("im:write", "mpim:write")),
    "conversations.join": Method(conversations.join, TIER_3, ("channels:join",)),
    "conversations.history": Method(history.history, TIER_3, HISTORY_ANY),
    "conversations.replies": Method(history.replies, TIER_3, HISTORY_ANY, takes_json=False),
}
