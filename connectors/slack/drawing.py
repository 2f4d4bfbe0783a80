"""From an outbox row, which says what happened, to what Slack is sent: drawn from the lead as it is now."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from connectors.slack import cards, digest, home, reminders, teams, undelivered
from connectors.slack.markup import Content
from connectors.slack.presence import MOST_CHANGES
from connectors.slack.returned import returned
from leads import reports
from sla_engine.clock import Clock
from sla_engine.lead import Lead, Plan
from sla_engine.permission import looked_after
from sla_engine.policy import Policy, Team
from storage import caps, clocks, lanes, leaves, outbox, people, presence, queries
from storage.clocks import Timer
from storage.outbox import Message
from storage.queries import LeadView
from storage.transaction import Transaction

NEAR = timedelta(minutes=10)
"""A reminder that may have arrived is not repeated when the next one comes this soon."""


@dataclass(frozen=True, slots=True)
class Post:
    """A message to post; `thread_ts` is the card it belongs under, `broadcast` shows it in the channel too."""

    content: Content
    thread_ts: str | None = None
    broadcast: bool = False


@dataclass(frozen=True, slots=True)
class Redraw:
    """Cards to draw again: channel, ts, and what they show now. `posting` means one more is on its way."""

    cards: tuple[tuple[str, str, Content], ...]
    posting: bool


Drawn = Post | Redraw | None
"""None when the news is stale: nobody needs to hear of it any more."""


class UnknownKind(Exception):
    """A newer version wrote a message of a kind that this one does not know."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"this version of Handoff knows no message of the kind {kind}")


@dataclass(frozen=True, slots=True)
class Scene:
    """What a message about a lead is drawn from."""

    tx: Transaction
    message: Message
    view: LeadView
    policy: Policy
    now: datetime


def draw(tx: Transaction, messages: Sequence[Message], policy: Policy, now: datetime) -> list[tuple[Message, Drawn]]:
    """What to send for each of these rows; those of one lead are drawn from one look at it.

    Raises `UnknownKind` for what a newer version wrote.
    """
    about = {message.lead_id for message in messages if message.lead_id}
    views = queries.lead_views(tx, about, people.OnDemand(tx))
    return [(message, _draw(tx, message, views.get(message.lead_id or ""), policy, now)) for message in messages]


def _draw(tx: Transaction, message: Message, view: LeadView | None, policy: Policy, now: datetime) -> Drawn:
    if message.kind == "digest":
        return _digest(tx, message, policy)
    if message.kind == "undeliverable":
        return Post(undelivered.notice(message, view))
    if (drawing := DRAWN.get(message.kind)) is None:
        raise UnknownKind(message.kind)
    return None if view is None else drawing(Scene(tx, message, view, policy, now))


def draw_card(message: Message, view: LeadView, policy: Policy, now: datetime, *, is_old: bool = False) -> Content:
    """A card as it should look now; `is_old` if there is a later one of the lead in its conversation."""
    audience: Literal["rep", "channel"] = "rep" if message.detail["audience"] == "rep" else "channel"
    return cards.lead_card(view, policy, now, audience=audience, rep=message.detail.get("rep"), is_old=is_old)


def _card(scene: Scene) -> Post | None:
    lead, detail = scene.view.lead, scene.message.detail
    if detail["audience"] == "rep" and (lead.rep != detail["rep"] or lead.plan is not Plan.ASSIGNED):
        return None
    return Post(draw_card(scene.message, scene.view, scene.policy, scene.now))


def _redraw(scene: Scene) -> Redraw:
    tx, view, policy, now = scene.tx, scene.view, scene.policy, scene.now
    # Asked before the cards are looked for: one that comes up in between is at worst drawn once more.
    posting = outbox.card_under_way(tx, view.lead.id)
    found = outbox.cards(tx, view.lead.id)
    newest = {card.lane: card.id for card in found}
    drawn = tuple(
        (card.channel or "", card.ts or "", draw_card(card, view, policy, now, is_old=card.id != newest[card.lane]))
        # Who has the lead looks at theirs.
        for card in sorted(found, key=lambda card: card.detail.get("rep") != view.lead.rep)
        if card.ts is not None
    )
    return Redraw(drawn, posting)


