"""What makes a lead an MQL."""

from sla_engine.lead import LeadData, is_blank
from sla_engine.names import number
from sla_engine.policy import Qualification


def shortfalls(data: LeadData, bar: Qualification) -> list[str]:
    """Every reason why the lead is not handed over, as sentences; empty when it is qualified."""
    reasons = [f"{name} is missing" for name in bar.required_fields if is_blank(data.value(name))]
    if bar.minimum_score is not None:
        if data.score is None:
            reasons.append(f"score is missing; the minimum is {number(bar.minimum_score)}")
        elif data.score < bar.minimum_score:
            reasons.append(f"score {number(data.score)} is below the minimum of {number(bar.minimum_score)}")
    return reasons
