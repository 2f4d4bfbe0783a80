"""Every form that is drawn is done when it is sent."""

from connectors.slack import modals
from connectors.slack.situations import OFFERED, QUALIFIED, WORKED
from connectors.slack.words import Action
from handlers import forms

AT_ONCE = {Action.ACCEPT, Action.RESUME}


def test_a_button_acts_at_once_or_has_a_form_that_does() -> None:
    assert set(forms.DEEDS) == set(modals.FORMS) == set(Action) - AT_ONCE
    assert {*OFFERED, *WORKED, *QUALIFIED} <= AT_ONCE | set(modals.FORMS)
