"""What the cards in Slack show: a redrawing that changes nothing is to cost none of the 50 `chat.update` a minute."""

import hashlib
from collections.abc import Iterable

from connectors.memory import Memory
from connectors.slack.markup import Content

Place = tuple[str, str]
"""Slack's channel and ts."""
REMEMBERED = 20_000


class Looks:
    """The looks of cards, as far as they are known.

    Unless this process `is_alone`, another may draw a card as soon as nothing of its lead waits here to be drawn, and
    Slack does not tell how it looks: then they are remembered for as long as a redrawing takes, so that one that the
    pace breaks off goes on where it was.
    """

    def __init__(self, *, is_alone: bool) -> None:
        self._is_alone = is_alone
        self._shown: Memory[Place, bytes] = Memory(REMEMBERED)

    def is_shown(self, place: Place, content: Content) -> bool:
        """Whether the card there is known to look like this."""
        return self._shown.get(place) == _hash(content)

    def forget(self, place: Place) -> None:
        """Nobody knows how the card there looks."""
        self._shown.pop(place, None)

    def remember(self, place: Place, content: Content) -> None:
        """The card there looks like this."""
        self._shown[place] = _hash(content)

    def leave(self, places: Iterable[Place]) -> None:
        """All of these are drawn: the next to do so may be another process."""
        if not self._is_alone:
            for place in places:
                self.forget(place)


def _hash(content: Content) -> bytes:
    return hashlib.blake2b(repr(content).encode(errors="replace"), digest_size=16).digest()
