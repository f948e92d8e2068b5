"""Encodes verdicts as short codes for pull request markers and the cache, and decodes them. Pure.

The code `ynuy a12-64-3f2a` has a letter for each principle (yes, no, unsure), in the order of the file. The positions
of the first quotes follow: in the abstract (`a`) or the title (`t`), start, end, and a checksum of the words there.
Decoding drops quotes whose words have changed since.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.core.judgement import Answer, Principle, PrincipleAnswer, Quote
from bot.core.model import Paper
from bot.relevance.judge.question import LONGEST_QUOTE, Passages, passages

QUOTES_KEPT = 3
_LETTER = {Answer.YES: "y", Answer.NO: "n", Answer.UNSURE: "u"}
_ANSWER = {letter: answer for answer, letter in _LETTER.items()}
_CODE = re.compile(r"[ynu]{1,9}(?: (?:-|[at]\d{1,5}-\d{1,5}-[0-9a-f]{4})){0,9}")
_PLACE = re.compile(r"([at])(\d+)-(\d+)-([0-9a-f]{4})")


@dataclass(frozen=True, slots=True)
class CachedVerdict:
    """A verdict in the cache: the code that `encode` writes, and the paper's text for the ranker to learn from."""

    code: str
    title: str
    abstract: str


def encode(answers: Sequence[PrincipleAnswer], paper: Paper) -> str:
    """Encodes the answers as a code."""
    text = passages(paper)
    letters = "".join(_LETTER[answer.answer] for answer in answers)
    quotes = [answer.quote for answer in answers if answer.answer is Answer.YES][:QUOTES_KEPT]
    return " ".join([letters, *(_place(quote, text) for quote in quotes)])


def is_code(text: object) -> bool:
    """Whether a value has the form of a code."""
    return isinstance(text, str) and _CODE.fullmatch(text) is not None


def letters(code: str, principles: Sequence[Principle]) -> tuple[PrincipleAnswer, ...]:
    """Decodes the answers of a code without quotes; empty if it is invalid or for another number of principles."""
    first_word = code.split(" ", maxsplit=1)[0] if is_code(code) else ""
    if len(first_word) != len(principles):
        return ()
    return tuple(
        PrincipleAnswer(principle, _ANSWER[letter])
        for principle, letter in zip(principles, first_word, strict=True)
    )


def decode(
    code: str, paper: Paper, principles: Sequence[Principle]
) -> tuple[PrincipleAnswer, ...] | None:
    """Decodes the answers and quotes of a code; None if it is invalid or is for another number of principles."""
    answers = letters(code, principles)
    if not answers:
        return None
    quotes = _quotes(code.split(" ")[1:], passages(paper))
    return tuple(
        replace(answer, quote=next(quotes, None)) if answer.answer is Answer.YES else answer
        for answer in answers
    )


def _place(quote: Quote | None, text: Passages) -> str:
    if quote is None:
        return "-"
    return f"{'t' if quote.in_title else 'a'}{quote.start}-{quote.end}-{_check(quote, text)}"


def _quotes(places: Sequence[str], text: Passages) -> Iterator[Quote | None]:
    """The quotes at the encoded positions; None where the paper's text has changed."""
    for place in places:
        if not (match := _PLACE.fullmatch(place)):
            yield None
            continue
        quote = Quote(match[1] == "t", int(match[2]), int(match[3]))
        fits = 0 < quote.end - quote.start <= 4 * LONGEST_QUOTE
        yield quote if fits and _check(quote, text) == match[4] else None


def _check(quote: Quote, text: Passages) -> str:
    words = text.quoted(quote).encode("utf-8", "surrogatepass")
    return hashlib.sha256(words).hexdigest()[:4]
