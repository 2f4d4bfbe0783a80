"""The usual way: FastAPI, and an ORM session for each request in the thread pool, committing the same four rows.

`python -m benchmarks.stage.usual DATABASE_URL PORT`. The rows are the bound's; the settings are those its tutorials
give, with the same durability as ours, and SQLite's writers waiting for each other.
"""

import sys
import time
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Request
from sqlalchemy import event
from sqlmodel import Field, Session, SQLModel, create_engine

from bot.serving import listen, run, server, until_told_to_stop
from connectors.standard_webhooks import Unsigned, Verifier
from leads.intake import new_id
from storage.database import open_database
from tests.sample import SECRET

NOW = "2026-11-23 15:00:00.000000"
REGISTRY = SQLModel.metadata.__class__()


class Row(SQLModel):
    """The rows have tables of their own, apart from the product's."""

    metadata = REGISTRY


class UsualLead(Row, table=True):
    __tablename__ = "usual_lead"
    id: str = Field(primary_key=True)
    webhook_id: str = Field(unique=True)
    email: str
    company: str | None = None
    body: str


class UsualAssignment(Row, table=True):
    __tablename__ = "usual_assignment"
    id: int | None = Field(default=None, primary_key=True)
    lead_id: str = Field(foreign_key="usual_lead.id")
    rep: str
    assigned_at: str


class UsualTimer(Row, table=True):
    __tablename__ = "usual_timer"
    id: int | None = Field(default=None, primary_key=True)
    lead_id: str = Field(foreign_key="usual_lead.id")
    due_at: str = Field(index=True)


class UsualMessage(Row, table=True):
    __tablename__ = "usual_message"
    id: int | None = Field(default=None, primary_key=True)
    lead_id: str = Field(foreign_key="usual_lead.id")
    lane: str
    body: str


class Posted(SQLModel):
    """A delivery's body."""

    type: str
    data: dict[str, Any]


def prepare(connection: Any, _record: Any) -> None:
    """As durable as ours."""
    for pragma in ("busy_timeout=20000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def app(url: str) -> FastAPI:
    """The application."""
    engine = create_engine(open_database(url).url, pool_size=20, max_overflow=20)
    if url.startswith("sqlite"):
        event.listen(engine, "connect", prepare)
    REGISTRY.create_all(engine)
    api, verifier = FastAPI(), Verifier.of(SECRET)

    def session() -> Iterator[Session]:
        with Session(engine) as opened:
            yield opened

    async def signed(request: Request) -> str:
        try:
            return verifier.verify(request.headers, await request.body(), time.time())
        except Unsigned as error:
            raise HTTPException(401, str(error)) from error

    def receive(
        posted: Posted,
        webhook_id: Annotated[str, Depends(signed)],
        db: Annotated[Session, Depends(session)],
    ) -> dict[str, str]:
        email, company = posted.data["email"], posted.data.get("company")
        lead = UsualLead(
            id=new_id(), webhook_id=webhook_id, email=email, company=company, body=posted.model_dump_json()
        )
        db.add(lead)
        db.flush()
        db.add(UsualAssignment(lead_id=lead.id, rep="a@b.example", assigned_at=NOW))
        db.add(UsualTimer(lead_id=lead.id, due_at=NOW))
        db.add(UsualMessage(lead_id=lead.id, lane="channel:#leads", body="{}"))
        db.commit()
        return {"status": "accepted", "lead_id": lead.id}

    api.post("/webhooks/{source}", status_code=202)(receive)
    return api


if __name__ == "__main__":
    listening = listen("127.0.0.1", int(sys.argv[2]))
    run(until_told_to_stop([(server(app(sys.argv[1])), listening)]))
