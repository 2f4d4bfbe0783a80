"""An edit of the policy renames a team, or takes it away: its open leads are as they were promised."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sla_engine.clock import Kind
from sla_engine.policy import Audience, Level, Policy
from sla_engine.refusals import NotYours
from storage.database import Database
from tests.leads.shop import Shop
from tests.sla_engine.samples import email, policy, rep, team

ALL = frozenset(Audience)
FRIDAY = datetime(2026, 12, 4, 20, tzinfo=UTC)
"""Friday at 15:00 in New York: of four working hours two are left for Monday."""
DUE = datetime(2026, 12, 7, 16, tzinfo=UTC)


def of(*teams: str, **more: str) -> Policy:
    """Alice and Bob in these teams; `alone` is a team of Zoe's."""
    named = [team(name, rep("alice"), rep("bob")) for name in teams]
    named += [team(name, rep("zoe"), manager="erik") for name in more.values()]
    return replace(policy(*named), levels=(Level(100, ALL),), admins=(email("olga"),))


def told(shop: Shop) -> set[str]:
    """Who was reminded."""
    return {lane for lane, _ in shop.reminded()}


def test_a_renamed_teams_leads_keep_their_working_time_and_its_reps_and_manager_are_reminded(
    database: Database,
) -> None:
    shop = Shop(database, of("us"), FRIDAY)
    lead_id = shop.lead()
    shop.edit(of("americas"))
    shop.until(DUE - timedelta(seconds=1))
    assert shop.clock(lead_id).breached_at is None
    shop.until(DUE)
    assert shop.clock(lead_id).breached_at == DUE
    assert told(shop) == {f"person:{email('alice')}", f"person:{email('dana')}", "channel:#americas"}


def test_the_leads_of_a_rep_whose_team_is_gone_with_them_keep_their_time_and_admins_are_told(
    database: Database,
) -> None:
    shop = Shop(database, of("us"), FRIDAY)
    lead_id = shop.lead()
    shop.edit(of(alone="emea"))
    shop.until(DUE)
    assert shop.clock(lead_id).breached_at == DUE
    assert told(shop) == {f"person:{email('alice')}", f"person:{email('olga')}"}


def test_what_begins_after_the_edit_counts_by_the_reps_present_team(database: Database) -> None:
    shop = Shop(database, of("us"), FRIDAY)
    lead_id = shop.lead()
    shop.edit(of("americas"))
    shop.do(shop.desk.accept, lead_id, email("alice"))
    due = shop.due(shop.clock(lead_id, Kind.FIRST_TOUCH))
    # 24 h of working time: two on Friday, eight a day after, six on Wednesday.
    assert due == {100: datetime(2026, 12, 9, 20, tzinfo=UTC)}


def test_the_manager_of_the_reps_present_team_may_act_on_a_renamed_teams_lead(database: Database) -> None:
    shop = Shop(database, of("us"), FRIDAY)
    lead_id = shop.lead()
    shop.edit(of("americas", alone="emea"))
    with pytest.raises(NotYours):
        shop.do(shop.desk.reassign, lead_id, email("erik"), email("bob"))
    shop.do(shop.desk.reassign, lead_id, email("dana"), email("bob"))
    assert (shop.get(lead_id).rep, shop.get(lead_id).team) == (email("bob"), "americas")
    assert shop.do(shop.desk.hand_over, email("dana"), email("bob")).given == {email("alice"): 1}


def test_a_rep_of_a_renamed_team_who_can_not_be_reached_loses_their_offers_to_the_next(database: Database) -> None:
    shop = Shop(database, of("us"))
    lead_id = shop.lead()
    shop.edit(of("americas"))
    offer = next(card for card in shop.messages("card") if email("alice") in card.lane)
    shop.do(shop.desk.undeliverable, offer, "account_inactive", out_of_reach=True)
    assert (shop.get(lead_id).team, shop.get(lead_id).rep) == ("americas", email("bob"))


def test_the_admins_hear_of_everything_about_a_lead_whose_rep_and_team_are_gone(database: Database) -> None:
    shop = Shop(database, of("us"), FRIDAY)
    lead_id = shop.lead()
    shop.do(shop.desk.accept, lead_id, email("alice"))
    shop.edit(of(alone="emea"))
    card = shop.messages("card")[0]
    shop.do(shop.desk.undeliverable, card, "is_archived", out_of_reach=False, in_doubt=False)
    shop.do(shop.desk.qualify, lead_id, email("alice"), {})
    shop.lead()
    told = [(message.kind, message.lane) for kind in ("undeliverable", "return") for message in shop.messages(kind)]
    assert told == [("undeliverable", f"person:{email('olga')}"), ("return", f"person:{email('olga')}")]
