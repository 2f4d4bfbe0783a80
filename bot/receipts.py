"""`handoff receipts`: the signed deliveries that could not be used, and their replay once the cause is gone."""

import asyncio
import sys
from datetime import UTC, datetime

import click

from bot.records import ROW, ROWS, office, one_line, opened, stamp, table, writing
from bot.serving import read_policy
from bot.settings import read_settings
from connectors.admission import admit
from connectors.generic import Unusable, parse
from leads.desk import Desk
from leads.intake import Answer, Delivery, Taken
from leads.office import Office
from sla_engine.policy import Policy
from storage import quarantine
from storage.errors import StoreError
from storage.quarantine import Kept
from storage.receipts import QUARANTINED
from storage.transaction import Transaction

HEADINGS = ("id", "received (UTC)", "source", "webhook-id", "bytes", "problem")
WORDS = {
    Answer.ACCEPTED: "taken in as",
    Answer.DUPLICATE: "it was of the open lead",
    Answer.NOT_QUALIFIED: "taken in below the policy's bar as",
}


class Unplayable(Exception):
    """A receipt that can't be replayed; the text is a sentence."""


class NoSuchReceipt(Unplayable):
    """There is no receipt {id}: `handoff receipts list` has those that were put aside."""


class WasTaken(Unplayable):
    """Receipt {id} is not put aside any more: it was taken in as {lead}."""


class SourceGone(Unplayable):
    """Receipt {id} came through the source “{door}”, which the policy no longer has."""


@click.group()
def receipts() -> None:
    """See the deliveries that were put aside, and replay them."""


@receipts.command("list")
@click.option("--limit", default=200, show_default=True, type=ROWS, help="So many at most, oldest first.")
def list_receipts(limit: int) -> None:
    """List the deliveries that could not be used, oldest first."""
    with opened(read_settings()) as database, database.read() as tx:
        found, number = quarantine.listed(tx, limit), quarantine.count(tx)
    if not found:
        click.echo("No delivery is put aside.")
        return
    click.echo(table([HEADINGS, *map(_cells, found)]))
    if number > len(found):
        click.echo(f"These are {len(found):,} of {number:,}: see --limit.")


def _cells(kept: Kept) -> tuple[str, ...]:
    size = f"{len((kept.body or '').encode()):,}"
    return (str(kept.id), stamp(kept.received_at), kept.door, one_line(kept.webhook_id), size, one_line(kept.problem))


@receipts.command()
@click.argument("ids", metavar="ID…", nargs=-1, required=True, type=ROW)
def replay(ids: tuple[int, ...]) -> None:
    """Put deliveries through the intake again; exit 1 if one still can't be used."""
    settings, numbers = read_settings(), tuple(dict.fromkeys(ids))
    policy = read_policy(settings)
    with opened(settings) as database, writing(database) as writer:
        with database.read() as tx:  # A slip in one of the ids is said before anything is changed.
            for number in numbers:
                _playable(tx, policy, number)
        desk = office(database, writer, policy, datetime.now(UTC))
        outcomes = [asyncio.run(replay_one(desk, policy, number)) for number in numbers]
    sys.exit(0 if all(outcomes) else 1)


async def replay_one(desk: Office, policy: Policy, number: int) -> bool:
    """Replay one delivery and say what became of it; False when it still can't be used. Raises `Unplayable`."""
    try:
        taken = await desk.run(_replay, desk.desk, policy, number)
    except Unusable as error:
        await desk.run(quarantine.explain, number, str(error))
        click.echo(f"Receipt {number} still can't be used: {one_line(str(error))}.")
        return False
    except (StoreError, Unplayable):
        raise
    except Exception as error:  # it may have been kept for just that; the others are to have their turn
        click.echo(f"Receipt {number} meets a mistake of Handoff's own ({type(error).__name__}), and stays put aside.")
        return False
    click.echo(f"Receipt {number}: {WORDS[taken.answer]} {taken.lead_id}.")
    return True


def _replay(tx: Transaction, desk: Desk, policy: Policy, number: int) -> Taken:
    delivery, body = _playable(tx, policy, number, locked=True)
    return admit(tx, desk, delivery, parse(body.encode()))


def _playable(tx: Transaction, policy: Policy, number: int, *, locked: bool = False) -> tuple[Delivery, str]:
    """A delivery that is put aside, and its body. Raises `Unplayable`."""
    kept = quarantine.load(tx, number, locked=locked)
    if kept is None:
        raise _said(NoSuchReceipt, id=number)
    if kept.state != QUARANTINED or kept.body is None:
        raise _said(WasTaken, id=number, lead=kept.lead_id)
    if kept.door not in policy.sources:
        raise _said(SourceGone, id=number, door=kept.door)
    return Delivery(kept.door, kept.webhook_id), kept.body


def _said(kind: type[Unplayable], **facts: object) -> Unplayable:
    return kind((kind.__doc__ or "").format(**facts))
