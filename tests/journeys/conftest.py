"""What the journeys share."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import pytest

from tests.sample import changed
from tests.world import World


class Build(Protocol):
    """Builds a world with settings of the test's choice."""

    def __call__(self, **choices: Any) -> World: ...


def edit(world: World, **changes: Any) -> None:
    """The policy is edited, as the service sees it after its next start."""
    world.service.policy = replace(world.service.policy, **changes)


@pytest.fixture
def policy(tmp_path: Path) -> Callable[..., Path]:
    """A function that writes a copy of the acceptance policy with some of its texts replaced."""

    return partial(changed, tmp_path)
