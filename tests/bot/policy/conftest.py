"""Policy files made from the accepted one by an edit, and what comes of reading them."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from bot.policy import PolicyFile, PolicyMistakes, load_policy, policy_warnings
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


def write(folder: Path, policy: str, tables: Mapping[str, str | bytes]) -> None:
    """A policy file and the tables beside it: `territories` is in territories.csv."""
    (folder / "handoff.yaml").write_text(policy, encoding="utf-8")
    for name, content in tables.items():
        (folder / f"{name}.csv").write_bytes(content if isinstance(content, bytes) else content.encode())


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., Policy]:
    """Read the accepted policy with some edits."""

    def read(*edits: Edit, **tables: str | bytes) -> Policy:
        write(tmp_path, edited(*edits), tables)
        return load_policy(tmp_path / "handoff.yaml", TODAY)

    return read


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """The warnings of the accepted policy with some edits, and with tables beside it by their names."""

    def read(*edits: Edit, **tables: str) -> list[str]:
        monkeypatch.chdir(tmp_path)
        write(Path(), edited(*edits), tables)
        file = PolicyFile.read(Path("handoff.yaml"))
        return list(map(str, policy_warnings(file, file.policy(TODAY))))

    return read


@pytest.fixture
def mistakes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """The lines that answer a file: the accepted policy with some edits, or a text of one's own."""

    def read(*edits: Edit, text: str | None = None, **tables: str | bytes) -> list[str]:
        monkeypatch.chdir(tmp_path)
        write(Path(), edited(*edits) if text is None else text, tables)
        with pytest.raises(PolicyMistakes) as refusal:
            load_policy(Path("handoff.yaml"), TODAY)
        return str(refusal.value).splitlines()

    return read
