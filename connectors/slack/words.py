"""The words on buttons and the ids behind them, shared by what draws the buttons and what hears them."""

from enum import StrEnum


class Action(StrEnum):
    """A button on a card; its `value` carries the lead's id."""

    ACCEPT = "accept"
    REJECT = "reject"
    TOUCH = "touch"
    QUALIFY = "qualify"
    RECYCLE = "recycle"
    DISQUALIFY = "disqualify"
    REASSIGN = "reassign"
    PAUSE = "pause"
    RESUME = "resume"

    @property
    def label(self) -> str:
        """What the button says."""
        return "Log touch" if self is Action.TOUCH else self.value.capitalize()


FORMS = frozenset(
    {
        Action.REJECT,
        Action.TOUCH,
        Action.QUALIFY,
        Action.RECYCLE,
        Action.DISQUALIFY,
        Action.REASSIGN,
        Action.PAUSE,
    }
)
"""The actions that ask something in a modal first; the modal's callback_id is the action."""


class Presence(StrEnum):
    """What is pressed about who is there; its `value` says of whom. The forms behind the buttons are called alike."""

    PLAN = "plan_leave"
    BACK = "back"
    CANCEL = "cancel_leave"
    LIMITS = "limits"
    TEAM_LEAVE = "team_leave"
    TEAM_LIMITS = "team_limits"
    LIMITS_OF = "limits_of"
    HAND_OVER = "hand_over"

    @property
    def label(self) -> str:
        """What the button says."""
        return PRESENCE_LABELS[self]


PRESENCE_LABELS = {
    Presence.PLAN: "Plan leave",
    Presence.BACK: "I'm back",
    Presence.CANCEL: "Cancel",
    Presence.LIMITS: "Limits",
    Presence.TEAM_LEAVE: "Availability",
    Presence.TEAM_LIMITS: "Limits",
    Presence.HAND_OVER: "Hand over",
}
PRESENCE_FORMS = frozenset(
    {Presence.PLAN, Presence.LIMITS, Presence.TEAM_LEAVE, Presence.TEAM_LIMITS, Presence.HAND_OVER}
)
