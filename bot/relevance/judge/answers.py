"""Reads what a model answered: a fixed shape, an enum, and quotes that count only if the paper has them. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.core.judgement import Answer, Principle, PrincipleAnswer, Quote
from bot.core.model import Paper
from bot.relevance.judge.question import LONGEST_QUOTE, Passages, labels, passages

_LARGEST = 50_000  # characters of an answer
_SHORTEST_QUOTE = 8  # characters: "we" is in every abstract


class UnusableAnswerError(Exception):
    """The answer is not one to the question; the message is the bot's own and says how."""


class _ReadAnswer(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    quote: str
    answer: Literal["yes", "no", "unclear"]


class _Reply(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    paper: str
    answers: dict[str, _ReadAnswer]


@dataclass(frozen=True, slots=True)
class PassAnswer:
    """One pass's answer to one principle; with a quote that the paper does not have (`is_false`) a yes is unsure."""

    answer: Answer
    quote: Quote | None = None
    is_false: bool = False


def read_answers(
    text: str, paper: Paper, principles: Sequence[Principle]
) -> tuple[PassAnswer, ...]:
    """The answers of one pass, one for each principle in the order of the file.

    Raises:
        UnusableAnswerError: the text is not JSON, of another shape, or about another paper.
    """
    if len(text) > _LARGEST:
        raise UnusableAnswerError("an answer that is too long")
    try:
        reply = _Reply.model_validate_json(text)
    except ValidationError as error:
        is_json = error.errors(include_url=False, include_input=False)[0]["type"] != "json_invalid"
        what = "an answer that ignores the schema" if is_json else "an answer that is not JSON"
        raise UnusableAnswerError(what) from None
    if reply.paper != str(paper.id):
        raise UnusableAnswerError("an answer about another paper")
    if set(reply.answers) != set(labels(principles)):
        raise UnusableAnswerError("an answer that ignores the schema")
    text_of = passages(paper)
    return tuple(_checked(reply.answers[label], text_of) for label in labels(principles))


def _checked(read: _ReadAnswer, text: Passages) -> PassAnswer:
    """A yes counts with a quote that the paper contains; a no and an unclear need none."""
    if read.answer != "yes":
        return PassAnswer(Answer.NO if read.answer == "no" else Answer.UNSURE)
    quote = find_quote(read.quote, text)
    return PassAnswer(Answer.YES, quote) if quote else PassAnswer(Answer.UNSURE, is_false=True)


def find_quote(said: str, text: Passages) -> Quote | None:
    """Where the paper has these words, in the same order, whatever the case and the white space; None for nowhere."""
    words = said[: LONGEST_QUOTE + 1].split()
    if not _SHORTEST_QUOTE <= len(" ".join(words)) <= LONGEST_QUOTE:
        return None
    inside = r"\s+".join(map(re.escape, words))
    pattern = re.compile(rf"(?<!\w){inside}(?!\w)", re.IGNORECASE)
    for in_title, field in ((False, text.abstract), (True, text.title)):
        if found := pattern.search(field):
            return Quote(in_title, found.start(), found.end())
    return None


def agreed(
    first: Sequence[PassAnswer], second: Sequence[PassAnswer], principles: Sequence[Principle]
) -> tuple[PrincipleAnswer, ...]:
    """What both passes say; where they differ, or one is unsure, the answer is unsure."""
    return tuple(
        PrincipleAnswer(principle, first_answer.answer, first_answer.quote)
        if first_answer.answer is second_answer.answer
        else PrincipleAnswer(principle, Answer.UNSURE)
        for principle, first_answer, second_answer in zip(principles, first, second, strict=True)
    )


def nothing_known(principles: Sequence[Principle]) -> tuple[PrincipleAnswer, ...]:
    """What stands where no usable answer came: unsure of everything."""
    return tuple(PrincipleAnswer(principle, Answer.UNSURE) for principle in principles)
