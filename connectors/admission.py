"""From a signed body to the desk: the one way in, for a delivery as it comes and for one that is replayed."""

from connectors.generic import Mistake, Unusable
from leads.desk import Desk
from leads.intake import Delivery, Event, Taken, UnknownExternalId
from sla_engine.lead import LeadData
from sla_engine.refusals import Refused
from storage.transaction import Transaction


def admit(tx: Transaction, desk: Desk, delivery: Delivery, parsed: LeadData | Event) -> Taken:
    """Give a lead, or news of one, to the desk. Raises `Unusable` with what the desk says against it."""
    try:
        return desk.apply(tx, delivery, parsed) if isinstance(parsed, Event) else desk.ingest(tx, delivery, parsed)
    except UnknownExternalId as error:
        told = f"no lead with this id has come through {delivery.door} yet"
        raise Unusable(Mistake("data.external_id", told)) from error
    except Refused as error:
        field = "data.status" if isinstance(parsed, Event) and parsed.status else "type"
        raise Unusable(Mistake(field, str(error))) from error
