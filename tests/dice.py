"""Chance that can be drawn again alike."""

import random


def dice(seed: int) -> random.Random:
    """The same chances for the same seed, so that a failure can be played again."""
    return random.Random(seed)  # noqa: S311  # no secret depends on it, and a secure source can't be seeded
