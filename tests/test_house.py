"""The house style, where a machine can hold it and no linter does."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROOMS = ("bot", "handlers", "sandbox", "connectors", "leads", "storage", "sla_engine", "tests", "benchmarks")
SOURCES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
LONGEST_FILE = 300
LONGEST_FUNCTION = 40
NAMES_THAT_SAY_NOTHING = {"utils", "util", "manager", "service", "common", "helpers", "misc"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def imported_by(path: Path) -> Iterator[str]:
    """The top-level packages a file imports."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0]


def test_no_file_is_too_long() -> None:
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in SOURCES}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_no_function_is_too_long() -> None:
    too_long = [
        f"{name_of(path)}:{function.lineno} {function.name}"
        for path in SOURCES
        for function in functions(path)
        if function.end_lineno is not None and function.end_lineno - function.lineno + 1 > LONGEST_FUNCTION
    ]
    assert too_long == []


def test_the_engine_needs_nothing_but_the_standard_library() -> None:
    known = set(sys.stdlib_module_names) | {"sla_engine"}
    strangers = {name_of(path): set(imported_by(path)) - known for path in (ROOT / "sla_engine").rglob("*.py")}
    assert {name: packages for name, packages in strangers.items() if packages} == {}


def test_the_rooms_below_the_connectors_know_none_of_slacks_words() -> None:
    below = [path for path in SOURCES if path.relative_to(ROOT).parts[0] in ("leads", "storage", "sla_engine")]
    assert [name_of(path) for path in below if re.search(r"slack\.(dev|com)|account_inactive", path.read_text())] == []


def test_modules_have_names_that_say_something() -> None:
    assert [name_of(path) for path in SOURCES if path.stem in NAMES_THAT_SAY_NOTHING] == []


def test_every_folder_of_tests_is_a_package() -> None:
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py")}
    assert [name_of(folder) for folder in folders if not (folder / "__init__.py").exists()] == []


def test_every_silenced_check_has_its_reason_beside_it() -> None:
    silenced = re.compile(r"#\s*(?:noqa|type:\s*ignore)(?::\s*[A-Z0-9, ]+|\[[a-z-, ]+\])?(?P<rest>.*)$")
    without = [
        f"{name_of(path)}:{number}"
        for path in SOURCES
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if (found := silenced.search(line)) and not re.search(r"\w{3}", found["rest"])
    ]
    assert without == []
