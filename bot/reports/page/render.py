"""Renders a run as an HTML page of bounded size: one file that loads nothing and runs only its own script.

Text from arXiv, the list and GitHub is untrusted. The template escapes it, and only web addresses become links.
The page's content security policy blocks any other script or style, and all downloads.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from typing import Any

from bot.core.arxiv_id import ArxivId
from bot.core.english import count
from bot.core.escaping import clean, printable, web_address
from bot.core.model import Coverage, Outcome, RunReport
from bot.reports.figures import phrase_tallies, score_histograms, timeline
from bot.reports.page.charts import KINDS, Chart, in_words, scores, weekly
from bot.reports.page.papers import card, groups, short
from bot.reports.records import pull_request_of
from bot.reports.templates import stylesheet, template
from bot.reports.wording import counts, coverage_text, headline

CARDS = 100
"""The most proposed papers on one page."""
_PHRASES = 20  # shown before the others are folded away
_DIFF, _BODY = 200_000, 60_000  # characters
_KINDS_OF_LINE = {"+": "added", "-": "removed", "@": "place"}
_HERE = "bot.reports.page"


def render_html(report: RunReport) -> str:
    """Renders the report as an HTML page."""
    style = stylesheet(_HERE, "page.css")
    script = resources.files(_HERE).joinpath("page.js").read_text("utf-8")
    weeks = timeline(report)
    return template(_HERE, "page.html.jinja").render(
        **_papers(report),
        **_phrases(report),
        report=report,
        headline=headline(report),
        place=short(report.place),
        list_path=short(report.list_path),
        style=style,
        script=script,
        policy=_policy(style, script),
        failures=[short(failure, 1000) for failure in report.failures],
        not_read=[_says(coverage) for coverage in report.coverage if coverage.capped],
        run_url=web_address(report.run_url),
        sources=list(map(_source, report.coverage)),
        counts=counts(report),
        weekly=weekly(weeks),
        weeks=weeks,
        scores=_score_charts(report),
        in_words=in_words,
        count=count,
        short=short,
        kinds=KINDS,
    )


def _papers(report: RunReport) -> dict[str, Any]:
    """Returns the template's values for papers and pull requests."""
    papers = [decision.candidate.paper for decision in report.decisions]
    names = {paper.id: short(paper.title, 120) for paper in papers}
    shown = report.proposed[:CARDS]
    pull = pull_request_of(report.outcomes)
    return {
        "cards": list(map(card, shown)),
        "shown": {str(decision.candidate.paper.id) for decision in shown},
        "groups": groups(report),
        "outcomes": [_outcome(outcome, names) for outcome in report.outcomes],
        "answered": web_address(pull.url) if pull else "",
    }


def _phrases(report: RunReport) -> dict[str, Any]:
    """Returns the template's values for phrases and what they found."""
    found = phrase_tallies(report)
    matched = [phrase for phrase in found if phrase.tally.all]
    return {
        "shown_phrases": matched[:_PHRASES],
        "more_phrases": matched[_PHRASES:],
        "no_phrases": [phrase for phrase in found if not phrase.tally.all],
        "most": max((phrase.tally.all for phrase in matched), default=1),
    }


def _score_charts(report: RunReport) -> list[Chart]:
    charts = map(scores, score_histograms(report), ("with a phrase of a topic", "without one"))
    return [chart for chart in charts if chart]


def _policy(style: str, script: str) -> str:
    """Returns the content security policy: only this script and this style, and no downloads."""
    hashes = (
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for text in (style, script)
    )
    style_hash, script_hash = hashes
    return (
        f"default-src 'none'; style-src 'sha256-{style_hash}'; script-src 'sha256-{script_hash}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _source(coverage: Coverage) -> dict[str, Any]:
    """Returns the template's values for a source."""
    return {
        "complete": coverage.complete,
        "says": _says(coverage),
        "asked": coverage.asked[:8000],
    }


def _says(coverage: Coverage) -> str:
    return clean(coverage_text(coverage))[:2000]


def _outcome(outcome: Outcome, names: Mapping[ArxivId, str]) -> dict[str, Any]:
    """Returns the template's values for a pull request: `papers` are (id, title), `diff` is (kind, line)."""
    diff = list(_diff_lines(outcome.diff[:_DIFF].splitlines()))
    kinds = [kind for kind, _ in diff]
    return {
        "kind": outcome.kind.value,
        "name": f"#{outcome.number}" if outcome.number else "",
        "url": web_address(outcome.url),
        "title": short(outcome.title, 300),
        "papers": [(str(paper), names.get(paper, "")) for paper in outcome.papers],
        "detail": short(outcome.detail, 1000),
        "failure": short(outcome.failure, 2000),
        "diff": diff,
        "added": kinds.count("added"),
        "removed": kinds.count("removed"),
        "cut": len(outcome.diff) > _DIFF,
        "body": printable(outcome.body[:_BODY], newlines=True),
    }


def _diff_lines(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        kind = _KINDS_OF_LINE.get(line[:1], "")
        if line.startswith(("+++", "---")):
            kind = "file"
        yield kind, printable(line, newlines=True)
