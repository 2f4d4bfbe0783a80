"""Lanes: the conversations that messages go to, as a row of the outbox names them.

They order what is told and say to whom; Slack's own ids are looked up when a message is sent. Nobody else takes a lane
apart or puts one together.
"""

REDRAWING = ""
"""The lane of a redrawing of cards: it goes to no conversation of its own. It sorts before all others."""
_PERSON, _CHANNEL = "person:", "channel:"


def to_person(email: str) -> str:
    """The conversation of one person with the bot."""
    return _PERSON + email


def to_channel(channel: str) -> str:
    """A channel's conversation, by the name or Slack's id that the policy has for it."""
    return _CHANNEL + channel


def reader(lane: str) -> str | None:
    """The e-mail of the person whose conversation it is; None when it is a channel's, or nobody's."""
    return lane.removeprefix(_PERSON) if lane.startswith(_PERSON) else None


def channel(lane: str) -> str:
    """The channel whose conversation it is, as the policy has it; empty for others."""
    return lane.removeprefix(_CHANNEL) if lane.startswith(_CHANNEL) else ""
