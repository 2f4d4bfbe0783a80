"""A lane says whose conversation it is."""

from storage import lanes


def test_what_is_put_together_is_taken_apart_again() -> None:
    person, channel = lanes.to_person("al:ice@acme.example"), lanes.to_channel("#leads-us")
    assert (lanes.reader(person), lanes.channel(person)) == ("al:ice@acme.example", "")
    assert (lanes.reader(channel), lanes.channel(channel)) == (None, "#leads-us")
    assert (lanes.reader(lanes.REDRAWING), lanes.channel(lanes.REDRAWING)) == (None, "")


def test_rows_that_were_written_are_found_again() -> None:
    assert (lanes.to_person("alice@acme.example"), lanes.to_channel("#a")) == (
        "person:alice@acme.example",
        "channel:#a",
    )


def test_redrawings_sort_before_every_conversation() -> None:
    assert min(lanes.to_person(""), lanes.to_channel("")) > lanes.REDRAWING
