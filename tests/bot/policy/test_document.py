"""The file as YAML 1.2, and what is not YAML."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.policy import PolicyMistakes, load_policy
from sla_engine.conditions import Condition
from sla_engine.policy import Policy
from tests.bot.policy.conftest import ACCEPTANCE, TODAY, edited

Load = Callable[..., Policy]
Mistakes = Callable[..., list[str]]

COUNTRIES = "[GB, IE, DE, FR, NL]"


def test_no_is_norway(load: Load) -> None:
    assert load((COUNTRIES, "[NO, SE]")).rules[1].when == (Condition("country", values=("NO", "SE")),)


@pytest.mark.parametrize("word", ["on", "off", "yes", "y", "0o7", "012", "1_000", "12:30", "true"])
def test_text_is_compared_as_it_is_written(load: Load, word: str) -> None:
    assert load((COUNTRIES, f"[{word}]")).rules[1].when == (Condition("country", (word,)),)


def test_a_yaml_1_1_directive_does_not_turn_norway_into_false(tmp_path: Path) -> None:
    path = tmp_path / "handoff.yaml"
    path.write_text("%YAML 1.1\n---\n" + edited((COUNTRIES, "[NO]")), encoding="utf-8")
    assert load_policy(path, TODAY).rules[1].when == (Condition("country", ("NO",)),)


def test_quoted_numbers_are_text_and_plain_ones_are_not(load: Load, mistakes: Mistakes) -> None:
    assert load(("max_open: 15", "max_open: +15")).teams["us-inbound"].reps[1].max_open == 15
    assert 'found "15", expected a whole number' in mistakes(("max_open: 15", 'max_open: "15"'))[1]


def test_anchors_and_merge_keys_are_resolved(load: Load) -> None:
    policy = load(
        ("{email: bob@acme.example, max_open: 15, max_per_day: 20}", "&limits {email: bob@acme.example, max_open: 15}"),
        ("{email: femi@acme.example}", "{<<: *limits, email: femi@acme.example}"),
    )
    femi = policy.teams["emea-inbound"].reps[0]
    assert (femi.email, femi.max_open) == ("femi@acme.example", 15)


def test_of_several_merged_mappings_the_first_counts(load: Load) -> None:
    policy = load(("{email: femi@acme.example}", "{<<: [{email: a@acme.example}, {email: b@acme.example, weight: 3}]}"))
    femi = policy.teams["emea-inbound"].reps[0]
    assert (femi.email, femi.weight) == ("a@acme.example", 3)


def test_an_anchor_may_be_defined_again(load: Load) -> None:
    policy = load(
        ("weight: 2", "weight: &n 2"), ("max_open: 15", "max_open: &n 15"), ("max_per_day: 20", "max_per_day: *n")
    )
    assert policy.teams["us-inbound"].reps[1].max_per_day == 15


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("\n  london:", "\n\tlondon:", ":14: found a tab, expected spaces: YAML is indented with spaces only."),
        (
            "[lead_replied]",
            "*replied",
            ":78: found *replied, but nothing is called &replied; put a text that begins with * in quotes.",
        ),
        ("Acme", '"\\UFFFFFFFF"', " is not YAML: it holds a malformed escape or directive."),
        ("Acme", "\x07", ":4: found a control character, which YAML does not allow."),
        ("company:", "---\ncompany:", ":4: found a second document, expected one: remove the line with ---."),
    ],
)
def test_what_is_not_yaml_is_answered_with_one_sentence(mistakes: Mistakes, old: str, new: str, sentence: str) -> None:
    assert mistakes((old, new)) == [f"handoff.yaml{sentence}"]


COLON = (
    "found a colon that can't be here; is the line indented too far, does the one above lack its colon, "
    "or a text with a colon its quotes?"
)


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ('a: "b\nc: d\n', 3, "found no quote that closes the text that begins in line 1."),
        ("a: 'b\n", 2, "found no quote that closes the text that begins in line 1."),
        ('a: "\\d"\n', 1, r"found \d in double quotes; put the text in single quotes."),
        ("a: [1, 2\nb: 3\n", 2, "found neither a comma nor a ] in the list that begins in line 1."),
        ("a: {b: 1\nc: 3\n", 2, "found neither a comma nor a } in the mapping that begins in line 1."),
        ("a: [1,, 2]\n", 1, "found , where a value belongs."),
        ("a: [1, 2]]\n", 1, "found a ] that closes nothing."),
        ('a: "x" y\n', 1, "found text after a closing quote; is there a quote too many, or one too few?"),
        ("a:\n  b: 1\n c: 2\n", 3, "this line is not indented as the others of its section that begins in line 1."),
        ("a:\n  b: 1\n  c\n  d: 1\n", 4, "found no colon in line 3, expected `name: value`, or `- value` in a list."),
        ("a:\n  b: 1\n    c: 2\n", 3, COLON),
        ("a:\n  us\n    reps: []\n", 3, COLON),
        ("a: b: c\n", 1, COLON),
        ("a: @bob\n", 1, "found @ at the beginning of a value; put the value in quotes."),
        ("a: *\n", 1, "found a * or & without a name; put a text that begins with it in quotes."),
        ("a: {", 1, "found the end of the file where a value belongs; is a bracket left open?"),
        ("a: ]\n", 1, "found a ] that closes nothing."),
        ("a: | x\n", 1, "found text behind | or >, expected it on the lines below."),
        ("a: |x\n  b\n", 1, "found text behind | or >, expected it on the lines below."),
    ],
)
def test_what_the_parser_complains_of_is_said_in_a_readers_words(
    mistakes: Mistakes, text: str, line: int, sentence: str
) -> None:
    assert mistakes(text=text) == [f"handoff.yaml:{line}: {sentence}"]


def test_a_file_nested_without_end_is_answered_with_one_sentence(mistakes: Mistakes) -> None:
    assert mistakes(text="[" * 600) == ["handoff.yaml is nested too deeply to be a policy."]


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing but a comment\n", "---\n"])
def test_an_empty_file_is_answered_with_one_sentence(mistakes: Mistakes, text: str) -> None:
    assert mistakes(text=text) == ["handoff.yaml is empty; see examples/handoff.yaml for what belongs into it."]


def test_a_file_that_is_not_there_is_answered_with_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(PolicyMistakes, match=r"handoff\.yaml does not exist: copy examples/handoff\.yaml there"):
        load_policy(tmp_path / "handoff.yaml", TODAY)


def test_a_folder_is_answered_with_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(PolicyMistakes, match=r"can't be read: Is a directory\.$"):
        load_policy(tmp_path, TODAY)


def test_a_file_in_another_encoding_is_answered_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "handoff.yaml"
    path.write_bytes(ACCEPTANCE.read_bytes().replace(b"Acme", b"Caf\xe9"))
    with pytest.raises(PolicyMistakes, match=r"handoff\.yaml:4: is not UTF-8 text; save the file as UTF-8\.$"):
        load_policy(path, TODAY)
