"""The weekly rejection digest."""

from dataclasses import replace

from connectors.slack.digest import rejection_digest
from leads.reports import WEEK, RejectionReport, Tally
from storage.queries import Rejection
from tests.connectors.slack.judge import assert_sound, words
from tests.connectors.slack.samples import ALICE, MONDAY_NINE, policy

SAID = Rejection(
    MONDAY_NINE, "L1", "Smith & Sons", "google_ads", None, ALICE, "bad_timing", "Bad timing", "Ask <!here> in *March*"
)
REPORT = RejectionReport(
    MONDAY_NINE - WEEK,
    MONDAY_NINE,
    40,
    Tally("all", 7, 4),
    (Tally("Bad timing", 5, 1), Tally("No budget", 2, 2), Tally("Duplicate", 0, 1)),
    (Tally("google_ads", 6, 1), Tally("webinar", 1, 3)),
    (SAID,),
)
DIGEST = policy().digests[0]


def test_the_digest_counts_compares_and_quotes() -> None:
    content = rejection_digest(REPORT, DIGEST, policy())
    assert_sound(content)
    read = words(content)
    for wanted in (
        "Rejected leads, Mon 16 Nov 09:00 – Mon 23 Nov 09:00",
        "*7 leads were rejected* of 40 handed over (18 %), 3 more than the week before (4).",
        "Bad timing: *5* · ▲ 4 more",
        "No budget: *2* · as before",
        "Google ads: *6* · ▲ 5 more",
        "Webinar: *1* · ▼ 2 fewer",
        "Smith &amp; Sons · Bad timing · Alice\n>Ask &lt;!here&gt; in ∗March∗",
    ):
        assert wanted in read
    assert "Most often: Bad timing 5; No budget 2." in content.text


def test_an_empty_week_is_one_line() -> None:
    empty = replace(REPORT, total=Tally("all", 0, 4), reasons=(), sources=(), examples=())
    content = rejection_digest(empty, DIGEST, policy())
    assert len(content.blocks) == 1
    assert "\n" not in words(content)
    assert content.text.startswith(
        "No leads were rejected in the week Mon 16 Nov 09:00 – Mon 23 Nov 09:00, after 4 the week"
    )


def test_one_lead_is_singular_and_no_share_is_made_up_without_handovers() -> None:
    one = replace(REPORT, handed_over=0, total=Tally("all", 1, 1), examples=())
    assert "*1 lead was rejected*, as many as the week before." in words(rejection_digest(one, DIGEST, policy()))


def test_a_week_begins_and_ends_at_an_instant_of_the_digests_zone() -> None:
    late = replace(REPORT, start=MONDAY_NINE + 5 * WEEK, end=MONDAY_NINE + 6 * WEEK)
    assert "Mon 28 Dec 09:00 – Mon 4 Jan 09:00" in words(rejection_digest(late, DIGEST, policy()))
    elsewhere = replace(DIGEST, timezone="Europe/London")
    assert "Mon 28 Dec 14:00 – Mon 4 Jan 14:00, London time" in words(rejection_digest(late, elsewhere, policy()))


def test_more_rejections_than_handovers_are_no_share_of_them() -> None:
    read = words(rejection_digest(replace(REPORT, handed_over=3), DIGEST, policy()))
    assert "*7 leads were rejected* and 3 handed over, 3 more than the week before (4)." in read


def test_a_long_tail_of_sources_is_summed_up() -> None:
    many = tuple(Tally(f"source {n}", 1, 0) for n in range(400))
    content = rejection_digest(replace(REPORT, sources=many), DIGEST, policy())
    assert_sound(content)
    assert "385 others: 385" in words(content)
