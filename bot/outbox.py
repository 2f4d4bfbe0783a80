"""`handoff outbox`: what waits, what could not be delivered, and an operator's word on it."""

from datetime import UTC, datetime

import click

from bot.records import ROW, ROWS, one_line, opened, stamp, table, writing
from bot.settings import read_settings
from storage import backlog
from storage.lanes import REDRAWING

HEADINGS = ("id", "state", "what", "to", "lead", "since (UTC)", "next (UTC)", "tries", "problem")


@click.group()
def outbox() -> None:
    """See what waits to be delivered, have it tried again, or give it up."""


@outbox.command("list")
@click.option("--state", type=click.Choice(backlog.STATES), help="Default: what waits and what is parked.")
@click.option("--limit", default=200, show_default=True, type=ROWS, help="So many at most, oldest first.")
def list_messages(state: str | None, limit: int) -> None:
    """List messages, oldest first."""
    with opened(read_settings()) as database, database.read() as tx:
        found = backlog.listed(tx, state, limit + 1)
    if not found:
        click.echo(f"No message is {state}." if state else "The outbox is empty: everything was delivered.")
        return
    click.echo(table([HEADINGS, *map(_cells, found[:limit])]))
    if len(found) > limit:
        click.echo(f"There are more than these {limit:,}: see --limit.")


def _cells(line: backlog.Line) -> tuple[str, ...]:
    when = "" if line.done_at else stamp(line.due_at)
    where = "its cards" if line.lane == REDRAWING else line.lane
    known = (str(line.id), line.state, line.kind, where, line.lead_id or "", stamp(line.created_at))
    return (*known, when, str(line.attempts), one_line(line.problem))


@outbox.command()
@click.argument("ids", metavar="[ID…]", nargs=-1, type=ROW)
@click.option("--all-parked", is_flag=True, help="Everything that could not be delivered.")
def retry(ids: tuple[int, ...], all_parked: bool) -> None:
    """Have messages tried again now; each is drawn as things are then."""
    if bool(ids) is all_parked:
        raise click.UsageError("Name messages by their ids, or say --all-parked.")
    with opened(read_settings()) as database, writing(database) as writer:
        now = datetime.now(UTC)
        number = writer.call(lambda tx: backlog.retry_parked(tx, now) if all_parked else backlog.retry(tx, ids, now))
    what = "1 message is" if number == 1 else f"{number:,} messages are"
    click.echo(f"{what} tried again as soon as `handoff run` is at it." if number else "No message is parked.")


@outbox.command()
@click.argument("message", metavar="ID", type=ROW)
@click.option("--reason", required=True, help="Why; it is kept beside the message.")
def drop(message: int, reason: str) -> None:
    """Give a message up: it is never sent."""
    if not reason.strip():
        raise click.UsageError("Say why with --reason.")
    with opened(read_settings()) as database, writing(database) as writer:
        now = datetime.now(UTC)
        writer.call(lambda tx: backlog.drop(tx, message, now, one_line(reason)))
    click.echo(f"Message {message} is dropped.")
