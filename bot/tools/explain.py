"""Explains why a run would or would not propose papers, and what would change that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import floor

from bot.core.arxiv_id import ArxivId
from bot.core.config import Config
from bot.core.model import Candidate, Decision, Paper, Reason
from bot.forge.protocol import Forge
from bot.pipeline import rules_of
from bot.proposals.answers import read_answers
from bot.proposals.context import NO_LINKS, RunContext
from bot.relevance.phrases import IN_ABSTRACT, IN_TITLE
from bot.relevance.scoring import Scorer
from bot.relevance.screening import Rules, screen
from bot.sources.protocol import LookUp, Source
from bot.tools.single_papers import scorer_for

_BEGINNING = datetime(1991, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision, and what would change it, one sentence each."""

    decision: Decision
    changes: tuple[str, ...]


def explain(
    config: Config,
    papers: Sequence[Paper],
    *,
    sources: Sequence[Source],
    forge: Forge,
    now: datetime,
) -> tuple[Explanation, ...]:
    """Explains what a run would decide about papers of any age, at least one, best first.

    `sources` supply the background papers.

    Raises:
        ForgeError, ListError: the list can't be read.
    """
    context = RunContext.of(config, forge.read(), now, NO_LINKS)
    index = context.papers.index
    known = read_answers(context.state, index, now).known
    scorer = scorer_for(papers, sources, context, known)
    rules = rules_of(config, _BEGINNING)
    decisions = screen(scorer.score(dict.fromkeys(papers)), index, known, rules)
    return tuple(
        Explanation(decision, tuple(_changes(decision, rules, scorer))) for decision in decisions
    )


def find_papers(
    wanted: Sequence[Paper | ArxivId], sources: Sequence[LookUp], forge: Forge
) -> tuple[list[Paper], list[ArxivId]]:
    """Looks ids up in the sources; a listed paper that no source has gets its title from the list.

    Returns:
        The papers in the order given, and the ids that neither a source nor the list has.

    Raises:
        SourceError, ForgeError: a source or the list can't be read.
    """
    known: dict[ArxivId, Paper] = {}
    missing = [paper for paper in wanted if isinstance(paper, ArxivId)]
    for source in sources:
        if missing:
            known |= {paper.id: paper for paper in source.look_up(missing)}
        missing = [paper_id for paper_id in missing if paper_id not in known]
    if missing:
        known |= _listed(missing, forge)
    papers = (known.get(paper) if isinstance(paper, ArxivId) else paper for paper in wanted)
    return list(filter(None, papers)), [paper for paper in missing if paper not in known]


def _listed(ids: Sequence[ArxivId], forge: Forge) -> dict[ArxivId, Paper]:
    """The papers that the list has, with no data but their titles."""
    index = forge.read().base.index()
    entries = {paper_id: index.find_id(paper_id) for paper_id in ids}
    return {
        paper_id: Paper(paper_id, entry.title or f"arXiv:{paper_id}")
        for paper_id, entry in entries.items()
        if entry is not None
    }


def _changes(decision: Decision, rules: Rules, scorer: Scorer) -> Iterator[str]:
    """Yields what would change the decision, the smallest change first."""
    candidate = decision.candidate
    threshold = f"threshold {rules.threshold:.2f}"
    match decision.reason:
        case Reason.RELEVANT:
            (without,) = scorer.score_if(candidate.paper, (0.0,))
            yield _to_exclude(candidate.score, threshold)
            yield f"without its phrases: score {without:.2f}, {threshold}"
        case Reason.ALIKE:
            yield _to_exclude(candidate.score, threshold)
        case Reason.LOW_SCORE | Reason.NO_PHRASE | Reason.UNSURE:
            yield _to_include(candidate.score, threshold)
            if not candidate.evidence.matches:
                title, abstract = scorer.score_if(candidate.paper, (IN_TITLE, IN_ABSTRACT))
                yield f"with a phrase of a topic in its title: score {title:.2f}, {threshold}"
                yield f"with one in its abstract: score {abstract:.2f}, {threshold}"
        case reason:
            yield _other_change(reason, candidate)


def _to_include(score: float, threshold: str) -> str:
    most = _floor(score)
    way = (
        f"set `threshold` to {most:.2f} or lower to include it"
        if most
        else "no threshold includes it"
    )
    return f"score {score:.2f}, {threshold}: {way}"


def _to_exclude(score: float, threshold: str) -> str:
    least = _floor(score) + 0.01
    way = (
        f"set `threshold` to {least:.2f} or higher to exclude it"
        if least <= 1
        else "no threshold excludes it"
    )
    return f"score {score:.2f}, {threshold}: {way}"


def _floor(score: float) -> float:
    """Rounds the score down to two decimals, like a threshold, ignoring floating-point noise."""
    return floor(round(score * 100, 6)) / 100


def _other_change(reason: Reason, candidate: Candidate) -> str:
    """Says what would change a decision that does not depend on the score."""
    match reason:
        case Reason.LISTED | Reason.SAME_TITLE:
            return "nothing: the paper is in the list"
        case Reason.WITHDRAWN:
            return "nothing: withdrawn papers are never proposed"
        case Reason.EXCLUDED:
            first = candidate.evidence.excluded[0]
            return f"remove the exclude {first.phrase!r} from the topic {first.topic!r}"
        case Reason.OTHER_CATEGORY:
            name = candidate.evidence.topics[0]
            names = ", ".join(candidate.paper.categories)
            return f"add one of the categories {names} to the topic {name!r}"
        case Reason.PENDING | Reason.CLAIMED:
            return "the outcome of that pull request"
        case Reason.REPEATED:
            return "nothing: this run decides about the paper's other occurrence"
        case _:  # declined or snoozed
            return f"run `arxiv-bot propose {candidate.paper.id}`"
