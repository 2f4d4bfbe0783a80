"""What can be found out again is remembered, and never more than so much of it."""

from connectors.memory import Memory


def test_what_was_put_in_first_is_forgotten_first() -> None:
    memory: Memory[str, int] = Memory(2)
    memory["a"] = 1
    memory["b"] = 2
    memory["a"] = 3
    memory["c"] = 4
    assert memory == {"a": 3, "c": 4}
