"""`handoff calendar check`: working time day by day, as the engine counts it."""

import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.__main__ import main
from bot.policy.document import ABSENT
from tests.bot.stage import HANDOFF
from tests.sample import ACCEPTANCE

THANKSGIVING = """\
new-york (America/New_York): us-inbound
  Sat 21 Nov  UTC−5  –                 weekend
  Sun 22 Nov         –                 weekend
  Mon 23 Nov         09:00–17:00  8 h
  Tue 24 Nov         09:00–17:00  8 h
  Wed 25 Nov         09:00–17:00  8 h
  Thu 26 Nov         –                 closed: Thanksgiving Day
  Fri 27 Nov         09:00–17:00  8 h
  Sat 28 Nov         –                 weekend
  Sun 29 Nov         –                 weekend
  Mon 30 Nov         09:00–17:00  8 h
  Tue  1 Dec         09:00–17:00  8 h
  Wed  2 Dec         09:00–17:00  8 h
  Thu  3 Dec         09:00–17:00  8 h
  Fri  4 Dec         09:00–17:00  8 h
  Total: 72 h on 9 of 14 days
  Closed after that: Thu 24 Dec 2026, Fri 25 Dec 2026 Christmas Day, Fri 1 Jan 2027 New Year's Day, \
Mon 18 Jan 2027 Martin Luther King Jr. Day

london (Europe/London): carol@acme.example in us-inbound, emea-inbound
  Sat 21 Nov  UTC  –                        weekend
  Sun 22 Nov       –                        weekend
  Mon 23 Nov       09:00–17:30  8 h 30 min
  Tue 24 Nov       09:00–17:30  8 h 30 min
  Wed 25 Nov       09:00–17:30  8 h 30 min
  Thu 26 Nov       09:00–17:30  8 h 30 min
  Fri 27 Nov       09:00–16:00         7 h
  Sat 28 Nov       –                        weekend
  Sun 29 Nov       –                        weekend
  Mon 30 Nov       09:00–17:30  8 h 30 min
  Tue  1 Dec       09:00–17:30  8 h 30 min
  Wed  2 Dec       09:00–17:30  8 h 30 min
  Thu  3 Dec       09:00–17:30  8 h 30 min
  Fri  4 Dec       09:00–16:00         7 h
  Total: 82 h on 10 of 14 days
  Closed after that: Fri 25 Dec 2026 Christmas Day, Mon 28 Dec 2026 Boxing Day (observed), \
Fri 1 Jan 2027 New Year's Day, Fri 26 Mar 2027 Good Friday
"""
CHRISTMAS = """\
london (Europe/London): femi@acme.example in emea-inbound
  Thu 31 Dec 2026  UTC  09:00–17:30  8 h 30 min
  Fri  1 Jan 2027       –                        closed: New Year's Day
  Sat  2 Jan 2027       –                        weekend
  Total: 8 h 30 min on 1 of 3 days
  Closed after that: Fri 26 Mar 2027 Good Friday, Mon 29 Mar 2027 Easter Monday, Mon 3 May 2027 May Day, \
Mon 31 May 2027 Spring Bank Holiday

Leave that is entered in Slack is not in the policy, and not counted here.
"""
NIGHTS = (
    "{timezone: America/New_York, closed: [{2026-11-02: {name: Inventory, hours: '13:00-15:00'}}], "
    "hours: {thu-sat: '22:00-06:00', mon: '09:00-12:00, 13:00-18:00', tue: '00:00-24:00'}}"
)


def check(*words: str, policy: Path = ACCEPTANCE) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, ["calendar", "check", "--policy", str(policy), *words])


def shown(*words: str, policy: Path = ACCEPTANCE) -> str:
    """What it prints."""
    result = check(*words, policy=policy)
    assert result.exit_code == 0, result.output
    return result.stdout


def lines(folder: Path, calendar: str, first: str, days: int) -> list[str]:
    """The days of a calendar of one's own, put in place of the acceptance policy's American one."""
    text = ACCEPTANCE.read_text("utf-8")
    begins, ends = text.index("  new-york:\n"), text.index("  london:\n")
    file = folder / "handoff.yaml"
    file.write_text(f"{text[:begins]}  new-york: {calendar}\n{text[ends:]}", "utf-8")
    out = shown("--rep", "bob@acme.example", "--from", first, "--days", str(days), policy=file)
    return [line.strip() for line in out.splitlines()[1 : days + 2]]


def test_every_team_s_calendar_is_shown_and_that_of_a_rep_who_has_another() -> None:
    assert shown("--from", "2026-11-21") == THANKSGIVING


