"""What the log looks like: JSON lines for machines, readable lines for a terminal, no personal data in either.

The rooms log by the standard library and name a lead or a message in `extra`, so everything goes one way, that of
uvicorn, Bolt and APScheduler included.
"""

import logging
import re
import sys
import traceback
from collections.abc import Mapping
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.settings import SettingsMistakes

FORMAT = "HANDOFF_LOG_FORMAT"
JSON, TEXT = "json", "text"
OURS = ("bot", "handlers", "connectors", "leads", "storage", "sla_engine")
SECRETS = re.compile(r"\b(xox[a-z]|xapp|whsec)([-_.])[\w+/=.-]+")
ADDRESS = re.compile(r"[\w.+'’%-]+@(?=\w)")
PASSWORD = re.compile(r"(://[^:/@\s]+:)\S+@")


def set_up(environment: Mapping[str, str]) -> None:
    """Log to stderr: JSON lines, unless it is a terminal or HANDOFF_LOG_FORMAT says otherwise. Raises
    `SettingsMistakes`."""
    wanted = environment.get(FORMAT) or (TEXT if sys.stderr.isatty() else JSON)
    if wanted not in (JSON, TEXT):
        raise SettingsMistakes(f"{FORMAT} is {wanted}: choose {JSON} or {TEXT}.")
    handler = logging.StreamHandler()
    handler.setFormatter(formatter(wanted))
    # Where a line can't be written the library would print the record with all that it holds.
    logging.raiseExceptions = False
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)


def formatter(wanted: str) -> logging.Formatter:
    """What turns a record into a line."""
    render: Processor = structlog.processors.JSONRenderer(ensure_ascii=False)
    if wanted == TEXT:
        render = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    gather: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper("iso", utc=True),
        shorten,
        locate,
        conceal,
    ]
    drop = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=gather, processors=[drop, render])


def shorten(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Of what libraries say only the first line: further down asyncio shows results, and Bolt requests."""
    if str(event.get("logger", "")).partition(".")[0] not in OURS:
        event["event"] = (str(event["event"]).splitlines() or [""])[0]
    return event


def locate(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """An exception by its kind and its place in the code: its text may quote a buyer's words, or the database's row."""
    info = event.pop("exc_info", None)
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["error"] = [_place(one) for one in _causes(error)]
    return event


def _causes(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in found:
        found.append(current)
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return found


def _place(error: BaseException) -> str:
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    return " < ".join([type(error).__name__, *reversed(frames)])


def conceal(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The last guard: tokens, passwords in URLs and the names in e-mail addresses, wherever they come from."""
    return {name: _concealed(value) for name, value in event.items()}


def _concealed(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    value = PASSWORD.sub(r"\1…@", SECRETS.sub(r"\1\2…", value))
    return ADDRESS.sub("…@", value)
