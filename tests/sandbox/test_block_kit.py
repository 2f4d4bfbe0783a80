"""Block Kit is refused for the reasons Slack refuses it, and the place is named."""

from typing import Any

import pytest
from slack_sdk import WebClient

from sandbox.blocks.payloads import message_problems, view_problems
from sandbox.model import Channel
from tests.sandbox.refusals import refused
from tests.sandbox.stage import button, buttons, modal, note, reason, section

Block = dict[str, Any]


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def select(options: list[Block], **more: Any) -> Block:
    return buttons({"type": "static_select", "action_id": "s", "options": options, **more})


def option(text: str, value: str) -> Block:
    return {"text": plain(text), "value": value}


def test_a_refusal_names_every_mistake_and_its_place(slack: WebClient, leads: Channel) -> None:
    blocks = [section("x" * 3001), {"type": "marquee"}, buttons(button("x" * 76, "a"))]
    answer = refused(slack.chat_postMessage, channel=leads.id, text="x", blocks=blocks)
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
        "[ERROR] unsupported type: marquee [json-pointer:/blocks/1/type]",
        "[ERROR] must be less than 76 characters [json-pointer:/blocks/2/elements/0/text/text]",
    ]


REFUSED: list[tuple[str, Any, str]] = [
    ("an empty text", section(""), "must be more than 0 characters"),
    ("a section without text or fields", {"type": "section"}, "missing required field: text or fields"),
    ("eleven fields", {"type": "section", "fields": [plain("x")] * 11}, "no more than 10 items"),
    ("a long field", {"type": "section", "fields": [plain("x" * 2001)]}, "less than 2001"),
    ("a misspelt field", {**section("x"), "acessory": {}}, "invalid additional property: acessory"),
    ("emoji in mrkdwn", {"type": "section", "text": {"type": "mrkdwn", "text": "x", "emoji": True}}, "emoji"),
    ("mrkdwn in a header", {"type": "header", "text": {"type": "mrkdwn", "text": "x"}}, "unsupported type"),
    ("a long header", {"type": "header", "text": plain("x" * 151)}, "less than 151"),
    ("a long block_id", {"type": "divider", "block_id": "x" * 256}, "less than 256"),
    ("no elements", buttons(), "no fewer than 1 items"),
    ("26 buttons", buttons(*(button("x", str(n)) for n in range(26))), "no more than 25 items"),
    ("the same action twice", buttons(button("x", "a"), button("y", "a")), "`action_id` a already exists"),
    ("a long button value", buttons(button("x", "a", "v" * 2001)), "less than 2001"),
    ("an odd style", buttons({**button("x", "a"), "style": "secondary"}), "valid enum value"),
    ("a text input among actions", buttons(note()["element"]), "unsupported type: plain_text_input"),
    ("a multi select among actions", buttons({"type": "multi_users_select"}), "unsupported type"),
    ("11 context elements", {"type": "context", "elements": [plain("x")] * 11}, "no more than 10 items"),
    ("a button in a context", {"type": "context", "elements": [button("x", "a")]}, "unsupported type: button"),
    ("an image without alt text", {"type": "image", "image_url": "https://x"}, "missing required field: alt_text"),
    ("an image without source", {"type": "image", "alt_text": "x"}, "image_url or slack_file"),
    ("no options", select([]), "no fewer than 1 items"),
    ("101 options", select([option("x", str(n)) for n in range(101)]), "no more than 100 items"),
    ("a long option", select([option("x" * 76, "v")]), "less than 76"),
    ("a long option value", select([option("x", "v" * 151)]), "less than 151"),
    ("a preset not on offer", select([option("x", "v")], initial_option=option("y", "w")), "one of the provided"),
    ("options and groups", select([option("x", "v")], option_groups=[]), "no fewer than 1 items"),
    (
        "both options and groups",
        select([option("x", "v")], option_groups=[{"label": plain("g"), "options": [option("y", "w")]}]),
        "either `options` or `option_groups`",
    ),
    ("neither options nor groups", buttons({"type": "static_select"}), "either `options` or `option_groups`"),
    ("a long placeholder", select([option("x", "v")], placeholder=plain("x" * 151)), "less than 151"),
    ("six overflow items", buttons({"type": "overflow", "options": [option("x", "v")] * 6}), "no more than 5"),
    ("half a confirmation", buttons({**button("x", "a"), "confirm": {"title": plain("Sure?")}}), "field: deny"),
    ("null for a block", None, "must provide an object"),  # what a bad SDK model becomes
    ("an alert outside a modal", {"type": "alert", "text": plain("x")}, "unsupported type: alert"),
    ("an input without label", {"type": "input", "element": note()["element"]}, "missing required field: label"),
    ("lengths the wrong way round", note(min_length=9, max_length=3), "must not be above"),
    ("an overlong markdown block", {"type": "markdown", "text": "x" * 12_001}, "less than 12001"),
]


