"""Defines the interface to a judge's model; `bot.sources.judge_client` implements it over HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.relevance.judge.question import Question


class JudgeStoppedError(Exception):
    """Further questions are useless or not allowed; the bot's own message says why, without the server's words."""


@dataclass(frozen=True, slots=True)
class ModelReply:
    """The text that a model wrote, which only `answers.read_answers` may read, and the number of tokens used."""

    text: str
    tokens: int


class Ask(Protocol):
    """Sends questions to a model."""

    @property
    def requests(self) -> int:
        """The number of requests sent so far."""

    def ask(self, question: Question) -> ModelReply:
        """Asks one question.

        Raises:
            JudgeStoppedError: no further question can be answered.
            UnusableAnswerError: this question got no usable answer; the next one may.
        """
