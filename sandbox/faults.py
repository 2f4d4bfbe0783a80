"""Scripted trouble: what the next calls of a method meet instead of, or after, Slack's ordinary answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Fault:
    """One planned mishap. Unless `accepts`, the call is not carried out. `hang_up` drops the connection unanswered.

    `delay` is in real seconds. `only` restricts the fault to calls with these arguments (`channel="C…"`).
    """

    method: str
    times: int = 1
    accepts: bool = False
    hang_up: bool = False
    status: int = 200
    error: str | None = None
    retry_after: int | None = None
    delay: float = 0.0
    only: Mapping[str, Any] = field(default_factory=dict)

    def meets(self, method: str, args: Mapping[str, Any]) -> bool:
        if self.times < 1 or self.method not in ("*", method):
            return False
        return all(args.get(name) == value for name, value in self.only.items())


class Faults:
    """The plan, first come first served. Method `*` means any."""

    def __init__(self) -> None:
        self._plan: list[Fault] = []

    def ratelimit(self, method: str, retry_after: int, times: int = 1, **only: Any) -> None:
        """HTTP 429 with `Retry-After` in seconds."""
        self._plan.append(Fault(method, times, status=429, error="ratelimited", retry_after=retry_after, only=only))

    def error(self, method: str, error: str, times: int = 1, *, accepts: bool = False, **only: Any) -> None:
        """`ok: false`; with `accepts` the call is carried out all the same, as `internal_error` may mean."""
        self._plan.append(Fault(method, times, accepts=accepts, error=error, only=only))

    def status(self, method: str, status: int = 500, times: int = 1, *, accepts: bool = False, **only: Any) -> None:
        """A bare HTTP error without JSON."""
        self._plan.append(Fault(method, times, accepts=accepts, status=status, only=only))

    def accept_then_drop(self, method: str, times: int = 1, **only: Any) -> None:
        """Carried out, then the connection goes away before a byte of the answer."""
        self._plan.append(Fault(method, times, accepts=True, hang_up=True, only=only))

    def drop(self, method: str, times: int = 1, **only: Any) -> None:
        """The connection goes away before anything is done."""
        self._plan.append(Fault(method, times, hang_up=True, only=only))

    def delay(self, method: str, seconds: float, times: int = 1, **only: Any) -> None:
        """Carried out at once, answered after so many real seconds."""
        self._plan.append(Fault(method, times, accepts=True, delay=seconds, only=only))

    def clear(self) -> None:
        self._plan.clear()

    @property
    def pending(self) -> list[Fault]:
        return [f for f in self._plan if f.times > 0]

    def take(self, method: str, args: Mapping[str, Any]) -> Fault | None:
        """The fault this call runs into, counted off."""
        fault = next((f for f in self._plan if f.meets(method, args)), None)
        if fault is not None:
            fault.times -= 1
            if not fault.times:
                self._plan.remove(fault)
        return fault
