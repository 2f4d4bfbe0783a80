"""`handoff backup`: a copy of the database while the service runs."""

from pathlib import Path

import click

from bot.records import opened
from bot.settings import read_settings
from storage.backup import copy


@click.command()
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
def backup(path: Path) -> None:
    """Copy a SQLite database to a new file, while it is in use."""
    with opened(read_settings()) as database:
        size = copy(database, path)
        click.echo(f"{database.shown} is copied to {path}: {size:,} bytes, checked.")
