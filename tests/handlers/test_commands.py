"""What one can say is what is answered."""

from connectors.slack import replies
from handlers import commands


def test_every_word_that_is_answered_is_in_the_list_of_what_one_can_say_and_no_other() -> None:
    listed = {word.removeprefix("/").partition(" <")[0] for word in replies.WORDS}
    assert listed == commands.WORDS.keys() - {"lead"}
    assert {word.removeprefix("/").partition(" <")[0] for word in replies.WORDS if "<" in word} <= {
        said for said, word in commands.WORDS.items() if word.takes_more
    }
