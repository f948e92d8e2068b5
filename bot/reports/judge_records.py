"""JSON records of what a judge answered: questions come from the principles file, quotes from the paper."""

from __future__ import annotations

from bot.core.judgement import Opinion
from bot.core.model import Candidate
from bot.relevance.judge.wording import shown_answers
from bot.reports.json_record import JsonRecord, Share, Text


class PrincipleRecord(JsonRecord):
    """What a judge answered to one principle."""

    id: Text
    """The principle's id."""
    question: Text
    """The principle's question, as in the file of principles."""
    answer: Text
    """`yes`, `no` or `unsure`."""
    quote: Text
    """The words of the paper that support the answer; empty if there are none."""


class JudgementRecord(JsonRecord):
    """What a judge answered about a paper."""

    opinion: Opinion
    """Whether the answers are for the paper, against it, or leave it open."""
    evidence: Share
    """How much the answers add to the log odds that the paper belongs in the list."""
    before: Share
    """The score without the judge."""
    answers: tuple[PrincipleRecord, ...]
    """The answers, in the order of the principles."""

    @classmethod
    def of(cls, candidate: Candidate) -> JudgementRecord | None:
        """The record of a candidate's judgement, if it has one."""
        if (found := candidate.judgement) is None:
            return None
        return cls(
            opinion=found.opinion,
            evidence=found.evidence,
            before=found.before,
            answers=tuple(map(PrincipleRecord.model_validate, shown_answers(candidate))),
        )


class JudgingRecord(JsonRecord):
    """What a run asked the judge, and the results."""

    model: Text
    """The model's name."""
    asked: int
    """How many papers it was asked about."""
    answered: int
    """How many of these papers got a usable answer."""
    remembered: int
    """How many answers of earlier runs were used."""
    requests: int
    """How many requests were sent."""
    tokens: int
    """How many tokens they took."""
    moved: int
    """How many papers moved between the tiers."""
    false_quotes: int
    """How many quotes were not in the paper."""
    calibrated_on: int
    """How many of the maintainer's decisions the weights were fitted to; 0 for fixed weights."""
    failure: Text
    """Why the judge did not answer about all papers; empty otherwise."""
