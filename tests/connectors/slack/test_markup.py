"""How strangers' words and instants are written."""

from datetime import timedelta

import pytest

from connectors.slack import markup
from connectors.slack.blocks import section, shorten
from connectors.slack.markup import clip, escape, flat, literal, mention, phrase, quote, when
from tests.connectors.slack.samples import ALICE, MONDAY_NINE, PEOPLE


def test_control_characters_become_entities_once() -> None:
    assert escape("<!channel> & co") == "&lt;!channel&gt; &amp; co"


def test_a_clipped_text_fits_even_when_it_is_escaped_later() -> None:
    assert len(escape(clip("&" * 100, 50))) <= 50
    assert clip("short", 50) == "short"
    assert clip("a long sentence", 8) == "a long…"


def test_an_emoji_of_several_characters_is_not_cut_into_another() -> None:
    family = "👩\u200d👩\u200d👧"
    assert clip("ab" + family, 5) in ("ab…", "ab👩…")


def test_right_to_left_names_stay_but_cannot_turn_the_rest_of_the_line() -> None:
    assert phrase("שלום \u202eעולם") == "שלום עולם"


@pytest.mark.parametrize(
    "text", ["\u200b\u200b \u2060", "\u3164", "\u115f\u1160\uffa0", "\u2800", "\u200d\ufe0f", "\u00ad"]
)
def test_words_of_which_nothing_shows_are_none(text: str) -> None:
    assert (flat(text), phrase(text), literal(text)) == ("", "", "")


def test_what_shows_nothing_before_a_name_pushes_none_of_it_away() -> None:
    assert phrase("\u200b" * 200 + "Pat") == "Pat"
    assert phrase("می\u200cخواهم 👩\u200d👧") == "می\u200cخواهم 👩\u200d👧"


def test_marks_around_words_lose_their_effect_but_not_inside_them() -> None:
    assert phrase("*bold* google_ads") == "∗bold∗ google_ads"


def test_a_name_of_several_lines_becomes_one() -> None:
    assert phrase("Pat\nLee\t Jr") == "Pat Lee Jr"


def test_plain_text_holds_no_bracket_a_client_could_take_for_a_command() -> None:
    assert literal("<!here>") == "‹!here›"


def test_a_quotation_keeps_its_lines_and_says_when_some_are_missing() -> None:
    assert quote("one\n\n<two>") == ">one\n>&lt;two&gt;"
    assert quote("a\nb\nc", lines=2) == ">a\n>b …"
    assert quote(" \n ") == ""


def test_an_instant_is_shown_in_the_readers_zone_and_falls_back_to_one_that_is_named() -> None:
    later = MONDAY_NINE + timedelta(hours=2)
    assert when(later, "America/New_York", MONDAY_NINE) == (
        f"<!date^{int(later.timestamp())}^{{time}} {{date_long_pretty}}|11:00 New York>"
    )


def test_an_instant_shows_its_seconds_only_when_asked_to() -> None:
    assert "{time_secs}" in when(MONDAY_NINE, "UTC", MONDAY_NINE, seconds=True)
    assert "{time_secs}" not in when(MONDAY_NINE + timedelta(seconds=4), "UTC", MONDAY_NINE)


def test_a_number_is_not_parted_from_its_unit_nor_the_parts_of_a_duration_from_each_other() -> None:
    read = section("1 h 30 min of 40 h, 11 min 5 s, 2 d 3 h, 91 % of 12 in time, 5 minutes")["text"]["text"]
    assert read == "1~h~30~min of 40~h, 11~min~5~s, 2~d~3~h, 91~% of 12 in time, 5 minutes".replace("~", "\u00a0")


def test_a_sentence_ends_once() -> None:
    assert [markup.ended(words) for words in ("at Acme Inc.", "at Acme", "really?")] == [
        "at Acme Inc.",
        "at Acme.",
        "really?",
    ]


def test_a_person_without_a_slack_account_is_named() -> None:
    assert mention(PEOPLE[ALICE], ALICE) == "<@U0ALICE>"
    assert mention(None, "bob.lee@acme.example") == "Bob Lee"


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("northwind.example", "<https://northwind.example|northwind.example>"),
        ("http://northwind.example/a?b=1", "<http://northwind.example/a?b=1|northwind.example/a?b=1>"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("https://good.example@evil.example", "https://good.example@evil.example"),
        ("https://x.example/|label", "https://x.example/|label"),
        ("https://[half", "https://[half"),
        ("localhost", "localhost"),
    ],
)
def test_only_an_ordinary_web_address_becomes_a_link(address: str, link: str) -> None:
    assert markup.web_link(address) == link


def test_only_what_can_be_dialled_or_written_to_becomes_a_link() -> None:
    assert markup.phone_link("+1 (415) 555-0123") == "<tel:+14155550123|+1 (415) 555-0123>"
    assert markup.phone_link("call me") == "call me"
    assert markup.mail_link("pat@northwind.example") == "<mailto:pat@northwind.example|pat@northwind.example>"
    assert markup.mail_link("a|b>@x.example") == "a|b&gt;@x.example"


def test_finished_markup_is_cut_before_a_link_or_entity_that_would_not_fit() -> None:
    assert shorten("see <https://northwind.example|it>", 20) == "see …"
    assert shorten("fish &amp; chips", 9) == "fish …"


def test_numbers_have_the_right_noun() -> None:
    assert [markup.count(n, "lead") for n in (0, 1, 2000)] == ["0 leads", "1 lead", "2,000 leads"]
