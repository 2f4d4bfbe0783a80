"""Slack-shaped ids, the same in every run: a counter per kind."""

from collections import Counter

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Identifiers:
    """Hands out `U0SBX00001`, `C0SBX00001`, … in order."""

    def __init__(self) -> None:
        self._used: Counter[str] = Counter()

    def next(self, kind: str) -> str:
        self._used[kind] += 1
        return f"{kind}0SBX{base36(self._used[kind]):0>5}"

    def next_short(self) -> str:
        """Five letters, as Slack gives blocks and elements that come without an id."""
        self._used[""] += 1
        return f"{base36(self._used['']):0>5}"


def base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = DIGITS[rest] + digits
    return digits or "0"
