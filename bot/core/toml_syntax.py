"""Explains a syntax error in a TOML file: its line, the text there, and what was probably meant.

Python's parser says "Invalid value (at line 3, column 9)" for a word without quotation marks, and little more for
other common mistakes (https://toml.io/en/v1.0.0).
"""

from __future__ import annotations

import re
from typing import NamedTuple

_PLACE = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")
_KEY = re.compile(r"^\s*([\w-]+)\s*=\s*(.*?)\s*$")
_WORD = re.compile(r"[^\s,\]}#]+")
_SHOWN = 60  # characters of a line
_CURLY = str.maketrans("“”„‘’", '"""\'\'')
_BOOLEANS = dict.fromkeys(("true", "yes", "on"), "true") | dict.fromkeys(
    ("false", "no", "off"), "false"
)

# The beginning of a message of `tomllib`, what it means, and what to write instead.
_STRUCTURE = (
    (
        "Unclosed array",
        "the list is not closed",
        "put a comma between its items, and a ] at its end",
    ),
    ("Unclosed inline table", "the braces are not closed", "add a } at the end"),
    *(
        (
            begins,
            "a quotation mark is missing at the end",
            "close the text with the mark it opens with",
        )
        for begins in ("Illegal character '\\n'", 'Expected "\'"')
    ),
    ("Unescaped", "a backslash starts an escape", "write \\\\ for each \\, or put the text in '…'"),
    ("Expected ']", "the heading is not closed", "end [name] with ], and [[name]] with ]]"),
    *(
        (
            begins,
            "it is defined twice",
            "write it once; blocks that may be repeated are [[topics]] and [[lists]], with both brackets",
        )
        for begins in ("Cannot declare", "Cannot overwrite")
    ),
)


class SyntaxProblem(NamedTuple):
    """A syntax error: its line (from 1), what is wrong, and what to write."""

    line: int
    what: str
    fix: str


def explain_syntax_error(text: str, message: str) -> SyntaxProblem:
    """Explains the message of a `tomllib.TOMLDecodeError` that `text` caused."""
    number, column = _place(text, message)
    line = "".join(text.split("\n")[number - 1 : number])
    rest = line[column - 1 :]
    reason = _PLACE.sub("", message)
    if reason == "Invalid value":
        return SyntaxProblem(number, *_value(rest))
    what, fix = _structure(reason, line, rest)
    return SyntaxProblem(number, f"{what}: {line.strip()[:_SHOWN]!r}", fix)


def _place(text: str, message: str) -> tuple[int, int]:
    """The line and column (from 1) in a message; for "end of document", the end of the last line with text."""
    place = _PLACE.search(message)
    if place is None or place["line"] is None:
        return len(text.rstrip().split("\n")), len(text) + 1
    return int(place["line"]), int(place["column"])


def _value(rest: str) -> tuple[str, str]:
    """Explains an invalid value: a word without quotation marks, a boolean in capitals, or nothing."""
    word = _WORD.match(rest.strip())
    if word is None:
        return "there is no value after the =", 'write one, such as "text", 10 or ["a", "b"]'
    found = rest.strip() if rest.strip()[0] in "“”„‘’`" else word[0]
    what = f"{found[:_SHOWN]!r} is not a value"
    if boolean := _BOOLEANS.get(found.lower()):
        return what, f"write {boolean}"
    if re.fullmatch(r"\.\d+", found):
        return what, f"write 0{found}"
    straight = found.translate(_CURLY).replace("`", '"').strip("\"'")
    return what, f'put text in straight quotation marks: "{straight}"'


def _structure(reason: str, line: str, rest: str) -> tuple[str, str]:
    """Explains a mistake outside of a value: what is wrong, and what to write."""
    key = _KEY.match(line)
    if reason.startswith("Expected '='"):
        name = re.split(r"[:\s]", line.strip())[0]
        return "there is no = after the key", f'write {name} = "value"'
    if reason.startswith("Expected newline") and key:
        return "there is text after the value", _after_value(key[1], key[2], rest)
    for beginning, what, fix in _STRUCTURE:
        if reason.startswith(beginning):
            return what, fix
    return reason[:1].lower() + reason[1:], "correct that line; see https://toml.io"


def _after_value(key: str, value: str, rest: str) -> str:
    """What to write instead of a value with text after it."""
    if re.fullmatch(r"\d+,\d+", value):
        return f"write {key} = {value.replace(',', '.')}"
    if re.fullmatch(r"0\d+", value):
        return f"write {key} = {int(value)}"
    if rest.startswith(","):
        return f"put several values in brackets: {key} = [{value}]"
    return 'write one value on a line; a " inside of text is \\"'
