"""Parses a model's reply: fixed JSON, answers from an enum, and quotes that must occur in the paper. Pure."""

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
    """The reply does not answer the question; the bot's own message says why, without the model's words."""


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
    """One pass's answer to one principle; `is_false` means that a yes became unsure because its quote is made up."""

    answer: Answer
    quote: Quote | None = None
    is_false: bool = False


def read_answers(
    text: str, paper: Paper, principles: Sequence[Principle]
) -> tuple[PassAnswer, ...]:
    """Parses the answers of one pass; returns one for each principle, in the order of the file.

    Raises:
        UnusableAnswerError: the text is too long, is not JSON, does not match the schema, or is about another paper.
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
    """The answer after checking its quote: a yes needs a quote that the paper contains; a no or unclear needs none."""
    if read.answer != "yes":
        return PassAnswer(Answer.NO if read.answer == "no" else Answer.UNSURE)
    quote = find_quote(read.quote, text)
    return PassAnswer(Answer.YES, quote) if quote else PassAnswer(Answer.UNSURE, is_false=True)


def find_quote(quoted: str, text: Passages) -> Quote | None:
    """Finds a quote in the abstract or the title, ignoring case and white space; None if it is not there."""
    words = quoted[: LONGEST_QUOTE + 1].split()
    if not _SHORTEST_QUOTE <= len(" ".join(words)) <= LONGEST_QUOTE:
        return None
    sequence = r"\s+".join(map(re.escape, words))
    pattern = re.compile(rf"(?<!\w){sequence}(?!\w)", re.IGNORECASE)
    for in_title, field in ((False, text.abstract), (True, text.title)):
        if found := pattern.search(field):
            return Quote(in_title, found.start(), found.end())
    return None


def agreed(
    first: Sequence[PassAnswer], second: Sequence[PassAnswer], principles: Sequence[Principle]
) -> tuple[PrincipleAnswer, ...]:
    """Combines both passes: an answer that they agree on, or else unsure."""
    return tuple(
        PrincipleAnswer(principle, first_answer.answer, first_answer.quote)
        if first_answer.answer is second_answer.answer
        else PrincipleAnswer(principle, Answer.UNSURE)
        for principle, first_answer, second_answer in zip(principles, first, second, strict=True)
    )


def nothing_known(principles: Sequence[Principle]) -> tuple[PrincipleAnswer, ...]:
    """Returns the answers to use if there was no usable reply: unsure for every principle."""
    return tuple(PrincipleAnswer(principle, Answer.UNSURE) for principle in principles)
