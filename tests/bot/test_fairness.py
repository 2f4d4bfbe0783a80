"""`handoff fairness`: what each rep was owed and had, and whether the ledger adds up to the book."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from bot.__main__ import main
from bot.fairness import WIDTH, shortened
from sla_engine.turns import TURN
from storage.database import Database, open_database
from tests.world import World

SINCE = ("--since", "2026-11-23")
PLAYED = """\
us-inbound by least_loaded, since Mon 23 Nov 2026 00:00 New York: 1 turn
rep                 weight  free  before  ideal  given  back  owed  skipped
alice@acme.example       2     0    0.00   0.00      0     0  0.00  has more open leads 1
bob@acme.example         1     0    0.00   0.00      0     0  0.00  away 1
carol@acme.example       1     1    0.00   1.00      1     0  0.00

us-inbound by round_robin, since Mon 23 Nov 2026 00:00 New York: 6 turns
rep                 weight  free  before  ideal  given  back   owed  skipped
alice@acme.example       2     6    0.00   3.33      4     1   0.33
bob@acme.example         1     4    0.00   1.00      2     0  −1.00  away 2
carol@acme.example       1     6    0.00   1.67      1     0   0.67

The ledger gives the book to the last unit: 15 entries.
"""


def fairness(world: World, *words: str) -> Result:
    """Run the command beside the service."""
    return CliRunner().invoke(main, ["fairness", *words], env=world.environment)


def shown(world: World, *words: str) -> str:
    """What it prints when all is well."""
    result = fairness(world, *words)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture
def played(world: World) -> World:
    """Seven leads: Alice gives one back, Bob is away for the last three, one is for who has the least to do."""
    for number in range(4):
        world.lead(settle=False, external_id=f"first {number}")
    world.settle()
    world.click("alice", "Reject")
    assert not world.submit("alice", reason="Wrong territory")
    world.say("bob", "/leads away")
    for number in range(2):
        world.lead(settle=False, external_id=f"then {number}")
    world.lead(settle=False, external_id="big", employees=5000)
    return world


def tampered(world: World, statement: str, **values: object) -> None:
    """Somebody writes to the database by hand."""
    database: Database = open_database(world.environment["DATABASE_URL"])
    with database.writing.begin() as connection:
        connection.execute(text(statement), values)
    database.close()


def test_each_rep_s_turns_are_counted_beside_the_running_service(played: World) -> None:
    assert shown(played, *SINCE) == PLAYED
    assert shown(played, *SINCE, "--team", "us-inbound") == PLAYED


def test_one_method_or_another_team_is_all_that_is_asked_for(played: World) -> None:
    by_turns = shown(played, *SINCE, "--method", "round_robin")
    assert by_turns.splitlines()[0].startswith("us-inbound by round_robin")
    assert "by least_loaded" not in by_turns
    assert by_turns.endswith("The ledger gives the book to the last unit: 11 entries.\n")
    assert shown(played, "--team", "emea-inbound") == "No turn has been given in emea-inbound yet.\n"


def test_what_was_before_the_day_that_is_asked_for_is_carried_over(played: World) -> None:
    played.clock.instant = played.clock.instant.replace(day=24)
    played.lead(settle=False, external_id="tuesday")
    lines = shown(played, "--since", "2026-11-24", "--method", "round_robin").splitlines()
    assert lines[0] == "us-inbound by round_robin, since Tue 24 Nov 2026 00:00 New York: 1 turn"
    assert lines[2].split() == ["alice@acme.example", "2", "1", "0.33", "0.67", "1", "0", "0.00"]
    assert lines[4].split() == ["carol@acme.example", "1", "1", "0.67", "0.33", "0", "0", "1.00"]
    with_offset = shown(played, "--since", "2026-11-24T05:00+00:00", "--method", "round_robin")
    assert with_offset.splitlines() == lines


def test_a_book_that_somebody_changed_is_found_with_the_rep_and_the_units(played: World) -> None:
    database = open_database(played.environment["DATABASE_URL"])
    with database.read() as tx:
        kept = "SELECT standings FROM book WHERE method = 'round_robin'"
        found = tx.connection.execute(text(kept)).scalar_one()
    database.close()
    standings = found if isinstance(found, dict) else json.loads(found)
    standings["bob@acme.example"][0] += 7
    changed = "UPDATE book SET standings = :standings WHERE method = 'round_robin'"
    tampered(played, changed, standings=json.dumps(standings))
    result = fairness(played)
    assert result.exit_code == 1
    sentence = result.stdout.splitlines()[-1]
    assert sentence.startswith("The ledger does not give the book of us-inbound by round_robin: bob@acme.example ")
    assert sentence.endswith(f", 7 units apart (a turn is {TURN:,}).")
    assert "to the last unit" not in result.stdout


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM ledger WHERE method = 'round_robin' AND kind = 'turn' AND rep = 'carol@acme.example'",
        "DELETE FROM ledger WHERE kind = 'joined' AND rep = 'carol@acme.example' AND method = 'round_robin'",
        "DELETE FROM book WHERE method = 'round_robin'",
        "DELETE FROM roster",
    ],
)
def test_a_ledger_or_a_book_that_lacks_something_is_found(played: World, statement: str) -> None:
    tampered(played, statement)
    result = fairness(played)
    assert result.exit_code == 1
    assert "The ledger does not give the book of us-inbound by round_robin: carol@acme.example" in result.stdout


def test_who_has_left_is_told_of_and_so_is_a_team_that_is_gone(played: World) -> None:
    team = played.service.policy.teams["us-inbound"]
    without_carol = replace(team, reps=team.reps[:2])
    played.service.policy = replace(
        played.service.policy, teams=dict(played.service.policy.teams) | {team.name: without_carol}
    )
    played.lead(settle=False, external_id="without carol")
    lines = shown(played, *SINCE, "--method", "round_robin").splitlines()
    assert lines[4].split()[:2] == ["carol@acme.example", "left"]
    tampered(played, "UPDATE book SET team = 'gone'")
    tampered(played, "UPDATE ledger SET team = 'gone'")
    assert "gone by round_robin, since Mon 23 Nov 2026 00:00 UTC" in shown(played, *SINCE, "--team", "gone")


def test_before_the_first_turn_there_is_nothing_to_count(world: World) -> None:
    assert shown(world) == "No turn has been given yet.\n"
    assert shown(world, "--method", "least_loaded") == "No turn has been given by least_loaded yet.\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--team", "us"), "The policy has no team “us”; it has: us-inbound, emea-inbound."),
        (("--since", "monday"), "“monday” is no day from 1950 to 2149: write it like 2026-12-24."),
    ],
)
def test_what_is_not_there_is_one_sentence(world: World, words: tuple[str, ...], sentence: str) -> None:
    result = fairness(world, *words)
    assert (result.exit_code, result.stderr) == (2, f"handoff: {sentence}\n")


def skipped_for(world: World, rep: str, reasons: list[object]) -> None:
    """A turn more for each of these reasons to pass a rep over, as the ledger may have kept it."""
    for number, why in enumerate(reasons):
        kept = {"key": f"r{number}", "skipped": json.dumps({rep: why})}
        tampered(world, "INSERT INTO roster VALUES (:key, '[]', :skipped)", **kept)
        tampered(
            world,
            "INSERT INTO ledger (team, method, at, kind, rep, roster) "
            "SELECT team, method, at, kind, rep, :key FROM ledger WHERE kind = 'turn' ORDER BY id LIMIT 1",
            key=f"r{number}",
        )


def test_a_long_list_of_reasons_and_long_names_stay_within_a_hundred_columns(world: World) -> None:
    name = "bartholomew.featherstonehaugh-cholmondeley@a-company-with-a-long-name.example"
    world.lead(settle=False)
    skipped_for(world, name, [["off", ""], ["full", ""], *(["unskilled", letter * 2] for letter in "abcdefgh")])
    lines = fairness(world, *SINCE).stdout.splitlines()[:-1]
    assert max(map(len, lines)) <= WIDTH
    assert any(line.startswith("bartholome…olmondeley@…") for line in lines), lines
    assert "lacks hh 1" in " ".join(" ".join(lines).split())


@pytest.mark.parametrize(
    ("words", "obstacle", "told"),
    [
        ("can't be reached in Slack", ["unreachable", ""], "can't be reached in Slack"),
        ("away until Tue 24 Nov 09:00 New York", ["away", ""], "away"),
        ("off until Mon 09:00 London", ["off", ""], "off"),
        ("at capacity (9 of 9 open)", ["full", ""], "at capacity"),
        ("at today's limit (2 of 2)", ["full_today", ""], "at today's limit"),
        ("at this week's limit (2 of 2)", ["full_this_week", ""], "at this week's limit"),
        ("lacks api and fr", ["unskilled", "api and fr"], "lacks api and fr"),
        ("had it before", ["had_it", ""], "had it before"),
        ("has more open leads", ["busier", ""], "has more open leads"),
    ],
)
def test_a_reason_that_was_kept_in_words_counts_with_its_like(
    world: World, words: str, obstacle: list[str], told: str
) -> None:
    world.lead(settle=False)
    skipped_for(world, "zoe@acme.example", [words, obstacle])
    assert f"  {told} 2" in fairness(world, *SINCE).stdout


def test_a_long_address_loses_its_domain_first_and_then_the_middle_of_the_name() -> None:
    assert shortened("alice@acme.example", 18) == "alice@acme.example"
    assert shortened("alice.ames@acme.example", 18) == "alice.ames@…"
    assert shortened("bartholomew.featherstonehaugh@acme.example", 18) == "barthol…nehaugh@…"
