"""Whole payloads: the blocks of a message, a modal, a home tab."""

import json
from typing import Any

from sandbox.blocks.checks import Problems, boolean, one_of, problem, shape, string
from sandbox.blocks.layout import blocks_on
from sandbox.blocks.texts import plain
from sandbox.controls import elements
from sandbox.identifiers import Identifiers
from sandbox.model import Json

# https://docs.slack.dev/reference/methods/views.publish: view_too_large
VIEW_BYTES = 250_000

MODAL = shape(
    {"type": one_of("modal"), "title": plain(24), "blocks": blocks_on("modal")},
    {
        "submit": plain(24),
        "close": plain(24),
        "private_metadata": string(3000, 0),
        "callback_id": string(255),
        "external_id": string(255, 0),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
)
HOME = shape(
    {"type": one_of("home"), "blocks": blocks_on("home")},
    {
        "private_metadata": string(3000, 0),
        "callback_id": string(255),
        "external_id": string(255, 0),
    },
)


def message_problems(blocks: Any) -> list[str]:
    """Everything wrong with a message's blocks, in Slack's words; empty when they are fine."""
    found = list(blocks_on("message")("/blocks", blocks))
    return found or list(across_blocks("/blocks", blocks))


def view_problems(view: Any) -> list[str]:
    """Everything wrong with a modal or home tab."""
    if not isinstance(view, dict):
        return [problem("/view", "must provide an object")]
    kind = view.get("type")
    if kind not in ("modal", "home"):
        return [problem("/view/type", f"unsupported type: {kind}")]
    found = list((MODAL if kind == "modal" else HOME)("/view", view))
    if found:
        return found
    has_input = any(b["type"] == "input" for b in view["blocks"])
    if kind == "modal" and has_input and "submit" not in view:
        found.append(problem("/view", "must define `submit` to use an `input` block in modals"))
    return found + list(across_blocks("/view/blocks", view["blocks"]))


def view_too_large(view: Json) -> bool:
    return len(json.dumps(view, ensure_ascii=False).encode()) > VIEW_BYTES


def across_blocks(place: str, blocks: list[Json]) -> Problems:
    """What only shows when the blocks are seen together."""
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        block_id = block.get("block_id")
        if block_id in seen:
            yield problem(f"{place}/{index}/block_id", f"`block_id` {block_id} already exists")
        if block_id:
            seen.add(block_id)
    markdown = sum(len(b["text"]) for b in blocks if b["type"] == "markdown")
    if markdown > 12_000:
        yield problem(place, "markdown blocks must be less than 12001 characters in all")
    if sum(b["type"] == "data_visualization" for b in blocks) > 2:
        yield problem(place, "no more than 2 data_visualization blocks allowed")
    focused = [e for b in blocks for e in elements(b) if e.get("focus_on_load")]
    if len(focused) > 1:
        yield problem(place, "only one element can have `focus_on_load`")


def with_ids(blocks: list[Json], ids: Identifiers) -> list[Json]:
    """A copy in which every block and element can be named, as Slack completes what it stores."""
    copy: list[Json] = json.loads(json.dumps(blocks))
    for block in copy:
        block.setdefault("block_id", ids.next_short())
        for element in elements(block):
            element.setdefault("action_id", ids.next_short())
    return copy
