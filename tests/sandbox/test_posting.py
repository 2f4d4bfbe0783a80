"""Where the bot may post, and what comes of it."""

from slack_sdk import WebClient

from sandbox.model import Channel, User
from sandbox.workspace import Workspace
from tests.sandbox.refusals import refused, word
from tests.sandbox.stage import HandClock, section


def test_a_channel_can_be_named_in_every_way_slack_knows(
    workspace: Workspace, slack: WebClient, leads: Channel
) -> None:
    for name in (leads.id, "#leads-us", "leads-us"):
        assert slack.chat_postMessage(channel=name, text=name)["channel"] == leads.id
    assert [m.text for m in workspace.messages(leads.id)] == [leads.id, "#leads-us", "leads-us"]


def test_a_persons_id_opens_their_direct_message(workspace: Workspace, slack: WebClient, alice: User) -> None:
    answer = slack.chat_postMessage(channel=alice.id, text="for you")
    assert answer["channel"] == workspace.im(alice.id).id
    assert answer["channel"].startswith("D")


def test_without_chat_write_public_the_bot_must_be_in_the_channel(workspace: Workspace, slack: WebClient) -> None:
    outside = workspace.add_channel("general", bot_is_member=False)
    assert word(slack.chat_postMessage, channel=outside.id, text="hello") == "not_in_channel"
    workspace.state.team.scopes.append("chat:write.public")
    assert slack.chat_postMessage(channel=outside.id, text="hello")["ok"]


def test_a_private_channel_without_the_bot_is_not_there(workspace: Workspace, slack: WebClient) -> None:
    workspace.state.team.scopes.append("chat:write.public")
    secret = workspace.add_channel("board", bot_is_member=False, is_private=True)
    assert word(slack.chat_postMessage, channel=secret.id, text="hello") == "channel_not_found"
    assert word(slack.chat_postMessage, channel="C404", text="hello") == "channel_not_found"


def test_archives_and_a_switched_off_messages_tab_take_nothing(
    workspace: Workspace, slack: WebClient, leads: Channel, alice: User
) -> None:
    leads.is_archived = True
    workspace.state.switches.messages_tab = False
    assert word(slack.chat_postMessage, channel=leads.id, text="hello") == "is_archived"
    assert word(slack.chat_postMessage, channel=alice.id, text="hello") == "messages_tab_disabled"


def test_a_message_must_say_something_somewhere(slack: WebClient, leads: Channel) -> None:
    silent = {"channel": leads.id, "text": ""}
    assert word(slack.api_call, api_method="chat.postMessage", json=silent) == "no_text"
    answer = refused(slack.api_call, api_method="chat.postMessage", json={"text": "hello"})
    assert "missing required field: channel" in answer["response_metadata"]["messages"][0]


def test_timestamps_follow_the_clock_and_never_repeat(
    workspace: Workspace, slack: WebClient, leads: Channel, clock: HandClock
) -> None:
    first, second = (slack.chat_postMessage(channel=leads.id, text="x")["ts"] for _ in range(2))
    assert first == f"{int(clock.now().timestamp())}.000000"
    assert second == f"{int(clock.now().timestamp())}.000001"
    clock.pass_seconds(90)
    assert slack.chat_postMessage(channel=leads.id, text="x")["ts"].startswith(str(int(clock.now().timestamp())))


def test_replies_hang_under_their_parent(workspace: Workspace, slack: WebClient, leads: Channel) -> None:
    parent = slack.chat_postMessage(channel=leads.id, text="card")["ts"]
    slack.chat_postMessage(channel=leads.id, text="history", thread_ts=parent)
    thread = slack.conversations_replies(channel=leads.id, ts=parent)["messages"]
    assert [m["text"] for m in thread] == ["card", "history"]
    assert thread[0]["reply_count"] == 1
    assert [m["text"] for m in slack.conversations_history(channel=leads.id)["messages"]] == ["card"]


