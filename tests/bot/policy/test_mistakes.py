"""Each mistake a policy file can hold, with the very line that answers it; the cases stand in `mistakes.txt`."""

from collections.abc import Callable
from pathlib import Path

import pytest

Mistakes = Callable[..., list[str]]


def cases() -> list[tuple[str, str, list[str]]]:
    """The old text, the new text and the answers of each case."""
    blocks = Path(__file__).with_name("mistakes.txt").read_text(encoding="utf-8").strip().split("\n\n")
    found = []
    for block in blocks:
        lines = block.splitlines()
        old, new = ("\n".join(line[2:] for line in lines if line.startswith(sign)) for sign in ("- ", "+ "))
        answers = [line for line in lines if line[0] not in "-+#"]
        if answers:
            found.append((old, new, answers))
    return found


@pytest.mark.parametrize(("old", "new", "answers"), cases(), ids=[answers[0] for _, _, answers in cases()])
def test_a_mistake_is_answered_with_line_path_found_and_expected(
    mistakes: Mistakes, old: str, new: str, answers: list[str]
) -> None:
    assert mistakes((old, new))[1:] == [f"handoff.yaml:{answer}" for answer in answers]


def test_all_mistakes_are_named_at_once_in_the_order_of_the_file(mistakes: Mistakes) -> None:
    answer = mistakes(
        ("qualify_within: 80h", "qualify_within: soon"), ("weight: 2", "weight: two"), ("company: Acme", "company: []")
    )
    assert answer[0] == "handoff.yaml has 3 mistakes:"
    assert [line.split(":")[1] for line in answer[1:]] == ["4", "29", "72"]


def test_one_mistake_is_counted_in_the_singular(mistakes: Mistakes) -> None:
    assert mistakes(("version: 1", "version: 2"))[0] == "handoff.yaml has 1 mistake:"


@pytest.mark.parametrize("reasons", [4, 8])
def test_fewer_than_five_or_more_than_seven_reasons_are_refused(mistakes: Mistakes, reasons: int) -> None:
    first = "  - {id: wrong_industry, label: Wrong industry, outcome: disqualify}\n"
    second = "  - {id: no_budget, label: No budget, outcome: recycle}\n"
    more = [f"  - {{id: more_{place}, label: More {place}, outcome: recycle}}\n" for place in range(2)]
    changed = mistakes((first + second, "" if reasons == 4 else first + second + "".join(more)))
    assert changed[1:] == [
        f"handoff.yaml:80: rejection_reasons: found {reasons} entries, expected a list of 5 to 7 reasons"
    ]


def test_what_is_refused_is_not_a_repetition_as_well(mistakes: Mistakes) -> None:
    answer = mistakes(("email: femi@acme.example", "email: femi"), ("email: gita@acme.example", "email: gita"))
    assert [line.split(", ")[1] for line in answer[1:]] == ["expected an e-mail address"] * 2


def test_a_secret_in_the_place_of_its_name_is_not_repeated(mistakes: Mistakes) -> None:
    assert "c2VjcmV0" not in "\n".join(mistakes(("HANDOFF_WEBSITE_SECRET", "whsec_c2VjcmV0")))


def test_a_file_of_another_shape_has_one_mistake(mistakes: Mistakes) -> None:
    keys = "version, calendars, teams, sla, company, admins, qualification, routing, escalation, rejection_reasons, "
    keys += (
        "digests, sources, territories, named_accounts, when_nobody_is_available, max_reassignments, credits_a_day, "
    )
    keys += "returning_leads, duplicates_by, away_statuses, pause_on, pause_at_most, claim_within, "
    keys += "release_every, keep_company_together, retention"
    assert mistakes(text="- a list\n")[1:] == [f"handoff.yaml:1: found a list, expected a mapping with the keys {keys}"]


def test_what_was_found_is_shortened_and_printable(mistakes: Mistakes) -> None:
    answer = mistakes(("weight: 2", f'weight: "\\e[31m{"x" * 10_000}"'))[1]
    assert "\x1b" not in answer
    assert len(answer) < 200
