"""The buyer in words: who they are, what they want, how hot, how to reach them, and what brought them."""

import re

from connectors.slack.markup import count, flat, literal, mail_link, phone_link, phrase, quote, web_link
from sla_engine.lead import Lead, LeadData

HOT, WARM = 90, 75
NAMELESS = "Somebody without a name"
# `e-mail` stays one word.
_BETWEEN_WORDS = re.compile(r"_|(?<=\w\w)-(?=\w\w)")


def introduction(data: LeadData) -> str:
    """Name, title and company as markup: `Pat Lee, VP Operations at Northwind`."""
    return ", ".join(filter(None, (called(data), occupation(data))))


def called(data: LeadData) -> str:
    """Their name as markup, or what to say when nothing printable came."""
    return phrase(data.name, 80) or phrase(data.email, 80) or NAMELESS


def occupation(data: LeadData) -> str:
    """Title and company, as far as they are known, as markup."""
    title, company = phrase(data.title or "", 60), phrase(data.company or "", 80)
    return f"{title} at {company}" if title and company else title or company


def headline(data: LeadData) -> str:
    """Name and company as plain text: `Pat Lee · Northwind`."""
    return " · ".join(
        filter(None, (literal(data.name, 70) or literal(data.email, 70) or NAMELESS, literal(data.company or "", 60)))
    )


def humanise(name: str) -> str:
    """An identifier as words to begin with: `demo_request` is Demo request, `API` stays as it is."""
    words = spaced(name)
    return words[:1].upper() + words[1:]


def spaced(name: str) -> str:
    """An identifier as words within a sentence: `fleet_tracking` is fleet tracking."""
    return flat(_BETWEEN_WORDS.sub(" ", name))


def request(data: LeadData) -> str:
    """What they asked for, as markup: `Demo request`."""
    return phrase(humanise(data.lead_type or ""), 60)


def heat(data: LeadData) -> str:
    """The score with a word for it, as markup; empty without a score."""
    if data.score is None:
        return ""
    if data.score >= HOT:
        return f":fire: hot, score {data.score:g}"
    return f"warm, score {data.score:g}" if data.score >= WARM else f"score {data.score:g}"


def gist(data: LeadData) -> str:
    """What they want and how hot in one bracket for a sentence: `demo request, score 92`; may be empty."""
    wanted = request(data)
    score = "" if data.score is None else f"score {data.score:g}"
    return ", ".join(filter(None, (wanted[:1].lower() + wanted[1:], score)))


def naming(data: LeadData) -> str:
    """The lead in a sentence: `Pat Lee, VP Operations at Northwind (demo request, score 92)`."""
    said = gist(data)
    return f"{introduction(data)} ({said})" if said else introduction(data)


def circumstances(data: LeadData) -> str:
    """Title, industry, size and place in one line of markup; may be empty."""
    place = ", ".join(phrase(part, 40) for part in (data.state, data.country) if part)
    size = count(data.employees, "person", "people") if data.employees else ""
    return " · ".join(
        filter(None, (phrase(data.title or "", 60), phrase(humanise(data.industry or ""), 40), size, place))
    )


def wishes(data: LeadData, limit: int) -> str:
    """Interests and message as markup of several lines; may be empty."""
    interests = phrase(", ".join(map(spaced, data.interests)), 200)
    said = quote(data.message or "", limit)
    return "\n".join(filter(None, (f"Interested in {interests}" if interests else "", said)))


def contact(data: LeadData) -> str:
    """E-mail, telephone and website in one line, as links where they look sane."""
    ways = [mail_link(data.email)]
    ways += [phone_link(data.phone)] if data.phone else []
    ways += [web_link(data.website)] if data.website else []
    return " · ".join(way for way in ways if way)


def origin(lead: Lead) -> str:
    """Which marketing action brought the lead, and the id to ask more about it with."""
    parts = [
        f"From {phrase(humanise(lead.data.source or '') or lead.door, 80)}",
        f"campaign {phrase(humanise(lead.data.campaign), 80)}" if lead.data.campaign else "",
        f"lead `{phrase(lead.id, 40)}`",
    ]
    return " · ".join(filter(None, parts))
