"""The documentation agrees with itself and with the repository."""

import dataclasses
import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

from bot.policy import load_policy
from bot.policy.node import Node, Section
from connectors.generic import EVENTS, QUALIFIED
from sla_engine.lead import LeadData

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
PAGE_NAMES = [str(page.relative_to(ROOT)) for page in PAGES]


def settings_in_readme() -> dict[str, str]:
    """The settings with a default, and what the table says it is."""
    table = (ROOT / "README.md").read_text().partition("## Settings")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.+?) \|", table, re.MULTILINE)
    return {name: "" if default == "–" else default.strip("`") for name, default in rows}


def settings_in_env_example() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_the_readme_and_env_example_name_the_same_settings_with_the_same_defaults() -> None:
    example = settings_in_env_example()
    secret = example.pop("HANDOFF_WEBSITE_SECRET")
    assert secret == ""
    assert example == settings_in_readme()
    assert len(example) == 7


def test_the_example_policy_asks_for_the_secrets_that_env_example_has() -> None:
    asked = set(re.findall(r"secret_env: *([A-Z_]+)", (ROOT / "examples" / "handoff.yaml").read_text()))
    assert asked <= set(settings_in_env_example())


def test_the_example_policy_has_every_key_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    known: set[str] = set()
    look = Section._at

    def noted(section: Section, key: str) -> Node:
        known.add(key)
        return look(section, key)

    monkeypatch.setattr(Section, "_at", noted)
    example = ROOT / "examples" / "handoff.yaml"
    load_policy(example, date(2026, 11, 23))
    assert {"max_per_week", "rate", "duplicates_by"} <= known
    assert {key for key in known if not re.search(rf"\b{key}:", example.read_text())} == set()


def test_what_the_example_policy_leaves_out_can_be_put_in(tmp_path: Path) -> None:
    text = (ROOT / "examples" / "handoff.yaml").read_text()
    whole = re.sub(r"^# (?=[a-z_]+: )", "", text, flags=re.MULTILINE)
    (tmp_path / "accounts.csv").write_text("domain,rep\nbikes.example,rosa@lindgren.example\n")
    (tmp_path / "handoff.yaml").write_text(whole)
    assert load_policy(tmp_path / "handoff.yaml", date(2026, 11, 23)).accounts


def test_every_setting_in_env_example_is_explained() -> None:
    blocks = (ROOT / ".env.example").read_text().strip().split("\n\n")[1:]
    assert len(blocks) == len(settings_in_env_example())
    assert all(block.startswith("# ") for block in blocks)


def test_every_dependency_has_its_reason_and_every_reason_its_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [*project["project"]["dependencies"]]
    for group in project["dependency-groups"].values():
        wanted += [line for line in group if isinstance(line, str)]
    names = {re.split(r"[\[<>=;~! ]", line)[0] for line in wanted}
    page = (ROOT / "docs" / "dependencies.md").read_text()
    reasons = dict(re.findall(r"^\| `([^`]+)` \| ([^|]+) \|", page, re.MULTILINE))
    assert set(reasons) == names
    assert all(reason.strip() for reason in reasons.values())


def prose(page: Path) -> str:
    return re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)


def anchors(page: Path) -> set[str]:
    """What a link can name of a page, by GitHub's rules: headings without their marks, numbered when they recur."""
    found: list[str] = []
    for heading in re.findall(r"^#{1,6} +(.+?) *#*$", prose(page), re.MULTILINE):
        words = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).lower()
        found.append(re.sub(r"[^\w\- ]", "", words).replace(" ", "-"))
    earlier = (found[:at].count(slug) for at, slug in enumerate(found))
    return {f"{slug}-{number}" if number else slug for slug, number in zip(found, earlier, strict=True)}


@pytest.mark.parametrize("page", PAGES, ids=PAGE_NAMES)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    links = [link.partition("#") for link in re.findall(r"\]\(([^)\s]+)\)", prose(page)) if ":" not in link]
    assert [file for file, _, _ in links if not (page.parent / file).exists()] == []
    named = [(page.parent / file if file else page, anchor) for file, _, anchor in links if anchor]
    assert [(target.name, anchor) for target, anchor in named if anchor not in anchors(target)] == []


def test_headings_have_the_anchors_that_github_gives_them(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# What is kept, and for how long?\n## `--only` & *more*\n## See [it](x.md)\n## See it\n```\n# no\n```\n"
    )
    assert anchors(page) == {"what-is-kept-and-for-how-long", "--only--more", "see-it", "see-it-1"}


def test_no_decision_record_is_longer_than_a_page() -> None:
    records = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert len(records) >= 6
    assert [record.name for record in records if len(record.read_text().splitlines()) > 40] == []


def test_decision_records_have_numbers_of_their_own() -> None:
    numbers = [record.name[:4] for record in (ROOT / "docs" / "decisions").glob("*.md")]
    assert len(numbers) == len(set(numbers))


def test_every_field_and_every_kind_of_news_is_told_to_senders() -> None:
    told = (ROOT / "docs/webhooks.md").read_text()
    fields = {field.name for field in dataclasses.fields(LeadData)} - {"domain"}
    assert [name for name in sorted({*fields, *EVENTS, QUALIFIED}) if f"`{name}`" not in told] == []
