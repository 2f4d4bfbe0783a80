"""What reps say of themselves in their Slack profile is shown, and decides only where the policy says so."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from storage import people
from tests.journeys.conftest import Build
from tests.world import World

BEACH = ":palm_tree:"


def says(world: World, name: str, emoji: str, text: str, lasts: timedelta | None = None) -> None:
    world.loop.run(world.service.meet())
    until = int((world.clock.now() + lasts).timestamp()) if lasts else 0
    world.loop.run(world.workspace.set_status(world.ids[name], emoji, text, until))
    world.loop.run(world.service.doors.finish())
    world.settle()


def test_a_status_is_shown_beside_who_was_free_and_decides_nothing(world: World) -> None:
    says(world, "bob", BEACH, "Surfing <!channel>")
    lead_id = world.lead().json()["lead_id"]
    assert world.view(lead_id).lead.rep == "alice@acme.example"
    why = world.say("alice", f"/lead why {lead_id}")
    assert f"free, but not next in turn (Slack says {BEACH} Surfing" in why
    assert "<!channel>" not in why
    assert world.view(world.lead(external_id="b").json()["lead_id"]).lead.rep == "bob@acme.example"


def test_a_status_the_policy_lists_keeps_leads_away_until_it_ends(
    make_world: Build, policy: Callable[..., Path]
) -> None:
    listed = policy(("max_reassignments: 3", f'max_reassignments: 3\naway_statuses: ["{BEACH}"]'))
    world = make_world(policy=listed)
    says(world, "alice", BEACH, "Surfing", timedelta(hours=2))
    lead_id = world.lead().json()["lead_id"]
    assert world.view(lead_id).lead.rep == "bob@acme.example"
    assert "Alice away until" in (world.view(lead_id).lead.why or "")
    says(world, "carol", ":house:", "At home")
    assert world.view(world.lead(external_id="b").json()["lead_id"]).lead.rep == "carol@acme.example"
    world.forward(hours=2)
    assert world.view(world.lead(external_id="c").json()["lead_id"]).lead.rep == "alice@acme.example"


def test_a_status_that_is_taken_back_counts_no_more(make_world: Build, policy: Callable[..., Path]) -> None:
    world = make_world(policy=policy(("max_reassignments: 3", f'max_reassignments: 3\naway_statuses: ["{BEACH}"]')))
    says(world, "alice", BEACH, "")
    says(world, "alice", "", "")
    assert world.view(world.lead().json()["lead_id"]).lead.rep == "alice@acme.example"


def test_a_lead_that_is_held_finds_whoever_takes_their_status_back(
    make_world: Build, policy: Callable[..., Path]
) -> None:
    world = make_world(policy=policy(("max_reassignments: 3", f'max_reassignments: 3\naway_statuses: ["{BEACH}"]')))
    for name in ("alice", "bob", "carol", "femi", "gita"):
        says(world, name, BEACH, "", timedelta(hours=6))
    lead_id = world.lead().json()["lead_id"]
    assert world.view(lead_id).lead.rep is None
    says(world, "alice", ":house:", "At home")
    assert world.view(lead_id).lead.rep == "alice@acme.example"


def test_a_rep_who_moves_is_known_by_their_new_zone_and_name(world: World) -> None:
    world.loop.run(world.service.meet())
    user = world.workspace.people.person(world.ids["bob"])
    user.tz, user.real_name = "Europe/Oslo", "Bob Berg"
    says(world, "bob", "", "")

    def known() -> tuple[str | None, str | None]:
        bob = world.loop.run(world.service.directory.person("bob@acme.example"))
        return bob.timezone, bob.name

    world.wait(lambda: known() == ("Europe/Oslo", "Bob Berg"))


def test_nothing_is_kept_of_a_stranger_who_opens_the_home_tab(world: World) -> None:
    world.home("zoe")
    world.home("dana")
    known = world.loop.run(world.service.office.read(people.everyone))
    assert "zoe@acme.example" not in known
    assert "dana@acme.example" in known
