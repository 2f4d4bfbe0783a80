"""What people do, and what they see come of it."""

import asyncio
import re
import time
from typing import Any

from sandbox import payloads
from sandbox.controls import action as done_with
from sandbox.controls import find
from sandbox.delivery import Answer, Deliveries, Delivery, Silence
from sandbox.directory import user_json
from sandbox.errors import BotDidNotAnswer, NothingToClick, UnknownCommand, UnknownPerson, UnknownPlace
from sandbox.forms import filled, refusals
from sandbox.hooks import Hook
from sandbox.model import Channel, Json, Message, User
from sandbox.replies import answer_command, answer_submission
from sandbox.screens import View
from sandbox.state import State

# Real seconds a person waits for an answer that comes by response URL instead of in the acknowledgement.
LATE_ANSWER = 1.0


class People:
    """Each doing returns once the bot has answered, and raises BotDidNotAnswer when it has not."""

    def __init__(self, state: State, deliveries: Deliveries) -> None:
        self._state = state
        self._deliveries = deliveries

    async def click(
        self,
        user_id: str,
        channel_id: str,
        ts: str,
        action_id: str | None,
        block_id: str | None,
        value: Any,
        label: str | None,
    ) -> None:
        """A button or select in a message."""
        state = self._state
        with state.lock:
            user, channel = self.person(user_id), self.place(user_id, channel_id)
            message = self._message(channel, ts, user_id)
            block, element = find(message.blocks, user_id, action_id, block_id, value, label)
            action = done_with(block, element, value, state.timeline.next_ts())
            trigger = state.triggers.issue(user_id)
            hook = state.hooks.issue(user_id, channel_id, ts)
            payload = payloads.click_in_message(state.team, user, channel, message, state.timeline, action, trigger.id)
            payload["response_url"] = self._url(hook)
        await self._tell("interactive", payload)

    async def click_in_view(
        self,
        user_id: str,
        view_id: str,
        action_id: str | None,
        block_id: str | None,
        value: Any,
        label: str | None,
        given: dict[str, Any],
    ) -> None:
        """A button or select in a modal or on the home tab; `given` is what is filled in meanwhile."""
        state = self._state
        with state.lock:
            user, view = self.person(user_id), self._view(user_id, view_id)
            block, element = find(view.blocks, user_id, action_id, block_id, value, label)
            action = done_with(block, element, value, state.timeline.next_ts())
            if element["type"] not in ("button", "overflow", "workflow_button"):
                beside = given.get(block["block_id"], {})
                given = {**given, block["block_id"]: {**beside, element["action_id"]: value}}
            view.values = filled(view.blocks, view.values, given)
            trigger = state.triggers.issue(user_id, view_id if view.type == "modal" else None)
            payload = payloads.click_in_view(state.team, user, view, action, trigger.id)
        await self._tell("interactive", payload)

    async def submit(self, user_id: str, view_id: str, given: dict[str, Any]) -> dict[str, str]:
        """Errors by block_id, from the client itself or from the bot; none when the form was taken."""
        state = self._state
        with state.lock:
            user, view = self.person(user_id), self._view(user_id, view_id)
            if "submit" not in view.content or state.screens.modal(user_id) is not view:
                raise NothingToClick("There is no button to submit this with.")
            view.values = filled(view.blocks, view.values, given)
            objections = refusals(view.blocks, view.values)
            if objections:
                return objections
            trigger = state.triggers.issue(user_id, view_id)
            payload = payloads.submission(state.team, user, view, trigger.id)
        answer = await self._tell("interactive", payload)
        with state.lock:
            return answer_submission(state, view, answer.content)

    async def close(self, user_id: str, view_id: str) -> None:
        """Cancels one modal and whatever lies on it; the bot hears of it if it asked to."""
        state = self._state
        with state.lock:
            user, view = self.person(user_id), self._view(user_id, view_id)
            if view.type != "modal":
                raise NothingToClick("A home tab cannot be closed.")
            payload = payloads.closing(state.team, user, view, cleared=view.id == view.root_id)
            state.screens.close(view)
            if view.content.get("clear_on_close"):
                state.screens.clear(user_id)
        if view.content.get("notify_on_close"):
            await self._tell("interactive", payload)

    async def command(self, user_id: str, channel_id: str, line: str) -> Json:
        """A slash command; the answer's payload, `{}` when the bot had nothing to say."""
        state = self._state
        name, _, text = line.strip().partition(" ")
        with state.lock:
            user, channel = self.person(user_id), self.place(user_id, channel_id)
            spec = next((c for c in state.commands if c["command"] == name), None)
            if spec is None:
                raise UnknownCommand(f"{name} is not a valid command.")
            if spec.get("should_escape"):
                text = self._escaped(text)
            trigger, hook = state.triggers.issue(user_id), state.hooks.issue(user_id, channel_id, None)
            payload = payloads.slash_command(state.team, user, channel, name, text.strip(), self._url(hook), trigger.id)
        try:
            answer = await self._tell("slash_commands", payload)
        except BotDidNotAnswer as silence:
            word = silence.reason.partition(":")[0]
            state.say_as_slackbot(channel_id, user_id, f'{name} failed with the error "{word}"')
            raise
        with state.lock:
            answer_command(state, hook, answer.content)
        if not answer.content:
            await self._late_answer(hook, trigger.id)
        return hook.said or {}

    async def open_home(self, user_id: str) -> None:
        state = self._state
        with state.lock:
            self.person(user_id)
            ts = state.timeline.next_ts()
            event: Json = {
                "type": "app_home_opened",
                "user": user_id,
                "channel": state.im(user_id).id,
                "tab": "home",
                "event_ts": ts,
            }
            home = state.screens.home(user_id)
            if home is not None:
                event["view"] = payloads.view_json(home, state.team)
        await self.tell_event(event)

    async def set_status(self, user_id: str, emoji: str, text: str, expiration: int) -> None:
        """A status in the profile; the bot hears of it if it subscribed to changes of users."""
        state = self._state
        with state.lock:
            user = self.person(user_id)
            user.status_emoji, user.status_text, user.status_expiration = emoji, text, expiration
            told = user_json(user, state.team.id, state.clock.now(), with_email=True)
            event: Json = {"type": "user_change", "user": told, "event_ts": state.timeline.next_ts()}
        if "user_change" in state.events:
            await self.tell_event(event)

    async def say(self, user_id: str, channel_id: str, text: str) -> Message:
        """An ordinary message; the bot hears it if it subscribed to this kind."""
        state = self._state
        with state.lock:
            self.person(user_id)
            channel = self.place(user_id, channel_id)
            message = state.timeline.add(Message(state.timeline.next_ts(), channel_id, user_id, text))
        kind = "im" if channel.kind == "im" else ("group" if channel.is_private else "channel")
        event: Json = {
            "type": "message",
            "channel": channel_id,
            "user": user_id,
            "text": text,
            "ts": message.ts,
            "event_ts": message.ts,
            "channel_type": kind,
        }
        heard = state.team.bot_user_id in channel.members
        if heard and f"message.{'im' if kind == 'im' else kind + 's'}" in state.events:
            await self.tell_event(event)
        if heard and kind != "im" and f"<@{state.team.bot_user_id}>" in text and "app_mention" in state.events:
            await self.tell_event({**event, "type": "app_mention"})
        return message

    async def tell_event(self, event: Json) -> None:
        state = self._state
        event_id, now = state.ids.next("Ev"), int(state.clock.now().timestamp())
        await self._tell("events_api", payloads.event_callback(state.team, event, event_id, now))

    def person(self, user_id: str) -> User:
        user = self._state.directory.users.get(user_id)
        if user is None or user.is_bot:
            raise UnknownPerson(f"Nobody here has the id {user_id}.")
        if user.deleted:
            raise UnknownPerson(f"{user.real_name} has been deactivated.")
        return user

    def place(self, user_id: str, channel_id: str) -> Channel:
        channel = self._state.directory.channels.get(channel_id)
        closed = channel is not None and (channel.is_private or channel.kind == "im")
        if channel is None or (closed and user_id not in channel.members):
            raise UnknownPlace(f"There is no conversation {channel_id} here.")
        return channel

    def _message(self, channel: Channel, ts: str, reader: str) -> Message:
        message = self._state.timeline.find(channel.id, ts)
        if message is None or message.deleted or message.only_for not in (None, reader):
            raise NothingToClick(f"There is no message {ts} in front of this person.")
        return message

    def _view(self, user_id: str, view_id: str) -> View:
        view = self._state.screens.find(view_id)
        if view is None or view.user_id != user_id:
            raise NothingToClick(f"This person has no window {view_id} open.")
        return view

    async def _tell(self, kind: str, payload: Json) -> Answer:
        try:
            return await self._deliveries.deliver(Delivery(kind, payload))
        except Silence as silence:
            raise BotDidNotAnswer(str(silence)) from silence

    async def _late_answer(self, hook: Hook, trigger_id: str) -> None:
        """Waits a little for a response URL to be used, unless a modal opened instead."""
        end = time.monotonic() + LATE_ANSWER
        trigger = self._state.triggers.find(trigger_id)
        while time.monotonic() < end and not hook.uses and not (trigger and trigger.used):
            await asyncio.sleep(0.01)

    def _url(self, hook: Hook) -> str:
        return f"{self._state.base_url}/hooks/response/{hook.id}"

    def _escaped(self, text: str) -> str:
        """Names become ids and addresses links: `@alice` → `<@U…|alice>`, `a@b.com` → `<mailto:a@b.com|a@b.com>`."""
        directory = self._state.directory
        people = {u.name: f"<@{u.id}|{u.name}>" for u in directory.users.values()}
        places = {c.name: f"<#{c.id}|{c.name}>" for c in directory.channels.values() if c.kind == "channel"}
        text = re.sub(r"(?<!\S)[\w.+-]+@[\w-]+\.[\w.-]+", lambda m: f"<mailto:{m[0]}|{m[0]}>", text)
        text = re.sub(r"(?<!\S)https?://\S+", lambda m: f"<{m[0]}>", text)
        text = re.sub(r"(?<!\S)@([\w.-]+)", lambda m: people.get(m[1], m[0]), text)
        return re.sub(r"(?<!\S)#([\w.-]+)", lambda m: places.get(m[1], m[0]), text)
