"""Who is who: from the policy's e-mail addresses to Slack accounts and back."""

import contextlib
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.memory import Memory
from connectors.slack.client import RateLimited, Rejected, SlackClient, SlackProblem
from leads.office import Office
from sla_engine.policy import Policy
from storage import people
from storage.people import Person
from storage.transaction import Transaction

log = logging.getLogger(__name__)
ASK_AGAIN_AFTER = timedelta(minutes=10)
"""How long Slack is not asked again about somebody it doesn't know."""
ALIVE_FOR = timedelta(days=1)
"""How long an account is taken to be alive: news of its end need not have reached us."""
ASKED_AFTER_AT_ONCE = 20
"""So many a pass: a start would otherwise spend what Slack allows a minute on people who are well."""
REMEMBERED = 20_000
INACTIVE = "account_inactive"
"""Slack's word for an account that was deactivated."""
NOBODY = frozenset({"user_not_found", "user_not_visible"})
"""Slack's words for an account that is none. https://docs.slack.dev/reference/methods/users.info"""


class Directory:
    """Slack accounts by e-mail and the other way, remembered in the database of the `office`."""

    def __init__(
        self, slack: SlackClient, office: Office, policy: Callable[[], Policy], now: Callable[[], datetime]
    ) -> None:
        self._slack = slack
        self.office = office
        self._policy = policy
        self._now = now
        self._not_found: Memory[str, datetime] = Memory(REMEMBERED)
        self._ids: Memory[str, str] = Memory(REMEMBERED)
        self._seen: Memory[str, datetime] = Memory(REMEMBERED)
        self._gone: set[str] = set()
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
        person = await self.office.read(people.find, email)
        if person is not None and person.slack_id is not None and self._may_be(email, person.slack_id):
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
        named = self._accounts().get(email)
        if named is None:
            answer = await self._slack.call("users.lookupByEmail", email=email)
        else:
            try:
                answer = await self._slack.call("users.info", user=named)
            except Rejected:  # a message will show whether the account can be written to
                answer = {"user": {"id": named}}
        found: dict[str, Any] = answer["user"]
        if found.get("deleted"):
            raise Rejected("user_disabled")
        return found

    def _accounts(self) -> dict[str, str]:
        """The Slack ids that the policy names, by e-mail: they go before any that was found by the address."""
        return {rep.email: rep.slack_id for _, rep in self._policy().reps() if rep.slack_id}

    def _may_be(self, email: str, slack_id: str) -> bool:
        """Whether the policy leaves this account to this person."""
        return self._accounts().get(email, slack_id) == slack_id

    async def email(self, slack_id: str) -> str | None:
        """The e-mail of whoever is behind a click; None when neither Slack nor the policy knows them.

        Only of those whom the policy names, or who were met before, is anything kept. Raises `SlackProblem` when Slack
        does not say who it is.
        """
        named = next((email for email, account in self._accounts().items() if account == slack_id), None)
        met = await self.office.read(people.by_slack_id, slack_id)
        if met is not None and named in (None, met):
            return met
        try:
            user = (await self._slack.call("users.info", user=slack_id))["user"]
        except SlackProblem as problem:
            if named is None and str(problem) not in NOBODY:
                raise
            return named
        email = named or str(user.get("profile", {}).get("email") or "").casefold()
        if not email:
            return None
        is_kept = email in self._policy().people() or await self.office.read(people.find, email) is not None
        if is_kept and self._may_be(email, slack_id):
            await self._remember(email, user)
        return email

    async def changed(self, user: dict[str, Any]) -> None:
        """Slack tells of a person: name, time zone or status, or that their account was deactivated.

        Of strangers nothing is kept.
        """
        email = await self.office.read(people.by_slack_id, str(user.get("id") or ""))
        if email is None:
            return
        self._seen[email] = self._now()
        if not user.get("deleted"):
            await self.office.run(self.office.desk.described, email, facts(user))
            return
        log.warning("somebody's Slack account was deactivated: another of the same address is looked for")
        self._gone.add(email)
        self.forget(email)
        await self.office.run(self.office.desk.deactivated, email, INACTIVE)
        with contextlib.suppress(SlackProblem):  # They are passed over, and looked for again.
            await self.slack_id(email)

    async def introduce(self) -> None:
        """Look up everyone the policy names and nobody has met, and whether others are still there.

        Whoever can't be found is left for later.
        """
        known, accounts = await self.office.read(people.everyone), self._accounts()
        self._forget_moved(known)
        recently = self._now() - ASK_AGAIN_AFTER
        for email in self._policy().people():
            account = known[email].slack_id if email in known else None
            is_met = account is not None and account == accounts.get(email, account)
            if is_met or self._not_found.get(email, recently) > recently:
                continue
            try:
                await self.slack_id(email)
            except Rejected:
                self._not_found[email] = self._now()
            except SlackProblem:
                return
        await self._ask_after(known)

    def _forget_moved(self, known: Mapping[str, Person]) -> None:
        """Another process may have found that somebody has another account now, or none."""
        for email, slack_id in list(self._ids.items()):
            if email not in known or known[email].slack_id != slack_id:
                self.forget(email)

    async def _ask_after(self, known: Mapping[str, Person]) -> None:
        """Have Slack tell of those of whom it has told nothing for long, some of them at a time."""
        lately = self._now() - ALIVE_FOR
        accounts = ((email, known[email].slack_id) for email in self._policy().people() if email in known)
        due = [(email, account) for email, account in accounts if account and self._seen.get(email, lately) <= lately]
        for email, account in due[:ASKED_AFTER_AT_ONCE]:
            try:
                answer = await self._slack.call("users.info", user=account)
            except Rejected:  # a message will show whether the account can be written to
                self._seen[email] = self._now()
            except SlackProblem:
                return
            else:
                await self.changed(answer["user"])

    async def person(self, email: str) -> Person:
        """What is known of a person."""
        return await self.office.read(people.find, email) or Person(email)

    async def _remember(self, email: str, user: dict[str, Any]) -> str:
        slack_id = str(user["id"])
        await self.office.run(self._write, email, slack_id, facts(user))
        self._seen[email] = self._now()
        self._gone.discard(email)
        return slack_id

    def _write(self, tx: Transaction, email: str, slack_id: str, told: dict[str, Any]) -> None:
        people.change(tx, email, slack_id=slack_id, **told)
        if email in self._gone:
            self.office.desk.reached(tx, email)


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
