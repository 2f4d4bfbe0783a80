"""The section `rejection_reasons`: what a rep can answer, and what becomes of the lead."""

from bot.policy.node import Node
from bot.policy.shapes import choice, each, once, word
from bot.policy.values import flag, text
from sla_engine.policy import Outcome, Reason

# A longer list is not read, a shorter one makes people pick "other"; the design fixes both ends.
FEWEST, MOST = 5, 7
# Slack cuts the text and the value of a select's option. https://docs.slack.dev/reference/block-kit/composition-objects/option-object
LONGEST = 75


def reasons(node: Node) -> tuple[Reason, ...]:
    """Five to seven reasons."""
    return once("label", once("id", each(reason, "reasons", FEWEST, MOST)))(node)


def reason(node: Node) -> Reason:
    """One reason."""
    with node.section() as section:
        return Reason(
            id=section.require("id", text("an id of small letters, digits and _", LONGEST, r"[a-z0-9_-]+")),
            label=section.require("label", text("a label", LONGEST)),
            outcome=section.require("outcome", choice(Outcome)),
            note_required=section.take("note", word(("required", "optional")), "optional") == "required",
            credit=section.take("credit", flag, False),
        )
