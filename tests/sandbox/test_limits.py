"""How fast the bot may go, on the workspace's own clock."""

import pytest
from slack_sdk import WebClient

from sandbox.limits import Allowance, Limits
from sandbox.model import Channel
from sandbox.workspace import Workspace
from tests.sandbox.refusals import refused
from tests.sandbox.stage import HandClock, section


def test_a_channel_takes_three_at_once_and_then_one_a_second(
    slack: WebClient, leads: Channel, clock: HandClock
) -> None:
    for _ in range(3):
        slack.chat_postMessage(channel=leads.id, text="x")
    answer = refused(slack.chat_postMessage, channel=leads.id, text="x")
    assert (answer.status_code, answer["error"], answer.headers["retry-after"]) == (429, "ratelimited", "1")
    clock.pass_seconds(1)
    slack.chat_postMessage(channel=leads.id, text="x")
    assert refused(slack.chat_postMessage, channel=leads.id, text="x").status_code == 429


def test_a_full_channel_does_not_slow_another(workspace: Workspace, slack: WebClient, leads: Channel) -> None:
    for _ in range(3):
        slack.chat_postMessage(channel=leads.id, text="x")
    other = workspace.add_channel("leads-eu")
    assert slack.chat_postMessage(channel=other.id, text="x")["ok"]


def test_a_refused_message_costs_nothing(slack: WebClient, leads: Channel) -> None:
    for _ in range(5):
        refused(slack.chat_postMessage, channel=leads.id, text="x", blocks=[section("")])
    assert slack.chat_postMessage(channel=leads.id, text="x")["ok"]


def test_updates_are_fifty_a_minute_over_all_channels(slack: WebClient, leads: Channel, clock: HandClock) -> None:
    ts = slack.chat_postMessage(channel=leads.id, text="x")["ts"]
    for n in range(50):
        slack.chat_update(channel=leads.id, ts=ts, text=str(n))
    clock.pass_seconds(20.5)
    answer = refused(slack.chat_update, channel=leads.id, ts=ts, text="x")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "40")
    clock.pass_seconds(40)
    assert slack.chat_update(channel=leads.id, ts=ts, text="x")["ok"]


def test_the_whole_workspace_takes_only_so_many_posts_a_minute(clock: HandClock) -> None:
    limits = Limits(clock, Allowance(posts=4))
    assert [limits.wait_for_post(f"C{n}") for n in range(5)] == [0, 0, 0, 0, 60]


def test_a_test_may_do_without_limits(clock: HandClock) -> None:
    limits = Limits(clock, Allowance(enforced=False))
    assert {limits.wait_for_post("C1") for _ in range(1000)} == {0}
    assert {limits.wait_for_method("chat.update", 50) for _ in range(1000)} == {0}


@pytest.mark.parametrize("burst", [1, 5])
def test_the_burst_is_a_setting(clock: HandClock, burst: int) -> None:
    limits = Limits(clock, Allowance(channel_burst=burst))
    assert [limits.wait_for_post("C1") for _ in range(burst + 1)] == [0] * burst + [1]