def _reminder(scene: Scene) -> Post | None:
    tx, message, view, policy, now = scene.tx, scene.message, scene.view, scene.policy, scene.now
    share, audience = int(message.detail["share"]), message.detail["audience"]
    clock = next((clock for clock in view.clocks if clock.id == message.detail["clock"]), None)
    if clock is None or is_stale(view.lead, clock, message.detail) or outbox.overtaken(tx, message):
        return None
    if any((timer.share or 0) > share and audience in timer.detail["notify"] for timer in _reached(tx, clock, now)):
        return None
    if audience == "rep" and view.lead.rep != clock.rep:
        return None  # They hear that it was taken.
    content = reminders.reminder(view, clock, policy, now, audience=audience)
    if audience != "channel":
        return Post(content)
    standing = [card for card in outbox.cards(tx, view.lead.id) if card.lane == message.lane and card.ts is not None]
    parent = standing[-1].ts if standing else None
    return Post(content, parent, broadcast=parent is not None and share >= 100)


def _return(scene: Scene) -> Post | None:
    content = returned(scene.view, lanes.reader(scene.message.lane) or "", scene.policy)
    return Post(content) if content else None


def _taken(scene: Scene) -> Post | None:
    rep = scene.message.detail["rep"]
    if scene.view.lead.rep == rep:
        return None  # They have it again.
    return Post(reminders.taken(scene.view, rep, scene.policy, scene.now))


def _resumed(scene: Scene) -> Post | None:
    if not is_counting(scene.view.lead, scene.message.detail["rep"]):
        return None
    return Post(reminders.resumed(scene.view, scene.policy, scene.now))


DRAWN: Mapping[str, Callable[[Scene], Drawn]] = {
    "card": _card,
    "cards": _redraw,
    "reminder": _reminder,
    "return": _return,
    "taken": _taken,
    "resumed": _resumed,
}
"""Every kind of message about a lead, and what draws it."""
KINDS = (*DRAWN, "undeliverable", "digest")
"""Everything the outbox tells of."""


def is_told_again(tx: Transaction, message: Message, now: datetime) -> bool:
    """Whether a reminder is followed by another of the same promise to the same people, and soon."""
    if message.kind != "reminder":
        return False
    audience, pending = message.detail["audience"], clocks.pending(tx, message.detail["clock"])
    soon = (timer for timer in pending if timer.due_at is not None and timer.due_at <= now + NEAR)
    return any(audience in timer.detail["notify"] for timer in soon)


def _reached(tx: Transaction, clock: Clock, now: datetime) -> list[Timer]:
    """Levels whose instant has passed, and whose own news is about to come."""
    return [timer for timer in clocks.pending(tx, clock.id) if timer.due_at is not None and timer.due_at <= now]


def is_stale(lead: Lead, clock: Clock, level: Mapping[str, Any]) -> bool:
    """Whether the news of a level came too late.

    The promise was answered; nothing was broken and it stands still, or fell away by another's hand than this level's;
    or it fell away since the lead is over, or past all promises with the same rep. Where a promise was broken, or the
    level took the lead away, people are told, also if the lead came back to the same rep.
    """
    if clock.answered:
        return True
    is_broken = level["share"] >= 100
    if clock.stopped_at is None:
        return clock.is_paused and not is_broken
    if not (is_broken or level.get("takes")):
        return True
    return not lead.status.is_open or (clock.rep == lead.rep and not lead.status.is_worked)


def is_counting(lead: Lead, rep: str) -> bool:
    """Whether a lead is still in work with this rep, and not paused again."""
    return lead.rep == rep and lead.status.is_worked and lead.paused_at is None


def _digest(tx: Transaction, message: Message, policy: Policy) -> Post | None:
    wanted = next((one for one in policy.digests if one.name == message.detail["name"]), None)
    if wanted is None:
        return None
    report = reports.rejections(tx, policy, wanted, datetime.fromisoformat(message.detail["end"]))
    return Post(digest.rejection_digest(report, wanted, policy))


def draw_home(tx: Transaction, email: str, policy: Policy, now: datetime) -> dict[str, Any]:
    """A person's Home tab as it should look now."""
    managed = looked_after(policy, email)
    floors = [_floor(tx, team, policy) for team in managed[: home.MOST_TEAMS]]
    rest = [team.name for team in managed[home.MOST_TEAMS :]]
    reps = list(dict.fromkeys([email, *(member for one in floors for member in teams.members(one.team))]))
    known = people.everyone(tx)
    company = home.Company(
        known,
        queries.kept(tx, [*{*reps, *known}] if floors else [email], now - reports.SPAN),
        policy,
        now,
        leaves.ahead(tx, reps, now),
        caps.of(tx, reps),
        presence.latest(tx, [email], MOST_CHANGES),
    )
    return home.home(email, queries.open_leads(tx, email), floors, company, more=rest)


def _floor(tx: Transaction, team: Team, policy: Policy) -> teams.Floor:
    changes = presence.latest(tx, [rep.email for rep in team.reps], MOST_CHANGES)
    return teams.Floor(team, queries.open_leads_of_team(tx, team.name, policy), changes)
