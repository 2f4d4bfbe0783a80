"""`handoff run`: everything that can be wrong is found before the first request, then the service is served."""

import asyncio
import logging
import os
import signal
import socket
import threading
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import closing
from typing import Any, Literal

import click
import uvicorn
from starlette.types import ASGIApp

from bot.clock import SystemClock
from bot.handoff import Handoff
from bot.policy import PolicyFile, load_policy, policy_warnings
from bot.roles import EVERYTHING, Role, check_roles
from bot.settings import Settings, SettingsMistakes, slack_mistakes
from sla_engine.policy import Policy
from storage import schema
from storage.database import Database, open_database
from storage.occupancy import occupied

log = logging.getLogger(__name__)
SHUTDOWN_SECONDS = 4
"""How long requests in hand have to be answered; what is sent after them has as long again: `bot/handoff.py`."""
LONGEST_STOP = 9.5
"""Seconds after which nothing is waited for any more: an orchestrator kills who is not gone after ten or so."""


class PortTaken(Exception):
    """The address can't be listened on."""


def serve(settings: Settings, host: str, port: int, roles: frozenset[Role] = EVERYTHING) -> None:
    """Run until told to stop. Raises what its user can mend."""
    if mistakes := slack_mistakes(settings, roles):
        raise SettingsMistakes(*mistakes)
    file = PolicyFile.read(settings.config)
    policy = file.policy(SystemClock().now().date())
    with closing(open_database(settings.database_url)) as database:
        check_roles(roles, database)
        with occupied(database):
            ready(database)
            service = Handoff(settings, policy, database, SystemClock(), renewed=file.policy, roles=roles)
            with closing(listen(host, port)) as listening:
                for warning in policy_warnings(file, policy):
                    log.warning("%s", warning)
                click.echo(greeting(service, settings, f"http://{shown(host, listening.getsockname()[1])}"))
                run(_serve(service, listening))


async def _serve(service: Handoff, listening: socket.socket) -> None:
    # Not left to the server: it would answer what is wrong at the start with a traceback and a status of its own.
    try:
        await service.start()
        served = server(service.app(), lifespan="off")
        await until_told_to_stop([(served, listening)], before_stop=be_gone_in_time)
    finally:
        await service.stop()


def greeting(service: Handoff, settings: Settings, address: str) -> str:
    """What a service that starts says of itself, in one line."""
    way = "Socket Mode" if settings.socket_mode else "HTTP"
    slack = f", Slack over {way}" if Role.SLACK in service.roles else ""
    only = "" if service.roles == EVERYTHING else f", only {', '.join(role for role in Role if role in service.roles)}"
    return (
        f"Handoff listens on {address}: policy {settings.config} ({service.policy.hash}), "
        f"database {service.database.shown}{slack}{only}."
    )


def read_policy(settings: Settings) -> Policy:
    """The policy file. Raises `PolicyMistakes`."""
    return load_policy(settings.config, SystemClock().now().date())


def ready(database: Database) -> None:
    """See to the current schema: SQLite is brought there, PostgreSQL must be there already."""
    if database.is_sqlite:
        schema.migrate(database)
    else:
        schema.check(database)


def listen(host: str, port: int, otherwise: str = "choose another --port") -> socket.socket:
    """A bound socket, so that a taken port is found before anything starts.

    Raises `PortTaken`, which says what to do `otherwise`.
    """
    if not host.strip():  # to the socket it would mean every address there is
        raise PortTaken("--host is empty: name the address to listen on, 0.0.0.0 for all there are.")
    # asyncio switches Nagle's algorithm off only on sockets that say they are TCP; with it on, answers take 40 ms.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        todo = "--host is to be an address of this machine" if isinstance(error, socket.gaierror) else otherwise
        raise PortTaken(f"{shown(host, port)} can't be listened on ({error.strerror}): {todo}.") from error
    return listening


def shown(host: str, port: int) -> str:
    """An address as it stands in a URL."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def run(work: Coroutine[Any, Any, None]) -> None:
    """Run on uvloop where there is one, as uvicorn would by itself."""
    with asyncio.Runner(loop_factory=uvicorn.Config("", log_config=None).get_loop_factory()) as runner:
        runner.run(work)


def server(app: ASGIApp, lifespan: Literal["on", "off"] = "on") -> uvicorn.Server:
    """A server for an application; what it has to say goes to the log. `lifespan` is "off" for one that is started.

    Nothing depends on where a request came from, so no `X-Forwarded-…` header is believed, whoever sends it.
    """
    config = uvicorn.Config(
        app,
        log_config=None,
        log_level="warning",
        access_log=False,
        lifespan=lifespan,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
    return uvicorn.Server(config)


async def be_gone_in_time() -> None:
    """End the process when its good end takes too long: a thread that waits for a database can't be called back.

    Nothing is lost by it that a power cut would not have taken.
    """

    def end() -> None:
        log.error("not everything came to its end within %g s of the signal: the rest is left as it is", LONGEST_STOP)
        logging.shutdown()
        os._exit(1)

    timer = threading.Timer(LONGEST_STOP, end)
    timer.daemon = True
    timer.start()


async def until_told_to_stop(
    servers: Sequence[tuple[uvicorn.Server, socket.socket]], before_stop: Callable[[], Awaitable[None]] | None = None
) -> None:
    """Serve each on its socket until SIGINT or SIGTERM; `before_stop` ends what would hold connections open."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    # `_serve` leaves signals alone; `serve` takes them for itself, which two servers in one process can't share.
    serving = [asyncio.create_task(one._serve([listening])) for one, listening in servers]
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait([*serving, stopping], return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if before_stop is not None:
        await before_stop()
    for one, _ in servers:
        one.should_exit = True
    await asyncio.gather(*serving)
