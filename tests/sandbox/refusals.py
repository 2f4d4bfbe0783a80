"""Says what Slack's refusal was."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse


def refused(call: Callable[..., Any], **args: Any) -> SlackResponse:
    with pytest.raises(SlackApiError) as caught:
        call(**args)
    response: SlackResponse = caught.value.response
    return response


def word(call: Callable[..., Any], **args: Any) -> str:
    """The `error` of a call that must fail."""
    return str(refused(call, **args)["error"])


def complaints(call: Callable[..., Any], **args: Any) -> list[str]:
    """The messages that name what is wrong, and where."""
    messages: list[str] = refused(call, **args)["response_metadata"]["messages"]
    return messages
