"""Prepares papers for the HTML report: a card for each proposed paper, a line for any other. Pure.

All shown text is cut to a bounded length, since text from arXiv can be of any length.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.core.english import shorten
from bot.core.escaping import clean
from bot.core.model import Candidate, Decision, Field, Match, Neighbour, Reason, RunReport, Verdict
from bot.relevance.judge.wording import judge_lines
from bot.reports.figures import KNOWN
from bot.reports.page.marks import MarkedText, marked
from bot.reports.wording import COUNTED_ONLY, effect_texts, plain

LINES = 5_000
"""The most papers on one page besides the proposed ones; the filter gets slow with more, and nobody reads them."""
_TITLE, _ABSTRACT, _SHORT = 300, 4_000, 200
_AUTHORS = 8


@dataclass(frozen=True, slots=True)
class FoundPhrase:
    """A phrase and the fields in which it was found."""

    phrase: str
    fields: str


@dataclass(frozen=True, slots=True)
class Card:
    """A proposed paper with everything for and against it."""

    id: str
    url: str
    score: str
    percent: int
    title: tuple[MarkedText, ...]
    abstract: tuple[MarkedText, ...]
    authors: str
    more_authors: int
    facts: tuple[str, ...]
    kinds: tuple[str, ...]
    alike: bool
    reason: str
    topics: tuple[tuple[str, tuple[FoundPhrase, ...]], ...]
    excluded: tuple[tuple[str, tuple[FoundPhrase, ...]], ...]
    effects: tuple[tuple[str, tuple[str, ...]], ...]
    speaks_for: tuple[str, ...]
    speaks_against: tuple[str, ...]
    looks_like: tuple[Neighbour, ...]
    nearest: tuple[Neighbour, ...]
    sections: tuple[str, ...]
    remark: str
    judged: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A paper that is not proposed, on a line or two."""

    id: str
    url: str
    score: str
    title: tuple[MarkedText, ...]
    says: str


@dataclass(frozen=True, slots=True)
class PaperGroup:
    """Papers that are not proposed, for one reason; the `cut` papers with the lowest scores have no line."""

    verdict: str
    reason: str
    lines: tuple[PaperLine, ...]
    cut: int

    @property
    def count(self) -> int:
        """The number of papers, with and without a line."""
        return len(self.lines) + self.cut


def short(text: str, most: int = _SHORT) -> str:
    """Returns the text on one line, without markup, cut to `most` characters."""
    return shorten(plain(text[: most * 4]), most)


def card(decision: Decision) -> Card:
    """Returns the card of a proposed paper."""
    candidate, paper = decision.candidate, decision.candidate.paper
    matches = candidate.evidence.matches
    return Card(
        id=str(paper.id),
        url=paper.id.url,
        score=f"{candidate.score:.2f}",
        percent=round(candidate.score * 100),
        title=marked(paper.title, matches, Field.TITLE, _TITLE),
        abstract=marked(paper.abstract, matches, Field.ABSTRACT, _ABSTRACT),
        authors=", ".join(short(name, 80) for name in paper.authors[:_AUTHORS]),
        more_authors=max(0, len(paper.authors) - _AUTHORS),
        facts=tuple(_facts(candidate)),
        kinds=tuple(kind.value for kind in decision.kinds),
        alike=decision.reason is Reason.ALIKE,
        reason=short(decision.detail),
        topics=_by_topic(matches),
        excluded=_by_topic(candidate.evidence.excluded),
        effects=tuple(
            (side.capitalize(), tuple(short(text, _TITLE) for text in texts))
            for side, texts in effect_texts(candidate)
            if texts
        ),
        speaks_for=tuple(map(short, candidate.speaks_for)),
        speaks_against=tuple(map(short, candidate.speaks_against)),
        looks_like=tuple(map(_neighbour, decision.looks_like)),
        nearest=tuple(map(_neighbour, candidate.nearest)),
        sections=tuple(map(short, decision.sections)),
        remark=short("; ".join(filter(None, (paper.comment, paper.journal_ref))), 300),
        judged=tuple(short(line, _TITLE) for line in judge_lines(candidate)),
    )


def _facts(candidate: Candidate) -> Iterator[str]:
    paper = candidate.paper
    if paper.submitted:
        yield f"submitted {paper.submitted:%Y-%m-%d}"
    if paper.announced:
        yield f"announced {paper.announced:%Y-%m-%d}"
    if paper.categories:
        yield short(", ".join(paper.categories[:6]))


def _by_topic(matches: Sequence[Match]) -> tuple[tuple[str, tuple[FoundPhrase, ...]], ...]:
    fields: dict[tuple[str, str], dict[str, None]] = {}
    for match in matches:
        fields.setdefault((match.topic, match.phrase), {})[match.field.value] = None
    ordered = sorted(fields.items(), key=lambda pair: pair[0][0])
    return tuple(
        (
            short(topic),
            tuple(
                FoundPhrase(short(key[1]), " and ".join(places)) for key, places in found_phrases
            ),
        )
        for topic, found_phrases in groupby(ordered, key=lambda pair: pair[0][0])
    )


def _neighbour(near: Neighbour) -> Neighbour:
    return Neighbour(short(near.title, _TITLE), near.similarity, near.line)


def groups(report: RunReport) -> tuple[PaperGroup, ...]:
    """Groups the papers that are not proposed: near misses first, then known papers, then those without a phrase."""
    kept = [decision for decision in report.decisions if decision.verdict is not Verdict.PROPOSE]
    kept.sort(
        key=lambda decision: (
            _ORDER.index(decision.verdict),
            decision.reason in COUNTED_ONLY,
            decision.reason in KNOWN,
        )
    )
    by_reason: dict[tuple[Verdict, Reason], list[Decision]] = {}
    for decision in kept:
        by_reason.setdefault((decision.verdict, decision.reason), []).append(decision)
    found, room = [], LINES
    for (verdict, reason), decisions in by_reason.items():
        shown = decisions[:room]
        room -= len(shown)
        lines = tuple(map(_line, shown))
        found.append(PaperGroup(_NAMES[verdict], reason.value, lines, len(decisions) - len(shown)))
    return tuple(found)


_ORDER = (Verdict.PERHAPS, Verdict.HOLD, Verdict.REJECT)
_NAMES = dict(zip(_ORDER, ("Perhaps", "Held back", "Left out"), strict=True))


def _line(decision: Decision) -> PaperLine:
    candidate, paper = decision.candidate, decision.candidate.paper
    evidence = candidate.evidence
    parts = [
        "" if decision.reason in COUNTED_ONLY else short(decision.detail),
        ", ".join(kind.value for kind in decision.kinds),
        short("; ".join(evidence.phrases)),
    ]
    return PaperLine(
        id=str(paper.id),
        url=paper.id.url,
        score=f"{candidate.score:.2f}",
        title=marked(paper.title, evidence.matches, Field.TITLE, _TITLE),
        says=clean(" · ".join(filter(None, parts))),
    )
