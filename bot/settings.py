"""The environment, read once: the process's own, then `.env` in the working directory."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values
from dotenv.parser import parse_stream

from bot.roles import EVERYTHING, TALKING, Role
from connectors.standard_webhooks import BadSecret, Verifier
from sla_engine.policy import Policy

SLACK = "https://slack.com/api/"


class SettingsMistakes(Exception):
    """Settings that are missing or wrong, each in one sentence."""

    def __init__(self, *mistakes: str) -> None:
        self.mistakes = mistakes
        super().__init__("\n".join(mistakes))


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says."""

    config: Path
    database_url: str
    bot_token: str
    app_token: str
    signing_secret: str
    slack_api_url: str
    environment: Mapping[str, str]

    @property
    def socket_mode(self) -> bool:
        """Whether Slack is reached over a websocket that we open, rather than calling us."""
        return bool(self.app_token)


def read_settings(environment: Mapping[str, str] | None = None, file: Path | None = None) -> Settings:
    """From the process's environment, then a `.env` file; what is set but empty counts as not set.

    Raises `SettingsMistakes` when the file can't be read.
    """
    own = os.environ if environment is None else environment
    found = {**_set(_written(file or Path.cwd() / ".env")), **_set(own)}
    url = found.get("SLACK_API_URL", SLACK)
    return Settings(
        config=Path(found.get("HANDOFF_CONFIG", "handoff.yaml")),
        database_url=found.get("DATABASE_URL", "sqlite:///handoff.db"),
        bot_token=found.get("SLACK_BOT_TOKEN", ""),
        app_token=found.get("SLACK_APP_TOKEN", ""),
        signing_secret=found.get("SLACK_SIGNING_SECRET", ""),
        slack_api_url=url if url.endswith("/") else f"{url}/",
        environment=found,
    )


def _set(given: Mapping[str, str | None]) -> dict[str, str]:
    """An empty variable hides none of `.env`: what starts us may hand every name on, with a value or without."""
    return {name: value.strip() for name, value in given.items() if value and value.strip()}


def _written(file: Path) -> Mapping[str, str | None]:
    try:
        text = file.read_text(encoding="utf-8-sig")  # Windows' editor begins it with a byte order mark
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise SettingsMistakes(f"{file}:{line} is not UTF-8 text; save the file as UTF-8.") from error
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SettingsMistakes(f"{file} can't be read: {error.strerror}.") from error
    # The line may hold a secret, so it is not shown.
    lines = parse_stream(StringIO(text))
    if odd := [one.original.line for one in lines if one.error or (one.key and one.value is None)]:
        raise SettingsMistakes(*(f"{file}:{line}: expected NAME=value." for line in odd))
    return dotenv_values(stream=StringIO(text))


def slack_mistakes(settings: Settings, roles: frozenset[Role] = EVERYTHING) -> list[str]:
    """What is missing or wrong for talking to Slack in these roles."""
    mistakes = _unusable(settings) if roles & TALKING else []
    if not settings.bot_token and roles & TALKING:
        mistakes.append("SLACK_BOT_TOKEN is not set: copy the bot token (xoxb-…) from your Slack app's settings.")
    if Role.SLACK in roles and not settings.app_token and not settings.signing_secret:
        mistakes.append(
            "Neither SLACK_APP_TOKEN (xapp-…, for Socket Mode) nor SLACK_SIGNING_SECRET (for HTTP) is set: "
            "Slack's buttons and commands need one of them."
        )
    return mistakes


def _unusable(settings: Settings) -> list[str]:
    """What is set and can't be what was meant: the first call would fail by it, and look like an outage."""
    tokens = {"SLACK_BOT_TOKEN": settings.bot_token, "SLACK_APP_TOKEN": settings.app_token}
    mistakes = [
        f"{name} has blanks, line breaks or odd letters in it: copy the token once more."
        for name, token in tokens.items()
        if not all("!" <= character <= "~" for character in token)
    ]
    if not _is_address(settings.slack_api_url):
        mistakes.append("SLACK_API_URL is no address like https://slack.com/api/.")
    return mistakes


def _is_address(url: str) -> bool:
    try:
        address = urlsplit(url)
    except ValueError:  # for brackets that don't hold a number
        return False
    return address.scheme in ("http", "https") and bool(address.hostname)


def verifiers(settings: Settings, policy: Policy) -> dict[str, Verifier]:
    """What checks the signatures of each source. Raises `SettingsMistakes` when a secret is missing or malformed."""
    found: dict[str, Verifier] = {}
    mistakes: list[str] = []
    for source in policy.sources.values():
        secret = settings.environment.get(source.secret_env, "")
        try:
            found[source.name] = Verifier.of(secret)
        except BadSecret:
            wrong = "is not of the form whsec_<base64>" if secret else "is not set"
            mistakes.append(f"{source.secret_env} {wrong}: the source {source.name!r} in the policy is signed with it.")
    if mistakes:
        raise SettingsMistakes(*mistakes)
    return found
