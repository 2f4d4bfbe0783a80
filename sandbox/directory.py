"""Who is there and where they talk: users, channels, and each person's direct message with the bot."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sandbox.identifiers import Identifiers
from sandbox.model import Channel, Json, User


class Directory:
    """All lookups answer `None` for what is not there; the Web API turns that into Slack's errors."""

    def __init__(self, ids: Identifiers, bot_name: str) -> None:
        self._ids = ids
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.bot = self.add_user(bot_name.lower(), bot_name, "", tz="UTC", title="", is_bot=True)
        self.slackbot = User("USLACKBOT", "slackbot", "Slackbot", "", tz="UTC", is_bot=True)
        self.users[self.slackbot.id] = self.slackbot

    def add_user(self, name: str, real_name: str, email: str, *, tz: str, title: str, is_bot: bool = False) -> User:
        user = User(self._ids.next("U"), name, real_name, email, tz=tz, title=title, is_bot=is_bot)
        self.users[user.id] = user
        return user

    def add_channel(self, channel: Channel) -> Channel:
        self.channels[channel.id] = channel
        return channel

    def people(self) -> list[User]:
        return [u for u in list(self.users.values()) if not u.is_bot]

    def user_by_email(self, email: str) -> User | None:
        wanted = email.strip().lower()
        return next((u for u in self.people() if u.email.lower() == wanted and not u.deleted), None)

    def channel_by_name(self, name: str) -> Channel | None:
        wanted = name.removeprefix("#")
        return next((c for c in list(self.channels.values()) if c.kind == "channel" and c.name == wanted), None)

    def im(self, user_id: str, created: int = 0) -> Channel:
        """The direct message between this person and the bot, opened if need be."""
        for channel in list(self.channels.values()):
            if channel.kind == "im" and channel.user == user_id:
                return channel
        members = [self.bot.id, user_id]
        return self.add_channel(
            Channel(self._ids.next("D"), "", kind="im", members=members, user=user_id, created=created)
        )

    def visible_to(self, user_id: str) -> list[Channel]:
        """Public channels and the person's own private ones, in the order they were made; no direct messages."""
        return [
            c
            for c in list(self.channels.values())
            if c.kind == "channel" and not c.is_archived and (not c.is_private or user_id in c.members)
        ]


def tz_offset(user: User, now: datetime) -> int:
    """Seconds east of UTC at `now`, as `users.info` reports it."""
    offset = now.astimezone(ZoneInfo(user.tz)).utcoffset()
    return int(offset.total_seconds()) if offset else 0


def user_json(user: User, team_id: str, now: datetime, with_email: bool) -> Json:
    """The user object of `users.info`."""
    profile: Json = {
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.name,
        "display_name_normalized": user.name,
        "title": user.title,
        "status_text": user.status_text,
        "status_emoji": user.status_emoji,
        "status_expiration": user.status_expiration,
        "team": team_id,
    }
    if with_email and user.email:
        profile["email"] = user.email
    zone = now.astimezone(ZoneInfo(user.tz))
    return {
        "id": user.id,
        "team_id": team_id,
        "name": user.name,
        "deleted": user.deleted,
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_label": zone.tzname(),
        "tz_offset": tz_offset(user, now),
        "profile": profile,
        "is_admin": user.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_bot": user.is_bot and user.id != "USLACKBOT",
        "is_app_user": False,
        "updated": int(now.timestamp()),
    }
