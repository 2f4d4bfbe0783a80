"""`handoff check`: a line for everything that would break in production."""

import os
from pathlib import Path

import pytest

from bot.checkup import check
from bot.settings import read_settings
from tests.bot.stage import Stage
from tests.journeys.conftest import Build
from tests.sample import ACCEPTANCE, changed
from tests.world import CHANNELS, World


def test_a_sound_installation_passes(any_stage: Stage) -> None:
    done = any_stage.installed("check")
    assert done.returncode == 0, done.stdout + done.stderr
    for words in ("#leads-us is found", "alice@acme.example is found", "has its secret", "Ready for production."):
        assert words in done.stdout
    assert "FAIL" not in done.stdout


def test_offline_leaves_slack_out(stage: Stage) -> None:
    stage.workspace.down = True
    done = stage.handoff("check", "--offline")
    assert done.returncode == 0
    assert "alice@acme.example" not in done.stdout


def test_a_database_that_is_not_there_yet_is_not_made_by_looking(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{stage.folder}/new.db"
    before = sorted(stage.folder.iterdir())
    done = stage.handoff("check", "--offline", DATABASE_URL=url)
    assert done.returncode == 0
    assert f"{url} is not there yet; `handoff run` will create it." in done.stdout
    assert sorted(stage.folder.iterdir()) == before

    monkeypatch.setattr(os, "access", lambda *_: False)
    done = stage.handoff("check", "--offline", DATABASE_URL=url)
    assert done.returncode == 1
    assert f"this user may not write to {stage.folder}" in done.stdout


def test_everything_that_is_missing_is_found_at_once(stage: Stage) -> None:
    stage.workspace.deactivate(stage.ids["bob"])
    policy = changed(stage.folder, ('"#leads-emea"', '"#nowhere"'))
    done = stage.handoff("check", HANDOFF_CONFIG=str(policy), HANDOFF_WEBSITE_SECRET="")
    assert done.returncode == 1
    failed = [line for line in done.stdout.splitlines() if line.startswith("FAIL")]
    assert len(failed) == 3, done.stdout
    assert any("HANDOFF_WEBSITE_SECRET is not set" in line for line in failed)
    assert any("#nowhere is not there" in line for line in failed)
    assert any("bob@acme.example" in line for line in failed)


def test_a_revoked_token_is_one_finding(stage: Stage) -> None:
    stage.workspace.revoke_token()
    done = stage.handoff("check")
    assert done.returncode == 1
    assert "token_revoked" in done.stdout
    assert "Traceback" not in done.stderr


def test_an_app_token_that_slack_refuses_is_named_with_where_it_is_found(stage: Stage) -> None:
    done = stage.handoff("check", SLACK_APP_TOKEN="xapp-1-old")
    assert done.returncode == 1
    assert "FAIL  slack     Slack refuses SLACK_APP_TOKEN (invalid_auth): copy it again" in done.stdout
    sound = stage.handoff("check", SLACK_APP_TOKEN=stage.workspace.app_token)
    assert sound.returncode == 0
    assert "Slack opens Socket Mode for the app token." in sound.stdout


def test_tokens_in_each_others_place_are_said_to_be_swapped(stage: Stage) -> None:
    swapped = {"SLACK_BOT_TOKEN": stage.workspace.app_token, "SLACK_APP_TOKEN": stage.workspace.bot_token}
    done = stage.handoff("check", "--offline", **swapped)
    assert done.returncode == 1
    assert "does not begin with xoxb-, but as SLACK_APP_TOKEN should: are the two swapped?" in done.stdout
    assert "Buttons and commands come over" not in done.stdout


def test_a_webhook_secret_that_can_be_guessed_is_doubted(stage: Stage) -> None:
    done = stage.handoff("check", "--offline", HANDOFF_WEBSITE_SECRET="whsec_aGVsbG8=")
    assert "warn  secrets   The secret of the source 'website' is shorter than 24 bytes" in done.stdout


def test_a_signing_secret_of_another_form_is_doubted(stage: Stage) -> None:
    done = stage.handoff("check", "--offline", SLACK_SIGNING_SECRET="xoxb-1-2")
    assert "warn  settings  SLACK_SIGNING_SECRET is not 32 hexadecimal digits" in done.stdout
    assert done.returncode == 0


def test_slack_is_waited_for_when_it_has_been_asked_too_much(stage: Stage) -> None:
    stage.workspace.faults.ratelimit("users.lookupByEmail", 1)
    done = stage.handoff("check")
    assert done.returncode == 0, done.stdout
    assert "Slack lets us ask again in 1 s." in done.stderr


def test_channels_that_can_not_be_listed_leave_the_people_to_be_looked_at(stage: Stage) -> None:
    stage.workspace.faults.error("conversations.list", "unknown_method", times=9)
    done = stage.handoff("check")
    assert "warn  channel   Channels can't be looked at: conversations.list gives unknown_method." in done.stdout
    assert "alice@acme.example is found" in done.stdout


def test_a_missing_scope_is_named(stage: Stage) -> None:
    stage.workspace.state.team.scopes = ["chat:write", "users:read"]
    done = stage.handoff("check")
    assert done.returncode == 1
    assert "lacks the scope users:read.email" in done.stdout


def test_a_policy_that_is_broken_does_not_hide_the_rest(stage: Stage) -> None:
    file = stage.folder / "broken.yaml"
    file.write_text("version: 2\n", "utf-8")
    done = stage.handoff("check", HANDOFF_CONFIG=str(file))
    assert done.returncode == 1
    assert "broken.yaml" in done.stdout
    assert "The token is" in done.stdout


def test_leads_of_somebody_whom_no_team_has_any_more_are_a_warning_that_names_the_way_out(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world.lead(owner_email="bob@acme.example")
    gone = changed(tmp_path, ("      - {email: bob@acme.example, max_open: 15, max_per_day: 20}\n", ""))
    told: dict[Path, str] = {}
    for policy in (ACCEPTANCE, gone):
        settings = read_settings({**world.environment, "HANDOFF_CONFIG": str(policy)}, Path("/nonexistent"))
        assert world.loop.run(check(settings, offline=True)) == 0
        told[policy] = capsys.readouterr().out
    assert "hand-over" not in told[ACCEPTANCE]
    sentence = (
        "bob@acme.example is in no team and has 1 lead in work: say `/leads hand-over bob@acme.example` in Slack."
    )
    assert sentence in told[gone]


def test_leads_of_a_team_that_the_policy_no_longer_has_are_a_warning_that_names_it(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world.lead()
    renamed = changed(tmp_path, ("us-inbound", "americas"))
    settings = read_settings({**world.environment, "HANDOFF_CONFIG": str(renamed)}, Path("/nonexistent"))
    assert world.loop.run(check(settings, offline=True)) == 0
    sentence = "The team 'us-inbound' is not in the policy and has 1 lead in work"
    assert sentence in capsys.readouterr().out


def test_what_could_not_be_delivered_is_a_warning(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.workspace.faults.error("chat.postMessage", "is_archived", channel="#leads-us")
    world.lead()
    settings = read_settings(world.environment, Path("/nonexistent"))
    assert world.loop.run(check(settings, offline=True)) == 0
    assert "outbox    A card for channel:#leads-us could not be delivered: is_archived." in capsys.readouterr().out


def test_so_are_cards_that_could_not_be_drawn_again(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    lead_id = world.lead().json()["lead_id"]
    world.workspace.faults.error("chat.update", "restricted_action")
    world.click("alice", "Accept")
    world.settle()
    settings = read_settings(world.environment, Path("/nonexistent"))
    assert world.loop.run(check(settings, offline=True)) == 0
    assert f"A redrawing of {lead_id}'s cards could not be delivered: restricted_action." in capsys.readouterr().out


def test_a_channel_on_the_second_page_is_found(make_world: Build, capsys: pytest.CaptureFixture[str]) -> None:
    others = [f"other-{number}" for number in range(250)]
    world = make_world(channels=(*others, *CHANNELS))
    settings = read_settings(world.environment, Path("/nonexistent"))
    assert world.loop.run(check(settings, offline=False)) == 0
    assert "#leads-us is found" in capsys.readouterr().out
