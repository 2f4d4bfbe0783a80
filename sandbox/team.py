"""Who is who on the wire: the workspace's, the app's and the bot's names and secrets."""

import secrets
from dataclasses import dataclass, field

from sandbox.model import Json


@dataclass
class Team:
    """One workspace with one app installed. Secrets are made up afresh for every run."""

    name: str
    scopes: list[str]
    bot_user_id: str
    id: str = "T0SBX00001"
    app_id: str = "A0SBX00001"
    bot_id: str = "B0SBX00001"
    bot_token: str = field(default_factory=lambda: f"xoxb-sandbox-{secrets.token_hex(16)}")
    app_token: str = field(default_factory=lambda: f"xapp-1-sandbox-{secrets.token_hex(16)}")
    signing_secret: str = field(default_factory=lambda: secrets.token_hex(16))
    verification_token: str = field(default_factory=lambda: secrets.token_hex(12))
    """Deprecated by Slack, and checked by nobody."""

    @property
    def domain(self) -> str:
        return "".join(c for c in self.name.lower() if c.isalnum()) or "sandbox"

    @property
    def url(self) -> str:
        return f"https://{self.domain}.slack.com/"

    @property
    def bot_marks(self) -> Json:
        """What every message of the bot carries."""
        return {"bot_id": self.bot_id, "app_id": self.app_id, "team": self.id}

    @property
    def head(self) -> Json:
        """What every interaction payload carries."""
        return {
            "team": {"id": self.id, "domain": self.domain},
            "enterprise": None,
            "is_enterprise_install": False,
            "api_app_id": self.app_id,
            "token": self.verification_token,
        }
