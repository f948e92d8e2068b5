"""Marks the matched phrases in a paper's text for the HTML report. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from bot.core import titles
from bot.core.escaping import clean
from bot.core.model import Field, Match

_ON, _OFF = "\ue001", "\ue002"  # private-use characters for the start and end of a mark
_NONE = dict.fromkeys(map(ord, _ON + _OFF))


class MarkedText(NamedTuple):
    """A piece of text, and whether it is marked."""

    text: str
    marked: bool


def marked(text: str, matches: Iterable[Match], field: Field, most: int) -> tuple[MarkedText, ...]:
    """Splits a field into pieces, with the matches marked, without markup, and cut after `most` characters."""
    parts, position = [], 0
    spans = _merged((match.start, match.end) for match in matches if match.field is field)
    for start, end in spans:
        if end > most:
            break
        parts += [_bare(text[position:start]), _ON, _bare(text[start:end]), _OFF]
        position = end
    parts.append(_bare(text[position : max(position, most)]))
    pieces = list(_pieces(titles.plain("".join(parts))))
    if len(text) > most:
        pieces.append(MarkedText("…", marked=False))
    return tuple(pieces)


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Returns the spans in order, with overlapping spans merged."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            first, last = merged.pop()
            merged.append((first, max(last, end)))
        else:
            merged.append((start, end))
    return merged


def _bare(text: str) -> str:
    return text.translate(_NONE)


def _pieces(text: str) -> Iterator[MarkedText]:
    """Splits the text at the marks; a mark that lost its other half with removed markup is ignored."""
    on, *rest = text.split(_ON)
    pieces = [(on, False)]
    for part in rest:
        inside, closed, outside = part.partition(_OFF)
        pieces += [(inside, bool(closed)), (outside, False)]
    for words, marked_words in pieces:
        if words:
            yield MarkedText(_visible(words.replace(_OFF, "")), marked=marked_words)


def _visible(text: str) -> str:
    """Returns the text without invisible characters, but keeps the space at its ends."""
    before, after = text[:1].isspace(), text[-1:].isspace()
    return f"{' ' * before}{clean(text)}{' ' * after}" if text.strip() else " "
