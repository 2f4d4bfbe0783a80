"""Which processes may run beside each other, and what each of them does."""

import signal
import subprocess
from collections.abc import Callable

import httpx
import pytest

from tests.bot.stage import HANDOFF, PATIENCE, Running, Stage, eventually
from tests.bot.test_running import send
from tests.sample import always_open
from tests.screens import buttons


def is_ready(running: Running) -> bool:
    return httpx.get(f"{running.url}/readyz").status_code == 200


def test_a_second_service_on_the_same_sqlite_file_is_refused_and_names_the_first(stage: Stage) -> None:
    with stage.running() as running:
        second = stage.installed("run", "--port", "0")
        assert second.returncode == 2
        assert f"in use by another `handoff run` (process {running.process.pid})" in second.stderr
        assert second.stderr.count("\n") == 1
        assert send(running).status_code == 202


def test_another_name_of_the_same_file_is_refused_too(stage: Stage) -> None:
    link = stage.folder / "elsewhere.db"
    link.symlink_to(stage.environment["DATABASE_URL"].removeprefix("sqlite:///"))
    with stage.running():
        assert "in use by another" in stage.installed("run", "--port", "0", DATABASE_URL=f"sqlite:///{link}").stderr


def test_a_service_that_was_killed_leaves_the_file_free(stage: Stage) -> None:
    with stage.running() as running:
        running.process.send_signal(signal.SIGKILL)
        running.process.wait(10)
        with stage.running() as next_one:
            assert send(next_one).status_code == 202


@pytest.mark.parametrize("words", [("migrate",), ("check",)])
def test_the_other_commands_work_beside_a_running_service(stage: Stage, words: tuple[str, ...]) -> None:
    with stage.running():
        done = stage.installed(*words)
        assert done.returncode == 0, done.stdout + done.stderr


def test_sqlite_does_not_share_the_work_out(stage: Stage) -> None:
    refused = stage.handoff("run", "--port", "0", "--only", "web")
    assert refused.returncode == 2
    assert "--only leaves out slack, timers, delivery, but SQLite allows one process" in refused.stderr
    with stage.running("--only", "web,slack", "--only", "timers,delivery") as running:
        assert send(running).status_code == 202


def test_a_role_nobody_knows_is_refused(stage: Stage) -> None:
    refused = stage.handoff("run", "--only", "web,kitchen")
    assert refused.returncode == 2
    assert "--only kitchen is no role: choose from web, slack, timers, delivery." in refused.stderr


def test_four_processes_on_one_postgresql_do_the_whole_work_between_them(
    stage: Stage, fresh_postgres_url: Callable[[], str]
) -> None:
    shared = {"DATABASE_URL": fresh_postgres_url(), "HANDOFF_CONFIG": str(always_open(stage.folder))}
    no_slack = {"SLACK_BOT_TOKEN": "", "SLACK_SIGNING_SECRET": ""}
    with (
        stage.running("--only", "delivery", **shared, SLACK_SIGNING_SECRET=""),
        stage.running("--only", "timers", **shared, HANDOFF_WEBSITE_SECRET="", **no_slack) as timers,
        stage.running("--only", "web", **shared, **no_slack) as web,
        stage.running("--only", "slack", **shared, HANDOFF_WEBSITE_SECRET="") as slack,
    ):
        assert web.greeting.endswith("only web.\n")
        assert send(timers).status_code == 404
        assert httpx.post(f"{web.url}/slack/events").status_code == 404
        eventually(lambda: all(is_ready(one) for one in (timers, web, slack)), "each to be ready")
        assert send(web).status_code == 202
        eventually(lambda: slack.dm("alice"), "the card, which another process sends")
        slack.click("alice", "Accept")
        eventually(lambda: "Log touch" in buttons(slack.dm("alice")[0]), "the card to show what comes next")


def test_two_services_that_start_at_once_on_one_file_are_one_in_the_end(stage: Stage) -> None:
    command = [str(HANDOFF), "run", "--port", "0"]
    started = [
        subprocess.Popen(
            command, env=stage.environment, cwd=stage.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(2)
    ]
    try:
        # Twice the patience: on a busy machine two interpreters start in the time of one.
        eventually(lambda: any(one.poll() is not None for one in started), "one of them to give up", 2 * PATIENCE)
        codes = sorted(str(one.poll()) for one in started)
    finally:
        for one in started:
            one.terminate()
            one.communicate(timeout=20)
    assert codes == ["2", "None"]
