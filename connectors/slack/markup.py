"""Slack's markup: how names, free text, links and instants are written so that they can only be read, never obeyed.

Lead data comes from strangers. What `escape` leaves can't mention anybody, and `phrase` also takes the effect out
of the marks for bold, italic and the like (https://docs.slack.dev/messaging/formatting-message-text).
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sla_engine.names import moment, name_of
from storage.people import Person

ELLIPSIS = "…"
LONGEST = 20_000
"""No place shows more than a small part of this."""
ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
"""In the order they are put in: the ampersand first, or it would be found again in the others."""
# Controls, and letters that are drawn as nothing.
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u115f\u1160\u2800\u3164\uffa0]")
# Half characters, and controls that turn the direction of what follows; right-to-left letters need none of those.
_DROPPED = re.compile(r"[\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_INVISIBLE = {"Cc", "Cf", "Mn", "Zs"}
"""Unicode's categories of what shows nothing by itself."""
_JOINING = {"\u200d", "\ufe0e", "\ufe0f"}
_MARKS = str.maketrans("*_~`", "∗ˍ∼ˋ")
_MARK_AT_EDGE = re.compile(r"(?<![\w])[*_~`]+|[*_~`]+(?![\w])")
_EMAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+'-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}")
_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{4,24}")
_CHANNEL_ID = re.compile(r"[CG][A-Z0-9]{7,}")
_HOST = re.compile(r"(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}(?::[0-9]{1,5})?")
_PATH = re.compile(r"[A-Za-z0-9._~/%?=+-]{0,200}")
_UNIT = re.compile(
    r"(?<=\d) (?=(?:d|h|min|s|%)(?![\w%]))|(?<=\d (?:d|h)) (?=\d+ (?:h|min|s)\b)|(?<=\d min) (?=\d+ s\b)", re.ASCII
)
_AT_THE_END = (".", "!", "?", ELLIPSIS)


@dataclass(frozen=True, slots=True)
class Content:
    """A message: `text` for notifications and screen readers, `blocks` for the eye."""

    text: str
    blocks: list[dict[str, Any]]


def escape(text: str) -> str:
    """The text with Slack's three control characters written as entities."""
    for character, entity in ENTITIES.items():
        text = text.replace(character, entity)
    return text


def clip(text: str, limit: int) -> str:
    """The text, cut with an ellipsis so that it has at most `limit` characters even when it is escaped later."""
    if len(text) <= limit and len(escape(text)) <= limit:
        return text
    room, cut = limit - 1, 0
    for character in text[:room]:
        room -= len(ENTITIES.get(character, " "))
        if room < 0:
            break
        cut += 1
    return text[: _whole(text, cut)].rstrip() + ELLIPSIS


def _whole(text: str, cut: int) -> int:
    # An emoji of several characters is left out whole rather than cut into another one.
    for end in range(cut, max(0, cut - 12), -1):
        joined = end < len(text) and (text[end] in _JOINING or unicodedata.combining(text[end]) > 0)
        if not joined and text[end - 1] != "\u200d":
            return end
    return cut


def flat(text: str) -> str:
    """One line of the text, without control characters, from its first visible one on; empty where none is."""
    line = " ".join(_printable(text[:LONGEST]).split())
    return next((line[at:] for at, one in enumerate(line) if unicodedata.category(one) not in _INVISIBLE), "")


def _printable(text: str) -> str:
    return _DROPPED.sub("", _CONTROLS.sub(" ", text.replace("\r\n", "\n")))


def phrase(text: str, limit: int = 80) -> str:
    """A stranger's words as part of a line of markup: one line, cut, escaped, its marks without effect."""
    return escape(clip(_unmarked(flat(text)), limit))


def literal(text: str, limit: int = 75) -> str:
    """A stranger's words for a plain_text: one line, cut, with brackets that no client can take for a command."""
    return clip(flat(text.replace("<", "‹").replace(">", "›")), limit)


