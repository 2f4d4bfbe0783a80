"""Leads full of what nobody should type: they are delivered, and nobody is pinged."""

import logging
from typing import Any

import pytest

from tests.sample import PAT
from tests.screens import buttons, words
from tests.world import World

TEXTS = [name for name in PAT if isinstance(PAT[name], str) and name not in ("external_id", "email", "country")]
PINGS = (
    "<!channel> <!here|x> <@U0SBX00001> <https://evil.example|click> &lt;!everyone&gt; *bold* `code` > quote\n@here #a"
)
HOSTILE = {
    "pings": PINGS,
    "ten kilobytes": "x" * 10_000,
    "ten kilobytes of pings": "<!channel> " * 900,
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈 :fire: :not_an_emoji:" * 20,
    "right to left": "\u202eمرحبا\u202c שלום \u2067" * 20,
    "nothing one can see": "a\0b\u200b\ufeff\x07\x1b[31m\r\n",
    "half a character": "a\ud83db \udc00",
    "markup of other tongues": "<script>alert(1)</script> {{7*7}} '; DROP TABLE lead; -- %s %(x)s {0} ${jndi:ldap://x}",
}


def hostile(text: str) -> dict[str, Any]:
    """A lead whose every text is this."""
    return {**dict.fromkeys(TEXTS, text), "interests": [text, text], "owner_email": None, "country": "US"}


def pings(shown: str) -> list[str]:
    """What in a text of Slack's markup would call somebody, other than the dates that cards use."""
    return [tag for tag in ("<!channel", "<!here", "<!everyone", "<@U0SBX00001", "<https://evil") if tag in shown]


def test_a_lead_whose_name_shows_nothing_is_called_by_its_address(world: World) -> None:
    world.lead(first_name="\u200b\u200b", last_name="\u2060", company="\u3164", title="\u200d", employees=1)
    card = world.dm("alice")[-1]
    assert card.blocks[0]["text"]["text"] == "pat@northwind.example"
    assert card.text.startswith("New lead for Alice: pat@northwind.example (demo request")
    assert "1 person" in words(card)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_lead_is_delivered_and_pings_nobody(
    world: World, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    caplog.set_level(logging.WARNING)
    answer = world.lead(**hostile(text))
    assert answer.status_code == 202
    lead_id = answer.json()["lead_id"]
    assert buttons(world.dm("alice")[-1]) == ["Accept", "Reject"]
    assert len(world.channel("leads-us")) == 1

    world.click("alice", "Reject")
    assert not world.submit(
        "alice", reason="Wrong territory", note=text.replace("\ud83d", "").replace("\udc00", "")[:2000]
    )
    world.settle()
    world.forward(minutes=6)
    world.click("bob", "Accept", message=next(one for one in world.dm("bob") if buttons(one)))
    world.forward(hours=1, minutes=10)
    shown = [words(message) for name in ("alice", "bob", "dana") for message in world.dm(name)]
    shown += [words(message) for message in world.channel("leads-us")]
    shown += [
        world.say(name, line) for name in ("alice", "dana") for line in ("/leads", f"/lead why {lead_id}", "/sla")
    ]
    shown += [words(world.home("bob"))]
    assert [pings(one) for one in shown if pings(one)] == []
    assert not [record for record in caplog.records if record.exc_info]


def test_a_digest_of_hostile_notes_pings_nobody(world: World) -> None:
    world.lead(**hostile(PINGS))
    world.click("alice", "Reject")
    world.submit("alice", reason="No budget", note=PINGS)
    world.forward(days=7)
    digest = world.channel("marketing")[-1]
    assert pings(words(digest)) == []
    assert "&lt;!channel&gt;" in words(digest)


def test_a_command_full_of_markup_is_answered_without_it(world: World) -> None:
    for line in ("/lead why <!channel>", "/leads away <!here>", "/handoff <@U0SBX00001>", "/lead why " + "x" * 3000):
        assert pings(world.say("alice", line)) == []


def test_a_lead_of_nothing_but_an_address_is_shown_by_it(world: World) -> None:
    bare: dict[str, Any] = dict.fromkeys(PAT)
    bare |= {"external_id": "x", "email": "pat@northwind.example", "company": "N", "country": "US", "score": 60}
    assert world.lead(**bare).status_code == 202
    assert "pat@northwind.example" in world.dm("alice")[-1].text
    assert len(world.channel("leads-us")) == 1
