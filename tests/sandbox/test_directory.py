"""Finding people and places."""

from slack_sdk import WebClient

from sandbox.model import Channel, User
from sandbox.workspace import Workspace
from tests.sandbox.refusals import word


def test_people_are_found_by_address_until_they_leave(workspace: Workspace, slack: WebClient, alice: User) -> None:
    found = slack.users_lookupByEmail(email="ALICE@acme.example")["user"]
    assert (found["id"], found["real_name"], found["tz"]) == (alice.id, "Alice Ames", "America/New_York")
    assert found["tz_offset"] == -5 * 3600
    workspace.deactivate(alice)
    assert word(slack.users_lookupByEmail, email="alice@acme.example") == "users_not_found"
    assert slack.users_info(user=alice.id)["user"]["deleted"] is True


def test_addresses_are_shown_only_to_those_who_may_see_them(
    workspace: Workspace, slack: WebClient, alice: User
) -> None:
    assert slack.users_info(user=alice.id)["user"]["profile"]["email"] == "alice@acme.example"
    workspace.state.team.scopes.remove("users:read.email")
    assert "email" not in slack.users_info(user=alice.id)["user"]["profile"]
    assert word(slack.users_lookupByEmail, email="alice@acme.example") == "missing_scope"


def test_nobody_is_not_found(slack: WebClient) -> None:
    assert word(slack.users_info, user="U404") == "user_not_found"


def test_a_long_list_comes_in_pages(workspace: Workspace, slack: WebClient) -> None:
    for n in range(7):
        workspace.add_user(f"rep{n}")
    names = [u["name"] for page in slack.users_list(limit=3) for u in page["members"]]
    assert names == ["handoff", "slackbot", *(f"rep{n}" for n in range(7))]
    assert word(slack.users_list, cursor="nonsense") == "invalid_cursor"


def test_channels_are_listed_by_kind_and_scope(workspace: Workspace, slack: WebClient, leads: Channel) -> None:
    inside = workspace.add_channel("deals", is_private=True)
    workspace.add_channel("board", is_private=True, bot_is_member=False)
    assert [c["id"] for c in slack.conversations_list()["channels"]] == [leads.id]
    both = slack.conversations_list(types="public_channel,private_channel")["channels"]
    assert [c["id"] for c in both] == [leads.id, inside.id]
    workspace.state.team.scopes.remove("groups:read")
    assert word(slack.conversations_list, types="private_channel") == "missing_scope"
    assert word(slack.conversations_list, types="secret") == "invalid_types"


def test_a_channel_tells_whether_the_bot_is_in_it(workspace: Workspace, slack: WebClient) -> None:
    outside = workspace.add_channel("general", bot_is_member=False)
    assert slack.conversations_info(channel=outside.id)["channel"]["is_member"] is False
    workspace.state.team.scopes.append("channels:join")
    slack.conversations_join(channel=outside.id)
    assert slack.conversations_info(channel=outside.id)["channel"]["is_member"] is True
    assert workspace.bot_user_id in slack.conversations_members(channel=outside.id)["members"]


def test_a_direct_message_is_opened_once(workspace: Workspace, slack: WebClient, alice: User) -> None:
    first = slack.conversations_open(users=alice.id)["channel"]["id"]
    assert slack.conversations_open(users=alice.id)["channel"]["id"] == first == workspace.im(alice.id).id
    assert word(slack.conversations_open, users="U404") == "user_not_found"


def test_history_is_read_by_members_within_bounds(workspace: Workspace, slack: WebClient, leads: Channel) -> None:
    stamps = [slack.chat_postMessage(channel=leads.id, text=str(n))["ts"] for n in range(3)]
    later = slack.conversations_history(channel=leads.id, oldest=stamps[0])["messages"]
    assert [m["text"] for m in later] == ["2", "1"]
    page = slack.conversations_history(channel=leads.id, limit=2)
    assert ([m["text"] for m in page["messages"]], page["has_more"]) == (["2", "1"], True)
    leads.members.remove(workspace.bot_user_id)
    assert word(slack.conversations_history, channel=leads.id) == "not_in_channel"
    workspace.state.team.scopes.remove("channels:history")
    assert word(slack.conversations_history, channel=leads.id) == "missing_scope"
    assert word(slack.conversations_replies, channel=leads.id, ts=stamps[0]) == "missing_scope"
