"""What the people of the workspace run into."""


class SandboxError(Exception):
    """Something could not be done in this workspace."""


class BotDidNotAnswer(SandboxError):
    """The bot did not answer, or its answer made no sense; `reason` starts with Slack's word for it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NothingToClick(SandboxError):
    """There is no such button, field or window in front of this person."""


class UnknownPerson(SandboxError):
    """Nobody here has this id."""


class UnknownPlace(SandboxError):
    """There is no such conversation, or it is closed to this person."""


class UnknownCommand(SandboxError):
    """No app in this workspace knows this command."""


class SlackRefuses(Exception):
    """A Web API call answered with `ok: false`, or with an HTTP error when `status` is not 200."""

    def __init__(
        self,
        error: str,
        *,
        status: int = 200,
        retry_after: int | None = None,
        messages: list[str] | None = None,
        **extra: str,
    ) -> None:
        super().__init__(error)
        self.error = error
        self.status = status
        self.retry_after = retry_after
        self.messages = messages or []
        self.extra = extra

    @property
    def answer(self) -> dict[str, object]:
        """The body Slack would send."""
        body: dict[str, object] = {"ok": False, "error": self.error, **self.extra}
        if self.messages:
            body["response_metadata"] = {"messages": self.messages}
        return body
