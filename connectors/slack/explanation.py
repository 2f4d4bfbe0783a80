"""Why a lead is where it is: how the decision about it came about, how its time is counted, and its history."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from connectors.slack import buyers, history
from connectors.slack.blocks import Block, context, header, message, section, sections
from connectors.slack.markup import Content, called, ended, phrase, when
from connectors.slack.promises import NOUNS, length, reckoning, zone_for
from connectors.slack.situations import Look, situation
from sla_engine.clock import Clock, Kind
from sla_engine.policy import Policy
from sla_engine.turns import in_turns
from storage.history import Entry
from storage.queries import LeadView

SHOWN_HASH = 12
MOST_ENTRIES = 40
MOST_REPS = 60


def why(view: LeadView, entries: list[Entry], policy: Policy, now: datetime) -> Content:
    """Where the lead stands, the decision with everything it looked at, then the history, oldest first."""
    found = situation(Look(view, policy, now, "channel"))
    blocks = [header(buyers.headline(view.lead.data)), section("\n".join(found.lines))]
    blocks += _decision(view, entries, policy, now)
    blocks += _clocks(view, policy)
    zone = zone_for(view, policy)
    told = history.lines(entries, view.people, zone, now)
    if told:
        newest = told[-MOST_ENTRIES:]
        earlier = f", the last {len(newest)} of {len(told):,} entries" if len(told) > len(newest) else ""
        blocks += sections([f"*What happened*{earlier}", *newest], most=16)
    blocks.append(context(buyers.origin(view.lead)))
    said = ended(f" {phrase(view.lead.why, 500)}") if view.lead.why else ""
    return message(f"{found.sentence}{' Why:' if said else ''}{said}", blocks)


def _clocks(view: LeadView, policy: Policy) -> list[Block]:
    told = [(clock, reckoning(clock, view, policy)) for clock in view.clocks if clock.kind is not Kind.ROUTING]
    lines = [_clock(view, clock, sentence) for clock, sentence in told if sentence]
    if (waited := view.lead.first_response_at) is not None:
        lines.append(
            f"• The buyer waited {length(waited - view.lead.received_at, 'elapsed')} from receipt to first contact"
        )
    return sections(["*How the time is counted*", *lines], most=3) if lines else []


def _clock(view: LeadView, clock: Clock, sentence: str) -> str:
    missed = " · *missed*" if clock.breached_at else ""
    who = called(view.people, clock.rep or "")
    return f"• {NOUNS[clock.kind].capitalize()}, {who}: {phrase(sentence, 600)}{missed}"


def _decision(view: LeadView, entries: list[Entry], policy: Policy, now: datetime) -> list[Block]:
    decisions = [entry for entry in entries if entry.event in history.DECISIONS]
    if not decisions:
        return _shortfalls(entries)
    newest = decisions[-1]
    routed = next((entry for entry in reversed(decisions) if entry.detail.get("rules")), None)
    lines = [f"*Why:* {phrase(str(newest.detail.get('line') or ''), 500)}"]
    blocks = [section("\n".join(lines))]
    if routed is not None:
        earlier = "" if routed is newest else when(routed.at, zone_for(view, policy), now)
        blocks += sections(_rules(routed.detail, earlier), most=3)
        blocks += sections(_reps(view, routed.detail, earlier), most=3)
    name = (newest.policy_hash or "unknown")[:SHOWN_HASH]
    return [*blocks, context(f"Decided under policy `{phrase(name, 40)}`")]


def _shortfalls(entries: list[Entry]) -> list[Block]:
    found = (entry.detail["reasons"] for entry in reversed(entries) if "reasons" in entry.detail)
    reasons = next(found, None)
    if not reasons:
        return []
    return sections(["*Why it was not handed over:*", *(f"• {phrase(str(reason), 200)}" for reason in reasons)], most=2)


def _rules(detail: Mapping[str, Any], earlier: str) -> list[str]:
    """The rules that were asked; `earlier` says when, where that is not the decision in force."""
    lines = [f"*The rules when they were last asked*, {earlier}" if earlier else "*Rules, in order*"]
    for number, verdict in enumerate(detail.get("rules") or [], start=1):
        met = phrase(str(verdict.get("obstacle") or ""), 250)
        lines.append(f"{number}. {phrase(str(verdict.get('subject')), 100)}: {met or '*this one decided*'}")
    return lines


def _reps(view: LeadView, detail: Mapping[str, Any], earlier: str) -> list[str]:
    considered: Mapping[str, list[str]] = detail.get("considered") or {}
    if not considered:
        return []
    team = phrase(str(detail.get("team") or ""), 60)
    lines = [f"*The last turn in {team}*, {earlier}" if earlier else f"*Reps of {team}*"]
    gets_it = "*got it*" if earlier else "*gets it*"
    told = [(email, phrase(met, 200) or gets_it) for met, reps in considered.items() for email in reps]
    lines += [f"• {called(view.people, email)}: {said}{_owed(detail, email)}" for email, said in told[:MOST_REPS]]
    if len(told) > MOST_REPS:
        lines.append(f"• and {len(told) - MOST_REPS} more")
    return lines


def _owed(detail: Mapping[str, Any], email: str) -> str:
    """What a rep was owed before and after the turn, where it moved: ` · owed 0.75 → −0.25 turns`."""
    before, after = (detail.get(when) or {} for when in ("owed_before", "owed_after"))
    if email not in after or before.get(email) == after[email]:
        return ""
    return f" · owed {in_turns(before.get(email, 0))} → {in_turns(after[email])} turns"
