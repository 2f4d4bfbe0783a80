"""The words on buttons and in forms and the ids behind them, for what draws them, hears them and tells of them."""

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
CHANNELS = {
    "Call": " by call",
    "E-mail": " by e-mail",
    "LinkedIn": " on LinkedIn",
    "Meeting": " in a meeting",
    "Other": "",
}
"""How a rep can have been in contact, and how a card tells of it."""
QUESTIONS = {
    "budget": ("Budget", "Is there money for it, and how much?"),
    "authority": ("Authority", "Who decides, and is that person involved?"),
    "need": ("Need", "Which problem is to be solved?"),
    "timeline": ("Timeline", "When do they want to start or buy?"),
}
"""What is asked of a rep who qualifies a lead, in the order it is asked and shown, each with its label and a hint."""
BY_THE_RULES = "rules"
"""The choice of nobody by name: the rules say who gets a lead."""
