"""Which conversations get a card of a lead, and when another one."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from storage.database import Database
from storage.tables import MESSAGE
from tests.leads.shop import TO_THE_NEXT, Shop
from tests.sla_engine.samples import policy, rep, team


def test_a_channel_that_an_edit_gives_a_team_gets_a_card_when_the_lead_is_passed_on(database: Database) -> None:
    us = team("us", rep("alice"), rep("bob"), rep("carol"))
    shop = Shop(database, replace(policy(us), reasons=TO_THE_NEXT))
    lead_id = shop.lead()
    shop.policy = replace(shop.policy, teams={"us": replace(us, channel="#new")})
    for _ in range(2):
        shop.now += timedelta(minutes=1)
        shop.reject(lead_id)
    with database.read() as tx:
        query = select(MESSAGE.c.lane).where(MESSAGE.c.kind == "card", MESSAGE.c.lane.contains("#"))
        assert tx.connection.execute(query.order_by(MESSAGE.c.id)).scalars().all() == ["channel:#us", "channel:#new"]
