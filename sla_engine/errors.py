"""The root of what the engine refuses: every error's docstring is the sentence shown."""


class EngineError(ValueError):
    """The engine refused a value."""

    def __init__(self, **facts: object) -> None:
        #: The values the sentence names, for callers that want to point at them.
        self.facts = facts
        super().__init__(" ".join((self.__doc__ or "").split()).format(**facts))
