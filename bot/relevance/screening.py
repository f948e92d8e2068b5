"""Screens papers: decides which are proposed, shown under "Perhaps" or rejected; no other module decides that.

Pure. The same candidates, in any order, give the same decisions, best first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core import titles
from bot.core.arxiv_id import ArxivId
from bot.core.model import Announcement, Candidate, Decision, Kind, Paper, Reason, Topic, Verdict
from bot.listing.index import ListIndex
from bot.relevance.kinds import kinds_of
from bot.relevance.phrases import in_categories, strength

# The comment of a withdrawn paper's newest version says so, in free text (https://info.arxiv.org/help/withdraw.html).
# Excluded: "replaces the withdrawn 1234.56789", "withdrawn submission", "withdrawn from a journal".
_WITHDRAWN = re.compile(
    r"(?P<other>\b(?:replac|supersed|correct|revis|extend)(?:es|s|ing)\s+(?:[^\s.]+\s+){0,4})?"
    r"\bwithdrawn\b"
    r"(?!\s+(?:paper|submission|version|article|preprint|manuscript|arxiv|\d|from\s+(?!arxiv)))",
    re.IGNORECASE,
)
_PERHAPS = 0.03  # share of the threshold that a paper needs for the lower tier
_TIERS = (Verdict.PROPOSE, Verdict.PERHAPS)
_REPLACEMENTS = frozenset({Announcement.REPLACE, Announcement.REPLACE_CROSS})


@dataclass(frozen=True, slots=True)
class Known:
    """Why a paper needs no decision: pull request `number` decided on it, or still waits for an answer."""

    verdict: Verdict
    reason: Reason
    detail: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of screening: the topics, the minimum score of the upper tier, and the start of the window (UTC).

    The best `max_perhaps` papers below the threshold, but not below 3 % of it, get `Verdict.PERHAPS`.
    """

    topics: tuple[Topic, ...]
    threshold: float
    max_perhaps: int
    since: datetime


def screen(
    candidates: Iterable[Candidate],
    index: ListIndex,
    known: Mapping[ArxivId, Known],
    rules: Rules,
) -> tuple[Decision, ...]:
    """Decides on every candidate; returns one decision for each, best score first.

    `known` holds the papers of the bot's batches and of other people's pull requests.
    Of two papers with the same title, the one with the lower id is kept.
    The lower tier holds the best papers that miss the upper tier only by their score.
    """
    ordered = sorted(candidates, key=lambda candidate: candidate.paper.id.order)
    topics = {topic.name: topic for topic in rules.topics}
    decisions = []
    seen: dict[str, ArxivId] = {}
    for candidate in ordered:
        decision = _decide(candidate, index, known, rules, topics)
        if decision.verdict in _TIERS:
            key = titles.key(candidate.paper.title)
            if key in seen:
                detail = f"same title as {seen[key]}"
                decision = Decision(candidate, Verdict.REJECT, Reason.REPEATED, detail)
            seen.setdefault(key, candidate.paper.id)
        decisions.append(decision)
    return tuple(_limited(sorted(decisions, key=best_first), rules))


def _limited(decisions: Iterable[Decision], rules: Rules) -> Iterator[Decision]:
    """Keeps the first `max_perhaps` papers of the lower tier and rejects the others."""
    room = rules.max_perhaps
    for decision in decisions:
        if decision.reason is not Reason.UNSURE:
            yield decision
        elif room > 0:
            room -= 1
            yield decision
        else:
            reason, detail = _low(decision.candidate, rules.threshold)
            yield replace(decision, verdict=Verdict.REJECT, reason=reason, detail=detail)


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
        return Decision(candidate, Verdict.REJECT, reason, listed.where, kinds=kinds)
    kinds = kinds_of(paper, listed=False)
    if (before := known.get(paper.id)) is not None:
        return Decision(candidate, before.verdict, before.reason, before.detail, kinds=kinds)
    if refusal := _irrelevant(candidate, rules, topics):
        return Decision(candidate, Verdict.REJECT, *refusal, kinds=kinds)
    decision = accepted(candidate, index, kinds)
    return doubted(decision, rules.threshold) if candidate.score < rules.threshold else decision


def accepted(candidate: Candidate, index: ListIndex, kinds: tuple[Kind, ...]) -> Decision:
    """Returns the decision that puts a paper in the upper tier."""
    paper = candidate.paper
    reason = Reason.RELEVANT if candidate.evidence.matches else Reason.ALIKE
    mentioning = index.mentioning(paper.id)
    detail = f"mentioned in {mentioning.where}" if mentioning else ""
    looks_like = index.looks_like(paper)
    return Decision(candidate, Verdict.PROPOSE, reason, detail, looks_like=looks_like, kinds=kinds)


def doubted(decision: Decision, threshold: float) -> Decision:
    """Returns the decision that puts the paper in the lower tier, because its score is below the threshold."""
    _, low = _low(decision.candidate, threshold)
    return replace(decision, verdict=Verdict.PERHAPS, reason=Reason.UNSURE, detail=low)


def _irrelevant(
    candidate: Candidate, rules: Rules, topics: Mapping[str, Topic]
) -> tuple[Reason, str] | None:
    """Why the paper is in neither tier, by the most informative reason; None if it is in one."""
    paper, evidence = candidate.paper, candidate.evidence
    if evidence.excluded and not evidence.matches:
        return Reason.EXCLUDED, f"“{evidence.excluded[0].phrase}”"
    low = candidate.score < rules.threshold * _PERHAPS
    if not evidence.matches and low:
        return _low(candidate, rules.threshold)
    if evidence.matches and not any(in_categories(paper, topics[name]) for name in evidence.topics):
        return Reason.OTHER_CATEGORY, ", ".join(paper.categories)
    if is_withdrawn(paper):
        return Reason.WITHDRAWN, ""
    if paper.announcement in _REPLACEMENTS and _before_window(paper, rules.since):
        return Reason.REPLACEMENT, ""
    return _low(candidate, rules.threshold) if low else None


def _low(candidate: Candidate, threshold: float) -> tuple[Reason, str]:
    """The reason for rejecting a score below the threshold, with both numbers."""
    below = _below(candidate.score, threshold)
    if not candidate.evidence.matches:
        return Reason.NO_PHRASE, below
    alone = strength(candidate.evidence)
    by_phrases = f"; {alone:.2f} by its phrases alone" if alone >= threshold else ""
    return Reason.LOW_SCORE, below + by_phrases


def _below(score: float, least: float) -> str:
    """Writes `0.02 < 0.03` with as many digits as the two numbers need to differ."""
    pairs = ((f"{score:.{digits}f}", f"{least:.{digits}f}") for digits in (2, 3, 4, 6))
    return " < ".join(
        next((pair for pair in pairs if pair[0] != pair[1]), (str(score), str(least)))
    )


def is_withdrawn(paper: Paper) -> bool:
    """Whether the paper's comment says that the authors or arXiv withdrew it."""
    return any(not match["other"] for match in _WITHDRAWN.finditer(paper.comment))


def _before_window(paper: Paper, since: datetime) -> bool:
    if paper.submitted is not None:
        return paper.submitted < since
    return (paper.id.year, paper.id.month) < (since.year, since.month)


def best_first(decision: Decision) -> tuple[float, tuple[int, int, str, int]]:
    """Sort key of decisions: the higher score first, and the newer paper first among equal scores."""
    year, month, archive, number = decision.candidate.paper.id.order
    return (-decision.candidate.score, (-year, -month, archive, -number))
