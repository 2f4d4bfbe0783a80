"""`handoff sla explain`: the promise a lead gets, when each level is due, and why."""

import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.__main__ import main
from bot.policy import load_policy
from tests.bot.stage import HANDOFF
from tests.sample import ACCEPTANCE, changed

HASH = load_policy(ACCEPTANCE, datetime(2026, 11, 21, tzinfo=UTC).date()).hash
DEMO = f"""\
Policy {ACCEPTANCE} ({HASH})
Lead: lead_type demo_request
SLA: “Demo request”, for leads with lead type demo_request
Team: us-inbound, by the routing rule “Everyone else”
Calendar: new-york (America/New_York)

Acceptance: 5 min of working time, if assigned Wed 25 Nov 2026 16:00 New York (UTC−5)
    50%  Wed 25 Nov 2026 16:02:30 New York (UTC−5) = 2026-11-25 21:02:30Z  tells the rep
         2 min 30 s of working time from Wed 16:00 New York: 2 min 30 s Wednesday
    80%  Wed 25 Nov 2026 16:04 New York (UTC−5) = 2026-11-25 21:04:00Z  tells the rep and #leads-us
         4 min of working time from Wed 16:00 New York: 4 min Wednesday
   100%  Wed 25 Nov 2026 16:05 New York (UTC−5) = 2026-11-25 21:05:00Z  the breach is recorded; tells the rep, \
#leads-us and the manager dana@acme.example
         5 min of working time from Wed 16:00 New York: 5 min Wednesday
   150%  Wed 25 Nov 2026 16:07:30 New York (UTC−5) = 2026-11-25 21:07:30Z  tells the manager dana@acme.example; \
the lead goes to the next rep
         7 min 30 s of working time from Wed 16:00 New York: 7 min 30 s Wednesday

First touch: 1 h of working time, if accepted Wed 25 Nov 2026 16:00 New York (UTC−5)
    50%  Wed 25 Nov 2026 16:30 New York (UTC−5) = 2026-11-25 21:30:00Z  tells the rep
         30 min of working time from Wed 16:00 New York: 30 min Wednesday
    80%  Wed 25 Nov 2026 16:48 New York (UTC−5) = 2026-11-25 21:48:00Z  tells the rep and #leads-us
         48 min of working time from Wed 16:00 New York: 48 min Wednesday
   100%  Wed 25 Nov 2026 17:00 New York (UTC−5) = 2026-11-25 22:00:00Z  the breach is recorded; tells the rep, \
#leads-us and the manager dana@acme.example
         1 h of working time from Wed 16:00 New York: 1 h Wednesday
   150%  Fri 27 Nov 2026 09:30 New York (UTC−5) = 2026-11-27 14:30:00Z  tells the manager dana@acme.example; the \
lead goes to the next rep
         1 h 30 min of working time from Wed 16:00 New York: 1 h Wednesday, 30 min Friday; Thursday closed \
(Thanksgiving Day)

Qualification: 40 h of working time, if accepted Wed 25 Nov 2026 16:00 New York (UTC−5)
    50%  Tue 1 Dec 2026 12:00 New York (UTC−5) = 2026-12-01 17:00:00Z  tells the rep
         20 h of working time from Wed 16:00 New York: 1 h Wednesday, 8 h Friday, 8 h Monday, 3 h Tuesday; \
Thursday closed (Thanksgiving Day)
    80%  Wed 2 Dec 2026 16:00 New York (UTC−5) = 2026-12-02 21:00:00Z  tells the rep and #leads-us
         32 h of working time from Wed 25 Nov 16:00 New York: 1 h Wed 25 Nov, 24 h on 3 days from Fri 27 Nov to \
Tue 1 Dec, 7 h Wed 2 Dec; Thu 26 Nov closed (Thanksgiving Day)
   100%  Thu 3 Dec 2026 16:00 New York (UTC−5) = 2026-12-03 21:00:00Z  the breach is recorded; tells the rep, \
#leads-us and the manager dana@acme.example
         40 h of working time from Wed 25 Nov 16:00 New York: 1 h Wed 25 Nov, 32 h on 4 days from Fri 27 Nov to \
Wed 2 Dec, 7 h Thu 3 Dec; Thu 26 Nov closed (Thanksgiving Day)
   150%  Tue 8 Dec 2026 12:00 New York (UTC−5) = 2026-12-08 17:00:00Z  tells the manager dana@acme.example; the \
lead stays with its rep
         60 h of working time from Wed 25 Nov 16:00 New York: 1 h Wed 25 Nov, 56 h on 7 days from Fri 27 Nov to \
Mon 7 Dec, 3 h Tue 8 Dec; Thu 26 Nov closed (Thanksgiving Day)
"""


