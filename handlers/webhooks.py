"""`POST /webhooks/{source}`: leads and news of leads from the systems that have them.

The order of the checks is the order of trust: a known door, a body we are willing to read, a signature; only then is
the body looked at, and from there on nothing is lost: what can't be used is kept for replay.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.generic import Mistake, Unusable, parse
from connectors.standard_webhooks import Unsigned, Verifier
from handlers.problems import problem, unavailable
from leads.intake import Answer, Delivery, Event, Taken, UnknownExternalId
from leads.office import Office
from sla_engine.lead import LeadData
from sla_engine.refusals import Refused
from storage.database import StoreError

LARGEST_BODY = 256 * 1024
UNKNOWN, FAILED = "unknown", 500
NOT_JSON = "The body must be application/json."
CODES = {Answer.ACCEPTED: 202, Answer.DUPLICATE: 200, Answer.NOT_QUALIFIED: 202}


class TooLarge(Exception):
    """The body is larger than we read."""


@dataclass(frozen=True, slots=True)
class Webhooks:
    """The doors of `sources:`, each with its verifier."""

    office: Office
    verifiers: Mapping[str, Verifier]
    on_answer: Callable[[str, int], None] = lambda _source, _status: None
    """Hears the source and the HTTP status of each answer."""

    def routes(self) -> list[Route]:
        """The routes to mount."""
        return [Route("/webhooks/{source}", self.receive, methods=["POST"])]

    async def receive(self, request: Request) -> Response:
        """One delivery."""
        door = request.path_params["source"]
        # A name that anybody may make up must not become a label.
        source, status = door if door in self.verifiers else UNKNOWN, FAILED
        try:
            response = await self._answer(request)
            status = response.status_code
            return response
        finally:
            self.on_answer(source, status)

    async def _answer(self, request: Request) -> Response:
        door = request.path_params["source"]
        verifier = self.verifiers.get(door)
        if verifier is None:
            return problem(404, f"The policy has no source called {door!r}.")
        try:
            body = await read(request)
            webhook_id = verifier.verify(request.headers, body, time.time())
        except TooLarge:
            return problem(413, f"The body is larger than {LARGEST_BODY // 1024} KiB.")
        except ClientDisconnect:
            return problem(400, "The body ended too early.")
        except Unsigned as error:
            return problem(401, f"The delivery is not accepted: {error}.")
        delivery = Delivery(door, webhook_id)
        try:
            if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
                await self._keep(delivery, body, NOT_JSON)
                return problem(415, f"{NOT_JSON} It is kept for replay.")
            return await self._take(delivery, body)
        except StoreError as error:
            return unavailable(str(error))

    async def _take(self, delivery: Delivery, body: bytes) -> Response:
        field = "type"
        try:
            parsed = parse(body)
            field = "data.status" if isinstance(parsed, Event) and parsed.status else field
            return answer(await self._desk(delivery, parsed))
        except Unusable as error:
            mistakes = error.mistakes
        except UnknownExternalId:
            mistakes = (Mistake("data.external_id", f"no lead with this id has come through {delivery.door} yet"),)
        except Refused as error:
            mistakes = (Mistake(field, str(error)),)
        told = "; ".join(f"{mistake.field}: {mistake.problem}" for mistake in mistakes)
        await self._keep(delivery, body, told)
        return problem(422, f"The body can't be used; it is kept for replay. {told}", errors=[*map(asdict, mistakes)])

    async def _keep(self, delivery: Delivery, body: bytes, problem: str) -> None:
        # PostgreSQL's text has no room for NUL.
        kept = body.decode("utf-8", "replace").replace("\0", "\ufffd")
        await self.office.run(self.office.desk.quarantine, delivery, kept, problem)

    async def _desk(self, delivery: Delivery, parsed: LeadData | Event) -> Taken:
        if isinstance(parsed, Event):
            return await self.office.run(self.office.desk.apply, delivery, parsed)
        return await self.office.run(self.office.desk.ingest, delivery, parsed)


async def read(request: Request) -> bytes:
    """The body, as far as we are willing to read it. Raises `TooLarge`."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise TooLarge
    return bytes(body)


def answer(taken: Taken) -> JSONResponse:
    """What the sender is told, once it is true."""
    told: dict[str, object] = {"status": taken.answer.value, "lead_id": taken.lead_id}
    if taken.answer is Answer.NOT_QUALIFIED:
        told["reasons"] = list(taken.reasons)
    return JSONResponse(told, CODES[taken.answer])
