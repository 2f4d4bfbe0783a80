"""The section `retention`: for how long it is kept who a lead was."""

from datetime import timedelta

from bot.policy.node import Node
from bot.policy.values import years


def retention(node: Node) -> timedelta | None:
    """How long after its end a lead's personal data are kept; None for ever."""
    with node.section() as section:
        return section.take("personal_data_after", years, None)
