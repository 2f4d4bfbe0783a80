"""What the command says to whoever installs it: help that orients, and one clear sentence for each mistake."""

import socket
from collections.abc import Callable

import psycopg
import pytest

from storage import schema
from tests.bot.stage import Stage


def test_help_groups_the_commands(stage: Stage) -> None:
    said = stage.installed("--help").stdout
    assert said.index("Try it:") < said.index("demo") < said.index("Run it:") < said.index("check")
    assert "digest" in said


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"SLACK_BOT_TOKEN": ""}, "SLACK_BOT_TOKEN is not set"),
        ({"SLACK_SIGNING_SECRET": ""}, "Neither SLACK_APP_TOKEN"),
        (
            {"SLACK_BOT_TOKEN": "xoxb-1\nSLACK_APP_TOKEN=xapp-1"},
            "SLACK_BOT_TOKEN has blanks, line breaks or odd letters",
        ),
        ({"SLACK_APP_TOKEN": "xapp-…"}, "SLACK_APP_TOKEN has blanks, line breaks or odd letters"),
        ({"SLACK_API_URL": "foo"}, "SLACK_API_URL is no address like https://slack.com/api/"),
        ({"SLACK_API_URL": "http://[::1/api/"}, "SLACK_API_URL is no address like https://slack.com/api/"),
        ({"HANDOFF_WEBSITE_SECRET": ""}, "HANDOFF_WEBSITE_SECRET is not set: the source 'website'"),
        ({"HANDOFF_WEBSITE_SECRET": "whsec_?"}, "HANDOFF_WEBSITE_SECRET is not of the form whsec_<base64>"),
        ({"HANDOFF_WEBSITE_SECRET": "whsec_…"}, "HANDOFF_WEBSITE_SECRET is not of the form whsec_<base64>"),
        ({"HANDOFF_CONFIG": "nowhere.yaml"}, "nowhere.yaml"),
        ({"DATABASE_URL": "mysql://root@localhost/handoff"}, "expected sqlite:///"),
        ({"DATABASE_URL": "not a url"}, "expected sqlite:///"),
        ({"DATABASE_URL": "postgresql://bot:pw@localhost:port/handoff"}, "expected sqlite:///"),
        ({"DATABASE_URL": "postgresql://bot:pw@localhost/handoff?colour=red"}, "colour"),
        ({"DATABASE_URL": "sqlite:////nowhere/at/all/handoff.db"}, "the folder /nowhere/at/all does not exist"),
        ({"DATABASE_URL": "postgresql://nobody:pw@127.0.0.1:9/handoff"}, "The database is not reachable"),
    ],
)
def test_a_setting_that_is_wrong_is_named_in_a_sentence(stage: Stage, changes: dict[str, str], words: str) -> None:
    done = stage.handoff("run", "--port", "0", **changes)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert "pw@" not in done.stderr


def test_an_env_file_that_cannot_be_read_is_named_with_the_reason(stage: Stage) -> None:
    file = stage.folder / ".env"
    file.write_bytes("# Zürich\nHANDOFF_LOG_FORMAT=json\n# Café\n".encode() + "# Café\n".encode("latin-1"))
    done = stage.handoff("outbox", "list")
    assert (done.returncode, done.stderr) == (2, f"handoff: {file}:4 is not UTF-8 text; save the file as UTF-8.\n")
    file.unlink()
    # What even root can't read: nothing is mapped at a process's first address.
    file.symlink_to("/proc/self/mem")
    done = stage.handoff("outbox", "list")
    assert (done.returncode, done.stderr) == (2, f"handoff: {file} can't be read: Input/output error.\n")


def test_an_empty_variable_hides_none_of_the_env_file(stage: Stage) -> None:
    (stage.folder / ".env").write_text("DATABASE_URL=sqlite:////nowhere/at/all/handoff.db\n")
    done = stage.handoff("migrate", DATABASE_URL=" ")
    assert (done.returncode, "the folder /nowhere/at/all does not exist" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ("run", "--port", "x"),
            "Invalid value for '--port': 'x' is not a valid integer range. See handoff run --help.",
        ),
        (("digest", "rejections"), "Missing option '--now'. See handoff digest --help."),
        (("outbox", "retry"), "Name messages by their ids, or say --all-parked. See handoff outbox retry --help."),
        (("rum",), "No such command 'rum'. Did you mean 'run'? See handoff --help."),
    ],
)
def test_a_command_that_can_not_be_understood_is_answered_in_one_sentence(
    stage: Stage, words: tuple[str, ...], sentence: str
) -> None:
    done = stage.handoff(*words)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"handoff: {sentence}\n")


