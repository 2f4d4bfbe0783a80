"""What the faults share."""

from collections.abc import Callable

import pytest

from tests.world import SCOPES, World

HISTORY = ("channels:history", "groups:history", "im:history", "im:write")


@pytest.fixture(params=["with history", "without history"])
def either_world(request: pytest.FixtureRequest, make_world: Callable[..., World]) -> World:
    """A world whose bot may read conversations back, and one whose bot may not."""
    return make_world(scopes=(*SCOPES, *(HISTORY if request.param == "with history" else ())))


@pytest.fixture
def reading_world(make_world: Callable[..., World]) -> World:
    """A world whose bot may read conversations back."""
    return make_world(scopes=(*SCOPES, *HISTORY))
