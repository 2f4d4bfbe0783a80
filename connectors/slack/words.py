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
