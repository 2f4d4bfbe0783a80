"""`POST /webhooks/{source}`: leads and news of leads from the systems that have them.

The order of the checks is the order of trust: a body we are willing to read, a known door, a signature; only then is
the body looked at, and from there on nothing is lost: what can't be used, or breaks us, is kept for replay.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from math import ceil

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Scope

from connectors.admission import admit
from connectors.generic import Unusable, parse
from connectors.pace import Allowance, Pace
from connectors.standard_webhooks import Unsigned, Verifier
from handlers.limits import LARGEST_DELIVERY, BodyLimits
from handlers.problems import problem, unavailable
from leads.intake import Answer, Delivery, Taken
from leads.office import Office
from storage.errors import StoreError

log = logging.getLogger(__name__)
UNKNOWN, FAILED = "unknown", 500
BURST_SECONDS = 10
"""What a source may send in so long it may send at once."""
A_SECOND = timedelta(seconds=1)
ANSWER_SECONDS = 10.0
"""After which a sender is told to come again, rather than kept waiting for a database that is silent."""
NOT_JSON = "The body must be application/json."
BROKEN = "Something went wrong on Handoff's side. The log has the details."
CODES = {Answer.ACCEPTED: 202, Answer.DUPLICATE: 200, Answer.NOT_QUALIFIED: 202}


@dataclass(frozen=True, slots=True)
class Inlet:
    """Where one source comes in: what proves that a delivery is its own, and how many a second it may send."""

    verifier: Verifier
    rate: int
    pace: Pace


def open_inlet(verifier: Verifier, rate: int, now: Callable[[], datetime]) -> Inlet:
    """An inlet for so many deliveries a second in the long run."""
    return Inlet(verifier, rate, Pace(now, Allowance(A_SECOND / rate, rate * BURST_SECONDS)))


@dataclass(frozen=True, slots=True)
class Webhooks:
    """The inlets of `sources:`, by name."""

    office: Office
    inlets: Mapping[str, Inlet]
    on_answer: Callable[[str, int], None] = lambda _source, _status: None
    """Hears the source and the HTTP status of each answer."""

    def routes(self) -> list[Route]:
        """The routes to mount."""
        limits = Middleware(BodyLimits, largest=LARGEST_DELIVERY, on_refusal=self._count)
        return [Route("/webhooks/{source}", self.receive, methods=["POST"], middleware=[limits])]

    async def receive(self, request: Request) -> Response:
        """One delivery."""
        status = FAILED
        try:
            response = await self._answer(request)
            status = response.status_code
            return response
        finally:
            self._count(request.scope, status)

    def _count(self, scope: Scope, status: int) -> None:
        door = scope["path_params"]["source"]
        # A name that anybody may make up must not become a label.
        self.on_answer(door if door in self.inlets else UNKNOWN, status)

    async def _answer(self, request: Request) -> Response:
        name = request.path_params["source"]
        inlet = self.inlets.get(name)
        if inlet is None:
            return problem(404, f"The policy has no source called {name!r}.")
        body = await request.body()
        try:
            webhook_id = inlet.verifier.verify(request.headers, body, time.time())
        except Unsigned as error:
            return problem(401, f"The delivery is not accepted: {error}.")
        # Asked after the signature, so that nobody can use up what is another's.
        if wait := inlet.pace.wait():
            told = f"The source {name!r} may send {inlet.rate:,} deliveries a second: send this one again."
            return problem(429, told, {"retry-after": str(ceil(wait / A_SECOND))})
        inlet.pace.spend()
        delivery = Delivery(name, webhook_id)
        try:
            # What has not begun by then is called off; what has may yet be done, and is known when it is sent again.
            async with asyncio.timeout(ANSWER_SECONDS):
                if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
                    await self._keep(delivery, body, NOT_JSON)
                    return problem(415, f"{NOT_JSON} It is kept for replay.")
                return await self._take(delivery, body)
        except StoreError as error:
            return unavailable(str(error))
        except TimeoutError:
            return unavailable(f"The database has not answered within {ANSWER_SECONDS:g} s.")

    async def _take(self, delivery: Delivery, body: bytes) -> Response:
        try:
            return answer(await self.office.run(admit, self.office.desk, delivery, parse(body)))
        except Unusable as error:
            said = str(error)
            await self._keep(delivery, body, said)
            mistakes = [asdict(mistake) for mistake in error.mistakes]
            return problem(422, f"The body can't be used; it is kept for replay. {said}", errors=mistakes)
        except StoreError:
            raise  # the database is away, and nothing could be kept in it
        except Exception:  # whatever we got wrong, the sender may never send this again
            log.exception("a delivery broke the intake: it is kept for replay", extra=asdict(delivery))
            await self._keep(delivery, body, BROKEN)
            return problem(FAILED, f"{BROKEN} The body is kept for replay.")

    async def _keep(self, delivery: Delivery, body: bytes, problem: str) -> None:
        # PostgreSQL's text has no room for NUL.
        kept = body.decode("utf-8", "replace").replace("\0", "\ufffd")
        await self.office.run(self.office.desk.quarantine, delivery, kept, problem)


def answer(taken: Taken) -> JSONResponse:
    """What the sender is told, once it is true."""
    told: dict[str, object] = {"status": taken.answer.value, "lead_id": taken.lead_id}
    if taken.answer is Answer.NOT_QUALIFIED:
        told["reasons"] = list(taken.reasons)
    return JSONResponse(told, CODES[taken.answer])
