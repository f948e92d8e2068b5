"""A run's report as data: JSON for machines, and the outputs of a workflow's step. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.core.arxiv_id import ArxivId
from bot.core.escaping import to_json
from bot.core.model import Coverage, Decision, Neighbour, Outcome, RunReport
from bot.relevance.screening import Known
from bot.reports.decision import ANSWERS
from bot.reports.shapes import (
    AnswerRecord,
    CoverageRecord,
    DecisionRecord,
    NeighbourRecord,
    OutcomeRecord,
    RunRecord,
)
from bot.reports.wording import UNTOLD, counts, headline


def render_json(report: RunReport) -> str:
    """The report for machines; papers that no phrase matches are counted and not listed."""
    told = [one for one in report.decisions if one.reason not in UNTOLD]
    data: RunRecord = {
        "version": report.version,
        "started": _time(report.started),
        "place": report.place,
        "list": report.list_path,
        "headline": headline(report),
        "covered": report.covered,
        "window": {"since": _time(report.window.since), "until": _time(report.window.until)},
        "coverage": [_coverage(one) for one in report.coverage],
        "counts": counts(report),
        "decisions": [decision_record(one) for one in told],
        "pull_requests": [outcome_record(one) for one in report.outcomes],
        "failures": list(report.failures),
    }
    return to_json(data)


def render_answers(known: Mapping[ArxivId, Known]) -> str:
    """What maintainers answered, for machines: papers declined or put off, by id."""
    data: list[AnswerRecord] = [
        {
            "id": str(paper),
            "url": paper.url,
            "reason": one.reason.value,
            "detail": one.detail,
            "pull_request": one.number,
        }
        for paper, one in sorted(known.items(), key=lambda pair: pair[0].order)
        if one.reason in ANSWERS
    ]
    return to_json(data)


def _coverage(coverage: Coverage) -> CoverageRecord:
    return {
        "source": coverage.source,
        "of": coverage.of,
        "asked": coverage.asked,
        "read": coverage.read,
        "matched": coverage.matched,
        "requests": coverage.requests,
        "complete": coverage.complete,
        "capped": coverage.capped,
        "failure": coverage.failure,
    }


def decision_record(decision: Decision) -> DecisionRecord:
    """A decision for machines."""
    candidate, paper = decision.candidate, decision.candidate.paper
    return {
        "id": str(paper.id),
        "url": paper.id.url,
        "title": paper.title,
        "authors": list(paper.authors),
        "categories": list(paper.categories),
        "submitted": _time(paper.submitted) if paper.submitted else None,
        "announced": paper.announced.isoformat() if paper.announced else None,
        "verdict": decision.verdict.value,
        "reason": decision.reason.value,
        "detail": decision.detail,
        "sections": list(decision.sections),
        "kinds": [kind.value for kind in decision.kinds],
        "score": round(candidate.score, 4),
        "matches": [
            {
                "topic": match.topic,
                "phrase": match.phrase,
                "field": match.field.value,
                "start": match.start,
                "end": match.end,
            }
            for match in candidate.evidence.matches
        ],
        "speaks_for": list(candidate.speaks_for),
        "speaks_against": list(candidate.speaks_against),
        "nearest": [_neighbour(near) for near in candidate.nearest],
        "looks_like": [_neighbour(near) for near in decision.looks_like],
    }


def _neighbour(near: Neighbour) -> NeighbourRecord:
    return {"title": near.title, "similarity": round(near.similarity, 4), "line": near.line}


def outcome_record(outcome: Outcome) -> OutcomeRecord:
    """What became of a pull request, for machines."""
    return {
        "outcome": outcome.kind.value,
        "number": outcome.number,
        "url": outcome.url,
        "title": outcome.title,
        "papers": [str(paper) for paper in outcome.papers],
        "failure": outcome.failure,
        "detail": outcome.detail,
    }


def outputs(report: RunReport) -> str:
    """What a workflow's later steps may use, a `name=value` each: numbers, and addresses that GitHub made."""
    first = next((one for one in report.outcomes if one.number), None)
    values = {
        "pull-request-number": str(first.number) if first else "",
        "pull-request-url": first.url if first else "",
        "proposed": str(len(report.proposed)),
        "held-back": str(len(report.held)),
        "failures": str(len(report.failures)),
    }
    return "".join(f"{name}={' '.join(value.split())}\n" for name, value in values.items())


def _time(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
