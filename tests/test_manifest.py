"""The Slack app's manifest: what Slack would refuse, and what the documentation promises about it.

Limits: https://docs.slack.dev/reference/app-manifest, read 2026-09.
"""

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.demo.cast import COMMANDS

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "manifest.yml").read_text()
ENDPOINT = re.compile(r"^https://[^/]+/slack/events$")


def read(text: str) -> dict[str, Any]:
    manifest: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
    return manifest


def in_http_mode(text: str) -> str:
    """The manifest as its first comment tells one to change it."""
    uncommented = re.sub(r"# ((?:request_)?url:)", r"\1", text)
    return uncommented.replace("socket_mode_enabled: true", "socket_mode_enabled: false")


@pytest.fixture(params=[TEXT, in_http_mode(TEXT)], ids=["socket mode", "http mode"])
def manifest(request: pytest.FixtureRequest) -> dict[str, Any]:
    return read(request.param)


def test_names_and_descriptions_are_within_slacks_limits(manifest: dict[str, Any]) -> None:
    display = manifest["display_information"]
    assert 0 < len(display["name"]) <= 35
    assert 0 < len(display["description"]) <= 140
    assert re.fullmatch(r"#(?:[0-9a-fA-F]{3}){1,2}", display["background_color"])
    assert re.fullmatch(r"[a-z0-9._-]{1,80}", manifest["features"]["bot_user"]["display_name"])


def test_every_command_is_there_and_within_slacks_limits(manifest: dict[str, Any]) -> None:
    commands = manifest["features"]["slash_commands"]
    assert {command["command"] for command in commands} == {"/sla", "/leads", "/lead", "/handoff"}
    for command in commands:
        assert len(command["command"]) <= 32
        assert 0 < len(command["description"]) <= 2000
        assert len(command["usage_hint"]) <= 1000


def test_commands_that_take_people_ask_slack_for_their_ids_in_the_demo_too(manifest: dict[str, Any]) -> None:
    asked = {command["command"]: command["should_escape"] for command in manifest["features"]["slash_commands"]}
    assert asked == {"/sla": False, "/leads": True, "/lead": False, "/handoff": True}
    assert asked == {name: escaped for name, _, _, escaped in COMMANDS}


def test_the_scopes_are_the_documented_ones() -> None:
    documented = re.findall(r"^\| `([a-z]+:?[a-z.:]*)` \|", (ROOT / "docs" / "slack-app.md").read_text(), re.MULTILINE)
    assert sorted(read(TEXT)["oauth_config"]["scopes"]["bot"]) == sorted(documented)
    assert len(documented) == 7


def test_people_can_press_buttons_open_home_and_be_written_to(manifest: dict[str, Any]) -> None:
    assert manifest["settings"]["interactivity"]["is_enabled"] is True
    assert manifest["settings"]["event_subscriptions"]["bot_events"] == ["app_home_opened", "user_change"]
    assert manifest["features"]["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": True,
    }


def test_socket_mode_is_on_and_needs_no_address() -> None:
    assert read(TEXT)["settings"]["socket_mode_enabled"] is True
    assert "url:" not in re.sub(r"#.*", "", TEXT)


def test_the_commented_lines_give_http_mode_every_address_it_needs() -> None:
    manifest = read(in_http_mode(TEXT))
    settings = manifest["settings"]
    assert settings["socket_mode_enabled"] is False
    addresses = [command["url"] for command in manifest["features"]["slash_commands"]]
    addresses += [settings[key]["request_url"] for key in ("event_subscriptions", "interactivity")]
    assert len(addresses) == 6
    assert all(ENDPOINT.match(address) for address in addresses)


def test_there_is_nothing_slack_does_not_know(manifest: dict[str, Any]) -> None:
    assert set(manifest) == {"_metadata", "display_information", "features", "oauth_config", "settings"}
    assert set(manifest["features"]) == {"app_home", "bot_user", "slash_commands"}
    assert set(manifest["settings"]) == {
        "event_subscriptions",
        "interactivity",
        "org_deploy_enabled",
        "socket_mode_enabled",
        "token_rotation_enabled",
    }
