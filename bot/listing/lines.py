"""Tells what each line of a list is: one pass, no backtracking over more than a line.

Structure follows CommonMark and GitHub's tables (https://spec.commonmark.org, https://github.github.com/gfm)
as far as lists of papers need it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.listing.parts import BOM, Line, LineKind

_HEADING = re.compile(
    rb" {0,3}(#{1,6})(?:[ \t]|\xc2\xa0|$)"
)  # a no-break space is a slip that lists have
_HTML_HEADING = re.compile(rb"\s*<h([1-6])\b[^<>]{0,500}>", re.IGNORECASE)
_UNDERLINE = re.compile(rb" {0,3}(=+|-+)[ \t]*$")
_FENCE = re.compile(rb"[ \t]*(`{3,}|~{3,})")
_RULE = re.compile(rb" {0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}$")
_NUMBER = re.compile(rb"[ \t]*\d{1,9}[.)](?:[ \t]|$)")
_TABLE_RULE = re.compile(
    rb"[ \t]*+\|?[ \t]*+:?-++:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)*+\|?[ \t]*+$"
)
_HTML = re.compile(
    rb"</?(?:details|summary|div|p|center|table|thead|tbody|tr|ul|ol|li|br|hr|img|a|h[1-6]|picture|section)\b",
    re.IGNORECASE,
)
_FENCES, _BULLETS, _DIGITS, _HASH, _LESS = b"`~", b"-*+_", b"0123456789", b"#"[0], b"<"[0]
_UNDERSCORE, _AFTER_BULLET = b"_"[0], (b"", b" ", b"\t")
_TABLE_OPEN = re.compile(rb"<table\b", re.IGNORECASE)
_TABLE_CLOSE = re.compile(rb"</table\s*>", re.IGNORECASE)


def scan(content: bytes) -> tuple[Line, ...]:
    """The lines of a list, each with its kind."""
    lines = list(_classify(content))
    return tuple(_merge_underlines(_mark_tables(lines) if b"|" in content else lines))


def _classify(content: bytes) -> Iterator[Line]:
    fence = b""
    in_comment = in_table = False
    end = len(BOM) if content.startswith(BOM) else 0
    for raw in content[end:].splitlines(keepends=True):
        start, end = end, end + len(raw)
        text = raw.rstrip(b"\r\n")
        stripped = text.strip()
        kind, level = LineKind.TEXT, 0
        if fence:
            kind = LineKind.FENCED
            if stripped.startswith(fence) and not stripped.strip(fence[:1]):
                fence = b""
        elif in_comment:
            kind = LineKind.COMMENT
            in_comment = b"-->" not in text
        elif in_table:
            kind = LineKind.HTML_TABLE
            in_table = not _TABLE_CLOSE.search(text)
        elif not stripped:
            kind = LineKind.BLANK
        elif (first := stripped[0]) in _FENCES and (opened := _FENCE.match(text)):
            kind, fence = LineKind.FENCED, opened[1]
        elif first == _LESS and stripped.startswith(b"<!--"):
            kind = LineKind.COMMENT
            in_comment = b"-->" not in text
        elif first == _LESS and _TABLE_OPEN.match(stripped):
            kind = LineKind.HTML_TABLE
            in_table = not _TABLE_CLOSE.search(text)
        else:
            kind, level = _kind(text, stripped, first)
        indent = 0 if text[:1] == stripped[:1] else _indent(text)
        yield Line(start, end, kind, indent, text, level)


def _kind(text: bytes, stripped: bytes, first: int) -> tuple[LineKind, int]:
    """What a line outside of blocks is, told by its first character and then by the pattern that may start with it."""
    if first == _HASH and (heading := _HEADING.match(text)):
        return LineKind.HEADING, len(heading[1])
    if first == _LESS:
        if heading := _HTML_HEADING.match(text):
            return LineKind.HEADING, int(heading[1])
        if text[0] == _LESS and _HTML.match(text):
            return LineKind.HTML, 0
    if first in _BULLETS:
        if stripped[-1] == first and _RULE.match(text):
            return LineKind.RULE, 0
        if first != _UNDERSCORE and stripped[1:2] in _AFTER_BULLET:
            return LineKind.BULLET, 0
    if first in _DIGITS and _NUMBER.match(text):
        return LineKind.NUMBER, 0
    return LineKind.TEXT, 0


def _indent(text: bytes) -> int:
    columns = 0
    for byte in text:
        if byte == 0x20:
            columns += 1
        elif byte == 0x09:
            columns += 4 - columns % 4
        else:
            break
    return columns


def _mark_tables(lines: list[Line]) -> list[Line]:
    """A table is a line with a bar above a rule with a bar; its rows go on to the next line without one."""
    inside = False
    for number, line in enumerate(lines):
        has_bar = b"|" in line.text
        if inside:
            inside = has_bar and line.kind not in _ENDS_TABLE
            if inside:
                lines[number] = _as(line, LineKind.TABLE_ROW)
        elif has_bar and number and line.kind in _MAY_BE_RULE and _TABLE_RULE.match(line.text):
            above = lines[number - 1]
            if b"|" in above.text and above.kind in _MAY_BE_HEAD:
                lines[number - 1] = _as(above, LineKind.TABLE_HEAD)
                lines[number] = _as(line, LineKind.TABLE_RULE)
                inside = True
    return lines


_ENDS_TABLE = frozenset({LineKind.BLANK, LineKind.HEADING, LineKind.FENCED, LineKind.COMMENT})
_MAY_BE_RULE = frozenset({LineKind.TEXT, LineKind.RULE, LineKind.BULLET})
_MAY_BE_HEAD = frozenset({LineKind.TEXT, LineKind.BULLET, LineKind.NUMBER})


def _merge_underlines(lines: list[Line]) -> list[Line]:
    """A text line above a run of `=` or `-` is a heading."""
    text, rule = LineKind.TEXT, LineKind.RULE
    candidates = [n for n, line in enumerate(lines) if line.kind is text or line.kind is rule]
    for number in candidates:
        line, above = lines[number], lines[number - 1]
        if not number or not _UNDERLINE.match(line.text):
            continue
        single = number == 1 or lines[number - 2].kind is not LineKind.TEXT
        if above.kind is LineKind.TEXT and single and above.indent < 4:
            level = 1 if line.text.strip().startswith(b"=") else 2
            lines[number - 1] = _as(above, LineKind.HEADING, level)
            lines[number] = _as(line, LineKind.UNDERLINE)
    return lines


def _as(line: Line, kind: LineKind, level: int = 0) -> Line:
    return Line(line.start, line.end, kind, line.indent, line.text, level)
