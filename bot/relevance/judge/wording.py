"""Describes a judge's answers for people: the principles as written in their file, the answers, and quotes. Pure.

The texts are plain text, so the caller must escape them. They contain no text that a model wrote.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.english import count, shorten
from bot.core.judgement import Answer, Judgement, JudgingReport, Opinion
from bot.core.model import Candidate
from bot.relevance.judge.memory import QUOTES_KEPT
from bot.relevance.judge.question import passages

_QUOTE_SHOWN = 200


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """A principle, the answer to it, and the paper's words that show it ("" if there are none)."""

    id: str
    question: str
    answer: str
    quote: str


def shown_answers(candidate: Candidate) -> Iterator[ShownAnswer]:
    """Yields the answers about a paper, in the order of the principles."""
    judgement = candidate.judgement
    text = passages(candidate.paper)
    for answer in judgement.answers if judgement else ():
        quote = shorten(text.quoted(answer.quote), _QUOTE_SHOWN) if answer.quote else ""
        principle = answer.principle
        yield ShownAnswer(principle.id, principle.question, answer.answer.value, quote)


def verdict_text(judgement: Judgement) -> str:
    """Describes the opinion in a few words."""
    if judgement.opinion is Opinion.UNSURE:
        return "the judge is unsure"
    return f"the judge’s answers speak {judgement.opinion.value} it"


def judge_lines(candidate: Candidate) -> list[str]:
    """Lists the opinion and the first principles that the paper meets, a line each; empty if no judge was asked."""
    if not candidate.judgement:
        return []
    satisfied = [shown for shown in shown_answers(candidate) if shown.answer == Answer.YES.value]
    return [
        verdict_text(candidate.judgement),
        *(
            f"{shown.id}: “{shown.quote}”" if shown.quote else shown.id
            for shown in satisfied[:QUOTES_KEPT]
        ),
    ]


def judging_text(report: JudgingReport) -> str:
    """Summarises in a sentence what the judge did in a run."""
    answered = (
        f"judge: {report.model} answered about {report.answered} of {count(report.asked, 'paper')}"
    )
    parts = [f"{answered} in {count(report.requests, 'request')}, {report.tokens:,} tokens"]
    if report.remembered:
        parts.append(f"{report.remembered} remembered")
    if report.moved:
        parts.append(f"{count(report.moved, 'paper')} moved between the tiers")
    if report.false_quotes:
        parts.append(f"{count(report.false_quotes, 'quote')} not in the paper")
    if report.calibrated_on:
        parts.append(f"weights fitted to {count(report.calibrated_on, 'decision')}")
    if report.failure:
        parts.append(f"incomplete: {report.failure}")
    return "; ".join(parts)