@pytest.mark.parametrize(("block", "complaint"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_slack_refuses(block: Block, complaint: str) -> None:
    problems = message_problems([block])
    assert any(complaint in p for p in problems), problems
    assert all("[json-pointer:/blocks/0" in p for p in problems)


def test_a_message_takes_fifty_blocks_and_no_more() -> None:
    assert message_problems([section("x")] * 50) == []
    assert message_problems([section("x")] * 51) == ["[ERROR] no more than 50 items allowed [json-pointer:/blocks]"]


def test_two_blocks_cannot_share_a_name() -> None:
    twins = [{"type": "divider", "block_id": "d"}, {"type": "divider", "block_id": "d"}]
    assert message_problems(twins) == ["[ERROR] `block_id` d already exists [json-pointer:/blocks/1/block_id]"]


def test_a_rich_and_correct_message_passes() -> None:
    image = {"type": "image", "image_url": "https://x.example/a.png", "alt_text": "logo"}
    confirm = {"title": plain("Sure?"), "text": plain("Really"), "confirm": plain("Yes"), "deny": plain("No")}
    chart = {
        "type": "bar",
        "series": [{"name": "leads", "data": [{"label": "Mon", "value": 3}]}],
        "axis_config": {"categories": ["Mon"], "y_label": "leads"},
    }
    blocks = [
        {"type": "header", "text": plain("New lead")},
        {**section("*Northwind*"), "accessory": image},
        {"type": "section", "fields": [plain("Score"), {"type": "mrkdwn", "text": "92"}]},
        {"type": "context", "elements": [image, plain("why this rep")]},
        {"type": "divider"},
        buttons(
            {**button("Accept", "accept"), "style": "primary", "confirm": confirm},
            {"type": "overflow", "action_id": "more", "options": [option("Pause", "pause")]},
            {"type": "users_select", "action_id": "to", "placeholder": plain("Reassign")},
        ),
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]},
        {"type": "data_visualization", "title": "Leads", "chart": chart},
        {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]},
        image,
    ]
    assert message_problems(blocks) == []


def test_a_chart_needs_a_point_for_each_category() -> None:
    series = [{"name": "leads", "data": [{"label": "Mon", "value": 3}]}]
    chart = {"type": "line", "series": series, "axis_config": {"categories": ["Mon", "Tue"]}}
    problems = message_problems([{"type": "data_visualization", "title": "x", "chart": chart}])
    assert problems == ["[ERROR] must have one point for each category [json-pointer:/blocks/0/chart/series/0/data]"]


def test_a_modals_words_are_short() -> None:
    view = modal(note(), title=plain("x" * 25), submit=plain("x" * 25), close=plain("x" * 25))
    assert [p.rpartition("[")[2] for p in view_problems(view)] == [
        "json-pointer:/view/title/text]",
        "json-pointer:/view/submit/text]",
        "json-pointer:/view/close/text]",
    ]


def test_a_form_needs_a_button_to_submit_it() -> None:
    view = modal(note())
    del view["submit"]
    assert "must define `submit`" in view_problems(view)[0]


def test_a_modal_remembers_only_so_much() -> None:
    view = modal(reason("timing"), private_metadata="x" * 3001, callback_id="x" * 256)
    assert len(view_problems(view)) == 2
    assert view_problems(modal(reason("timing"), private_metadata="x" * 3000)) == []


def test_a_home_tab_takes_a_hundred_blocks_and_no_title() -> None:
    assert view_problems({"type": "home", "blocks": [section("x")] * 100}) == []
    assert "no more than 100" in view_problems({"type": "home", "blocks": [section("x")] * 101})[0]
    assert "title" in view_problems({"type": "home", "title": plain("x"), "blocks": []})[0]


def test_blocks_can_be_checked_without_posting_them(slack: WebClient) -> None:
    assert slack.api_call("blocks.validate", json={"blocks": [section("x")]})["ok"]
    assert refused(slack.api_call, api_method="blocks.validate", json={"blocks": [section("")]})["error"] == (
        "invalid_blocks"
    )