def test_help_is_there_whatever_the_settings_are_and_whatever_letters_the_terminal_has(stage: Stage) -> None:
    done = stage.handoff("sla", "explain", "--help", HANDOFF_LOG_FORMAT="runes", PYTHONIOENCODING="latin-1")
    assert (done.returncode, done.stderr) == (0, "")
    done = stage.installed("sla", "explain", PYTHONIOENCODING="latin-1")
    assert (done.returncode, "Traceback" in done.stderr, "SLA: ?" in done.stdout) == (0, False, True)


def test_an_env_file_as_windows_writes_it_is_read_from_its_first_letter_on(stage: Stage) -> None:
    (stage.folder / ".env").write_text("DATABASE_URL=sqlite:////nowhere/at/all/handoff.db\n", "utf-8-sig")
    done = stage.handoff("migrate", DATABASE_URL="")
    assert (done.returncode, "the folder /nowhere/at/all does not exist" in done.stderr) == (2, True)


def test_a_line_of_the_env_file_that_sets_nothing_is_named_and_not_shown(stage: Stage) -> None:
    (stage.folder / ".env").write_text("# tokens\nSLACK_BOT_TOKEN: xoxb-1-secret\nSLACK_APP_TOKEN\n")
    done = stage.handoff("check", "--offline")
    assert done.returncode == 2
    assert f"{stage.folder}/.env:2: expected NAME=value." in done.stderr
    assert f"{stage.folder}/.env:3: expected NAME=value." in done.stderr
    assert "secret" not in done.stderr


def test_every_mistake_of_a_policy_is_reported_at_once(stage: Stage) -> None:
    file = stage.folder / "broken.yaml"
    file.write_text("version: 1\ncompany: Acme\nteems: {}\n", "utf-8")
    done = stage.installed("run", HANDOFF_CONFIG=str(file))
    assert done.returncode == 2
    assert "broken.yaml:3" in done.stderr
    assert "teams" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_that_is_taken_is_named(stage: Stage) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = stage.handoff("run", "--port", port)
        demo = stage.handoff("demo", "--port", port)
    for refused in (done, demo):
        assert refused.returncode == 2
        assert f"127.0.0.1:{port} can't be listened on" in refused.stderr
    assert f'as in `make demo ARGS="--port {int(port) + 1}"`' in demo.stderr


def test_a_host_that_is_none_of_this_machine_is_told_from_a_port_that_is_taken(stage: Stage) -> None:
    done = stage.handoff("run", "--host", "nowhere.invalid", "--port", "0")
    assert done.returncode == 2
    assert "--host is to be an address of this machine" in done.stderr


def test_a_host_that_came_out_empty_does_not_open_the_port_to_everybody(stage: Stage) -> None:
    done = stage.handoff("run", "--host", "", "--port", "0")
    assert (done.returncode, "--host is empty: name the address to listen on" in done.stderr) == (2, True)


def test_a_speed_that_is_no_number_is_refused(stage: Stage) -> None:
    done = stage.handoff("demo", "--speed", "nan")
    assert (done.returncode, "nan is no number of times" in done.stderr) == (2, True)


def test_postgresql_with_an_old_schema_is_refused_until_it_is_migrated(
    stage: Stage, fresh_postgres_url: Callable[[], str]
) -> None:
    url = fresh_postgres_url()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    refused = stage.installed("run", "--port", "0", DATABASE_URL=url)
    assert refused.returncode == 2
    assert "run `handoff migrate`" in refused.stderr

    migrated = stage.installed("migrate", DATABASE_URL=url)
    assert migrated.returncode == 0, migrated.stderr
    assert f"went from empty to {schema.needed()}" in migrated.stdout
    assert "is current already" in stage.handoff("migrate", DATABASE_URL=url).stdout


def test_a_schema_from_the_future_is_refused(stage: Stage, fresh_postgres_url: Callable[[], str]) -> None:
    url = fresh_postgres_url()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    for command in (("run", "--port", "0"), ("migrate",)):
        done = stage.installed(*command, DATABASE_URL=url)
        assert done.returncode == 2
        assert "9999 is newer than this version" in done.stderr


def test_a_digest_is_posted_on_demand(stage: Stage) -> None:
    done = stage.installed("digest", "rejections", "--now")
    assert done.returncode == 0, done.stderr
    assert "#marketing" in done.stdout
    assert len(stage.workspace.messages(stage.channels["marketing"])) == 1


def test_a_digest_nobody_defined_is_refused(stage: Stage) -> None:
    done = stage.handoff("digest", "gossip", "--now")
    assert done.returncode == 2
    assert "has no digest 'gossip'; it has: rejections" in done.stderr


def test_a_digest_with_a_revoked_token_says_so(stage: Stage) -> None:
    stage.workspace.revoke_token()
    done = stage.handoff("digest", "rejections", "--now")
    assert done.returncode == 2
    assert "token_revoked" in done.stderr
