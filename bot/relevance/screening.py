"""Screening: the only place that says yes or no to a paper.

Pure and independent of the order of what comes in: the same candidates give the same decisions, best first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.core import titles
from bot.core.arxiv_id import ArxivId
from bot.core.model import Announcement, Candidate, Decision, Paper, Reason, Topic, Verdict
from bot.listing.index import ListIndex
from bot.relevance.kinds import kinds_of
from bot.relevance.phrases import in_categories, strength

# The comment of a withdrawn paper's newest version says so, in free text (https://info.arxiv.org/help/withdraw.html).
# Not meant: "replaces the withdrawn 1234.56789", "withdrawn submission", "withdrawn from a journal".
_WITHDRAWN = re.compile(
    r"(?P<other>\b(?:replac|supersed|correct|revis|extend)(?:es|s|ing)\s+(?:[^\s.]+\s+){0,4})?"
    r"\bwithdrawn\b"
    r"(?!\s+(?:paper|submission|version|article|preprint|manuscript|arxiv|\d|from\s+(?!arxiv)))",
    re.IGNORECASE,
)
_REPLACEMENTS = frozenset({Announcement.REPLACE, Announcement.REPLACE_CROSS})


@dataclass(frozen=True, slots=True)
class Known:
    """Why a paper needs no decision: it was decided upon, or is waiting for one, in pull request `number`."""

    verdict: Verdict
    reason: Reason
    detail: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """What screening goes by: the topics, the least scores, and the start of the window (UTC).

    `threshold` is that of a paper with a phrase of a topic, `without_phrase` that of any other.
    """

    topics: tuple[Topic, ...]
    threshold: float
    without_phrase: float
    since: datetime


def screen(
    candidates: Iterable[Candidate],
    index: ListIndex,
    known: Mapping[ArxivId, Known],
    rules: Rules,
) -> tuple[Decision, ...]:
    """Decides on every candidate, one decision for each, best score first.

    `known` holds what batches and other people's pull requests say of papers.
    Of two papers with the same title the one with the lower id is kept.
    """
    ordered = sorted(candidates, key=lambda one: one.paper.id.order)
    topics = {topic.name: topic for topic in rules.topics}
    decisions = []
    met: dict[str, ArxivId] = {}
    for candidate in ordered:
        decision = _decide(candidate, index, known, rules, topics)
        if decision.verdict is Verdict.PROPOSE:
            key = titles.key(candidate.paper.title)
            if key in met:
                detail = f"same title as {met[key]}"
                decision = Decision(candidate, Verdict.REJECT, Reason.REPEATED, detail)
            met.setdefault(key, candidate.paper.id)
        decisions.append(decision)
    return tuple(sorted(decisions, key=_best_first))


def _decide(
    candidate: Candidate,
    index: ListIndex,
    known: Mapping[ArxivId, Known],
    rules: Rules,
    topics: Mapping[str, Topic],
) -> Decision:
    paper = candidate.paper
    if listed := index.find(paper):
        same = paper.id in listed.ids
        reason = Reason.LISTED if same else Reason.SAME_TITLE
        kinds = kinds_of(paper, listed=True)
        return Decision(candidate, Verdict.REJECT, reason, f"line {listed.line}", kinds=kinds)
    kinds = kinds_of(paper, listed=False)
    if (before := known.get(paper.id)) is not None:
        return Decision(candidate, before.verdict, before.reason, before.detail, kinds=kinds)
    if refusal := _irrelevant(candidate, rules, topics):
        return Decision(candidate, Verdict.REJECT, *refusal, kinds=kinds)
    reason = Reason.RELEVANT if candidate.evidence.matches else Reason.ALIKE
    looks_like = index.looks_like(paper)
    mentioning = index.mentioning(paper.id)
    detail = f"mentioned in line {mentioning.line}" if mentioning else ""
    return Decision(candidate, Verdict.PROPOSE, reason, detail, looks_like=looks_like, kinds=kinds)


def _irrelevant(
    candidate: Candidate, rules: Rules, topics: Mapping[str, Topic]
) -> tuple[Reason, str] | None:
    """Why the paper is not for the list, the most telling reason first; None if it is."""
    paper, evidence = candidate.paper, candidate.evidence
    if evidence.excluded and not evidence.matches:
        return Reason.EXCLUDED, f"“{evidence.excluded[0].phrase}”"
    least = rules.threshold if evidence.matches else rules.without_phrase
    low = _below(candidate.score, least)
    if not evidence.matches and candidate.score < least:
        return Reason.NO_PHRASE, low
    if evidence.matches and not any(in_categories(paper, topics[name]) for name in evidence.topics):
        return Reason.OTHER_CATEGORY, ", ".join(paper.categories)
    if is_withdrawn(paper):
        return Reason.WITHDRAWN, ""
    if paper.announcement in _REPLACEMENTS and _before_window(paper, rules.since):
        return Reason.REPLACEMENT, ""
    if candidate.score < least:
        alone = strength(evidence)
        told = f"; {alone:.2f} by its phrases alone" if alone >= least else ""
        return Reason.LOW_SCORE, low + told
    return None


def _below(score: float, least: float) -> str:
    """`0.02 < 0.03`, with as many digits as it takes to tell the two apart."""
    pairs = ((f"{score:.{digits}f}", f"{least:.{digits}f}") for digits in (2, 3, 4, 6))
    return " < ".join(
        next((pair for pair in pairs if pair[0] != pair[1]), (str(score), str(least)))
    )


def is_withdrawn(paper: Paper) -> bool:
    """Whether the authors or arXiv took the paper back, as its comment tells."""
    return any(not match["other"] for match in _WITHDRAWN.finditer(paper.comment))


def _before_window(paper: Paper, since: datetime) -> bool:
    if paper.submitted is not None:
        return paper.submitted < since
    return (paper.id.year, paper.id.month) < (since.year, since.month)


def _best_first(decision: Decision) -> tuple[float, tuple[int, int, str, int]]:
    year, month, archive, number = decision.candidate.paper.id.order
    return (-decision.candidate.score, (-year, -month, archive, -number))