def explain(*words: str, policy: Path = ACCEPTANCE) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, ["sla", "explain", "--policy", str(policy), *words])


def shown(*words: str, policy: Path = ACCEPTANCE) -> str:
    """What it prints."""
    result = explain(*words, policy=policy)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_every_level_of_every_clock_is_shown_with_who_hears_of_it_and_why() -> None:
    assert shown("--at", "2026-11-25 16:00", "--lead-type", "demo_request") == DEMO


def test_each_line_s_local_and_utc_times_are_one_instant() -> None:
    out = shown("--at", "2026-03-26 10:00", "--rep", "carol@acme.example")
    found = re.findall(r"%  \w+ (\d+ \w+ \d+ [\d:]+) London \(UTC(\+1)?\) = ([\d: -]+)Z", out)
    assert len(found) == 12
    assert {ahead for _, ahead, _ in found} == {"", "+1"}, "the clocks go forward within it"
    for local, ahead, utc in found:
        text = local if local.count(":") == 2 else f"{local}:00"
        shown_locally = datetime.strptime(text, "%d %b %Y %H:%M:%S").replace(tzinfo=UTC)
        instant = datetime.fromisoformat(utc).replace(tzinfo=UTC)
        assert shown_locally - timedelta(hours=1 if ahead else 0) == instant


def test_the_conditions_that_failed_before_are_told() -> None:
    out = shown("--at", "2026-11-25 16:00", "--score", "60", "--lead-type", "ebook")
    assert "Lead: lead_type ebook, score 60\n" in out
    assert "SLA: “Standard”, for every lead\n" in out
    assert "  not “Demo request”: needs lead type demo_request; it has ebook\n" in out
    assert "  not “Hot”: needs score >=90; it has 60\n" in out


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("--country", "de"), "Team: emea-inbound, by the routing rule “EMEA territory”"),
        (("--country", "US", "--employees", "1000"), "Team: us-inbound, by the routing rule “Big US companies”"),
        (
            ("--owner-email", "Gita@acme.example"),
            "Team: gita@acme.example in emea-inbound, by the routing rule “Named accounts”",
        ),
        (("--owner-email", "nobody@acme.example"), "Team: us-inbound, by the routing rule “Everyone else”"),
        (("--team", "emea-inbound"), "Team: emea-inbound"),
        (("--rep", "carol@acme.example"), "Team: carol@acme.example in us-inbound"),
    ],
)
def test_the_calendar_is_that_of_who_would_have_the_lead(words: tuple[str, ...], line: str) -> None:
    out = shown("--at", "2026-11-25 10:00", *words).splitlines()
    assert line in out
    london = "emea" in line or "carol" in line
    assert ("Calendar: london (Europe/London)" if london else "Calendar: new-york (America/New_York)") in out


@pytest.mark.parametrize("at", ["2026-11-25 16:00", "2026-11-25T21:00Z", "2026-11-25T22:00+01:00", "20261125T160000"])
def test_a_time_without_a_zone_is_local_and_one_with_an_offset_is_itself(at: str) -> None:
    assert shown("--at", at, "--lead-type", "demo_request") == DEMO


