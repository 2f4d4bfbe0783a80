"""Policy files made from the accepted one by an edit, and what comes of reading them."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.policy import PolicyMistakes, load_policy
from sla_engine.policy import Policy

ACCEPTANCE = Path(__file__).parents[2] / "acceptance.yaml"
TODAY = date(2026, 11, 21)

Edit = tuple[str, str]


def edited(*edits: Edit) -> str:
    """The accepted policy with each old text, which must be there once, replaced by the new one."""
    text = ACCEPTANCE.read_text(encoding="utf-8")
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., Policy]:
    """Read the accepted policy with some edits."""

    def read(*edits: Edit) -> Policy:
        path = tmp_path / "handoff.yaml"
        path.write_text(edited(*edits), encoding="utf-8")
        return load_policy(path, TODAY)

    return read


@pytest.fixture
def mistakes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """The lines that answer a file: the accepted policy with some edits, or a text of one's own."""

    def read(*edits: Edit, text: str | None = None) -> list[str]:
        monkeypatch.chdir(tmp_path)
        path = Path("handoff.yaml")
        path.write_text(edited(*edits) if text is None else text, encoding="utf-8")
        with pytest.raises(PolicyMistakes) as refusal:
            load_policy(path, TODAY)
        return str(refusal.value).splitlines()

    return read