def together(markup: str) -> str:
    """The markup with no-break spaces where a line must not end: between a number and its unit, and within `1 h 5 min`.

    It stays as long as it was, so limits that were kept are kept.
    """
    return _UNIT.sub("\u00a0", markup)


def ended(words: str) -> str:
    """A sentence with one full stop, where its last words may come from a stranger and bring their own."""
    return words if words.endswith(_AT_THE_END) else f"{words}."


def listed(words: Sequence[str]) -> str:
    """Words in a sentence: `a`, `a and b`, `a, b and c`."""
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)


def quote(text: str, limit: int = 500, lines: int = 6) -> str:
    """A stranger's words as a quotation of several lines; empty when there are none."""
    found = [flat(line) for line in _printable(text[: 4 * limit]).split("\n")]
    kept = [line for line in found if line]
    whole = "\n".join(kept[:lines]) + (f" {ELLIPSIS}" if len(kept) > lines else "")
    return "\n".join(f">{line}" for line in escape(clip(_unmarked(whole), limit)).split("\n")) if kept else ""


def _unmarked(text: str) -> str:
    return _MARK_AT_EDGE.sub(lambda found: found[0].translate(_MARKS), text)


def when(instant: datetime, zone: str, now: datetime, *, seconds: bool = False) -> str:
    """An instant in the reader's own time zone; clients that can't do that show it in `zone`, and say so."""
    words = f"{{{'time_secs' if seconds else 'time'}}} {{date_long_pretty}}"
    return f"<!date^{int(instant.timestamp())}^{words}|{escape(moment(instant, zone, now))}>"


def day(instant: datetime, zone: str) -> str:
    """The day of an instant, for the reader as `when` does it."""
    local = instant.astimezone(ZoneInfo(zone))
    return f"<!date^{int(instant.timestamp())}^{{date_long}}|{local:%a %-d %b %Y}>"


def full_name(person: Person | None, email: str) -> str:
    """What Slack calls somebody, else what their address says; as it is, and no markup."""
    return person.name if person and person.name else name_of(email)


def mention(person: Person | None, email: str) -> str:
    """The person as Slack links and notifies them, else their name."""
    if person is not None and person.slack_id:
        return f"<@{person.slack_id}>"
    return phrase(full_name(person, email), 60)


def called(people: Mapping[str, Person], email: str) -> str:
    """The person's name as markup, without notifying them."""
    return phrase(full_name(people.get(email), email) or email, 60)


def channel_name(known_as: str) -> str:
    """A channel by what the policy has for it: its name, or its id, which Slack shows as its name."""
    return f"<#{known_as}>" if _CHANNEL_ID.fullmatch(known_as) else phrase(known_as, 80)


def mail_link(address: str) -> str:
    """The address, as a link when it is one that can be written to."""
    shown = phrase(address, 120)
    return f"<mailto:{address}|{shown}>" if _EMAIL.fullmatch(address) and len(address) <= 120 else shown


def phone_link(number: str) -> str:
    """The telephone number, as a link when it can be dialled."""
    shown, digits = phrase(number, 40), re.sub(r"[^0-9+]", "", number)
    return f"<tel:{digits}|{shown}>" if _PHONE.fullmatch(number.strip()) else shown


def web_link(address: str) -> str:
    """The website, as a link when it is an ordinary http address with a name that shows where it leads."""
    found, shown = address.strip(), phrase(address, 120)
    target = found if found.lower().startswith(("http://", "https://")) else f"https://{found}"
    try:
        parts = urlsplit(target)
    except ValueError:
        return shown
    host, rest = parts.netloc, target.split("://", 1)[1].removeprefix(parts.netloc)
    if not _HOST.fullmatch(host) or not _PATH.fullmatch(rest):
        return shown
    return f"<{target}|{phrase(host + rest.rstrip('/'), 60)}>"


def count(number: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun: `1 lead`, `2 leads`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


@lru_cache(maxsize=256)
def is_zone(name: str) -> bool:
    """Whether the tz database knows this zone."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True
