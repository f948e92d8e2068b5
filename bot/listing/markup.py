"""Parses Markdown or HTML into groups (links, badges, elements, brackets, emphasis) and the text between them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate

_PAIRS = {"[": "]", "(": ")", "**": "**", "*": "*", "`": "`", "{": "}"}
_TAG = re.compile(r"<(/?)([A-Za-z][\w-]{0,20})\b[^<>]{0,1000}>")
_VOID = frozenset({"br", "img", "hr"})
_DEEPEST = 12


@dataclass(frozen=True, slots=True)
class Group:
    """A group: the text that opens it, its content, and the text that closes it.

    A link's address is part of `closed`, and a tag's attributes are part of `opened`.
    """

    opened: str
    inside: tuple[str | Group, ...]
    closed: str

    def __str__(self) -> str:
        return self.opened + "".join(map(str, self.inside)) + self.closed


def parse(text: str, depth: int = 0) -> tuple[str | Group, ...]:
    """Splits a text into groups and the text between them, without loss; an unpaired delimiter is text."""
    parts: list[str | Group] = []
    plain = position = 0
    while position < len(text):
        found = _group_at(text, position, depth) if depth < _DEEPEST else None
        if found is None:
            position += 1
            continue
        group, end = found
        parts += [text[plain:position], group] if position > plain else [group]
        plain = position = end
    return (*parts, text[plain:]) if plain < len(text) else tuple(parts)


def _group_at(text: str, start: int, depth: int) -> tuple[Group, int] | None:
    """The group that starts at this character, and the offset of its end."""
    char = text[start]
    if char == "<" and (tag := _TAG.match(text, start)):
        return _element(text, tag, depth)
    if text.startswith("![", start):
        image = _group_at(text, start + 1, depth)
        return (Group("!", (image[0],), ""), image[1]) if image else None
    opened = "**" if text.startswith("**", start) else char
    return _delimited(text, start + len(opened), opened, depth) if opened in _PAIRS else None


def _delimited(text: str, start: int, opened: str, depth: int) -> tuple[Group, int] | None:
    """The group whose content starts here, and the offset of its end; only a link may have blank content."""
    end = _closing(text, start, opened, _PAIRS[opened])
    if end is None or (opened != "[" and not text[start:end].strip()):
        return None
    inside = parse(text[start:end], depth + 1)
    after = end + len(_PAIRS[opened])
    if opened == "[" and text.startswith("(", after):
        target = _closing(text, after + 1, "(", ")")
        if target is not None:
            return Group("[", inside, text[end : target + 1]), target + 1
    return Group(opened, inside, _PAIRS[opened]), after


def _closing(text: str, start: int, opened: str, closed: str) -> int | None:
    """The offset of the closing delimiter on the same line; None if there is none."""
    stop = text.find("\n", start)
    stop = len(text) if stop < 0 else stop
    if opened == closed:
        end = text.find(closed, start, stop)
        return end if end >= 0 else None
    levels = accumulate((char == opened) - (char == closed) for char in text[start:stop])
    return next((start + n for n, level in enumerate(levels) if level < 0), None)


def _element(text: str, tag: re.Match[str], depth: int) -> tuple[Group, int]:
    """An HTML element up to its closing tag; the tag alone if it has none."""
    name = tag[2].lower()
    if not tag[1] and name not in _VOID and not tag[0].endswith("/>"):
        closing = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(text, tag.end())
        if closing:
            inside = parse(text[tag.end() : closing.start()], depth + 1)
            return Group(tag[0], inside, closing[0]), closing.end()
    return Group(tag[0], (), ""), tag.end()
