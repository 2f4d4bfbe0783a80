"""The door of the Web API: faults, token, pace, scopes, then the method, then the audit."""

import asyncio
import json
import secrets
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from sandbox.connection import hang_up
from sandbox.errors import SlackRefuses
from sandbox.faults import Fault
from sandbox.model import ApiCall, Json
from sandbox.socket_mode import Sockets
from sandbox.state import State
from sandbox.web_api.arguments import Asked, read_arguments
from sandbox.web_api.call import Call
from sandbox.web_api.methods import METHODS, Method

APP_LEVEL = "apps.connections.open"


@dataclass
class Verdict:
    """What is decided for one call, before any fault hides it."""

    body: Json
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        content = json.dumps(self.body, ensure_ascii=False)
        kind = "application/json; charset=utf-8"
        return Response(content, self.status, {**self.headers, "content-type": kind})


class Door:
    """Answers `/api/{method}`."""

    def __init__(self, state: State, sockets: Sockets) -> None:
        self._state = state
        self._sockets = sockets

    async def answer(self, request: Request) -> Response:
        name = request.path_params["method"]
        self._state.base_url = f"{request.url.scheme}://{request.url.netloc}"
        asked = await read_arguments(request)
        if self._state.switches.down:
            self._record(name, asked, Verdict({"ok": False, "error": "no_answer"}, 503), None)
            return PlainTextResponse("Service Unavailable", 503)
        if name == APP_LEVEL:
            await self._sockets.listen()
        with self._state.lock:
            fault = self._state.faults.take(name, asked.args)
            if fault and not fault.accepts:
                verdict = Verdict(refused_by(fault))
            else:
                verdict = self._decide(name, asked)
            self._record(name, asked, verdict, fault)
        return await self._meet(fault, request, verdict) if fault else verdict.response()

    def _decide(self, name: str, asked: Asked) -> Verdict:
        headers = {"x-slack-req-id": secrets.token_hex(8)}
        try:
            method = METHODS.get(name)
            if method is None:
                raise SlackRefuses("unknown_method", req_method=name)
            headers["x-oauth-scopes"] = self._admit(name, asked)
            headers["x-accepted-oauth-scopes"] = ",".join(method.scopes)
            return Verdict({"ok": True, **self._carry_out(name, method, asked)}, 200, headers)
        except SlackRefuses as refusal:
            if refusal.retry_after is not None:
                headers["retry-after"] = str(refusal.retry_after)
            return Verdict(refusal.answer, refusal.status, headers)

    def _admit(self, name: str, asked: Asked) -> str:
        """The scopes of whoever holds this token."""
        team, switches = self._state.team, self._state.switches
        if not asked.token:
            raise SlackRefuses("not_authed")
        if asked.token not in (team.bot_token, team.app_token):
            raise SlackRefuses("invalid_auth")
        if switches.token_revoked:
            raise SlackRefuses("token_revoked")
        if switches.bot_deactivated:
            raise SlackRefuses("account_inactive")
        app_level = asked.token == team.app_token
        if name != "auth.test" and app_level != (name == APP_LEVEL):
            raise SlackRefuses("not_allowed_token_type")
        return "connections:write" if app_level else ",".join(team.scopes)

    def _carry_out(self, name: str, method: Method, asked: Asked) -> Json:
        wait = self._state.limits.wait_for_method(name, method.per_minute)
        if wait:
            raise SlackRefuses("ratelimited", status=429, retry_after=wait)
        args = {} if asked.as_json and not method.takes_json else asked.args
        call = Call(self._state, name, args)
        call.need(*method.scopes)
        if asked.problem:
            raise asked.problem
        if name == APP_LEVEL:
            return {"url": self._sockets.ticket()}
        return method.answer(call)

    def _record(self, name: str, asked: Asked, verdict: Verdict, fault: Fault | None) -> None:
        status = fault.status if fault and fault.status != 200 else verdict.status
        self._state.record(ApiCall(name, asked.args, self._state.clock.now(), verdict.body, status))

    async def _meet(self, fault: Fault, request: Request, verdict: Verdict) -> Response:
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if fault.hang_up:
            return await hang_up(request)
        if fault.error:
            headers = {} if fault.retry_after is None else {"retry-after": str(fault.retry_after)}
            return Verdict(refused_by(fault), fault.status, headers).response()
        if fault.status != 200:
            return PlainTextResponse("upstream trouble", fault.status)
        return verdict.response()


def refused_by(fault: Fault) -> Json:
    return {"ok": False, "error": fault.error or "no_answer"}