def test_a_local_time_that_the_clocks_skip_is_moved_forward() -> None:
    out = shown("--at", "2026-03-08 02:30", "--team", "us-inbound")
    assert "if assigned Sun 8 Mar 2026 03:30 New York (UTC−4)" in out
    assert "closed at that time, open again Mon 9 Mar 2026 09:00 New York (UTC−4)" in out


def test_elapsed_time_is_counted_through_the_night(tmp_path: Path) -> None:
    policy = changed(tmp_path, ("qualify_within: 80h", "qualify_within: 80h\n    count: elapsed"))
    out = shown("--at", "2026-11-25 16:00", policy=policy)
    assert "Calendar: none, since this SLA counts elapsed time; local times are those of America/New_York" in out
    assert "  100%  Wed 25 Nov 2026 20:00 New York (UTC−5) = 2026-11-26 01:00:00Z" in out
    assert "4 h of elapsed time from Wed 16:00 New York\n" in out


def test_a_breach_is_shown_though_no_level_names_it(tmp_path: Path) -> None:
    policy = changed(tmp_path, ("  - {at: 100%, notify: [rep, channel, manager]}\n", ""))
    out = shown("--at", "2026-11-25 16:00", "--lead-type", "demo_request", policy=policy)
    assert "   100%  Wed 25 Nov 2026 16:05 New York (UTC−5) = 2026-11-25 21:05:00Z  the breach is recorded\n" in out


def test_it_runs_on_its_own_without_secrets(tmp_path: Path) -> None:
    words: list[str | Path] = [HANDOFF, "sla", "explain", "--at", "2026-11-25 16:00", "--lead-type", "demo_request"]
    environment = {"HANDOFF_CONFIG": str(ACCEPTANCE)}
    done = subprocess.run(words, env=environment, cwd=tmp_path, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout == DEMO


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--team", "us"), "The policy has no team “us”; it has: us-inbound, emea-inbound."),
        (("--rep", "dana@acme.example"), "The policy has no rep “dana@acme.example”"),
        (("--at", "16:00"), "“16:00” is no time from 1950 to 2149: write it like “2026-11-25 16:00”"),
        (("--at", "0001-01-01 00:00"), "“0001-01-01 00:00” is no time from 1950 to 2149"),
    ],
)
def test_what_is_not_there_is_one_sentence(words: tuple[str, ...], sentence: str) -> None:
    result = explain(*words)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"handoff: {sentence}")
    assert result.stderr.count("\n") == 1


def test_a_territory_and_a_named_account_say_whose_calendar_counts(tmp_path: Path) -> None:
    keys = "version: 1\nterritories: {file: places.csv}\nnamed_accounts: {file: accounts.csv}"
    (tmp_path / "places.csv").write_text("country,team,rep\nGB,emea-inbound,\nSE,,bob@acme.example\n")
    (tmp_path / "accounts.csv").write_text("domain,rep\nnorthwind.com,gita@acme.example\n")
    policy = changed(tmp_path, ("version: 1", keys))
    policy.write_text(
        policy.read_text("utf-8").replace("account_owner ", "account_owner\n  - name: Place\n    assign: territory "),
        "utf-8",
    )
    owned = shown("--email", "pat@mail.northwind.com", policy=policy)
    assert "Team: gita@acme.example in emea-inbound, by the routing rule “Named accounts”\n" in owned
    placed = shown("--country", "gb", policy=policy)
    assert "Team: emea-inbound, by the routing rule “Place” (line 2 of the territories)\n" in placed
    reps = shown("--country", "SE", policy=policy)
    assert "Team: bob@acme.example in us-inbound, by the routing rule “Place” (line 3 of the territories)\n" in reps
    assert "Team: us-inbound, by the routing rule “Everyone else”\n" in shown("--country", "NZ", policy=policy)
