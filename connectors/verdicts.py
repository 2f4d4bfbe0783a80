"""What becomes of a message whose attempt met trouble: one rule, without any effect.

| what was met | state | tried again | counted |
|---|---|---|---|
| wait (429) | as it was | when the pace allows it, or when Slack says | no |
| nothing was done (503, not connected) | as it was | when Slack answers | no |
| no answer to anything but a post | as it was | when Slack answers | no |
| a post's answer was lost | unknown | after 5 s, when it is looked for | unless it had been looked for |
| the same, where nobody may look | unknown | after 5 min; the third time it is parked, in doubt | yes |
| a failure of its own, ours or Slack's | pending or unknown | longer each time; the fifth time it is parked | yes |
| no, and it will always be no | parked | – | – |
"""

from dataclasses import dataclass
from datetime import timedelta

from connectors.slack.client import NoAnswer, RateLimited, Rejected, Uncertain, Unreachable
from connectors.slack.posting import POST, UPDATE
from connectors.steps import Broken, SlowLook
from storage.outbox import PARKED, PENDING, UNKNOWN, Message

FIRST_DELAY, LONGEST_DELAY = timedelta(seconds=2), timedelta(minutes=5)
LOOK_AFTER = timedelta(seconds=5)
"""When a message whose answer was lost is looked for: Slack may still be at it."""
MOST_FAILURES = 5
"""Tries of a message that can't be drawn, or that Slack fails at, before it is parked."""
MOST_COPIES = 3
"""How often a message is posted of which nobody may look whether it arrived: once more at once, as answers are lost now
and then, and once more when what swallowed two of them may be over."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a message. Without a `state` it was not tried after all, and stays as it was.

    Without a `wait` it keeps its place; a `rough` one may be somewhat shorter or longer. `counted` says whether the try
    is one of so many that it has, `in_doubt` whether a message that is parked may stand in Slack, and `out_of_reach`
    whether no message gets there.
    """

    state: str | None = None
    wait: timedelta | None = None
    rough: bool = False
    counted: bool = False
    why: str | None = None
    in_doubt: bool = False
    out_of_reach: bool = False


UNTRIED = Verdict()
"""The message goes as soon as something may."""


def verdict(message: Message, trouble: Exception, *, looked: bool) -> Verdict:
    """What becomes of a message after this trouble.

    `looked` says that Slack was read before this try, and an earlier one had not arrived.
    """
    match trouble:
        case RateLimited():
            # Slack's word for these two holds their pace.
            return UNTRIED if trouble.method in (POST, UPDATE) else Verdict(wait=timedelta(seconds=trouble.seconds))
        case Broken(in_doubt=True):
            return _lost(message, trouble, looked)
        case Uncertain() if trouble.method == POST:
            return _lost(message, trouble, looked)
        case Unreachable() | NoAnswer():
            return UNTRIED
        case Rejected():
            in_doubt = message.in_doubt and not looked
            return Verdict(PARKED, why=str(trouble), in_doubt=in_doubt, out_of_reach=trouble.is_out_of_reach)
        case SlowLook():
            return _failed(message, trouble, LOOK_AFTER * 4 ** min(message.attempts, 4), in_doubt=True)
        case _:
            wait = FIRST_DELAY * 2 ** min(message.attempts, 16)
            return _failed(message, trouble, wait, in_doubt=message.in_doubt and not looked)


def _lost(message: Message, trouble: Exception, looked: bool) -> Verdict:
    """A post may have arrived. Where one may look, silence costs no try: no copy comes of it."""
    blind = message.in_doubt and not looked
    counted = not (looked and isinstance(trouble, NoAnswer))
    # The first loss parks nothing, whatever failed before: it is looked for, or sent once more, at least.
    if message.in_doubt and counted and message.attempts + 1 >= (MOST_COPIES if blind else MOST_FAILURES):
        return Verdict(PARKED, why=str(trouble), in_doubt=True)
    return Verdict(UNKNOWN, LONGEST_DELAY if blind else LOOK_AFTER, counted=counted, why=str(trouble))


def _failed(message: Message, trouble: Exception, wait: timedelta, *, in_doubt: bool) -> Verdict:
    """Something of this message's own is wrong: it is tried later, and not for ever."""
    if message.attempts + 1 >= MOST_FAILURES:
        return Verdict(PARKED, why=str(trouble), in_doubt=in_doubt)
    state = UNKNOWN if in_doubt or message.in_doubt else PENDING
    return Verdict(state, min(wait, LONGEST_DELAY), rough=True, counted=True, why=str(trouble))
