"""What must hold for everything people are shown, whatever a lead's data are."""

import json
import re
from typing import Any

from connectors.slack.markup import Content
from sandbox.blocks.payloads import message_problems, view_problems, view_too_large

COMMANDS = re.compile(r"<!(?!date\^)|<#")
TEXT_OF_UPDATE = 4000
"""chat.update refuses more: https://docs.slack.dev/reference/methods/chat.update"""


def assert_sound(content: Content) -> None:
    """A message Slack takes, whose text a phone can show, and in which no data have become a command."""
    assert message_problems(content.blocks) == []
    assert 0 < len(content.text) <= 3000 < TEXT_OF_UPDATE
    assert content.text.strip()
    assert_harmless([content.text, *content.blocks])


def assert_sound_view(view: dict[str, Any]) -> None:
    """A modal or home tab Slack takes, in which no data have become a command."""
    assert view_problems(view) == []
    assert not view_too_large(view)
    assert_harmless(view)


def assert_harmless(shown: object) -> None:
    """Nothing in it notifies a channel or group, and every mention is of somebody the policy names."""
    written = json.dumps(shown, ensure_ascii=False)
    assert not COMMANDS.search(written), written
    assert set(re.findall(r"<@([^>|]*)", written)) <= {"U0ALICE", "U0BOB"}


def words(content: Content) -> str:
    """All that is to be read in the blocks, in order; a space that doesn't break a line reads like any other."""
    return read(content.blocks)


def read(blocks: list[dict[str, Any]]) -> str:
    """All that is to be read in some blocks."""
    return "\n".join(found for block in blocks for found in _texts(block)).replace("\u00a0", " ")


def _texts(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["text"]] if isinstance(part.get("text"), str) else []
        return own + [text for name, value in part.items() if name != "text" or not own for text in _texts(value)]
    return [text for item in part for text in _texts(item)] if isinstance(part, list) else []


def buttons(content: Content) -> list[str]:
    """The labels of the buttons, in order."""
    return [label for block in content.blocks if block["type"] == "actions" for label in labels(block)]


def labels(block: dict[str, Any]) -> list[str]:
    """The labels of the buttons of one block."""
    return [element["text"]["text"] for element in block["elements"]]
