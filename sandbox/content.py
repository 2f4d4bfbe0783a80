"""What a message may say: text, blocks, attachments and metadata, checked and completed."""

import json
from dataclasses import dataclass
from typing import Any

from sandbox.blocks.payloads import message_problems, with_ids
from sandbox.errors import SlackRefuses
from sandbox.identifiers import Identifiers
from sandbox.model import Json

# https://docs.slack.dev/reference/methods/chat.postMessage (truncated) and chat.update (refused)
TEXT_KEPT = 40_000
UPDATE_TEXT = 4_000
ATTACHMENTS = 100
MARKDOWN = 12_000


@dataclass
class Content:
    """`None` means the caller did not send the field, which an update treats differently from an empty one."""

    text: str | None
    blocks: list[Json] | None
    attachments: list[Json] | None
    metadata: Json | None

    @property
    def empty(self) -> bool:
        return not ((self.text or "").strip() or self.blocks or self.attachments)


def read_content(args: Json, ids: Identifiers) -> Content:
    """Raises SlackRefuses in Slack's words for anything it would not take."""
    text = args.get("text")
    if text is not None and not isinstance(text, str):
        text = str(text)
    if args.get("markdown_text") is not None:
        if text is not None or args.get("blocks"):
            raise SlackRefuses("markdown_text_conflict")
        text = str(args["markdown_text"])
        if len(text) > MARKDOWN:
            raise SlackRefuses("msg_too_long")
    return Content(text, _blocks(args, ids), _attachments(args), _metadata(args))


def posted_text(content: Content) -> str:
    return (content.text or "")[:TEXT_KEPT]


def _blocks(args: Json, ids: Identifiers) -> list[Json] | None:
    blocks = parsed(args.get("blocks"), "invalid_blocks_format")
    if blocks is None:
        return None
    problems = message_problems(blocks)
    if problems:
        raise SlackRefuses("invalid_blocks", messages=problems)
    return with_ids(blocks, ids)


def _attachments(args: Json) -> list[Json] | None:
    attachments = parsed(args.get("attachments"), "invalid_attachments")
    if attachments is None:
        return None
    if not isinstance(attachments, list) or not all(isinstance(a, dict) for a in attachments):
        raise SlackRefuses("invalid_attachments")
    if len(attachments) > ATTACHMENTS:
        raise SlackRefuses("too_many_attachments")
    return attachments


def _metadata(args: Json) -> Json | None:
    metadata: Json | None = parsed(args.get("metadata"), "invalid_metadata_format")
    if metadata is None or metadata == {}:
        return metadata
    sound = (
        isinstance(metadata, dict)
        and isinstance(metadata.get("event_type"), str)
        and isinstance(metadata.get("event_payload"), dict)
    )
    if not sound:
        raise SlackRefuses("invalid_metadata_format")
    if not metadata["event_type"]:
        raise SlackRefuses("invalid_metadata_schema")
    return metadata


def parsed(value: Any, error: str) -> Any:
    """An argument that is JSON by nature: as it is from a JSON body, decoded from a form."""
    if not isinstance(value, str):
        return value
    if not value:
        return None
    try:
        return json.loads(value)
    except ValueError:
        raise SlackRefuses(error) from None
