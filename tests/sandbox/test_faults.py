"""Trouble on order: what a bot's outbox must live through."""

import time
from http.client import RemoteDisconnected

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.model import Channel
from sandbox.workspace import Workspace
from tests.sandbox.refusals import refused, word
from tests.sandbox.stage import run


def test_an_accepted_post_whose_answer_is_lost_is_in_the_channel(
    workspace: Workspace, slack: WebClient, leads: Channel
) -> None:
    workspace.faults.accept_then_drop("chat.postMessage")
    with pytest.raises(RemoteDisconnected):
        slack.chat_postMessage(channel=leads.id, text="once")
    assert [m.text for m in workspace.messages(leads.id)] == ["once"]


def test_the_sdks_own_retries_double_such_a_post(
    workspace: Workspace, slack: WebClient, leads: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    workspace.faults.accept_then_drop("chat.postMessage")
    WebClient(workspace.bot_token, base_url=slack.base_url).chat_postMessage(channel=leads.id, text="twice")
    assert [m.text for m in workspace.messages(leads.id)] == ["twice", "twice"]


def test_a_dropped_call_leaves_nothing(workspace: Workspace, slack: WebClient, leads: Channel) -> None:
    workspace.faults.drop("chat.postMessage")
    with pytest.raises(RemoteDisconnected):
        slack.chat_postMessage(channel=leads.id, text="never")
    assert workspace.messages(leads.id) == []
    assert slack.chat_postMessage(channel=leads.id, text="again")["ok"]


def test_a_rate_limit_on_order_carries_its_wait(workspace: Workspace, slack: WebClient, leads: Channel) -> None:
    workspace.faults.ratelimit("chat.postMessage", retry_after=30, times=2)
    for _ in range(2):
        answer = refused(slack.chat_postMessage, channel=leads.id, text="x")
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "30")
    assert workspace.faults.pending == []
    assert slack.chat_postMessage(channel=leads.id, text="x")["ok"]


def test_an_error_may_or_may_not_have_done_the_work(workspace: Workspace, slack: WebClient, leads: Channel) -> None:
    workspace.faults.error("chat.postMessage", "internal_error")
    workspace.faults.error("chat.postMessage", "fatal_error", accepts=True)
    assert word(slack.chat_postMessage, channel=leads.id, text="one") == "internal_error"
    assert word(slack.chat_postMessage, channel=leads.id, text="two") == "fatal_error"
    assert [m.text for m in workspace.messages(leads.id)] == ["two"]


def test_a_fault_can_be_meant_for_one_channel(workspace: Workspace, slack: WebClient, leads: Channel) -> None:
    other = workspace.add_channel("leads-eu")
    workspace.faults.error("chat.postMessage", "account_inactive", channel=other.id)
    assert slack.chat_postMessage(channel=leads.id, text="x")["ok"]
    assert word(slack.chat_postMessage, channel=other.id, text="x") == "account_inactive"


def test_an_http_error_has_no_json(workspace: Workspace, slack: WebClient) -> None:
    workspace.faults.status("auth.test", 500)
    with pytest.raises(SlackApiError) as caught:
        slack.auth_test()
    assert caught.value.response.status_code == 500
    assert workspace.calls[-1].status == 500


def test_a_slow_answer_comes_after_the_deed(workspace: Workspace, slack: WebClient, leads: Channel) -> None:
    workspace.faults.delay("chat.postMessage", seconds=0.2)
    began = time.monotonic()
    assert slack.chat_postMessage(channel=leads.id, text="x")["ok"]
    assert time.monotonic() - began >= 0.2


def test_a_workspace_that_is_down_answers_503_to_everything(
    workspace: Workspace, slack: WebClient, leads: Channel
) -> None:
    workspace.down = True
    with pytest.raises(SlackApiError) as caught:
        slack.chat_postMessage(channel=leads.id, text="x")
    assert caught.value.response.status_code == 503
    workspace.down = False
    assert slack.chat_postMessage(channel=leads.id, text="x")["ok"]
    assert [c.status for c in workspace.calls] == [503, 200]


def test_stopping_twice_is_harmless(workspace: Workspace) -> None:
    run(workspace.stop())
