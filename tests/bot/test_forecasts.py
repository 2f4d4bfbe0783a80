"""`handoff route`: who would get a lead, and why, with nothing written."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from bot.__main__ import main
from storage.database import open_database
from tests.sample import PAT, changed
from tests.world import MONDAY, World

AT = ("--at", "2026-11-23 10:00")
FRESH = """\
The database is not in use yet: this is as if nothing had happened so far.
Lead: email pat@northwind.example, company Northwind, country US, employees 420, lead_type demo_request, score 92
Rules, in order:
  1. Named accounts: nobody owns this account yet
  2. EMEA territory: needs country GB, IE, DE, FR or NL; it has US
  3. Big US companies: needs employees >=1000; it has 420
  4. Everyone else: this one decides
Reps looked at:
  bob@acme.example: free, but not next in turn · owed 0.00 → 0.25 turns
  carol@acme.example: free, but not next in turn · owed 0.00 → 0.25 turns
  alice@acme.example: gets it · owed 0.00 → −0.50 turns
It would go to alice@acme.example in us-inbound.
Why: Alice's turn in us-inbound · rule “Everyone else”
SLA: “Demo request”: 5 min to accept, 1 h to the first touch, 40 h to qualify, in working time
Accept by: Mon 23 Nov 2026 10:05 New York (UTC−5)
"""
SHORT = {
    "external_id": "00Q5e00000AbCdE",
    "email": "pat@northwind.example",
    "company": "Northwind",
    "country": "US",
    "employees": 420,
    "lead_type": "demo_request",
    "score": 92,
}
TABLES = ("lead", "history", "assignment", "clock", "timer", "message", "receipt", "book", "roster", "ledger")


def route(world: World, data: object, *words: str) -> Result:
    """Run the command beside the service."""
    body = json.dumps(data)
    return CliRunner().invoke(main, ["route", "--lead", "-", *words], input=body, env=world.environment)


def shown(world: World, data: object, *words: str) -> str:
    """What it prints when all is well."""
    result = route(world, data, *(words or AT))
    assert result.exit_code == 0, result.output
    return result.stdout


def rows(world: World) -> dict[str, int]:
    """How many rows each table has."""
    database = open_database(world.environment["DATABASE_URL"])
    with database.read() as tx:
        found = {name: tx.connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in TABLES}
    database.close()
    return found


def test_on_a_database_that_does_not_exist_it_is_as_if_nothing_had_happened(world: World, tmp_path: Path) -> None:
    nowhere = world.environment | {"DATABASE_URL": f"sqlite:///{tmp_path}/none.db"}
    file = tmp_path / "lead.json"
    file.write_text(json.dumps({"type": "lead.qualified", "data": SHORT}), "utf-8")
    result = CliRunner().invoke(main, ["route", "--lead", str(file), *AT], env=nowhere)
    assert result.exit_code == 0, result.output
    head, _, rest = result.stdout.partition("\n")
    assert head.endswith(f"database sqlite:///{tmp_path}/none.db, Mon 23 Nov 2026 10:00 New York (UTC−5)")
    assert rest == FRESH
    assert not list(tmp_path.glob("none.db*")), "nothing was created"


def test_the_answer_is_what_then_happens_and_asking_changes_nothing(world: World) -> None:
    for number in range(5):
        said = {**SHORT, "external_id": f"lead {number}", "email": f"pat@company{number}.example"}
        before = rows(world)
        forecast = shown(world, said)
        assert rows(world) == before
        lead = world.view(world.post({"type": "lead.qualified", "data": said}).json()["lead_id"]).lead
        assert f"It would go to {lead.rep} in {lead.team}.\n" in forecast
        assert f"Why: {lead.why}\n" in forecast


def test_it_waits_for_nobody_who_decides_about_a_turn(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    database = open_database(world.environment["DATABASE_URL"])
    with database.writing.begin() as busy:
        busy.execute(text("UPDATE lead SET note = note WHERE id = :id"), {"id": lead_id})
        if not database.is_sqlite:
            busy.execute(text("SELECT pg_advisory_xact_lock(1212239428)"))
        assert f"It would update the open lead {lead_id}" in shown(world, SHORT)
        assert "It would go to bob@acme.example" in shown(world, {**SHORT, "external_id": "b", "email": "b@b.example"})
    database.close()


def test_a_lead_that_is_open_would_be_updated_and_its_new_fields_are_named(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    said = shown(world, {**SHORT, "score": 99, "campaign": "spring"})
    assert f"It would update the open lead {lead_id}, which is with alice@acme.example: no rule is asked.\n" in said
    assert "New: campaign, score\n" in said
    assert "Rules" not in said


def test_a_lead_that_returns_would_be_linked_to_its_cycle_before(world: World) -> None:
    lead_id = world.lead().json()["lead_id"]
    world.click("alice", "Accept")
    world.settle()
    world.click("alice", "Recycle")
    assert not world.submit("alice", reason="No budget")
    world.lead(external_id="for bob")
    said = shown(world, SHORT)
    assert f"It would begin a new cycle after {lead_id} (Recycled, was with alice@acme.example).\n" in said
    assert "  1. Returning lead: this one decides\n" in said
    assert "Why: Alice knew this lead before · returning lead\n" in said


def test_a_lead_below_the_bar_would_not_be_handed_over(world: World) -> None:
    said = shown(world, {**SHORT, "score": 40, "company": ""})
    assert said.endswith("It would not be handed over: company is missing; score 40 is below the minimum of 60.\n"), (
        "and no rule is asked"
    )


def test_a_lead_on_saturday_would_be_held_until_somebody_opens(world: World) -> None:
    said = shown(world, SHORT, "--at", "2026-11-21 12:00")
    assert (
        "It would be held until Mon 23 Nov 2026 04:00 New York (UTC−5), when the rules are asked again.\n"
        "Why: Nobody in us-inbound or its backup emea-inbound is at work: Carol is first back, Mon 09:00 London\n"
    ) in said
    assert "  alice@acme.example: off until Mon 09:00 New York\n" in said
    assert "Accept by" not in said


def test_a_lead_nobody_is_there_for_would_be_free_to_take(make_world: Callable[..., World], tmp_path: Path) -> None:
    file = changed(tmp_path, ("available: hold", "available: claim"))
    world = make_world(policy=file, start=MONDAY - timedelta(days=2))
    said = shown(world, SHORT, "--at", "2026-11-21T17:00Z")
    assert "It would be free to take in #leads-us until Sat 21 Nov 2026 12:30 New York (UTC−5), when" in said


def test_the_promises_that_were_passed_over_say_what_they_need(world: World) -> None:
    said = shown(world, {**SHORT, "lead_type": "ebook", "score": 70})
    assert "SLA: “Standard”: 4 h to accept, 24 h to the first touch, 80 h to qualify, in working time\n" in said
    assert "  not “Demo request”: needs lead type demo_request; it has ebook\n" in said
    assert "  not “Hot”: needs score >=90; it has 70\n" in said


@pytest.mark.parametrize(
    ("said", "sentences"),
    [
        (
            {"email": "pat", "score": "hot"},
            [
                "stdin: external_id is required.",
                'stdin: email is "pat", expected an e-mail address.',
                'stdin: score is "hot", expected a number.',
            ],
        ),
        ({"type": "lead.qualified", "data": {"email": PAT["email"]}}, ["stdin: data.external_id is required."]),
        ({"type": "lead.won", "data": PAT}, ['stdin: type is "lead.won", expected one of lead.qualified, ']),
        (
            {"type": "lead.replied", "data": PAT},
            ["stdin: type is “lead.replied”: only a lead.qualified is given to a rep."],
        ),
        ([PAT], ["stdin: data is missing or is not an object."]),
    ],
)
def test_what_the_webhook_would_refuse_is_refused_in_its_words(
    world: World, said: object, sentences: list[str]
) -> None:
    result = route(world, said)
    assert result.exit_code == 2
    told = result.stderr.removeprefix("handoff: ").splitlines()
    assert len(told) == len(sentences)
    assert all(line.startswith(sentence) for line, sentence in zip(told, sentences, strict=True)), told


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--lead", "nowhere.json"), "nowhere.json can't be read: No such file or directory."),
        (("--lead", "-", "--source", "crm"), "The policy has no source “crm”; it has: website."),
        (("--lead", "-", "--at", "noon"), "“noon” is no time from 1950 to 2149: write it like “2026-11-25 16:00”"),
    ],
)
def test_what_is_not_there_is_one_sentence(world: World, words: tuple[str, ...], sentence: str) -> None:
    result = CliRunner().invoke(main, ["route", *words], input="{}", env=world.environment)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"handoff: {sentence}")
    assert result.stderr.count("\n") == 1
