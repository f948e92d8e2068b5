"""Reads and writes the records of YAML lists of papers: a sequence of mappings of texts, lists and mappings.

The rest of the file is left unchanged, byte for byte, so this module need not read anchors, tags and other YAML.
Rules: https://yaml.org/spec/1.2.2/
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

Value = str | int | float | bool | None | list["Value"] | dict[str, "Value"]
"""The value of a field; unquoted YAML scalars are read as text, even if they are numbers or dates."""

_KEY = r"(?:[A-Za-z_][\w .-]{0,60}|\"[^\"]{1,60}\"|'[^']{1,60}')"
_FIRST = re.compile(rf"( *)- +{_KEY}:(?=\s)")
_FIELD = re.compile(rf"^( *)({_KEY}):(?:[ \t]+(.*))?$")
_OPENING = re.compile(rf"\s*(?:#.*|---|{_KEY}:)?\s*")
_QUOTES = ("'", '"')
_EMPTY = frozenset({"", "null", "~", "Null", "NULL"})
_PLAIN = re.compile(r"[A-Za-z0-9(][^\n\t]*[^\s:]|[A-Za-z0-9]")
_READ_OTHERWISE = re.compile(
    r"[\d.+-][\d._:eE+-]*|0[xo]\w+|\d{4}-\d\d?-\d\d?.*|true|false|yes|no|on|off|y|n|null",
    re.IGNORECASE,
)


def spans(text: str) -> list[tuple[int, int]]:
    """Returns the character range of each item of the file's sequence of mappings; empty if it is something else."""
    first = _first(text)
    if first is None:
        return []
    found: list[tuple[int, int]] = []
    for start, end in _lines(text, first.start()):
        line = text[start:end]
        if line.startswith(f"{first[1]}- "):
            found.append((start, end))
        elif line.startswith(f"{first[1]} "):
            found[-1] = (found[-1][0], end)
        else:
            break
    return found


def _lines(text: str, start: int) -> Iterator[tuple[int, int]]:
    """The character ranges of lines from `start` on, without blank lines and comments."""
    for line in text[start:].splitlines(keepends=True):
        end = start + len(line)
        if line.strip() and not line.lstrip().startswith("#"):
            yield start, end
        start = end


def _first(text: str) -> re.Match[str] | None:
    """The first item, if only comments and a key are above it; else None."""
    position = 0
    while position < len(text):
        if first := _FIRST.match(text, position):
            return first
        end = text.find("\n", position) + 1 or len(text)
        if not _OPENING.fullmatch(text, position, end):
            return None
        position = end
    return None


def read(text: str) -> dict[str, Value]:
    """Parses the fields of one item."""
    return _mapping(_without_dash(text).splitlines())


def _without_dash(text: str) -> str:
    return re.sub(r"^( *)-( +)", r"\1 \2", text, count=1)


def _mapping(lines: Sequence[str]) -> dict[str, Value]:
    return {key: _value(first, below) for key, first, below in _fields(lines)}


def _fields(lines: Sequence[str]) -> Iterator[tuple[str, str, Sequence[str]]]:
    """Each field of a mapping: its key, the text after the key on its line, and the lines below."""
    indent = re.match(" *", next(filter(str.strip, lines), ""))
    heads = [(n, match) for n, match in enumerate(map(_FIELD.match, lines)) if match]
    heads = [(n, match) for n, match in heads if indent and match[1] == indent[0]]
    for (start, match), (end, _) in pairwise([*heads, (len(lines), None)]):
        if match:
            yield match[2].strip("\"'"), (match[3] or "").strip(), lines[start + 1 : end]


def _value(first: str, below: Sequence[str]) -> Value:
    inner = [line for line in below if line.strip()]
    if first[:1] in ("|", ">"):
        return "\n".join(map(str.strip, inner))
    if first:
        return _inline(" ".join([first, *map(str.strip, inner)]))
    if inner and inner[0].lstrip().startswith("- "):
        items = "\n".join(inner).split("\n" + inner[0][: inner[0].index("-")] + "- ")
        return [_quoted(" ".join(item.lstrip().removeprefix("- ").split())) for item in items]
    return _mapping(inner) if inner else None


def _inline(text: str) -> Value:
    """A value that starts on the line of its key, given with its lines joined."""
    if text.startswith(_QUOTES):
        return _quoted(text)
    if text.startswith("["):
        return [_quoted(item.strip()) for item in text.strip("[] ").split(",") if item.strip()]
    plain = re.sub(r"\s#.*$", "", text)
    if plain in _EMPTY:
        return None
    return {} if plain == "{}" else plain


