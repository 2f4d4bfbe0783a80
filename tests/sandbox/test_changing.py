"""Changing and withdrawing messages."""

from slack_sdk import WebClient

from sandbox.model import Channel, User
from sandbox.workspace import Workspace
from tests.sandbox.refusals import word
from tests.sandbox.stage import run, section


def posted(slack: WebClient, channel: Channel) -> str:
    return str(slack.chat_postMessage(channel=channel.id, text="new lead", blocks=[section("new lead")])["ts"])


def test_text_alone_takes_the_blocks_away(workspace: Workspace, slack: WebClient, leads: Channel) -> None:
    ts = posted(slack, leads)
    slack.chat_update(channel=leads.id, ts=ts, text="accepted")
    message = workspace.messages(leads.id)[0]
    assert (message.text, message.blocks, message.edited is not None) == ("accepted", [], True)


def test_new_blocks_do_not_mark_a_message_as_edited(workspace: Workspace, slack: WebClient, leads: Channel) -> None:
    ts = posted(slack, leads)
    slack.chat_update(channel=leads.id, ts=ts, text="accepted", blocks=[section("accepted")])
    message = workspace.messages(leads.id)[0]
    assert (message.blocks[0]["text"]["text"], message.edited) == ("accepted", None)


def test_an_update_must_leave_something_to_read(workspace: Workspace, slack: WebClient, leads: Channel) -> None:
    ts = posted(slack, leads)
    for said in ({}, {"text": " "}):
        asked = {"channel": leads.id, "ts": ts, **said}
        assert word(slack.api_call, api_method="chat.update", json=asked) == "no_text"
    slack.api_call("chat.update", json={"channel": leads.id, "ts": ts, "blocks": []})
    message = workspace.messages(leads.id)[0]
    assert (message.text, message.blocks) == ("new lead", [])


def test_an_update_refuses_text_that_a_post_would_take(slack: WebClient, leads: Channel) -> None:
    ts = posted(slack, leads)
    assert word(slack.chat_update, channel=leads.id, ts=ts, text="x" * 4_001) == "msg_too_long"
    assert slack.chat_update(channel=leads.id, ts=ts, text="x" * 4_000)["ok"]


def test_an_update_wants_the_conversations_real_id(
    workspace: Workspace, slack: WebClient, leads: Channel, alice: User
) -> None:
    ts = posted(slack, leads)
    assert word(slack.chat_update, channel="leads-us", ts=ts, text="x") == "channel_not_found"
    direct = slack.chat_postMessage(channel=alice.id, text="for you")["ts"]
    assert word(slack.chat_update, channel=alice.id, ts=direct, text="x") == "channel_not_found"
    assert slack.chat_update(channel=workspace.im(alice.id).id, ts=direct, text="x")["ok"]


def test_only_the_bots_own_messages_can_be_changed(
    workspace: Workspace, slack: WebClient, leads: Channel, alice: User
) -> None:
    hers = run(workspace.say(alice.id, leads.id, "hello"))
    assert word(slack.chat_update, channel=leads.id, ts=hers.ts, text="x") == "cant_update_message"
    assert word(slack.chat_delete, channel=leads.id, ts=hers.ts) == "cant_delete_message"
    assert word(slack.chat_update, channel=leads.id, ts="1.0", text="x") == "message_not_found"


def test_a_parent_with_replies_leaves_a_tombstone(workspace: Workspace, slack: WebClient, leads: Channel) -> None:
    parent, lone = posted(slack, leads), posted(slack, leads)
    slack.chat_postMessage(channel=leads.id, text="reply", thread_ts=parent)
    slack.chat_delete(channel=leads.id, ts=parent)
    slack.chat_delete(channel=leads.id, ts=lone)
    assert [(m.text, m.deleted) for m in workspace.messages(leads.id)] == [
        ("This message was deleted.", True),
        ("reply", False),
    ]


def test_a_permalink_leads_to_the_message(slack: WebClient, leads: Channel) -> None:
    ts = posted(slack, leads)
    link = slack.chat_getPermalink(channel=leads.id, message_ts=ts)["permalink"]
    assert link == f"https://acme.slack.com/archives/{leads.id}/p{ts.replace('.', '')}"
    assert word(slack.chat_getPermalink, channel=leads.id, message_ts="1.0") == "message_not_found"
