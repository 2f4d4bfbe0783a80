"""The `handoff` command."""

import asyncio
import sys
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from io import TextIOWrapper
from math import isnan

import click

from bot import (
    backup,
    calendars,
    checkup,
    digests,
    explanations,
    fairness,
    forecasts,
    logs,
    outbox,
    places,
    receipts,
    roles,
    serving,
)
from bot.demo import show
from bot.policy import PolicyMistakes
from bot.settings import SettingsMistakes, read_settings
from connectors.slack.client import SlackProblem
from storage import schema
from storage.backlog import Unmovable
from storage.database import open_database
from storage.errors import StoreError

SECTIONS: Mapping[str, tuple[str, ...]] = {
    "Try it": ("demo",),
    "Run it": ("check", "migrate", "run"),
    "Look after it": ("backup", "outbox drop", "outbox list", "outbox retry", "receipts list", "receipts replay"),
    "Look into it": ("calendar check", "route", "sla explain"),
    "Reports": ("digest", "fairness"),
}
WIDEST = 80
MISTAKES = (
    SettingsMistakes,
    PolicyMistakes,
    StoreError,
    SlackProblem,
    serving.PortTaken,
    roles.UnknownRole,
    roles.Undivided,
    digests.NotPosted,
    digests.UnknownDigest,
    places.UnknownTeam,
    places.UnknownRep,
    places.UnreadableDate,
    places.UnreadableMoment,
    forecasts.UnreadableFile,
    forecasts.UnusableLead,
    forecasts.UnknownSource,
    receipts.Unplayable,
    Unmovable,
)


class Commands(click.Group):
    """A group whose help lists the commands by what they are for, and whose users never see a traceback."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands under its headings."""
        for heading, names in SECTIONS.items():
            with formatter.section(heading):
                commands = [(name, self.find(ctx, name)) for name in names]
                formatter.write_dl(
                    [(name, command.get_short_help_str(WIDEST)) for name, command in commands if command]
                )

    def find(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of this name, which may be one within another: `calendar check`."""
        first, _, rest = name.partition(" ")
        found = self.get_command(ctx, first)
        return found.get_command(ctx, rest) if rest and isinstance(found, click.Group) else found

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; what its user can mend is one sentence on stderr and exit status 2."""
        for stream in (sys.stdout, sys.stderr):  # a terminal without some letter is no reason to say nothing
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors="replace")
        try:
            if not {*ctx.args} & {*ctx.help_option_names}:  # help is there whatever the settings are
                logs.set_up(read_settings().environment)
            return super().invoke(ctx)
        except click.exceptions.NoArgsIsHelpError:
            raise
        except click.UsageError as error:
            said = error.format_message()
            ending = "" if said.endswith((".", "?")) else "."
            said = f"{said}{ending} See {(error.ctx or ctx).command_path} --help."
            click.echo(f"handoff: {said}", err=True)
        except MISTAKES as error:
            click.echo(f"handoff: {error}", err=True)
        sys.exit(2)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="handoff")
def main() -> None:
    """Hand leads from marketing to sales in Slack, and keep the promise that goes with them."""


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=3000, show_default=True, type=click.IntRange(0, 65_535), help="The port to listen on.")
@click.option("--only", multiple=True, metavar="ROLE", help="web, slack, timers or delivery; several with commas.")
def run(host: str, port: int, only: tuple[str, ...]) -> None:
    """Run the service: webhooks, Slack, timers, delivery."""
    serving.serve(read_settings(), host, port, roles.read_roles(only))


@main.command()
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65_535), help="The page's port.")
@click.option("--speed", default=10.0, show_default=True, type=click.FloatRange(0.1, 10_000), help="Times real time.")
@click.option("--sample-leads/--no-sample-leads", default=True, show_default=True, help="Feed leads through the door.")
def demo(port: int, speed: float, sample_leads: bool) -> None:
    """Run the whole product in a Slack workspace of its own, in your browser."""
    if isnan(speed):
        raise click.BadParameter("nan is no number of times.", param_hint="--speed")
    show.run(port, speed, sample_leads=sample_leads)


@main.command()
@click.option("--offline", is_flag=True, help="Leave Slack out.")
def check(offline: bool) -> None:
    """Say what would break in production, a line per finding."""
    sys.exit(asyncio.run(checkup.check(read_settings(), offline=offline)))


@main.command()
def migrate() -> None:
    """Bring the database to the current schema."""
    with closing(open_database(read_settings().database_url)) as database:
        before, after = schema.migrate(database)
    done = f"is current already ({after})" if before == after else f"went from {before} to {after}"
    click.echo(f"The schema of {database.shown} {done}.")


@main.command()
@click.argument("name", metavar="NAME")
@click.option("--now", "at_once", is_flag=True, required=True, help="Post it now, out of turn.")
def digest(name: str, at_once: bool) -> None:
    """Post a digest of the policy, such as `rejections`."""
    del at_once  # Required so that a report is never posted by a slip.
    click.echo(asyncio.run(digests.post(read_settings(), name, datetime.now(UTC))))


main.add_command(backup.backup)
main.add_command(calendars.calendar)
main.add_command(explanations.sla)
main.add_command(fairness.fairness)
main.add_command(forecasts.command)
main.add_command(outbox.outbox)
main.add_command(receipts.receipts)

if __name__ == "__main__":
    main()
