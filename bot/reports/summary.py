"""The report as Markdown for a job's summary page. Pure: report in, text out."""

from __future__ import annotations

from collections.abc import Sequence

from bot import titles
from bot.escaping import inline
from bot.model import Decision, RunReport
from bot.reports.words import counts, coverage_text, headline, left_out, why

# Characters; GitHub takes 1 MiB for a step, and truncates nothing by itself.
_SUMMARY_LIMIT = 200_000


def render_summary(report: RunReport) -> str:
    """The report as Markdown for a job's summary page; bounded, titles escaped."""
    lines = [f"## arxiv-bot: {headline(report)}", ""]
    lines += _summary_outcomes(report)
    for name, decisions in (
        ("Proposed", report.proposed),
        ("Held back", report.held),
        ("Left out", left_out(report)),
    ):
        lines += _summary_table(name, decisions)
    lines += ["### Coverage", ""]
    lines += [
        f"- {'✅' if one.complete else '❌'} {inline(coverage_text(one))}"
        for one in report.coverage
    ]
    lines += [f"- {number:,} × {reason}" for reason, number in counts(report).items()]
    text = ""
    for line in lines:
        if len(text) + len(line) > _SUMMARY_LIMIT:
            return f"{text}\n…cut here; the run's report in JSON has everything.\n"
        text += line + "\n"
    return text


def _summary_outcomes(report: RunReport) -> list[str]:
    lines = []
    for one in report.outcomes:
        name = f"[#{one.number}]({one.url})" if one.url and one.number else inline(one.title)
        said = "".join(f": {inline(text)}" for text in (one.detail, one.failure) if text)
        lines.append(f"- Pull request {one.kind.value}: {name}{said}")
    return [*lines, ""] if lines else []


def _summary_table(name: str, decisions: Sequence[Decision]) -> list[str]:
    if not decisions:
        return []
    lines = [f"### {name}", "", "| score | paper | why |", "|--:|---|---|"]
    for one in decisions:
        paper = one.candidate.paper
        reasons = "<br>".join(inline(line, table=True) for line in why(one))
        title = inline(titles.plain(paper.title), table=True)
        lines.append(
            f"| {one.candidate.score:.2f} | {title} [{paper.id}]({paper.id.url}) | {reasons} |"
        )
    return [*lines, ""]
