"""Layout blocks: the shape of each, and on which surface it may stand."""

from collections.abc import Mapping

from sandbox.blocks.charts import CHART
from sandbox.blocks.checks import (
    Check,
    anything,
    at_least_one,
    boolean,
    by_type,
    items,
    link,
    number,
    one_of,
    shape,
    string,
)
from sandbox.blocks.elements import BUTTON, SHAPES, in_actions, in_context_actions, in_input, in_section, unique_actions
from sandbox.blocks.texts import plain, text

BLOCK_ID: Mapping[str, Check] = {"block_id": string(255)}
IMAGE = shape(
    {"alt_text": string(2000)},
    {"image_url": link(), "slack_file": anything, "title": plain(2000), **BLOCK_ID},
    at_least_one("image_url", "slack_file"),
)
in_context = by_type(
    {
        "image": SHAPES["image"],
        "plain_text": shape({"text": string(3000)}, {"emoji": boolean}),
        "mrkdwn": shape({"text": string(3000)}, {"verbatim": boolean}),
    }
)
CARD = shape(
    {},
    {
        "icon": anything,
        "title": text(150),
        "subtitle": text(150),
        "hero_image": IMAGE,
        "body": text(200),
        "subtext": text(200),
        "actions": items(by_type({"button": BUTTON}), 3),
        **BLOCK_ID,
    },
    at_least_one("hero_image", "title", "actions", "body"),
)
TABLE_CELL = by_type(
    {
        "raw_text": shape({"text": string(3000, 0)}),
        "raw_number": shape({}, {"value": anything, "text": string(3000, 0)}),
        "rich_text": shape({"elements": anything}, BLOCK_ID),
    }
)

LAYOUTS: dict[str, Check] = {
    "section": shape(
        {},
        {
            "text": text(3000),
            "fields": items(text(2000), 10),
            "accessory": in_section,
            "expand": boolean,
            **BLOCK_ID,
        },
        at_least_one("text", "fields"),
    ),
    "actions": shape({"elements": in_actions}, BLOCK_ID, unique_actions),
    "context": shape({"elements": items(in_context, 10)}, BLOCK_ID),
    "context_actions": shape({"elements": in_context_actions}, BLOCK_ID, unique_actions),
    "divider": shape({}, BLOCK_ID),
    "header": shape({"text": plain(150)}, {"level": number(1, 6), **BLOCK_ID}),
    "image": IMAGE,
    "input": shape(
        {"label": plain(2000), "element": in_input},
        {"hint": plain(2000), "optional": boolean, "dispatch_action": boolean, **BLOCK_ID},
    ),
    "rich_text": shape({"elements": items(anything, 1000)}, BLOCK_ID),
    "video": shape(
        {"alt_text": string(2000), "title": plain(200), "video_url": link(), "thumbnail_url": link()},
        {
            "title_url": link(),
            "description": plain(200),
            "author_name": string(50),
            "provider_name": string(50),
            "provider_icon_url": link(),
            **BLOCK_ID,
        },
    ),
    "markdown": shape({"text": string(12_000)}, BLOCK_ID),
    "table": shape({"rows": items(items(TABLE_CELL, 20), 100)}, {"column_settings": items(anything, 20), **BLOCK_ID}),
    "alert": shape(
        {"text": text(200)},
        {"level": one_of("default", "info", "warning", "error", "success"), **BLOCK_ID},
    ),
    "card": CARD,
    "carousel": shape({"elements": items(by_type({"card": CARD}), 10)}, BLOCK_ID),
    "data_visualization": shape({"title": string(50), "chart": CHART}, BLOCK_ID),
    # Known to Slack, but only their names are checked here: the bot has no use for them so far.
    "container": lambda _place, _value: iter(()),
    "data_table": lambda _place, _value: iter(()),
    "task_card": lambda _place, _value: iter(()),
    "plan": lambda _place, _value: iter(()),
}

EVERYWHERE = frozenset({"section", "actions", "context", "divider", "header", "image", "input", "rich_text", "video"})
# Where pages of the reference disagree (charts on the home tab), the narrower reading holds.
SURFACES: dict[str, frozenset[str]] = {
    "message": EVERYWHERE
    | {
        "markdown",
        "table",
        "data_table",
        "data_visualization",
        "card",
        "carousel",
        "container",
        "context_actions",
        "task_card",
        "plan",
    },
    "modal": EVERYWHERE | {"alert", "card"},
    "home": EVERYWHERE | {"table", "card", "carousel"},
}
MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}


def blocks_on(surface: str) -> Check:
    return items(by_type(LAYOUTS, SURFACES[surface]), MOST_BLOCKS[surface], least=0)