def test_a_broadcast_reply_is_seen_in_the_channel(slack: WebClient, leads: Channel) -> None:
    parent = slack.chat_postMessage(channel=leads.id, text="card")["ts"]
    slack.chat_postMessage(channel=leads.id, text="late!", thread_ts=parent, reply_broadcast=True)
    assert [m["text"] for m in slack.conversations_history(channel=leads.id)["messages"]] == ["late!", "card"]


def test_nobody_answers_a_reply_or_a_message_that_never_was(slack: WebClient, leads: Channel) -> None:
    parent = slack.chat_postMessage(channel=leads.id, text="card")["ts"]
    reply = slack.chat_postMessage(channel=leads.id, text="history", thread_ts=parent)["ts"]
    for ts in (reply, "1.000000"):
        assert word(slack.chat_postMessage, channel=leads.id, text="x", thread_ts=ts) == "cannot_reply_to_message"


def test_metadata_is_kept_and_shown_only_on_request(slack: WebClient, leads: Channel) -> None:
    metadata = {"event_type": "lead_card", "event_payload": {"outbox_id": "7"}}
    slack.chat_postMessage(channel=leads.id, text="card", metadata=metadata)
    shy = slack.conversations_history(channel=leads.id)["messages"][0]
    frank = slack.conversations_history(channel=leads.id, include_all_metadata=True)["messages"][0]
    assert shy["metadata"] == {"event_type": "lead_card"}
    assert frank["metadata"] == metadata
    bad = {"event_type": "lead_card"}
    assert word(slack.chat_postMessage, channel=leads.id, text="x", metadata=bad) == "invalid_metadata_format"


def test_very_long_text_is_cut(workspace: Workspace, slack: WebClient, leads: Channel) -> None:
    slack.chat_postMessage(channel=leads.id, text="x" * 40_001)
    assert len(workspace.messages(leads.id)[0].text) == 40_000


def test_blocks_get_the_ids_they_lack(slack: WebClient, leads: Channel) -> None:
    nameless = {"type": "button", "text": {"type": "plain_text", "text": "Go"}}
    message = slack.chat_postMessage(
        channel=leads.id, text="x", blocks=[section("a"), {"type": "actions", "elements": [nameless]}]
    )["message"]
    assert message["blocks"][0]["block_id"]
    assert message["blocks"][1]["elements"][0]["action_id"]


def test_blocks_may_come_as_a_form(workspace: Workspace, slack: WebClient, leads: Channel) -> None:
    blocks = '[{"type": "divider", "block_id": "d"}]'
    slack.api_call("chat.postMessage", data={"channel": leads.id, "text": "x", "blocks": blocks})
    assert workspace.messages(leads.id)[0].blocks == [{"type": "divider", "block_id": "d"}]


def test_another_name_needs_its_own_scope(slack: WebClient, leads: Channel) -> None:
    assert word(slack.chat_postMessage, channel=leads.id, text="x", username="Boss") == "missing_scope"


def test_a_private_word_reaches_one_reader(
    workspace: Workspace, slack: WebClient, leads: Channel, alice: User, bob: User
) -> None:
    ts = slack.chat_postEphemeral(channel=leads.id, user=alice.id, text="already taken")["message_ts"]
    assert [m.text for m in workspace.ephemerals(alice.id)] == ["already taken"]
    assert workspace.messages(leads.id) == []
    assert word(slack.chat_postEphemeral, channel=leads.id, user=bob.id, text="x") == "user_not_in_channel"
    assert word(slack.chat_update, channel=leads.id, ts=ts, text="x") == "message_not_found"


def test_a_message_to_somebody_who_left_goes_through_unread(
    workspace: Workspace, slack: WebClient, alice: User
) -> None:
    workspace.deactivate(alice)
    assert slack.chat_postMessage(channel=alice.id, text="hello")["ok"]
    assert word(slack.conversations_open, users=alice.id) == "user_disabled"
