"""What the cards in Slack show: a redrawing that changes nothing is to cost none of the 50 `chat.update` a minute."""

import hashlib

from connectors.memory import Memory
from connectors.slack.markup import Content

Place = tuple[str, str]
"""Slack's channel and ts."""
REMEMBERED = 20_000


class Looks:
    """The looks of cards, as far as they are known.

    Unless this process `is_alone`, another may have drawn a card since, and Slack does not tell how it looks: then what
    is known counts for the redrawing in which it was drawn alone, so that one that the pace breaks off goes on where it
    was. A redrawing is known by the id of its message.
    """

    def __init__(self, *, is_alone: bool) -> None:
        self._is_alone = is_alone
        self._shown: Memory[Place, tuple[int, bytes]] = Memory(REMEMBERED)

    def is_shown(self, place: Place, content: Content, redrawing: int) -> bool:
        """Whether the card there is known to look like this."""
        return self._shown.get(place) == self._look(content, redrawing)

    def forget(self, place: Place) -> None:
        """Nobody knows how the card there looks."""
        self._shown.pop(place, None)

    def remember(self, place: Place, content: Content, redrawing: int) -> None:
        """The card there looks like this."""
        self._shown[place] = self._look(content, redrawing)

    def _look(self, content: Content, redrawing: int) -> tuple[int, bytes]:
        return 0 if self._is_alone else redrawing, _hash(content)


def _hash(content: Content) -> bytes:
    return hashlib.blake2b(repr(content).encode(errors="replace"), digest_size=16).digest()
