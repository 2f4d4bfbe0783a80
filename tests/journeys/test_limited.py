"""How many leads a rep takes: lowered by the rep, set by those who look after them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage import caps
from tests.journeys.conftest import Build, edit
from tests.screens import answered, fields, options, words
from tests.world import World


def limit(world: World, name: str, **answers: str) -> dict[str, str]:
    """A rep sets their own limits; returns the mistakes by label."""
    world.press(name, "Limits")
    return world.submit(name, **answers)


def limit_for(world: World, name: str, rep: str, **answers: str) -> dict[str, str]:
    """Somebody sets a rep's limits; returns the mistakes by label."""
    world.press(name, "Limits", value="us-inbound")
    choose(world, name, rep)
    return world.submit(name, **answers)


def choose(world: World, name: str, rep: str) -> None:
    """Somebody chooses a rep in the form for limits, which then asks for theirs."""
    email = f"{rep.casefold()}@acme.example"
    view = world.modal(name)["id"]
    world.loop.run(world.workspace.click_in_view(world.ids[name], view, action_id="limits_of", value=email))


def rep_of(world: World, name: str) -> str:
    """Who is given a new lead."""
    lead = world.view(world.lead(external_id=name).json()["lead_id"]).lead
    return (lead.rep or "nobody").partition("@")[0]


def test_a_rep_at_their_own_limit_gets_no_more(world: World) -> None:
    assert "No limit on how many leads you get." in words(world.home("alice"))
    assert not limit(world, "alice", open_leads_at_once="1")
    shown = world.shown("alice")
    assert "At most 1 open lead." in shown
    assert "You set your limit of open leads to 1" in shown
    got = [rep_of(world, str(number)) for number in range(4)]
    assert got.count("alice") == 1
    lead_id = world.lead(external_id="after").json()["lead_id"]
    assert "Alice at capacity (1 of 1 open)" in (world.view(lead_id).lead.why or "")


def test_a_weekly_limit_counts_from_the_reps_monday(make_world: Build) -> None:
    world = make_world(start=datetime(2026, 11, 25, 15, 0, tzinfo=UTC))
    edit(world, levels=())
    assert not limit(world, "alice", leads_a_week="1")
    got = [rep_of(world, f"this week {number}") for number in range(5)]
    assert got.count("alice") == 1
    lead_id = world.lead(external_id="after").json()["lead_id"]
    assert "Alice at this week's limit (1 of 1)" in (world.view(lead_id).lead.why or "")
    world.forward_to(datetime(2026, 11, 30, 15, 0, tzinfo=UTC))
    got = [rep_of(world, f"next week {number}") for number in range(5)]
    assert got.count("alice") == 1


def test_a_rep_only_goes_below_what_they_are_given(world: World) -> None:
    assert limit(world, "bob", open_leads_at_once="16") == {
        "Open leads at once": "You can only lower your limits: 15 is the most here, and your manager can raise it."
    }
    assert limit(world, "bob", leads_a_day="21") == {
        "Leads a day": "You can only lower your limits: 20 is the most here, and your manager can raise it."
    }
    assert "15 open leads and 20 leads a day" in words(world.home("bob"))
    assert not limit(world, "bob", open_leads_at_once="5")
    assert not limit(world, "bob", open_leads_at_once="9"), "one's own lower limit is no ceiling"
    world.press("bob", "Limits")
    assert fields(world.modal("bob"))["Open leads at once"]["element"]["initial_value"] == "9"
    assert "You set your limit of open leads from 5 to 9" in world.shown("bob")


def test_a_manager_sets_what_they_like_and_the_rep_sees_who_did(world: World) -> None:
    assert not limit(world, "bob", open_leads_at_once="3")
    assert not limit_for(world, "dana", "Bob", open_leads_at_once="40", leads_a_day="0")
    assert "You set Bob's limit of open leads from 3 to 40" in world.shown("dana")
    shown = words(world.home("bob"))
    assert "At most 40 open leads and 0 leads a day." in shown
    assert "Dana set your limit of leads a day from 20 to 0" in shown
    assert "bob" not in [rep_of(world, str(number)) for number in range(4)]
    assert not limit(world, "bob", open_leads_at_once="39")
    assert limit(world, "bob", open_leads_at_once="41") != {}
    world.press("dana", "Limits", value="us-inbound")
    assert list(fields(world.modal("dana"))) == ["Rep"]
    choose(world, "dana", "Alice")
    choose(world, "dana", "Bob")
    asked = fields(world.modal("dana"))
    assert asked["Open leads at once"]["element"]["initial_value"] == "40", "what was set before is not lost by saving"
    assert asked["Leads a week"]["element"]["placeholder"]["text"] == "No limit"
    assert not world.submit("dana", leads_a_day="7")
    assert "At most 39 open leads and 7 leads a day." not in words(world.home("bob"))
    assert "At most 40 open leads and 7 leads a day." in words(world.home("bob"))
    assert not limit_for(world, "olga", "Bob", open_leads_at_once="", leads_a_day="")
    assert "15 open leads and 20 leads a day" in words(world.home("bob")), "what is empty is the policy's again"


def test_a_limit_is_a_whole_number(world: World) -> None:
    for text in ("-1", "2.5", "many", "10001"):
        assert list(limit(world, "alice", open_leads_at_once=text)) == ["Open leads at once"]
    assert "No limit on how many leads you get." in words(world.home("alice"))


