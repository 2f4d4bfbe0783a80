"""What people may not do to a lead: each docstring, filled in, is the sentence they read."""

from sla_engine.errors import EngineError


class Refused(EngineError):
    """This can't be done now."""


class UnknownLead(Refused):
    """There is no lead “{lead}”."""


class NotYours(Refused):
    """This lead is with {owner}: only they, their manager or an admin can do that."""


class NobodysYet(Refused):
    """This lead is with nobody yet: only its team's manager or an admin can do that."""


class NotForYou(Refused):
    """Only {who} can do that."""


class AlreadyAccepted(Refused):
    """{owner} has already accepted this lead."""


class AlreadyClosed(Refused):
    """This lead is closed already: {status}."""


class WrongStatus(Refused):
    """A lead that is {status} can't be {participle}."""


class MovedOn(Refused):
    """This lead has moved on: it is with {owner} now."""


class UnknownReason(Refused):
    """“{reason}” is not one of the policy's rejection reasons: {known}."""


class NoteRequired(Refused):
    """“{reason}” needs a note, so that marketing can act on it."""


class AlreadyPaused(Refused):
    """The clock of this lead is paused already."""


class NotPaused(Refused):
    """The clock of this lead is not paused."""


class NotInTeam(Refused):
    """{person} is not a rep of {team}: its reps are {known}."""


class SameRep(Refused):
    """This lead is with {owner} already."""


class UnknownPerson(Refused):
    """Your Slack account is not one the policy names: ask an admin to add your e-mail address to it."""
