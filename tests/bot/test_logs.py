"""The log: lines that machines read, and nothing in them that is anybody's but ours."""

import json
import logging
import signal
import sys

import pytest

from bot.logs import JSON, TEXT, formatter
from tests.bot.stage import Running, Stage, eventually
from tests.bot.test_running import send, slack_says
from tests.sample import PAT, SECRET, always_open
from tests.screens import buttons


def ended(running: Running) -> str:
    """Everything a service wrote to stderr, once it has stopped."""
    running.process.send_signal(signal.SIGTERM)
    running.process.wait(20)
    assert running.process.stderr is not None
    return running.process.stderr.read()


def test_a_journey_leaves_json_lines_with_ids_and_without_the_buyer_or_a_secret(stage: Stage) -> None:
    stage.workspace.faults.error("chat.postMessage", "is_archived", channel="#leads-us")
    with stage.running(HANDOFF_CONFIG=str(always_open(stage.folder))) as running:
        lead_id = send(running).json()["lead_id"]
        assert send(running, employees=PAT["email"]).status_code == 422
        eventually(lambda: running.dm("alice"), "Alice's card")
        running.click("alice", "Accept")
        eventually(lambda: "Log touch" in buttons(running.dm("alice")[0]), "the card to show what comes next")
        stage.workspace.down = True
        send(running, external_id="second", email="sam@southwind.example", website="southwind.example")
        eventually(lambda: slack_says(running) in {"lost", "unreachable"}, "the outage to be noticed")
        log = ended(running)
    lines = [json.loads(line) for line in log.splitlines()]
    about = [line for line in lines if line["event"].startswith("a message")]
    assert {line["event"].partition(":")[0] for line in about} >= {"a message was sent", "a message can't be delivered"}
    assert all(line["message_id"] for line in about)
    assert lead_id in {line["lead_id"] for line in about}
    buyer = [PAT[name] for name in ("email", "last_name", "phone", "company", "message", "title")]
    secrets = [SECRET.removeprefix("whsec_"), stage.workspace.bot_token, stage.workspace.signing_secret]
    people = ["alice@", "sam@", "southwind"]
    assert [word for word in [*buyer, *secrets, *people] if word.lower() in log.lower()] == []


def record(text: str, *arguments: object, name: str = "bot.test", failed: bool = False) -> logging.LogRecord:
    info = sys.exc_info() if failed else None
    return logging.LogRecord(name, logging.ERROR, __file__, 1, text, arguments, info)


@pytest.mark.parametrize("form", [JSON, TEXT])
def test_a_failure_is_told_by_its_kind_and_place_and_not_in_its_words(form: str) -> None:
    try:
        try:
            int("Pat Lee")
        except ValueError as error:
            raise KeyError("pat@northwind.example") from error
    except KeyError:
        line = formatter(form).format(record("it failed", failed=True))
    assert "KeyError" in line
    assert "ValueError" in line
    assert f"{__file__}:" in line
    assert "Pat" not in line.replace("it failed", "")
    assert "northwind" not in line


def test_tokens_passwords_and_addresses_are_hidden_wherever_they_come_from() -> None:
    text = "xoxb-12-ab xapp-1-A whsec_aGVsbG8= postgresql://u:p@ss@db/x to pat.lee+x@northwind.example"
    line = json.loads(formatter(JSON).format(record("%s", text)))
    assert line["event"] == "xoxb-… xapp-… whsec_… postgresql://u:…@db/x to …@northwind.example"


def test_of_what_libraries_say_only_the_first_line_is_kept() -> None:
    line = formatter(JSON).format(record("Task exception was never retrieved\nfuture: Pat Lee", name="asyncio"))
    assert json.loads(line)["event"] == "Task exception was never retrieved"


def test_a_form_that_nobody_knows_is_refused(stage: Stage) -> None:
    refused = stage.handoff("run", HANDOFF_LOG_FORMAT="xml")
    assert (refused.returncode, refused.stderr) == (2, "handoff: HANDOFF_LOG_FORMAT is xml: choose json or text.\n")


def test_a_form_left_empty_as_in_the_example_is_chosen_by_where_the_log_goes(stage: Stage) -> None:
    done = stage.handoff("migrate", HANDOFF_LOG_FORMAT="")
    assert (done.returncode, done.stderr) == (0, "")
