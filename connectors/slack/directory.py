"""Who is who: from the policy's e-mail addresses to Slack accounts and back."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.slack.client import RateLimited, Rejected, SlackClient, SlackProblem
from leads.office import Office
from sla_engine.policy import Policy
from storage import people
from storage.people import Person

ASK_AGAIN_AFTER = timedelta(minutes=10)
"""How long Slack is not asked again about somebody it doesn't know."""


class Directory:
    """Slack accounts by e-mail and the other way, remembered in the database."""

    def __init__(
        self, slack: SlackClient, office: Office, policy: Callable[[], Policy], now: Callable[[], datetime]
    ) -> None:
        self._slack = slack
        self._office = office
        self._policy = policy
        self._now = now
        self._not_found: dict[str, datetime] = {}
        self._ids: dict[str, str] = {}
        self._wait_until = now()

    async def slack_id(self, email: str) -> str:
        """The Slack id of a person. Raises `SlackProblem`: `Rejected` when Slack has nobody of this address."""
        if email not in self._ids:
            self._ids[email] = await self._find(email)
        return self._ids[email]

    def forget(self, email: str) -> None:
        """Slack would not write to this person: the next message looks for it anew."""
        self._ids.pop(email, None)

    async def _find(self, email: str) -> str:
        person = await self._office.read(people.find, email)
        if person is not None and person.slack_id is not None:
            return person.slack_id
        wait = (self._wait_until - self._now()).total_seconds()
        if wait > 0:
            raise RateLimited(wait)
        try:
            return await self._remember(email, await self._look_up(email))
        except RateLimited as limit:
            self._wait_until = self._now() + timedelta(seconds=limit.seconds)
            raise

    async def _look_up(self, email: str) -> dict[str, Any]:
        override = next((rep.slack_id for _, rep in self._policy().reps() if rep.email == email and rep.slack_id), None)
        if override is not None:
            answer = await self._slack.call("users.info", user=override)
        else:
            answer = await self._slack.call("users.lookupByEmail", email=email)
        found: dict[str, Any] = answer["user"]
        return found

    async def email(self, slack_id: str) -> str | None:
        """The e-mail of whoever is behind a click; None when neither Slack nor the policy tells it.

        Only of those whom the policy names, or who were met before, is anything kept.
        """
        met = await self._office.read(people.by_slack_id, slack_id)
        if met is not None:
            return met
        override = next((rep.email for _, rep in self._policy().reps() if rep.slack_id == slack_id), None)
        try:
            user = (await self._slack.call("users.info", user=slack_id))["user"]
        except SlackProblem:
            return override
        email = override or str(user.get("profile", {}).get("email") or "").casefold()
        if not email:
            return None
        if email in self._policy().people() or await self._office.read(people.find, email) is not None:
            await self._remember(email, user)
        return email

    async def changed(self, user: dict[str, Any]) -> None:
        """Slack tells of a change in a person's profile: name, time zone or status; of strangers nothing is kept."""
        email = await self._office.read(people.by_slack_id, str(user.get("id") or ""))
        if email is not None:
            await self._office.run(self._office.desk.described, email, facts(user))

    async def introduce(self) -> None:
        """Look up everyone the policy names and nobody has met; whoever can't be found is left for later."""
        known = await self._office.read(people.everyone)
        recently = self._now() - ASK_AGAIN_AFTER
        for email in self._policy().people():
            met = email in known and known[email].slack_id is not None
            if met or self._not_found.get(email, recently) > recently:
                continue
            try:
                await self.slack_id(email)
            except Rejected:
                self._not_found[email] = self._now()
            except SlackProblem:
                return

    async def person(self, email: str) -> Person:
        """What is known of a person."""
        return await self._office.read(people.find, email) or Person(email)

    async def _remember(self, email: str, user: dict[str, Any]) -> str:
        slack_id = str(user["id"])
        await self._office.run(lambda tx: people.change(tx, email, slack_id=slack_id, **facts(user)))
        return slack_id


def facts(user: dict[str, Any]) -> dict[str, Any]:
    """What Slack says of a person: name and time zone, where it says them, and the status they have set.

    A status is an emoji and words, and it ends at an instant (UTC), or at none.
    """
    profile = user.get("profile") or {}
    name = profile.get("real_name") or user.get("real_name") or user.get("name")
    known = {key: value for key, value in (("name", name), ("timezone", user.get("tz"))) if value}
    said = " ".join(filter(None, (profile.get("status_emoji"), profile.get("status_text"))))
    end = profile.get("status_expiration")
    until = datetime.fromtimestamp(end, UTC) if isinstance(end, int) and end > 0 else None
    return {**known, "status": said or None, "status_until": until}
