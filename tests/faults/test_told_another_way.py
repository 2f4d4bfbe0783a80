"""What can't be delivered is told to the manager, in words, and not with every message anew."""

from pathlib import Path

from sqlalchemy import update

from storage.outbox import PARKED
from storage.tables import MESSAGE
from storage.transaction import Transaction
from tests.faults.evidence import rows
from tests.journeys.conftest import Build
from tests.sample import changed
from tests.screens import words
from tests.world import World


def notices(world: World) -> list[str]:
    return [message.text for message in world.dm("dana") if "could not" in message.text]


def test_a_misspelt_channel_is_told_of_once_an_hour_and_not_with_every_message(
    make_world: Build, tmp_path: Path
) -> None:
    world = make_world(policy=changed(tmp_path, ('"#leads-us"', "C0NOTTHERE")))
    for number in range(5):
        world.lead(external_id=f"n{number}")
    world.forward(minutes=30)
    assert notices(world) == [
        "Handoff could not post the card of Pat Lee (Northwind) in <#C0NOTTHERE>: Slack finds no such channel, or the "
        "bot is not in it. What else can't be delivered there within the hour is not told again: `handoff outbox list` "
        "has all."
    ]
    world.forward(minutes=40)
    world.lead(external_id="later")
    assert len(notices(world)) == 2


def test_a_word_of_slack_s_that_is_rare_is_told_as_it_is(world: World) -> None:
    world.workspace.faults.error("chat.postMessage", "ekm_access_denied", channel="#leads-us")
    world.lead()
    [told] = notices(world)
    assert "in #leads-us: ekm_access_denied. What else" in told


def test_a_channel_that_the_policy_has_by_its_id_is_shown_by_its_name(make_world: Build, tmp_path: Path) -> None:
    world = make_world(policy=changed(tmp_path, ('"#leads-us"', "C0SBX00001")))
    assert world.channels["leads-us"] == "C0SBX00001"
    world.lead()
    world.forward(minutes=6)
    assert "on its card in <#C0SBX00001>" in words(world.dm("dana")[-1])


def test_a_message_of_a_newer_version_is_parked_and_told_of_in_words(world: World) -> None:
    world.lead(settle=False)

    def rename(tx: Transaction) -> None:
        in_channel = MESSAGE.c.lane == "channel:#leads-us"
        tx.connection.execute(update(MESSAGE).where(in_channel).values(kind="sung"))

    world.loop.run(world.service.office.run(rename))
    world.forward(minutes=1)
    assert ("sung", PARKED) in rows(world, "kind", "state")
    assert notices(world)[0].startswith(
        "Handoff could not post a message about Pat Lee (Northwind) in #leads-us: this version of Handoff knows no "
        "message of the kind sung. What else"
    )


def test_a_digest_that_can_not_be_posted_is_told_to_the_admins(world: World) -> None:
    world.workspace.faults.error("chat.postMessage", "is_archived", channel="#marketing")
    world.forward(days=8)
    assert [message.text for message in world.dm("olga")] == [
        "Handoff could not post the digest in #marketing: it is archived. What else can't be delivered there within "
        "the hour is not told again: `handoff outbox list` has all."
    ]
    assert notices(world) == []
