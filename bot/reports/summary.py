"""The report as Markdown for a job's summary page. Pure: report in, text out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.core import titles
from bot.core.escaping import inline
from bot.core.model import Decision, Outcome, RunReport
from bot.reports import bars
from bot.reports.figures import spreads, timeline, yields
from bot.reports.wording import counts, coverage_text, headline, left_out, why

# Characters; GitHub takes 1 MiB for a step, and truncates nothing by itself.
_SUMMARY_LIMIT = 200_000
_SENTENCE = 4_000


def render_summary(report: RunReport) -> str:
    """The report as Markdown for a job's summary page; bounded, titles escaped."""
    done = list(outcome_lines(report.outcomes))
    head = [f"## arxiv-bot: {headline(report)}", "", *done, *([""] if done else [])]
    tail = [*_pictures(report), *_coverage(report)]
    tables = [
        line
        for name, decisions in (
            ("Proposed", report.proposed),
            ("Held back", report.held),
            ("Left out", left_out(report)),
        )
        for line in _table(name, decisions)
    ]
    room = _SUMMARY_LIMIT - sum(len(line) + 1 for line in (*head, *tail))
    return "".join(f"{line}\n" for line in (*head, *_within(tables, room), *tail))


def _within(lines: Sequence[str], room: int) -> Iterator[str]:
    """As many of the lines as there is room for: the papers are what there may be too many of."""
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            yield from ("", "…cut here; the run's report in JSON has everything.", "")
            return
        yield line


def _coverage(report: RunReport) -> Iterator[str]:
    yield from ("### Coverage", "")
    for one in report.coverage:
        yield f"- {'✅' if one.complete else '❌'} {inline(coverage_text(one)[:_SENTENCE])}"
    for reason, number in counts(report).items():
        yield f"- {number:,} × {reason}"


def _pictures(report: RunReport) -> Iterator[str]:
    """GitHub strips pictures from a summary, whichever way they are put there: these are characters."""
    weeks, (with_phrase, without), found = timeline(report), spreads(report), yields(report)
    drawn = [
        (
            f"Candidates per {weeks.unit}",
            list(bars.weekly(weeks)),
            any(s.tally.all for s in weeks.spans),
        ),
        ("Scores with a phrase", list(bars.scores(with_phrase)), with_phrase.all > 0),
        ("Scores without a phrase", list(bars.scores(without)), without.all > 0),
    ]
    shown = [(name, lines) for name, lines, any_paper in drawn if any_paper]
    if not shown:
        return
    yield from ("### Pictures", "", "```text", bars.LEGEND, "```", "")
    for name, lines in shown:
        yield from (f"**{name}**", "", "```text", *lines, "```", "")
    yield from ("**Yield of the phrases**", "", *bars.phrases(found), "")


def outcome_lines(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """What became of each pull request, an item of a list each."""
    for one in outcomes:
        name = f"[#{one.number}]({one.url})" if one.url and one.number else inline(one.title)
        said = "".join(f": {inline(text)}" for text in (one.detail, one.failure) if text)
        yield f"- Pull request {one.kind.value}: {name}{said}"


def _table(name: str, decisions: Sequence[Decision]) -> list[str]:
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
