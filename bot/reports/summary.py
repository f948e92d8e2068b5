"""Reports a run as Markdown for a GitHub job's summary page: the pull request first, then the papers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.core import titles
from bot.core.escaping import html, inline
from bot.core.model import Decision, Outcome, RunReport
from bot.relevance.judge.wording import judging_text
from bot.reports.figures import phrase_tallies
from bot.reports.wording import counts, coverage_text, headline, left_out, score_word, why

# Characters; GitHub refuses a step's summary of more than 1 MiB instead of truncating it.
_SUMMARY_LIMIT = 200_000
_SENTENCE = 4_000
_PHRASES = 15


def render_summary(report: RunReport) -> str:
    """Renders the report as Markdown of bounded length, with titles escaped."""
    head = [*outcome_lines(report.outcomes), "", f"## arxiv-bot: {headline(report)}", ""]
    tail = [*_coverage(report), "", *_folded("Yield of the phrases", _phrases(report))]
    tables = [
        *_part("Proposed", report.proposed, report),
        *_part("Perhaps", report.perhaps, report),
        *_part("Held back", report.held, report),
        *_folded("Left out", _table(left_out(report), report), len(left_out(report))),
    ]
    room = _SUMMARY_LIMIT - sum(len(line) + 1 for line in (*head, *tail))
    lines = (*head, *_within(tables, room), *tail)
    return "".join(f"{line}\n" for line in lines).lstrip("\n")


def _within(lines: Sequence[str], room: int) -> Iterator[str]:
    """Yields as many lines as fit into `room` characters, and closes the folded parts that are still open."""
    folds = 0
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            yield from (
                "",
                *["</details>"] * folds,
                "",
                "…truncated here; the run's JSON report has everything.",
                "",
            )
            return
        folds += line.startswith("<details>") - line.startswith("</details>")
        yield line


def _coverage(report: RunReport) -> Iterator[str]:
    yield from ("### Coverage", "")
    for source in report.coverage:
        yield f"- {'✅' if source.complete else '❌'} {inline(coverage_text(source)[:_SENTENCE])}"
    if report.judging:
        sign = "⚠️" if report.judging.failure else "✅"
        yield f"- {sign} {inline(judging_text(report.judging))}"
    for reason, number in counts(report).items():
        yield f"- {number:,} × {reason}"


def _phrases(report: RunReport) -> list[str]:
    """Returns a table of the phrases that found papers, most frequent first."""
    found = [phrase for phrase in phrase_tallies(report) if phrase.tally.all]
    rows = [
        f"| {inline(phrase.phrase[:200], table=True)} | {phrase.tally.all:,} | {phrase.tally.proposed:,} |"
        for phrase in found[:_PHRASES]
    ]
    return ["| phrase | papers | proposed |", "|---|--:|--:|", *rows] if rows else []


def outcome_lines(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """Yields a list item for each pull request that says what the bot did with it."""
    for outcome in outcomes:
        title = inline(outcome.title)
        name = (
            f"[#{outcome.number} {title}]({outcome.url})"
            if outcome.url and outcome.number
            else title
        )
        said = "".join(f": {inline(text)}" for text in (outcome.detail, outcome.failure) if text)
        yield f"- Pull request {outcome.kind.value}: {name}{said}"


def _part(name: str, decisions: Sequence[Decision], report: RunReport) -> list[str]:
    head = f"### {name} ({len(decisions):,})"
    return [head, "", *_table(decisions, report), ""] if decisions else []


def _folded(name: str, lines: Sequence[str], number: int = 0) -> list[str]:
    """Wraps lines in a fold that the reader can open; no lines give no fold."""
    summary = html(f"{name} ({number:,})" if number else name)
    return (
        [f"<details><summary>{summary}</summary>", "", *lines, "", "</details>", ""]
        if lines
        else []
    )


def _table(decisions: Sequence[Decision], report: RunReport) -> list[str]:
    if not decisions:
        return []
    lines = ["| match | paper | why |", "|---|---|---|"]
    for decision in decisions:
        paper = decision.candidate.paper
        reasons = "<br>".join(inline(line, table=True) for line in why(decision))
        title = inline(titles.plain(paper.title), table=True)
        match = f"{score_word(decision, report)} ({decision.candidate.score:.2f})"
        lines.append(f"| {match} | {title} [{paper.id}]({paper.id.url}) | {reasons} |")
    return lines
