"""Whatever is in the file: a policy or its mistakes, never a traceback."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.policy import PolicyFile, PolicyMistakes, policy_warnings
from tests.bot.policy.conftest import ACCEPTANCE, TODAY

TEXT = ACCEPTANCE.read_text(encoding="utf-8")
HOSTILE = (
    *"{}[]:,#&*!|>'\"%@`\t\n -?~\x00\x85\u2028\ufeff😀",
    "<<: ", "&a ", "*a", "&a [*a]", "&a {<<: *a}", "- ", "? ", "---\n", "%YAML 9\n", "%TAG ! x\n", "!!int ", "!foo ",
    "!!binary ", "!!set ", "null", "9" * 5_000, "1e999", ".inf", ".nan", "-1", "[]", "{}", '"\\uD800"', '"\\0"',
    "2026-02-30", "1:30", "=", "=>", ">=", "50%", "yes", "../../etc", "C0AAAAAA", "𝟜h",
)  # fmt: skip

edits = st.lists(
    st.tuples(st.integers(0, len(TEXT)), st.integers(0, 40), st.sampled_from(HOSTILE) | st.text(max_size=8)),
    min_size=1,
    max_size=4,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=edits)
def test_a_mangled_policy_is_read_or_refused(tmp_path: Path, edits: list[tuple[int, int, str]]) -> None:
    text = TEXT
    for start, length, replacement in edits:
        text = text[:start] + replacement + text[start + length :]
    answer(tmp_path, text.encode("utf-8", "surrogatepass"))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=60) | st.text(alphabet="ab:-[]{}&*!?<> \n\"'%|", max_size=60).map(str.encode))
def test_noise_is_refused(tmp_path: Path, content: bytes) -> None:
    assert answer(tmp_path, content)


@pytest.mark.parametrize("value", [*HOSTILE, "{a: {b: [c]}}", "[[[]]]", "{2026-01-01: x}"])
def test_a_hostile_value_anywhere_is_read_or_refused(tmp_path: Path, value: str) -> None:
    """Every value that has a line to itself is the hostile one."""
    lines = TEXT.splitlines()
    changed = [line.split(": ", 1)[0] + f": {value}" if ": " in line and "{" not in line else line for line in lines]
    assert answer(tmp_path, "\n".join(changed).encode("utf-8", "surrogatepass"))


def answer(folder: Path, content: bytes) -> str:
    """The mistakes in a file, or nothing when it is a policy; every line can be printed and begins with the file."""
    path = folder / "handoff.yaml"
    path.write_bytes(content)
    refusal = ""
    try:
        file = PolicyFile.read(path)
        policy_warnings(file, file.policy(TODAY))
    except PolicyMistakes as mistakes:
        refusal = str(mistakes)
    for line in refusal.splitlines():
        assert line.encode().startswith(str(path).encode())
    return refusal