def test_a_rep_s_days_are_shown_across_the_year_s_end_with_a_word_on_leave() -> None:
    assert shown("--rep", "Femi@acme.example", "--from", "2026-12-31", "--days", "3") == CHRISTMAS


def test_a_holiday_on_a_weekend_is_named() -> None:
    out = shown("--team", "emea-inbound", "--from", "2026-12-26", "--days", "3")
    assert out.splitlines()[1].endswith("weekend, Boxing Day")
    assert "closed: Boxing Day (observed)" in out


@pytest.mark.parametrize(
    ("calendar", "first", "expected"),
    [
        (
            NIGHTS,
            "2026-10-30",
            [
                "Fri 30 Oct  UTC−4  22:00–Sat 06:00            8 h",
                "Sat 31 Oct         22:00–Sun 06:00            9 h",
                "Sun  1 Nov  UTC−5  –                               weekend, clocks go back 1 h at 02:00 to 01:00",
                "Mon  2 Nov         09:00–12:00, 15:00–18:00   6 h  closed in part: Inventory",
                "Tue  3 Nov         00:00–24:00               24 h",
                "Total: 47 h on 4 of 5 days",
            ],
        ),
        (
            "{timezone: Pacific/Apia, hours: {mon-sun: '09:00-17:00'}}",
            "2011-12-29",
            [
                "Thu 29 Dec  UTC−10  09:00–17:00  8 h",
                "Fri 30 Dec          –                 skipped by the time zone",
                "Sat 31 Dec  UTC+14  09:00–17:00  8 h  clocks go forward 24 h at 00:00 to 00:00",
                "Total: 16 h on 2 of 3 days",
            ],
        ),
        (
            "{timezone: Africa/Cairo, hours: {mon-sun: '00:00-24:00'}}",
            "2026-04-23",
            [
                "Thu 23 Apr  UTC+2  00:00–24:00  24 h",
                "Fri 24 Apr  UTC+3  01:00–24:00  23 h  clocks go forward 1 h at 00:00 to 01:00",
                "Sat 25 Apr         00:00–24:00  24 h",
                "Total: 71 h on 3 of 3 days",
            ],
        ),
        (
            "{timezone: Australia/Lord_Howe, hours: {mon-sun: '00:00-24:00'}}",
            "2026-10-04",
            [
                "Sun  4 Oct  UTC+11  00:00–24:00  23 h 30 min  clocks go forward 30 min at 02:00 to 02:30",
                "Total: 23 h 30 min on 1 of 1 day",
            ],
        ),
    ],
    ids=["nights and a part of a day", "a missing day", "no midnight", "half an hour"],
)
def test_odd_days_are_shown_as_they_are_counted(tmp_path: Path, calendar: str, first: str, expected: list[str]) -> None:
    assert lines(tmp_path, calendar, first, len(expected) - 1) == expected


def test_neither_secrets_nor_a_database_are_needed(tmp_path: Path) -> None:
    done = subprocess.run(
        [HANDOFF, "calendar", "check", "--from", "2026-11-21"],
        env={"HANDOFF_CONFIG": str(ACCEPTANCE)},
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout == THANKSGIVING
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--team", "us"), "The policy has no team “us”; it has: us-inbound, emea-inbound."),
        (
            ("--rep", "caro@acme.example"),
            'The policy has no rep “caro@acme.example” (did you mean "carol@acme.example"?).',
        ),
        (
            ("--rep", "femi@acme.example", "--team", "us-inbound"),
            "The team “us-inbound” has no rep “femi@acme.example”.",
        ),
        (("--from", "tomorrow"), "“tomorrow” is no day from 1950 to 2149: write it like 2026-12-24."),
        (("--from", "9999-12-31"), "“9999-12-31” is no day from 1950 to 2149: write it like 2026-12-24."),
        (("--policy", "nowhere.yaml"), f"nowhere.yaml {ABSENT}"),
    ],
)
def test_what_is_not_there_is_one_sentence(words: tuple[str, ...], sentence: str) -> None:
    result = check(*words)
    assert (result.exit_code, result.stderr) == (2, f"handoff: {sentence}\n")


def test_any_day_that_may_be_asked_about_is_answered() -> None:
    for day in ("1950-01-01", "2149-12-31"):
        assert "Total: " in shown("--from", day, "--days", "366")


def test_the_help_lists_what_looks_into_things() -> None:
    said = CliRunner().invoke(main, ["--help"]).stdout
    assert said.index("Look into it:") < said.index("calendar check") < said.index("sla explain")
