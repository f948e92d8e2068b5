"""How a judge is asked, and how that fails; `bot.sources.judge_client` does it over HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.relevance.judge.question import Question


class JudgeStoppedError(Exception):
    """Asking on is useless or not allowed; the message is the bot's own and says why."""


@dataclass(frozen=True, slots=True)
class ModelReply:
    """What a model wrote, which nothing but `answers.read_answers` may read, and the tokens it took."""

    text: str
    tokens: int


class Ask(Protocol):
    """Asks a model."""

    @property
    def requests(self) -> int:
        """How many requests were sent so far."""

    def ask(self, question: Question) -> ModelReply:
        """Asks one question.

        Raises:
            JudgeStoppedError: no further question can be answered.
            UnusableAnswerError: this one was not answered.
        """
