"""The bound: the service's own server, signature check, parsing and writer, committing four bare rows and no more.

`python -m benchmarks.stage.bound DATABASE_URL PORT`. What the product takes longer than this is the price of its rules.
"""

import asyncio
import sys
import time
from functools import partial

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from benchmarks.stage.rows import tables
from bot.serving import listen, run, server, until_told_to_stop
from connectors.generic import parse
from connectors.standard_webhooks import Verifier
from handlers.limits import LARGEST_DELIVERY, BodyLimits
from leads.intake import new_id
from sla_engine.lead import LeadData
from storage.database import open_database
from storage.transaction import Transaction
from storage.writer import Writer
from tests.sample import SECRET

ROWS = (
    "INSERT INTO lead (id, webhook_id, email, company, body) VALUES (?, ?, ?, ?, ?)",
    "INSERT INTO assignment (lead_id, rep, assigned_at) VALUES (?, ?, ?)",
    "INSERT INTO timer (lead_id, due_at) VALUES (?, ?)",
    "INSERT INTO message (lead_id, lane, body) VALUES (?, ?, ?)",
)
NOW = "2026-11-23 15:00:00.000000"


def take(statements: tuple[str, ...], webhook_id: str, data: LeadData, body: str, tx: Transaction) -> str:
    """The four rows."""
    lead = new_id()
    values = ((lead, webhook_id, data.email, data.company, body), (lead, "a@b.example", NOW), (lead, NOW))
    for statement, row in zip(statements, (*values, (lead, "channel:#leads", "{}")), strict=True):
        tx.write(statement, row)
    return lead


def app(url: str) -> Starlette:
    """The application."""
    database = open_database(url)
    kind = database.url.get_backend_name()
    statements = tuple(row if kind == "sqlite" else row.replace("?", "%s") for row in ROWS)
    writer = Writer(database)
    writer.call(lambda tx: [tx.write(statement) for statement in tables(kind)])
    verifier = Verifier.of(SECRET)

    async def receive(request: Request) -> JSONResponse:
        body = await request.body()
        webhook_id = verifier.verify(request.headers, body, time.time())
        data = parse(body)
        assert isinstance(data, LeadData)
        unit = partial(take, statements, webhook_id, data, body.decode())
        lead = await asyncio.wrap_future(writer.submit(unit))
        return JSONResponse({"status": "accepted", "lead_id": lead}, 202)

    return Starlette(
        routes=[
            Route(
                "/webhooks/{source}",
                receive,
                methods=["POST"],
                middleware=[Middleware(BodyLimits, largest=LARGEST_DELIVERY)],
            )
        ]
    )


if __name__ == "__main__":
    listening = listen("127.0.0.1", int(sys.argv[2]))
    run(until_told_to_stop([(server(app(sys.argv[1])), listening)]))