def test_a_limit_that_is_raised_has_what_is_held_offered_anew(make_world: Build, policy: Callable[..., Path]) -> None:
    world = make_world(policy=policy(("    backup: emea-inbound", "    # no backup")))
    for name in ("Alice", "Bob", "Carol"):
        assert not limit_for(world, "dana", name, open_leads_at_once="0")
    lead_id = world.lead().json()["lead_id"]
    assert world.view(lead_id).lead.plan == "held"
    assert not limit_for(world, "dana", "Carol", open_leads_at_once="1")
    world.settle()
    assert world.view(lead_id).lead.rep == "carol@acme.example"


def test_the_limit_of_an_accounts_owner_counts_too(world: World) -> None:
    assert not limit_for(world, "dana", "Bob", open_leads_at_once="0")
    lead_id = world.lead(owner_email="bob@acme.example").json()["lead_id"]
    assert world.view(lead_id).lead.rep != "bob@acme.example"
    assert not limit_for(world, "dana", "Bob", open_leads_at_once="1")
    world.forward_to(world.clock.now() + timedelta(minutes=1))
    lead_id = world.lead(external_id="later", owner_email="bob@acme.example").json()["lead_id"]
    assert world.view(lead_id).lead.rep == "bob@acme.example"


def test_a_rep_who_manages_the_team_sets_any_limit_of_their_own(make_world: Build, policy: Callable[..., Path]) -> None:
    world = make_world(policy=policy(("    manager: dana@acme.example", "    manager: bob@acme.example")))
    view = world.home("bob")["id"]
    for limit_set in ("30", "20"):
        world.loop.run(world.workspace.click_in_view(world.ids["bob"], view, action_id="limits"))
        assert not world.submit("bob", open_leads_at_once=limit_set)
    world.loop.run(world.workspace.click_in_view(world.ids["bob"], view, action_id="limits"))
    field = fields(world.modal("bob"))["Open leads at once"]
    assert (field["element"]["initial_value"], field["hint"]["text"]) == ("20", "Empty: 15, as the policy says.")
    assert "At most 20 open leads and 20 leads a day." in world.shown("bob")


def test_limits_that_were_asked_of_one_rep_are_not_given_to_another(world: World) -> None:
    world.press("dana", "Limits", value="us-inbound")
    choose(world, "dana", "Bob")
    view = world.modal("dana")
    state = answered(view, {"open_leads_at_once": "1"})
    carol = next(one for one in fields(view)["Rep"]["element"]["options"] if "carol" in one["value"])
    state["rep"] = {"limits_of": {"type": "static_select", "selected_option": carol}}
    told = world.loop.run(world.workspace.submit(world.ids["dana"], view["id"], state))
    assert told == {"rep": "Their limits were still on the way: look at them, then save."}
    emails = ["bob@acme.example", "carol@acme.example"]
    assert not world.loop.run(world.service.office.read(caps.of, emails))


def test_a_team_of_more_than_a_hundred_is_offered_whole(make_world: Build, policy: Callable[..., Path]) -> None:
    bob = "      - {email: bob@acme.example, max_open: 15, max_per_day: 20}\n"
    many = "".join(f"      - {{email: r{number:03}@acme.example}}\n" for number in range(104))
    world = make_world(policy=policy((bob, bob + many)))
    world.press("dana", "Limits", value="us-inbound")
    menu = fields(world.modal("dana"))["Rep"]["element"]
    assert [group["label"]["text"] for group in menu["option_groups"]] == ["1 to 100 of 107", "101 to 107 of 107"]
    choose(world, "dana", "Carol")
    assert not world.submit("dana", open_leads_at_once="1")
    assert "You set Carol's limit of open leads to 1" in world.shown("dana")
    world.lead(owner_email="alice@acme.example")
    world.click("alice", "Accept")
    world.settle()
    world.click("alice", "Reassign")
    assert len(options(world.modal("alice"), "New rep")) == 106


def test_a_limit_in_one_of_a_reps_teams_holds_there_though_another_has_none(
    make_world: Build, policy: Callable[..., Path]
) -> None:
    world = make_world(
        policy=policy(
            ("{email: carol@acme.example, calendar: london}", "{email: carol@acme.example, max_per_day: 1}"),
            ("- {email: femi@acme.example}", "- {email: femi@acme.example}\n      - {email: carol@acme.example}"),
        )
    )
    assert [rep_of(world, f"lead {number}") for number in range(8)].count("carol") == 1


def test_a_rep_of_two_zones_has_a_day_of_their_own_in_each(make_world: Build, policy: Callable[..., Path]) -> None:
    in_both = "- {email: femi@acme.example}\n      - {email: carol@acme.example, max_per_day: 1}"
    world = make_world(
        start=datetime(2026, 11, 20, 15, 0, tzinfo=UTC),
        policy=policy(
            ("{email: carol@acme.example, calendar: london}", "{email: carol@acme.example, max_per_day: 1}"),
            ("- {email: femi@acme.example}", in_both),
        ),
    )
    edit(world, levels=())
    lead_id = world.lead(owner_email="alice@acme.example").json()["lead_id"]
    world.forward_to(datetime(2026, 11, 23, 3, 0, tzinfo=UTC))  # Monday in London, still Sunday in New York
    reassign, carol = world.service.desk.reassign, "carol@acme.example"
    world.loop.run(world.service.office.run(reassign, lead_id, "dana@acme.example", carol))

    world.forward_to(datetime(2026, 11, 23, 15, 0, tzinfo=UTC))
    for name in ("alice", "bob", "gita"):
        world.say(name, "/leads away")
    british = world.view(world.lead(external_id="british", country="GB").json()["lead_id"]).lead
    assert british.rep == "femi@acme.example"
    assert "Carol at today's limit (1 of 1)" in (british.why or "")
    american = world.view(world.lead(external_id="american").json()["lead_id"]).lead
    assert (american.rep, american.team) == (carol, "us-inbound")
