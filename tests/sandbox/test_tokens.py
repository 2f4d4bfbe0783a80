"""Who may call at all."""

import urllib.request

from slack_sdk import WebClient

from sandbox.model import Channel
from sandbox.workspace import Workspace
from tests.sandbox.refusals import refused, word
from tests.sandbox.stage import Server


def test_the_bot_learns_who_it_is_and_what_it_may_do(workspace: Workspace, slack: WebClient) -> None:
    answer = slack.auth_test()
    assert (answer["team"], answer["user_id"]) == ("Acme", workspace.bot_user_id)
    assert "chat:write" in str(answer.headers["x-oauth-scopes"]).split(",")


def test_a_stranger_and_a_nameless_caller_are_told_apart(workspace: Workspace, slack_server: Server) -> None:
    base = f"{slack_server.url}/api/"
    assert word(WebClient("xoxb-wrong", base_url=base).auth_test) == "invalid_auth"
    assert word(WebClient(None, base_url=base).auth_test) == "not_authed"


def test_a_revoked_token_and_a_deactivated_bot_have_their_own_words(workspace: Workspace, slack: WebClient) -> None:
    workspace.state.switches.bot_deactivated = True
    assert word(slack.auth_test) == "account_inactive"
    workspace.revoke_token()
    assert word(slack.auth_test) == "token_revoked"


def test_an_app_token_opens_sockets_and_nothing_else(workspace: Workspace, slack: WebClient, leads: Channel) -> None:
    app_level = WebClient(workspace.app_token, base_url=slack.base_url)
    assert app_level.apps_connections_open(app_token=workspace.app_token)["url"].startswith("ws://127.0.0.1:")
    assert word(app_level.chat_postMessage, channel=leads.id, text="hello") == "not_allowed_token_type"
    assert word(slack.api_call, api_method="apps.connections.open") == "not_allowed_token_type"


def test_a_missing_scope_is_named(workspace: Workspace, slack: WebClient) -> None:
    workspace.state.team.scopes.remove("users:read")
    answer = refused(slack.users_list)
    assert (answer["error"], answer["needed"]) == ("missing_scope", "users:read")
    assert answer["provided"] == ",".join(workspace.state.team.scopes)


def test_a_method_slack_does_not_have_is_unknown(slack: WebClient) -> None:
    assert word(slack.api_call, api_method="chat.shout") == "unknown_method"


def test_a_token_inside_a_json_body_does_not_count(workspace: Workspace, slack_server: Server) -> None:
    body = b'{"token": "%s"}' % workspace.bot_token.encode()
    request = urllib.request.Request(f"{slack_server.url}/api/auth.test", body)
    request.add_header("content-type", "application/json")
    with urllib.request.urlopen(request) as answer:
        assert b"not_authed" in answer.read()


def test_a_token_in_a_form_counts(workspace: Workspace, slack_server: Server) -> None:
    body = f"token={workspace.bot_token}".encode()
    with urllib.request.urlopen(f"{slack_server.url}/api/auth.test", body) as answer:
        assert b'"ok": true' in answer.read()


def test_reading_methods_do_not_read_json(slack: WebClient, alice: object) -> None:
    answer = refused(slack.api_call, api_method="users.lookupByEmail", json={"email": "alice@acme.example"})
    assert answer["error"] == "invalid_arguments"


def test_every_call_is_on_record(workspace: Workspace, slack: WebClient, leads: Channel) -> None:
    slack.chat_postMessage(channel=leads.id, text="hello")
    call = workspace.calls[-1]
    assert (call.method, call.args["text"], call.ok, call.status) == ("chat.postMessage", "hello", True, 200)
    assert "token" not in call.args
