"""What each person has open: the app's home tab and a stack of modals."""

from dataclasses import dataclass, field

from sandbox.clock import Clock
from sandbox.controls import everything
from sandbox.feed import Feed
from sandbox.identifiers import Identifiers
from sandbox.model import Json
from sandbox.timeline import micros

MODALS_DEEP = 3

StateValues = dict[str, dict[str, Json]]


@dataclass
class View:
    """An open modal or home tab: what the bot sent (`content`), and what the person has filled in (`values`)."""

    id: str
    user_id: str
    content: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    values: StateValues = field(default_factory=dict)

    @property
    def type(self) -> str:
        return str(self.content["type"])

    @property
    def blocks(self) -> list[Json]:
        blocks: list[Json] = self.content["blocks"]
        return blocks


class Screens:
    """Modals by person, bottom first, and one home tab each."""

    def __init__(self, ids: Identifiers, clock: Clock, feed: Feed) -> None:
        self._ids = ids
        self._clock = clock
        self._feed = feed
        self._last_hash = 0
        self._stacks: dict[str, list[View]] = {}
        self._homes: dict[str, View] = {}

    def home(self, user_id: str) -> View | None:
        return self._homes.get(user_id)

    def modal(self, user_id: str) -> View | None:
        stack = self._stacks.get(user_id)
        return stack[-1] if stack else None

    def depth(self, user_id: str) -> int:
        return len(self._stacks.get(user_id, ()))

    def find(self, view_id: str) -> View | None:
        return next((v for v in self._open_views() if v.id == view_id), None)

    def find_external(self, external_id: str) -> View | None:
        return next((v for v in self._open_views() if v.content.get("external_id") == external_id), None)

    def open(self, user_id: str, content: Json) -> View:
        """A fresh stack: a modal opened from a message covers nothing."""
        view = self._new(user_id, content)
        self._stacks[user_id] = [view]
        self._feed.touch()
        return view

    def push(self, user_id: str, content: Json) -> View:
        stack = self._stacks[user_id]
        view = self._new(user_id, content)
        view.root_id, view.previous_id = stack[0].id, stack[-1].id
        stack.append(view)
        self._feed.touch()
        return view

    def publish(self, user_id: str, content: Json) -> View:
        view = self._homes.get(user_id)
        if view is None:
            view = self._homes[user_id] = self._new(user_id, content)
            self._feed.touch()
            return view
        return self.update(view, content)

    def update(self, view: View, content: Json) -> View:
        """Replaces the content; what was typed survives where block_id and action_id stay the same."""
        kept = {(b["block_id"], e["action_id"]) for b, e in everything(content["blocks"])}
        view.content, view.hash = content, self._next_hash()
        view.values = {
            block: {action: value for action, value in values.items() if (block, action) in kept}
            for block, values in view.values.items()
        }
        self._feed.touch()
        return view

    def close(self, view: View) -> None:
        """Takes the view and all above it off the stack."""
        stack = self._stacks.get(view.user_id, [])
        if view in stack:
            del stack[stack.index(view) :]
        self._feed.touch()

    def clear(self, user_id: str) -> None:
        self._stacks.pop(user_id, None)
        self._feed.touch()

    def _open_views(self) -> list[View]:
        modals = [v for stack in list(self._stacks.values()) for v in stack]
        return modals + list(self._homes.values())

    def _new(self, user_id: str, content: Json) -> View:
        view_id = self._ids.next("V")
        return View(view_id, user_id, content, self._next_hash(), root_id=view_id)

    def _next_hash(self) -> str:
        self._last_hash = max(self._last_hash + 1, micros(self._clock.now()))
        return f"{self._last_hash // 1_000_000}.{self._last_hash % 1_000_000:06d}"