def _quoted(text: str) -> str:
    if text[:1] == "'" == text[-1:] and len(text) > 1:
        return text[1:-1].replace("''", "'")
    if text[:1] == '"' == text[-1:] and len(text) > 1:
        try:
            return str(json.loads(text, strict=False))
        except ValueError:
            return text[1:-1]
    return text


def write(record: Mapping[str, Value], like: Sequence[str]) -> str:
    """Writes an item in the style of existing items, given nearest first."""
    dash = re.match(r" *-( +)", like[0])
    indent = " " * (len(dash[0]) if dash else 2)
    lines = list(_written(record, indent, [_without_dash(text).splitlines() for text in like]))
    at = len(indent) - len(dash[1] if dash else " ") - 1
    return "\n".join([f"{lines[0][:at]}-{lines[0][at + 1 :]}", *lines[1:]]) + "\n"


def _written(
    record: Mapping[str, Value], indent: str, like: Sequence[Sequence[str]]
) -> Iterator[str]:
    """The lines of a mapping."""
    styles: dict[str, list[tuple[str, Sequence[str]]]] = {}
    for lines in like:
        for key, first, below in _fields(lines):
            styles.setdefault(key, []).append((first, below))
    for key, value in record.items():
        yield from _field(key, value, indent, styles.get(key, []))


def _field(
    key: str, value: Value, indent: str, like: Sequence[tuple[str, Sequence[str]]]
) -> Iterator[str]:
    """The lines of a field in the style of others, each given as the text after the key and the lines below."""
    firsts = [first for first, _ in like]
    blocks = [below for _, below in like if below]
    if isinstance(value, dict) and value:
        yield f"{indent}{key}:"
        yield from _written(value, _indent_of(blocks, f"{indent}  "), blocks)
    elif isinstance(value, list) and value and not any(map(_is_flow, firsts)):
        yield f"{indent}{key}:"
        before = _before_dash(blocks, indent)
        yield from (f"{before}- {_scalar(item, [])}" for item in value)
    elif isinstance(value, str) and value and _are_blocks(firsts):
        yield f"{indent}{key}: {firsts[0]}"
        yield from (f"{indent}  {line}" for line in value.splitlines())
    else:
        yield f"{indent}{key}: {_scalar(value, firsts)}".rstrip()


def _indent_of(blocks: Sequence[Sequence[str]], usual: str) -> str:
    """The indent of the lines below a key in other items; else `usual`."""
    return blocks[0][0][: -len(blocks[0][0].lstrip())] if blocks else usual


def _before_dash(blocks: Sequence[Sequence[str]], indent: str) -> str:
    """The text before the dashes of a nested list in other items; else the indent of the key."""
    first = next((lines[0] for lines in blocks if "-" in lines[0]), f"{indent}-")
    return first[: first.index("-")]


def _is_flow(first: str) -> bool:
    return first.startswith("[") and first != "[]"


def _are_blocks(firsts: Sequence[str]) -> bool:
    return bool(firsts) and all(first.startswith("|") for first in firsts)


def _scalar(value: Value, like: Sequence[str], *, flow: bool = False) -> str:
    """A value on one line; unquoted if that is allowed and other items do the same."""
    if value is None:
        return next((first for first in like if first in _EMPTY), "null")
    if isinstance(value, list):
        return f"[{', '.join(_scalar(item, [], flow=True) for item in value)}]"
    if not isinstance(value, str):
        return json.dumps(value)
    quotes = {first[:1] if first[:1] in _QUOTES else "" for first in like}
    return _text(value, like, quotes or {""}, flow=flow)


def _text(value: str, like: Sequence[str], quotes: set[str], *, flow: bool) -> str:
    """A text without quotes if that is allowed and any other item omits them, else with the quotes of the others."""
    if "" in quotes and _may_be_plain(value, like, flow=flow):
        return value
    if "\n" in value or quotes - {""} == {'"'}:
        return json.dumps(value, ensure_ascii=False)
    return "'" + value.replace("'", "''") + "'"


def _may_be_plain(value: str, like: Sequence[str], *, flow: bool) -> bool:
    """Whether YAML reads the unquoted text as that text, or as a number or date if other items have those too."""
    if not _PLAIN.fullmatch(value) or re.search(r":\s|\s#", value):
        return False
    if flow and re.search(r"[\[\]{},]", value):
        return False
    return not _READ_OTHERWISE.fullmatch(value) or any(map(_READ_OTHERWISE.fullmatch, like))
