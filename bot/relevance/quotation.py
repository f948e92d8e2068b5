"""What a reader is shown of a paper's evidence: the one sentence that says most, and the score in a word. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.model import Candidate, Field, Match
from bot.relevance.phrases import words

_STRONG = 0.5
_LIKELY = 0.1
_LONGEST = 320  # characters of a sentence
# A sentence ends before a space that a capital, a digit or an opening mark follows; not behind "e.g." or an initial.
_END = re.compile(
    r"(?<![A-Z]\.)(?<!e\.g\.)(?<!i\.e\.)(?<!et al\.)(?<!vs\.)(?<=[.!?])[”\")]?\s+(?=[A-Z0-9“\"(])"
)


@dataclass(frozen=True, slots=True)
class Quotation:
    """A sentence of an abstract, cut into pieces: the text of each, and whether a phrase matched there."""

    pieces: tuple[tuple[str, bool], ...]

    def marked(self, before: str, after: str) -> str:
        """The sentence as plain text, with marks around what matched."""
        return "".join(f"{before}{text}{after}" if hit else text for text, hit in self.pieces)


def quote(candidate: Candidate) -> Quotation | None:
    """The sentence of the abstract that holds the most distinct parts of the matched phrases, then the rarest.

    A part is rarer the fewer places of the abstract have it. All matches of the sentence are marked. None where no
    phrase matched in the abstract: the title can be seen anyway.
    """
    text = candidate.paper.abstract
    matches = [match for match in candidate.evidence.matches if match.field is Field.ABSTRACT]
    if not matches:
        return None
    places = Counter(part for part, _ in {(_part(match, text), match.start) for match in matches})

    def telling(span: tuple[int, int]) -> tuple[int, float, int]:
        inside = {_part(match, text) for match in matches if span[0] <= match.start < span[1]}
        return len(inside), sum(1 / places[part] for part in inside), -span[0]

    start, end = max(_sentences(text), key=telling)
    return Quotation(tuple(_pieces(text, start, end, matches)))


def grade(score: float, threshold: float) -> str:
    """A score in a word: Strong, Likely, or Borderline; below the threshold always the last."""
    if score < threshold:
        return "Borderline"
    return "Strong" if score >= _STRONG else "Likely" if score >= _LIKELY else "Borderline"


def _part(match: Match, text: str) -> tuple[str, ...]:
    """The words of a match, folded, so that the plural is the same part."""
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
    """The sentence cut where matches begin and end; a long one loses what is far from its matches."""
    end = start + len(text[start:end].rstrip())
    spans = _joined(
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


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans that overlap or touch, as one."""
    found: list[tuple[int, int]] = []
    for start, end in spans:
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _window(start: int, end: int, spans: list[tuple[int, int]]) -> tuple[int, int]:
    """The part of a sentence to show: all of it, or as much around its first match as is allowed."""
    if end - start <= _LONGEST:
        return start, end
    first = max(start, spans[0][0] - _LONGEST // 3)
    return first, min(end, first + _LONGEST)
