"""The product with Bolt as it comes, which answers Slack before a listener is through: `… run --port PORT`."""

from typing import Any
from unittest.mock import patch

from slack_bolt.async_app import AsyncApp

from bot.__main__ import main
from handlers import slack


def as_it_comes(**arguments: Any) -> AsyncApp:
    """Bolt's app without the setting that the product makes."""
    return AsyncApp(**arguments | {"process_before_response": False})


if __name__ == "__main__":
    with patch.object(slack, "AsyncApp", as_it_comes):
        main()
