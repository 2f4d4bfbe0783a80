"""What becomes of a message that met trouble, row by row."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from connectors.slack.client import (
    LockedOut,
    NoAnswer,
    RateLimited,
    Rejected,
    SlackProblem,
    Uncertain,
    Unreachable,
)
from connectors.slack.drawing import UnknownKind
from connectors.slack.posting import POST, UPDATE
from connectors.steps import Broken, SlowLook
from connectors.verdicts import UNTRIED, Verdict, verdict
from storage.outbox import PARKED, PENDING, SENDING, UNKNOWN, Message

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
NEW = Message(1, "k", "card", "person:a", "L1", {}, PENDING, NOON, NOON, None, 0, None, None)
TWICE = replace(NEW, state=UNKNOWN, attempts=1)
LOST, WRITTEN = NoAnswer("gone"), Broken("it can't be written down", in_doubt=True)
BROKEN = Broken("it can't be drawn (KeyError)")


def met(trouble: SlackProblem, method: str = POST) -> SlackProblem:
    """Trouble that this call ran into."""
    trouble.method = method
    return trouble


def tried(message: Message, attempts: int) -> Message:
    """The same after so many counted tries."""
    return replace(message, attempts=attempts)


def unknown(why: str, wait: timedelta, *, counted: bool = True) -> Verdict:
    return Verdict(UNKNOWN, wait, counted=counted, why=why)


def put_off(state: str, seconds: int, why: str) -> Verdict:
    return Verdict(state, seconds * SECOND, rough=True, counted=True, why=why)


def parked(why: str, *, in_doubt: bool = False, out_of_reach: bool = False) -> Verdict:
    return Verdict(PARKED, why=why, in_doubt=in_doubt, out_of_reach=out_of_reach)


ROWS: dict[str, tuple[Message, Exception, bool, Verdict]] = {
    "told to wait with a post": (NEW, met(RateLimited(9)), False, UNTRIED),
    "an answer is lost after failures of its own": (
        tried(NEW, 4),
        met(NoAnswer("gone")),
        False,
        unknown("gone", 5 * SECOND),
    ),
    "refused after an answer was lost": (TWICE, met(Rejected("odd")), False, parked("odd", in_doubt=True)),
    "refused, and not there from before": (TWICE, met(Rejected("odd")), True, parked("odd")),
    "told to wait with a redrawing": (NEW, met(RateLimited(9), UPDATE), False, UNTRIED),
    "told to wait with a look": (TWICE, met(RateLimited(9), "auth.test"), False, Verdict(wait=9 * SECOND)),
    "nothing was done": (tried(TWICE, 99), met(Unreachable("refused")), False, UNTRIED),
    "the token is revoked": (tried(NEW, 99), met(LockedOut("token_revoked")), False, UNTRIED),
    "no answer to a redrawing": (tried(NEW, 99), met(NoAnswer("gone"), UPDATE), False, UNTRIED),
    "no answer to a look": (tried(TWICE, 99), met(NoAnswer("gone"), "auth.test"), False, UNTRIED),
    "a post's answer was lost": (NEW, met(LOST), False, unknown("gone", 5 * SECOND)),
    "it had been looked for": (tried(TWICE, 99), met(LOST), True, unknown("gone", 5 * SECOND, counted=False)),
    "nobody may look": (TWICE, met(LOST), False, unknown("gone", 5 * MINUTE)),
    "nobody may look, the third time": (tried(TWICE, 2), met(LOST), False, parked("gone", in_doubt=True)),
    "Slack fails at it": (NEW, met(Uncertain("internal_error")), False, unknown("internal_error", 5 * SECOND)),
    "Slack fails, looked for": (TWICE, met(Uncertain("internal_error")), True, unknown("internal_error", 5 * SECOND)),
    "the fifth time": (tried(TWICE, 4), met(Uncertain("fatal_error")), True, parked("fatal_error", in_doubt=True)),
    "Slack fails, nobody may look": (
        *(tried(TWICE, 2), met(Uncertain("internal_error")), False),
        parked("internal_error", in_doubt=True),
    ),
    "Slack fails at a redrawing": (
        *(NEW, met(Uncertain("internal_error"), UPDATE), False),
        put_off(PENDING, 2, "internal_error"),
    ),
    "sent, and not written down": (NEW, WRITTEN, False, unknown(str(WRITTEN), 5 * SECOND)),
    "sent blindly, and not written down": (TWICE, WRITTEN, False, unknown(str(WRITTEN), 5 * MINUTE)),
    "a mistake of ours": (NEW, BROKEN, False, put_off(PENDING, 2, str(BROKEN))),
    "longer each time": (tried(NEW, 3), BROKEN, False, put_off(PENDING, 16, str(BROKEN))),
    "still in doubt": (TWICE, BROKEN, False, put_off(UNKNOWN, 4, str(BROKEN))),
    "the last time": (tried(NEW, 4), BROKEN, False, parked(str(BROKEN))),
    "the last time, in doubt": (
        *(replace(NEW, state=SENDING, attempts=4), BROKEN, False),
        parked(str(BROKEN), in_doubt=True),
    ),
    "the last time, looked for": (tried(TWICE, 4), BROKEN, True, parked(str(BROKEN))),
    "a mistake nobody foresaw": (NEW, KeyError("what"), False, put_off(PENDING, 2, "'what'")),
    "a slow look": (TWICE, SlowLook("too long"), True, put_off(UNKNOWN, 20, "too long")),
    "slow looks": (tried(TWICE, 4), SlowLook("too long"), True, parked("too long", in_doubt=True)),
    "a kind of a newer version": (
        *(NEW, UnknownKind("sung"), False),
        put_off(PENDING, 2, "this version of Handoff knows no message of the kind sung"),
    ),
    "a no": (NEW, met(Rejected("msg_too_long")), False, parked("msg_too_long")),
    "a no to all": (NEW, met(Rejected("user_not_found")), False, parked("user_not_found", out_of_reach=True)),
}


@pytest.mark.parametrize("row", ROWS)
def test_what_becomes_of_a_message(row: str) -> None:
    message, trouble, looked, becomes = ROWS[row]
    assert verdict(message, trouble, looked=looked) == becomes
