"""Picks the sentence of an abstract that best shows why a paper matched, and describes its score in a word. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from math import fsum

from bot.core.model import Candidate, Field, Match
from bot.relevance.phrases import words

_STRONG = 0.5
_LIKELY = 0.1
_LONGEST = 320  # characters shown of a sentence
# A sentence ends at a space before a capital, a digit or an opening quote or bracket, but not after "e.g." or an
# initial.
_END = re.compile(
    r"(?<![A-Z]\.)(?<!e\.g\.)(?<!i\.e\.)(?<!et al\.)(?<!vs\.)(?<=[.!?])[”\")]?\s+(?=[A-Z0-9“\"(])"
)


@dataclass(frozen=True, slots=True)
class Quotation:
    """A sentence of an abstract as pieces: the text of each, and whether a phrase matched it."""

    pieces: tuple[tuple[str, bool], ...]

    def marked(self, before: str, after: str) -> str:
        """Returns the sentence as plain text, with `before` and `after` around each match."""
        return "".join(f"{before}{text}{after}" if hit else text for text, hit in self.pieces)


def quote(candidate: Candidate) -> Quotation | None:
    """Returns the sentence of the abstract with the most distinct matched phrase parts, with its matches marked.

    Among sentences with as many parts, it prefers those with parts that occur less often in the abstract. Returns None
    if no phrase matched the abstract; a match in the title needs no quotation, because the title is always shown.
    """
    text = candidate.paper.abstract
    matches = [match for match in candidate.evidence.matches if match.field is Field.ABSTRACT]
    if not matches:
        return None
    places = Counter(part for part, _ in {(_part(match, text), match.start) for match in matches})

    def rank(span: tuple[int, int]) -> tuple[int, float, int]:
        parts = {_part(match, text) for match in matches if span[0] <= match.start < span[1]}
        return len(parts), fsum(1 / places[part] for part in parts), -span[0]

    start, end = max(_sentences(text), key=rank)
    return Quotation(tuple(_pieces(text, start, end, matches)))


def grade(score: float, threshold: float) -> str:
    """Describes a score in a word: Strong, Likely or Borderline; always Borderline below the threshold."""
    if score < threshold:
        return "Borderline"
    return "Strong" if score >= _STRONG else "Likely" if score >= _LIKELY else "Borderline"


def _part(match: Match, text: str) -> tuple[str, ...]:
    """The folded words of a match, so that singular and plural are the same part."""
    return tuple(word.text for word in words(text[match.start : match.end]))


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """The half-open ranges of a text's sentences."""
    start = 0
    for gap in _END.finditer(text):
        yield start, gap.end()
        start = gap.end()
    if start < len(text) or not text:
        yield start, len(text)


def _pieces(text: str, start: int, end: int, matches: list[Match]) -> Iterator[tuple[str, bool]]:
    """Cuts the sentence where matches begin and end; shortens a long sentence to a window around its matches."""
    end = start + len(text[start:end].rstrip())
    spans = _merged(
        sorted(
            (match.start, min(match.end, end)) for match in matches if start <= match.start < end
        )
    )
    first, last = _window(start, end, spans)
    if first > start:
        yield "… ", False
    for begin, stop in spans:
        if stop <= first or begin >= last:
            continue
        if begin > first:
            yield text[first:begin], False
        yield text[max(begin, first) : stop], True
        first = stop
    if first < last:
        yield text[first:last], False
    if last < end:
        yield " …", False


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Merges spans that overlap or touch."""
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _window(start: int, end: int, spans: list[tuple[int, int]]) -> tuple[int, int]:
    """The range of a sentence to show: all of it, or `_LONGEST` characters around its first match."""
    if end - start <= _LONGEST:
        return start, end
    first = max(start, spans[0][0] - _LONGEST // 3)
    return first, min(end, first + _LONGEST)
