"""Readers for single values: text, numbers, durations, shares, dates, addresses."""

import re
from datetime import date, time, timedelta
from functools import cache
from math import isfinite
from unicodedata import category
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email

from bot.policy.node import Node, Reader, guess

UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
DURATION = re.compile(r"([0-9]{1,9}[smhd]\s*)+")
PART = re.compile(r"([0-9]+)([smhd])")
LONGEST = timedelta(days=366)
"""The longest target: a promise must fall due within a year."""
LONGEST_KEPT = timedelta(days=3_660)
"""The longest that something is kept with an end to it: ten years."""
MOST = 1_000_000
"""No number of a policy is meant to be larger; the databases keep them in 32 bits."""
LONGEST_VALUE = 150
"""What an option of a menu may carry: https://docs.slack.dev/reference/block-kit/composition-objects/option-object"""
DIGITS = re.compile(r"[0-9]{19,}")
SHARE = re.compile(r"([0-9]{1,4})\s*%?")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEKLY = re.compile(r"([a-z]{3,})\s+([01]?[0-9]|2[0-3]):([0-5][0-9])")
# Slack: conversation ids begin with C (or G, older private channels), names have up to 80 characters and no
# capitals, blanks or full stops. https://docs.slack.dev/reference/objects/conversation-object
CHANNEL_ID = re.compile(r"[CG][A-Z0-9]{2,20}")
CHANNEL_NAME = re.compile(r"#?([\w-]{1,80})")
EMOJI = re.compile(r":[a-z0-9_+'-]{1,100}:")
SLACK_USER = re.compile(r"[UW][A-Z0-9]{2,20}")


def text(what: str = "some text", at_most: int = 200, like: str = r".+") -> Reader[str]:
    """Text of up to `at_most` characters that looks like a pattern; a plain number is taken as it is written."""
    pattern = re.compile(like, re.DOTALL)
    limit = f"{what} of at most {at_most} characters"

    def read_text(node: Node) -> str:
        if not legible(node.text) or not pattern.fullmatch(node.text):
            return node.refuse(what, "")
        return node.text if len(node.text) <= at_most else node.refuse(limit, "")

    return read_text


def legible(written: str) -> bool:
    """Whether text is free of control characters and lone surrogates, which databases and Slack refuse."""
    # What can be printed has none of them, and almost all text can.
    return written.isprintable() or not any(category(character) in ("Cc", "Cs") for character in written)


def whole(at_least: int, at_most: int = MOST) -> Reader[int]:
    """A whole number within bounds."""

    def read_whole(node: Node) -> int:
        # What has more digits than a policy's numbers may have was left as text.
        value = at_most + 1 if DIGITS.fullmatch(node.text) else node.value
        if not isinstance(value, int) or isinstance(value, bool) or value < at_least:
            return node.refuse(f"a whole number of at least {at_least}", at_least)
        return value if value <= at_most else node.refuse(f"a whole number of at most {at_most:,}", at_most)

    return read_whole


def number(node: Node) -> float:
    """A number."""
    value = node.value
    if isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value):
        return value
    return node.refuse("a number", 0)


def flag(node: Node) -> bool:
    """True or false."""
    return node.value if isinstance(node.value, bool) else node.refuse("true or false", False)


def duration(node: Node) -> timedelta:
    """A duration above zero with its units, as `90s`, `15m`, `4h`, `2d` or `1h30m`; `d` is 24 h."""
    return _duration(node, LONGEST)


def years(node: Node) -> timedelta:
    """A duration as above that may be of years."""
    return _duration(node, LONGEST_KEPT)


def _duration(node: Node, longest: timedelta) -> timedelta:
    parts = PART.findall(node.text) if DURATION.fullmatch(node.text) else []
    seconds = sum(int(count) * UNITS[unit] for count, unit in parts)
    if 0 < seconds <= longest.total_seconds():
        return timedelta(seconds=seconds)
    if seconds:
        return node.refuse(f"a duration of at most {longest.days}d", longest)
    return node.refuse("a duration above zero with its unit, such as 90s, 15m, 4h or 2d", longest)


def share(node: Node) -> int:
    """A share of the target in per cent."""
    match = SHARE.fullmatch(node.text)
    if match and 1 <= int(match[1]) <= 1_000:
        return int(match[1])
    return node.refuse("a share of the target from 1% to 1000%", 1)


def day(node: Node) -> date:
    """A date of the calendar, as `2026-12-24`."""
    try:
        # Python reads other forms of ISO 8601 as well, such as 2026-W52-4.
        return date.fromisoformat(node.text if DATE.fullmatch(node.text) else "")
    except ValueError:
        return node.refuse("a date such as 2026-12-24", date.min)


def weekly(node: Node) -> tuple[int, time]:
    """A moment of the week, as `mon 09:00`: the weekday, 0 for Monday, and the time of day."""
    match = WEEKLY.fullmatch(node.text.lower())
    if match:
        for weekday, name in enumerate(WEEKDAYS):
            if name.startswith(match[1]):
                return weekday, time(int(match[2]), int(match[3]))
    return node.refuse('a day and a time such as "mon 09:00"', (0, time()))


@cache
def time_zones() -> frozenset[str]:
    """Every IANA time zone there is on this machine."""
    return frozenset(available_timezones())


def timezone(node: Node) -> str:
    """The name of an IANA time zone."""
    if node.text in time_zones():
        return node.text
    return node.refuse(f"a time zone such as America/New_York{guess(time_zones(), node.text)}", "UTC")


def email(node: Node) -> str:
    """An e-mail address, in lower case: people are compared without regard to it."""
    try:
        # `.test` is reserved for testing (RFC 6761) and welcome here; nothing is looked up.
        checked = validate_email(node.text, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return node.refuse("an e-mail address", "")
    if len(checked.normalized) > LONGEST_VALUE:
        return node.refuse(f"an e-mail address of at most {LONGEST_VALUE} characters", "")
    return checked.normalized.lower()


def channel(node: Node) -> str:
    """A Slack channel: its id, or its name with the `#` before it."""
    if CHANNEL_ID.fullmatch(node.text):
        return node.text
    match = CHANNEL_NAME.fullmatch(node.text)
    if match and match[1] == match[1].lower():
        return f"#{match[1]}"
    hint = " (in quotes, or YAML takes it for a comment)" if node.absent else ""
    return node.refuse(f'a channel name such as "#leads"{hint} or a channel id such as C012AB3CD', "")


def emoji(node: Node) -> str:
    """The name of an emoji as Slack writes it, `:palm_tree:`."""
    if EMOJI.fullmatch(node.text):
        return node.text
    return node.refuse('an emoji by its name, such as ":palm_tree:"', "")


def slack_user(node: Node) -> str:
    """The id of a Slack user."""
    if SLACK_USER.fullmatch(node.text):
        return node.text
    return node.refuse("the id of a Slack user such as U012AB3CD", "")


def environment_name(node: Node) -> str:
    """The name of an environment variable; what is refused is not repeated, it could be the secret itself."""
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,99}", node.text) and not node.text.startswith("whsec_"):
        return node.text
    expected = "the name of an environment variable that holds the secret, such as HANDOFF_WEBSITE_SECRET"
    return node.refuse(expected, "", found=None if node.absent else "something else")
