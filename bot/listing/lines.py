"""Classifies the lines of a list in one pass, without backtracking beyond a line.

The structure follows CommonMark and GitHub's tables (https://spec.commonmark.org, https://github.github.com/gfm),
as far as lists of papers need it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

from bot.listing.parts import BOM, Line, LineKind

# Some lists have a no-break space after the `#` by mistake.
_HEADING = re.compile(rb" {0,3}(#{1,6})(?:[ \t]|\xc2\xa0|$)")
_HTML_HEADING = re.compile(rb"\s*<h([1-6])\b[^<>]{0,500}>", re.IGNORECASE)
_UNDERLINE = re.compile(rb" {0,3}(=+|-+)[ \t]*$")
_FENCE = re.compile(rb"[ \t]*(`{3,}|~{3,})")
_RULE = re.compile(rb" {0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}$")
_BULLET = re.compile(rb"\s*[-*+](?:[ \t]|\s*$)")
_COMMENT = re.compile(rb"\s*<!--")
_NUMBER = re.compile(rb"[ \t]*\d{1,9}[.)](?:[ \t]|$)")
_TABLE_RULE = re.compile(
    rb"[ \t]*+\|?[ \t]*+:?-++:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)*+\|?[ \t]*+$"
)
_HTML = re.compile(
    rb"</?(?:details|summary|div|p|center|table|thead|tbody|tr|ul|ol|li|br|hr|img|a|h[1-6]|picture|section)\b",
    re.IGNORECASE,
)
_TABLE_OPEN = re.compile(rb"\s*<table\b", re.IGNORECASE)
_TABLE_CLOSE = re.compile(rb"</table\s*>", re.IGNORECASE)
_BY_CHARACTER = {
    b"#": ((_HEADING, LineKind.HEADING),),
    b"<": (
        (_COMMENT, LineKind.COMMENT),
        (_TABLE_OPEN, LineKind.HTML_TABLE),
        (_HTML_HEADING, LineKind.HEADING),
        (_HTML, LineKind.HTML),
    ),
    b"`~": ((_FENCE, LineKind.FENCED),),
    b"-*+_": ((_RULE, LineKind.RULE), (_BULLET, LineKind.BULLET)),
    b"0123456789": ((_NUMBER, LineKind.NUMBER),),
}
_PATTERNS = {byte: tests for characters, tests in _BY_CHARACTER.items() for byte in characters}
"""For each first character, the patterns to try and the kind of line for each."""


def scan(content: bytes) -> tuple[Line, ...]:
    """Splits a list into lines, each with its kind."""
    lines = list(_classify(content))
    return tuple(_merge_underlines(_mark_tables(lines) if b"|" in content else lines))


def _classify(content: bytes) -> Iterator[Line]:
    kind, level = LineKind.TEXT, 0
    closes: Callable[[bytes], bool] | None = None  # whether a line is the last of the open block
    end = len(BOM) if content.startswith(BOM) else 0
    for raw in content[end:].splitlines(keepends=True):
        start, end = end, end + len(raw)
        text = raw.rstrip(b"\r\n")
        if closes:
            if closes(text):
                closes = None
        elif stripped := text.strip():
            kind, level = _kind(text, stripped[0])
            closes = _until(kind, text)
        else:
            kind, level = LineKind.BLANK, 0
        yield Line(start, end, kind, _indent(text), text, level)


def _indent(text: bytes) -> int:
    """The width in columns of the white space at the start of a line."""
    if not text.startswith((b" ", b"\t")):
        return 0
    return len(text[: len(text) - len(text.lstrip(b" \t"))].expandtabs(4))


def _kind(text: bytes, first: int) -> tuple[LineKind, int]:
    """The kind of a line outside open blocks, given its first visible character, and the level of a heading."""
    for pattern, kind in _PATTERNS.get(first, ()):
        if found := pattern.match(text):
            return kind, _level(found[1]) if kind is LineKind.HEADING else 0
    return LineKind.TEXT, 0


def _level(mark: bytes) -> int:
    """The level of a heading: the digit of `<h2`, or the number of `#`."""
    return int(mark) if mark.isdigit() else len(mark)


def _until(kind: LineKind, text: bytes) -> Callable[[bytes], bool] | None:
    """The test for the last line of the block that this line opens; None if it opens no block."""
    if kind is LineKind.FENCED and (fence := _FENCE.match(text)):
        return partial(_closes_fence, fence[1])
    closes = _CLOSES.get(kind)
    return closes if closes and not closes(text) else None


def _closes_fence(opened: bytes, text: bytes) -> bool:
    """Whether a line consists of the fence's character, at least as many times as in the opening line."""
    stripped = text.strip()
    return stripped.startswith(opened) and not stripped.strip(opened[:1])


def _closes_comment(text: bytes) -> bool:
    return b"-->" in text


def _closes_table(text: bytes) -> bool:
    return bool(_TABLE_CLOSE.search(text))


_CLOSES = {LineKind.COMMENT: _closes_comment, LineKind.HTML_TABLE: _closes_table}


def _mark_tables(lines: list[Line]) -> list[Line]:
    """Marks tables: a line with a bar above a rule with a bar, and the rows below up to a line without a bar."""
    in_table = False
    for number, line in enumerate(lines):
        if b"|" not in line.text:
            in_table = False
        elif in_table:
            in_table = line.kind not in _ENDS_TABLE
            lines[number] = _as(line, LineKind.TABLE_ROW) if in_table else line
        elif number and _starts_table(lines[number - 1], line):
            lines[number - 1] = _as(lines[number - 1], LineKind.TABLE_HEAD)
            lines[number] = _as(line, LineKind.TABLE_RULE)
            in_table = True
    return lines


def _starts_table(head: Line, rule: Line) -> bool:
    return (
        rule.kind in _MAY_BE_RULE
        and b"|" in head.text
        and head.kind in _MAY_BE_HEAD
        and bool(_TABLE_RULE.match(rule.text))
    )


_ENDS_TABLE = frozenset({LineKind.BLANK, LineKind.HEADING, LineKind.FENCED, LineKind.COMMENT})
_MAY_BE_RULE = frozenset({LineKind.TEXT, LineKind.RULE, LineKind.BULLET})
_MAY_BE_HEAD = frozenset({LineKind.TEXT, LineKind.BULLET, LineKind.NUMBER})
_MAY_BE_UNDERLINE = frozenset({LineKind.TEXT, LineKind.RULE})


def _merge_underlines(lines: list[Line]) -> list[Line]:
    """Marks headings: a single line of text above a run of `=` or `-`."""
    for number in range(1, len(lines)):
        if _is_underline(lines, number):
            level = 1 if lines[number].text.strip().startswith(b"=") else 2
            lines[number - 1] = _as(lines[number - 1], LineKind.HEADING, level)
            lines[number] = _as(lines[number], LineKind.UNDERLINE)
    return lines


def _is_underline(lines: list[Line], number: int) -> bool:
    """Whether this line underlines the line above, which must be a paragraph of one line."""
    line, above = lines[number], lines[number - 1]
    if line.kind not in _MAY_BE_UNDERLINE or not _UNDERLINE.match(line.text):
        return False
    alone = number == 1 or lines[number - 2].kind is not LineKind.TEXT
    return above.kind is LineKind.TEXT and alone and above.indent < 4


def _as(line: Line, kind: LineKind, level: int = 0) -> Line:
    return Line(line.start, line.end, kind, line.indent, line.text, level)
