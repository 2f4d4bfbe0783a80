"""What may happen to a lead, and that its picture tells the same."""

import re
from pathlib import Path

import pytest

from sla_engine.lead import OPEN, Status
from sla_engine.lifecycle import MOVES, PARTICIPLES, REJECTIONS, Verb, move
from sla_engine.policy import Outcome
from sla_engine.refusals import AlreadyAccepted, AlreadyClosed, Refused, WrongStatus
from tests.sla_engine.samples import email, lead

PICTURE = Path(__file__).parents[2] / "docs" / "state-machine.md"
ARROW = re.compile(r"^\s+(\w+|\[\*\]) --> (\w+|\[\*\])(?:: (.+))?$", re.MULTILINE)
ALLOWED = [(verb, before, after) for verb, moves in MOVES.items() for before, after in moves.items()]
RULED_OUT = [(verb, status) for verb in Verb for status in Status if status not in MOVES[verb]]


def drawn() -> list[tuple[str, str, str]]:
    diagram = PICTURE.read_text().partition("```mermaid\nstateDiagram-v2\n")[2].partition("```")[0]
    return [(before, after, label) for before, after, label in ARROW.findall(diagram)]


@pytest.mark.parametrize(("verb", "before", "after"), ALLOWED)
def test_a_lead_moves_as_the_table_says(verb: Verb, before: Status, after: Status) -> None:
    assert move(lead(before), verb) is after


@pytest.mark.parametrize(("verb", "status"), RULED_OUT)
def test_every_other_move_is_refused_with_a_sentence(verb: Verb, status: Status) -> None:
    with pytest.raises(Refused) as refused:
        move(lead(status, rep=email("bob")), verb)
    sentence = str(refused.value)
    assert re.fullmatch(r"[A-Z][^{}]+\.", sentence)
    assert sentence != "This can't be done now."


@pytest.mark.parametrize("verb", [Verb.ACCEPT, Verb.REJECT])
def test_whoever_comes_second_learns_who_accepted_first(verb: Verb) -> None:
    with pytest.raises(AlreadyAccepted, match=r"^Bob has already accepted this lead.$"):
        move(lead(Status.SAL, rep=email("bob")), verb)


def test_a_closed_lead_says_how_it_was_closed() -> None:
    with pytest.raises(AlreadyClosed, match=r"^This lead is closed already: recycled.$"):
        move(lead(Status.RECYCLED), Verb.ACCEPT)
    with pytest.raises(AlreadyClosed, match="disqualified"):
        move(lead(Status.DISQUALIFIED), Verb.HAND_OVER)


def test_a_move_from_the_wrong_status_names_both() -> None:
    with pytest.raises(WrongStatus, match=r"^A lead that is MQL can't be qualified.$"):
        move(lead(Status.MQL), Verb.QUALIFY)


def test_each_outcome_of_a_rejection_is_a_move_an_mql_has() -> None:
    after = {outcome: move(lead(Status.MQL), REJECTIONS[outcome]) for outcome in Outcome}
    assert after == {
        Outcome.RECYCLE: Status.RECYCLED,
        Outcome.DISQUALIFY: Status.DISQUALIFIED,
        Outcome.REROUTE: Status.MQL,
    }


def test_each_verb_has_its_moves_and_its_word() -> None:
    assert set(MOVES) == set(PARTICIPLES) == set(Verb)
    assert all(MOVES.values())


def test_the_handoff_reads_as_the_seed_tells_it() -> None:
    path = [Verb.HAND_OVER, Verb.ACCEPT, Verb.TOUCH, Verb.QUALIFY, Verb.WIN_OPPORTUNITY, Verb.WIN_CUSTOMER]
    status = Status.NEW
    told = [status := move(lead(status), verb) for verb in path]
    assert told == [Status.MQL, Status.SAL, Status.SAL, Status.SQL, Status.OPPORTUNITY, Status.CUSTOMER]


def test_what_is_worked_is_open_and_what_has_ended_is_not() -> None:
    assert {status for status in Status if status.is_worked} == {Status.MQL, Status.SAL}
    assert {status for status in Status if status.is_open} == OPEN
    assert not any(status.is_open for status in (Status.NEW, Status.CUSTOMER, Status.RECYCLED, Status.DISQUALIFIED))
    assert all(status.is_open for status in Status if status.is_worked)


def test_the_picture_has_exactly_the_moves_of_the_table() -> None:
    arrows = [
        (before, after, verb)
        for before, after, label in drawn()
        if "[*]" not in (before, after)
        for verb in label.split(", ")
    ]
    assert len(arrows) == len(set(arrows))
    assert set(arrows) == {(str(before), str(after), str(verb)) for verb, before, after in ALLOWED}


def test_the_picture_begins_where_leads_begin_and_ends_where_no_move_leads_on() -> None:
    assert [after for before, after, _ in drawn() if before == "[*]"] == [Status.NEW]
    ends = {before for before, after, _ in drawn() if after == "[*]"}
    assert ends == {str(status) for status in Status if not any(status in moves for moves in MOVES.values())}
