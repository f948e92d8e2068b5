"""A judge's verdict on a paper as values: answers from an enum, and ranges of the paper's own text.

No value here contains text that a model wrote, so such text can't reach any output.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Side(Enum):
    """Whether a yes to a principle counts for a paper or against it."""

    FOR = "for"
    AGAINST = "against"


class Answer(Enum):
    """The answer to a principle in both passes; `UNSURE` if they disagree or a quote is not in the paper."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


class Opinion(Enum):
    """The overall result of the answers."""

    FOR = "for"
    AGAINST = "against"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Principle:
    """A yes/no question of the list's maintainer; `side` is whether a yes counts for or against the paper."""

    id: str
    question: str
    side: Side = Side.FOR


@dataclass(frozen=True, slots=True)
class Quote:
    """A half-open range of characters of the title or the abstract, as in `passages` of `bot.relevance.judge`."""

    in_title: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PrincipleAnswer:
    """The answer to one principle, and the passage of the paper that proves a yes; None if there is none."""

    principle: Principle
    answer: Answer
    quote: Quote | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict of a judge on a paper.

    Args:
        version: the version of principles and model; answers of another version do not count.
        answers: one for each principle, in the order of the file.
        opinion: the overall result of the answers.
        evidence: what the answers add to the log odds that the list adds the paper.
        before: the paper's score without the judge, from 0 to 1.
    """

    version: str
    answers: tuple[PrincipleAnswer, ...]
    opinion: Opinion
    evidence: float
    before: float


@dataclass(frozen=True, slots=True)
class JudgingReport:
    """What a run asked the judge, and the results.

    Args:
        model: the model's name, as configured.
        asked: how many papers the judge was asked about in this run.
        remembered: how many verdicts of earlier runs were used.
        requests: how many requests were sent.
        tokens: how many tokens they took, as the endpoint reports, or estimated from their length.
        answered: how many of the papers asked about have usable answers.
        moved: how many papers changed their tier.
        false_quotes: how many quotes were not in the paper.
        calibrated_on: how many of the maintainer's decisions the weights were fitted to; 0 for the fixed weights.
        failure: why the judge did not answer about everything it should have; "" otherwise.
    """

    model: str
    asked: int = 0
    remembered: int = 0
    requests: int = 0
    tokens: int = 0
    answered: int = 0
    moved: int = 0
    false_quotes: int = 0
    calibrated_on: int = 0
    failure: str = ""
