"""What the YAML parser refuses, in a reader's words.

The parser speaks of tokens and blocks. Who edits the file on a Friday afternoon has forgotten a quote, a bracket or a
colon, and is told which, with the line it began on where that is another one.
"""

import re

from ruamel.yaml.error import MarkedYAMLError

WORDS: tuple[tuple[str, str], ...] = (
    (r"character '\\t'", "found a tab, expected spaces: YAML is indented with spaces only."),
    (r"found another document", "found a second document, expected one: remove the line with ---."),
    (r"quoted scalar.*end of stream", "found no quote that closes the text{since}."),
    (r"unknown escape character '(.+)'", r"found \{1} in double quotes; put the text in single quotes."),
    (r"flow sequence.*expected ',' or ']'", "found neither a comma nor a ] in the list{since}."),
    (r"flow mapping.*expected ',' or '}'", "found neither a comma nor a }} in the mapping{since}."),
    (r"node.*<stream end>", "found the end of the file where a value belongs{since}; is a bracket left open?"),
    (r"flow node.*found '(.)'", "found {1} where a value belongs."),
    (r"(?:block end>, but|node content, but) found '([]}])'", "found a {1} that closes nothing."),
    (
        r"block end>, but found '<scalar>'",
        "found text after a closing quote; is there a quote too many, or one too few?",
    ),
    (r"block end>, but found", "this line is not indented as the others of its section{since}."),
    (r"could not find expected ':'", "found no colon in line {line}, expected `name: value`, or `- value` in a list."),
    (
        r"mapping values are not allowed here",
        "found a colon that can't be here; is the line indented too far, does the one above lack its colon, "
        "or a text with a colon its quotes?",
    ),
    (r"character '(.)' that cannot start", "found {1} at the beginning of a value; put the value in quotes."),
    (r"undefined alias '(.+)'", "found *{1}, but nothing is called &{1}; put a text that begins with * in quotes."),
    (r"scanning an (?:alias|anchor)", "found a * or & without a name; put a text that begins with it in quotes."),
    (
        r"chomping or indentation indicators|expected a comment or a line break",
        "found text behind | or >, expected it on the lines below.",
    ),
)
"""What the parser's words look like, and ours. `{1}` is what was found, `{since}` and `{line}` say where it began."""


def in_words(error: MarkedYAMLError) -> str:
    """One sentence for one complaint, in the parser's own words where they are none that we know."""
    problem = " ".join(str(error.problem or error.context or "something unexpected").split())
    began, here = error.context_mark, error.problem_mark
    line = began.line + 1 if began else 0
    since = f" that begins in line {line}" if began and here and began.line != here.line else ""
    for pattern, words in WORDS:
        if found := re.search(pattern, f"{error.context or ''} {problem}"):
            return words.format("", *found.groups(), since=since, line=line)
    return f"this is not YAML: {problem}."
