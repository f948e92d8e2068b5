"""Prepares papers for the template of the HTML report: a card for each proposed paper, a line for any other. Pure.

All shown text is cut to a bounded length, since text from arXiv can be of any length.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from bot.core.english import shorten
from bot.core.escaping import clean
from bot.core.model import Candidate, Decision, Field, Match, Neighbour, Reason, RunReport, Verdict
from bot.relevance.judge.wording import judge_lines
from bot.reports.figures import KNOWN
from bot.reports.page.marks import marked
from bot.reports.wording import COUNTED_ONLY, effect_texts, plain

LINES = 5_000
"""The most papers on one page besides the proposed ones; the filter gets slow with more, and nobody reads them."""
_TITLE, _ABSTRACT, _SHORT = 300, 4_000, 200
_AUTHORS = 8


def short(text: str, most: int = _SHORT) -> str:
    """Returns the text on one line, without markup, cut to `most` characters."""
    return shorten(plain(text[: most * 4]), most)


def card(decision: Decision) -> dict[str, Any]:
    """Returns the template's values for a proposed paper: everything for and against it."""
    candidate, paper = decision.candidate, decision.candidate.paper
    matches = candidate.evidence.matches
    return {
        "id": str(paper.id),
        "url": paper.id.url,
        "score": f"{candidate.score:.2f}",
        "percent": round(candidate.score * 100),
        "title": marked(paper.title, matches, Field.TITLE, _TITLE),
        "abstract": marked(paper.abstract, matches, Field.ABSTRACT, _ABSTRACT),
        "authors": ", ".join(short(name, 80) for name in paper.authors[:_AUTHORS]),
        "more_authors": max(0, len(paper.authors) - _AUTHORS),
        "facts": list(_facts(candidate)),
        "kinds": [kind.value for kind in decision.kinds],
        "alike": decision.reason is Reason.ALIKE,
        "reason": short(decision.detail),
        "topics": _by_topic(matches),
        "excluded": _by_topic(candidate.evidence.excluded),
        "effects": [
            (side.capitalize(), [short(text, _TITLE) for text in texts])
            for side, texts in effect_texts(candidate)
            if texts
        ],
        "speaks_for": list(map(short, candidate.speaks_for)),
        "speaks_against": list(map(short, candidate.speaks_against)),
        "looks_like": list(map(_neighbour, decision.looks_like)),
        "nearest": list(map(_neighbour, candidate.nearest)),
        "sections": list(map(short, decision.sections)),
        "remark": short("; ".join(filter(None, (paper.comment, paper.journal_ref))), 300),
        "judged": [short(line, _TITLE) for line in judge_lines(candidate)],
    }


def _facts(candidate: Candidate) -> Iterator[str]:
    paper = candidate.paper
    if paper.submitted:
        yield f"submitted {paper.submitted:%Y-%m-%d}"
    if paper.announced:
        yield f"announced {paper.announced:%Y-%m-%d}"
    if paper.categories:
        yield short(", ".join(paper.categories[:6]))


def _by_topic(matches: Sequence[Match]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Groups the phrases by topic, each with the fields in which it was found."""
    fields: dict[tuple[str, str], dict[str, None]] = {}
    for match in matches:
        fields.setdefault((match.topic, match.phrase), {})[match.field.value] = None
    ordered = sorted(fields.items(), key=lambda pair: pair[0][0])
    return [
        (short(topic), [(short(phrase), " and ".join(places)) for (_, phrase), places in found])
        for topic, found in groupby(ordered, key=lambda pair: pair[0][0])
    ]


def _neighbour(near: Neighbour) -> Neighbour:
    return replace(near, title=short(near.title, _TITLE))


def groups(report: RunReport) -> list[dict[str, Any]]:
    """Returns the template's values for the papers that are not proposed, by reason.

    Near misses come first, then known papers, then those without a phrase. The `cut` papers of a group, those with
    the lowest scores, have no line.
    """
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
        found.append(
            {
                "verdict": _NAMES[verdict],
                "reason": reason.value,
                "lines": list(map(_line, shown)),
                "count": len(decisions),
                "cut": len(decisions) - len(shown),
            }
        )
    return found


_ORDER = (Verdict.PERHAPS, Verdict.HOLD, Verdict.REJECT)
_NAMES = dict(zip(_ORDER, ("Perhaps", "Held back", "Left out"), strict=True))


def _line(decision: Decision) -> dict[str, Any]:
    candidate, paper = decision.candidate, decision.candidate.paper
    evidence = candidate.evidence
    parts = [
        "" if decision.reason in COUNTED_ONLY else short(decision.detail),
        ", ".join(kind.value for kind in decision.kinds),
        short("; ".join(evidence.phrases)),
    ]
    return {
        "id": str(paper.id),
        "url": paper.id.url,
        "score": f"{candidate.score:.2f}",
        "title": marked(paper.title, evidence.matches, Field.TITLE, _TITLE),
        "says": clean(" · ".join(filter(None, parts))),
    }
