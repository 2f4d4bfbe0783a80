"""The process is killed after Slack took a message and before that is written down."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.bot.stage import Running, Stage, eventually
from tests.bot.test_running import send
from tests.faults.siege import HISTORY
from tests.hosting import Loop
from tests.screens import buttons
from tests.world import ACCEPTANCE


@pytest.fixture
def stage(loop: Loop, tmp_path: Path, fresh_sqlite_url: Callable[[], str]) -> Iterator[Stage]:
    """A local Slack whose bot may read conversations back, and reps who are always at work."""
    made = Stage(loop, tmp_path, fresh_sqlite_url())
    made.workspace.state.team.scopes.extend(HISTORY)
    policy = tmp_path / "always.yaml"
    policy.write_text(re.sub(r"calendar: (new-york|london)", "calendar: always", ACCEPTANCE.read_text("utf-8")))
    made.environment["HANDOFF_CONFIG"] = str(policy)
    yield made
    made.close()


def cards(running: Running) -> list[int]:
    """How many cards stand in Alice's DM and in the channel."""
    return [len(running.dm("alice")), len(running.channel("leads-us"))]


def test_the_next_process_finds_the_cards_instead_of_posting_them_again(stage: Stage) -> None:
    stage.workspace.faults.delay("chat.postMessage", 5, times=2)
    with stage.running() as running:
        assert send(running).status_code == 202
        eventually(lambda: cards(running) == [1, 1], "both cards to arrive")
        running.process.kill()
        running.process.wait()
    with stage.running() as again:
        eventually(lambda: "conversations.history" in {call.method for call in stage.workspace.calls}, "a look")
        again.click("alice", "Accept")
        eventually(lambda: buttons(again.dm("alice")[0])[0] == "Log touch", "the found card to be drawn again")
        eventually(lambda: buttons(again.channel("leads-us")[0])[0] == "Log touch", "the channel's too")
        assert cards(again) == [1, 1]
