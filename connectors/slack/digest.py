"""The weekly rejection digest: what sales gave back and why, for marketing to act on."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from connectors.slack.blocks import Block, context, divider, header, message, section, sections
from connectors.slack.buyers import humanise
from connectors.slack.markup import Content, count, phrase, quote
from connectors.slack.numbers import percent
from leads.reports import RejectionReport, Tally
from sla_engine.names import name_of, place_of
from sla_engine.policy import Digest, Policy
from storage.queries import Rejection

MOST_ROWS = 15


def rejection_digest(report: RejectionReport, digest: Digest, policy: Policy) -> Content:
    """A week of rejections beside the week before, its ends named in the digest's zone."""
    week, total = period(report.start, report.end, digest.timezone), report.total
    if not total.now:
        return _nothing(report, week)
    title = f"Rejected leads, {week}"
    lead = f"{_summary(report)} {compared(total)}."
    blocks: list[Block] = [header(title), section(lead), divider()]
    blocks += _table("By reason", report.reasons)
    blocks += _table("By source", tuple(replace(one, name=humanise(one.name)) for one in report.sources))
    blocks += _examples(report.examples, policy)
    blocks.append(context(f"{week}, {place_of(digest.timezone)} time · compared with the week before"))
    spoken = "; ".join(f"{phrase(one.name, 60)} {one.now:,}" for one in report.reasons[:5] if one.now)
    return message(f"{title}: {_summary(report, bold='')} {compared(total)}. Most often: {spoken}.", blocks)


def _nothing(report: RejectionReport, week: str) -> Content:
    before = f", after {report.total.before:,} the week before" if report.total.before else ""
    given = f"; {count(report.handed_over, 'lead was', 'leads were')} handed over" if report.handed_over else ""
    said = f"No leads were rejected in the week {week}{before}{given}."
    return message(said, [section(said)])


def period(start: datetime, end: datetime, timezone: str) -> str:
    """A span from instant to instant in a zone: `Mon 9 Nov 10:00 – Mon 16 Nov 10:00`."""
    zone = ZoneInfo(timezone)
    return " – ".join(f"{instant.astimezone(zone):%a %-d %b %H:%M}" for instant in (start, end))


def _summary(report: RejectionReport, bold: str = "*") -> str:
    number = count(report.total.now, "lead was", "leads were")
    if not report.handed_over:
        return f"{bold}{number} rejected{bold},"
    if report.total.now > report.handed_over:  # Leads of the week before came back too.
        return f"{bold}{number} rejected{bold} and {report.handed_over:,} handed over,"
    share = percent(report.total.now, report.handed_over)
    return f"{bold}{number} rejected{bold} of {report.handed_over:,} handed over ({share}),"


def compared(tally: Tally) -> str:
    """The change against the week before, in words: `2 more than the week before (4)`."""
    change = tally.now - tally.before
    if not change:
        return "as many as the week before"
    return f"{abs(change):,} {'more' if change > 0 else 'fewer'} than the week before ({tally.before:,})"


def _table(title: str, rows: tuple[Tally, ...]) -> list[Block]:
    lines = [f"*{title}*", *(_row(row) for row in rows[:MOST_ROWS])]
    if len(rows) > MOST_ROWS:
        rest = sum(row.now for row in rows[MOST_ROWS:])
        lines.append(f"{count(len(rows) - MOST_ROWS, 'other')}: {rest:,}")
    return sections(lines, most=2)


def _row(row: Tally) -> str:
    change = row.now - row.before
    if not change:
        moved = "as before"
    else:
        moved = f"{'▲' if change > 0 else '▼'} {abs(change):,} {'more' if change > 0 else 'fewer'}"
    return f"{phrase(row.name, 80)}: *{row.now:,}* · {moved}"


def _examples(examples: tuple[Rejection, ...], policy: Policy) -> list[Block]:
    lines = [_example(one, policy) for one in examples]
    return [divider(), *sections(["*In the reps' words*", *lines], most=3)] if lines else []


def _example(one: Rejection, policy: Policy) -> str:
    reason = policy.reason(one.reason)
    label = reason.label if reason else one.label
    company = phrase(one.company or "Company unknown", 80)
    return f"{company} · {phrase(label, 80)} · {phrase(name_of(one.rep), 60)}\n{quote(one.note, 300, 3)}"
