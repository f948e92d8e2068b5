"""A run's report for people: terminal text, and the job summary's Markdown. All pure: report in, text out."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.markup import escape as rich_escape
from rich.table import Table
from rich.text import Text

from bot import titles
from bot.arxiv_id import ArxivId
from bot.escaping import inline, printable
from bot.evidence import describe, passage
from bot.model import (
    Candidate,
    Coverage,
    Decision,
    Match,
    Outcome,
    Reason,
    RunReport,
    Verdict,
)
from bot.screening import Known

# Characters; GitHub takes 1 MiB for a step, and truncates nothing by itself.
_SUMMARY_LIMIT = 200_000
UNTOLD = frozenset({Reason.NO_PHRASE})  # the bulk of a day's announcements: counted, not listed


def headline(report: RunReport) -> str:
    """The run in one sentence. "Nothing new" is said only when everything asked for was read."""
    if report.proposed:
        sentence = f"{_count(len(report.proposed), 'paper')} proposed"
    elif report.covered:
        sentence = "nothing new"
    else:
        sentence = "nothing proposed, but not everything could be read"
    if report.held:
        sentence += f", {len(report.held)} held back"
    return sentence


def counts(report: RunReport) -> dict[str, int]:
    """How many papers were decided in which way: reasons by their texts, the most frequent first."""
    found = Counter(decision.reason.value for decision in report.decisions)
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def left_out(report: RunReport) -> tuple[Decision, ...]:
    """The rejected papers worth naming: all but those that no phrase matches."""
    return tuple(
        one
        for one in report.decisions
        if one.verdict is Verdict.REJECT and one.reason not in UNTOLD
    )


def snippet(match: Match, decision: Decision) -> str:
    """The matched words as they stand in the paper, with some of what is around them."""
    before, words, after = passage(match, decision.candidate.paper)
    return f"{before}»{words}«{after}"


def coverage_text(coverage: Coverage) -> str:
    """One source's statement in a sentence: what was read, of how many, and what was not."""
    of = "" if coverage.matched is None else f" of {coverage.matched:,}"
    text = f"{coverage.source}: read {coverage.read:,}{of} from {coverage.of}"
    if coverage.requests:
        text += f" in {_count(coverage.requests, 'request')}"
    if coverage.window:
        text += f", submitted {coverage.window.since:%Y-%m-%d} to {coverage.window.until:%Y-%m-%d}"
    if coverage.note:
        text += f"; {coverage.note}"
    if coverage.capped:
        text += f"; not all of it: {coverage.capped}"
    if coverage.failure:
        text += f"; failed: {coverage.failure}"
    return text


ANSWERS = frozenset({Reason.DECLINED, Reason.SNOOZED})
"""The reasons that are a maintainer's answer."""


def render_answers(known: Mapping[ArxivId, Known]) -> str:
    """What maintainers answered: a line a paper, declined or put off, and where."""
    found = [(paper, one) for paper, one in known.items() if one.reason in ANSWERS]
    if not found:
        return "nothing was declined or put off\n"
    ordered = sorted(found, key=lambda pair: pair[0].order)
    return "".join(f"{paper!s:16} {one.reason.value}: {one.detail}\n" for paper, one in ordered)


def render_terminal(report: RunReport, *, width: int, colour: bool) -> str:
    """The report for a person at a terminal `width` columns wide."""
    out = io.StringIO()
    console = Console(
        file=out,
        width=width,
        force_terminal=colour,
        no_color=not colour,
        highlight=False,
        emoji=False,
    )
    console.print(f"[bold]{rich_escape(headline(report).capitalize())}[/bold]")
    console.print(f"[dim]{rich_escape(report.list_path)} in {rich_escape(report.place)}[/dim]\n")
    if report.proposed:
        console.print(_table("Proposed", report.proposed))
    if report.held:
        console.print(_table("Held back", report.held))
    if left_out(report):
        console.print(_table("Left out", left_out(report)))
    _print_coverage(console, report)
    for outcome in report.outcomes:
        _print_outcome(console, outcome)
    return out.getvalue()


def _table(title: str, decisions: Sequence[Decision]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, padding=(0, 1))
    table.add_column("score", justify="right", no_wrap=True)
    table.add_column("paper", ratio=3, overflow="fold")
    table.add_column("why", ratio=2, overflow="fold")
    for decision in decisions:
        paper = decision.candidate.paper
        name = (
            f"{rich_escape(_plain(paper.title))}\n[dim][link={paper.id.url}]{paper.id}[/link][/dim]"
        )
        score = f"{decision.candidate.score:.2f}"
        table.add_row(score, name, rich_escape("\n".join(_why(decision))))
    return table


def _why(decision: Decision) -> list[str]:
    evidence = decision.candidate.evidence
    lines = []
    if decision.verdict is not Verdict.PROPOSE:
        detail = f" ({printable(decision.detail)})" if decision.detail else ""
        lines.append(f"{decision.reason.value}{detail}")
    if decision.kinds:
        lines.append(", ".join(kind.value for kind in decision.kinds))
    if decision.reason is Reason.ALIKE:
        words = ", ".join(decision.candidate.speaks_for)
        lines.append(f"no phrase of a topic{f', but {words}' if words else ''}")
        lines += [
            f"near to line {near.line}: {_plain(near.title)}"
            for near in decision.candidate.nearest[:1]
        ]
    if evidence.matches:
        lines.append(describe(evidence))
    if decision.verdict is Verdict.PROPOSE and evidence.matches:
        lines.append(printable(titles.plain(snippet(evidence.matches[0], decision))))
    if decision.sections[1:]:
        others = " or ".join(decision.sections[1:])
        lines.append(printable(f"goes to {decision.sections[0]}, or to {others}"))
    lines += [f"looks like line {near.line}: {_plain(near.title)}" for near in decision.looks_like]
    return lines


def _print_coverage(console: Console, report: RunReport) -> None:
    console.print("[bold]Coverage[/bold]")
    for coverage in report.coverage:
        colour = "green" if coverage.complete else "red"
        console.print(
            f"  [{colour}]{'✓' if coverage.complete else '✗'}[/{colour}] "
            f"{rich_escape(printable(coverage_text(coverage)))}"
        )
    decided = ", ".join(f"{number:,} {reason}" for reason, number in counts(report).items())
    console.print(f"  [dim]{rich_escape(decided or 'no paper was read')}[/dim]\n")


def _print_outcome(console: Console, outcome: Outcome) -> None:
    name = f"#{outcome.number} " if outcome.number else ""
    console.print(
        f"[bold]Pull request {outcome.kind.value}:[/bold] {name}{rich_escape(_plain(outcome.title))}"
    )
    if outcome.url:
        console.print(f"  {rich_escape(outcome.url)}")
    if outcome.detail:
        console.print(f"  {rich_escape(printable(outcome.detail))}")
    if outcome.failure:
        console.print(f"  [red]{rich_escape(printable(outcome.failure))}[/red]")
    if outcome.diff:
        console.print()
        _print_diff(console, outcome.diff)
    if outcome.body:
        console.print("\n[bold]Its text[/bold]\n")
        console.print(printable(outcome.body, newlines=True), markup=False, soft_wrap=True)


def _print_diff(console: Console, diff: str) -> None:
    """The diff to the letter: its lines are not wrapped, so that it can be copied and applied."""
    styles = {"+": "green", "-": "red", "@": "cyan"}
    for line in printable(diff, newlines=True).splitlines():
        console.print(Text(line, styles.get(line[:1], "")), soft_wrap=True)


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
        why = "<br>".join(inline(line, table=True) for line in _why(one))
        title = inline(titles.plain(paper.title), table=True)
        lines.append(
            f"| {one.candidate.score:.2f} | {title} [{paper.id}]({paper.id.url}) | {why} |"
        )
    return [*lines, ""]


def _plain(text: str) -> str:
    return printable(titles.plain(text))


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def render_decision(decision: Decision, changes: Sequence[str]) -> str:
    """One paper's decision for a person who asks why, and what would change it."""
    candidate, paper = decision.candidate, decision.candidate.paper
    detail = f" ({decision.detail})" if decision.detail else ""
    lines = [
        f"{_plain(paper.title)}",
        f"{paper.id.url}  {', '.join(paper.categories)}",
        "",
        f"decision  {decision.verdict.value}: {decision.reason.value}{detail}",
        f"score     {candidate.score:.2f}",
    ]
    lines += [f"kind      {kind.value}" for kind in decision.kinds]
    first = {
        (one.topic, one.phrase, one.field): one for one in reversed(candidate.evidence.matches)
    }
    for match in reversed(first.values()):
        lines.append(f"for       {match.topic}: {match.phrase!r} in the {match.field.value}")
        lines.append(f"          {titles.plain(snippet(match, decision))}")
    lines += [
        f"against   {match.topic} excludes {match.phrase!r}, in the {match.field.value}"
        for match in candidate.evidence.excluded
    ]
    lines += _words(candidate)
    lines += [f"like      line {near.line}: {near.title}" for near in decision.looks_like]
    lines += [
        f"near      line {near.line}: {near.title} ({near.similarity:.2f})"
        for near in candidate.nearest
    ]
    lines += [f"change    {one}" for one in changes]
    return printable("\n".join(lines), newlines=True)


def _words(candidate: Candidate) -> list[str]:
    """The words that the learned score rests on, as far as it has any."""
    sides = (("for", candidate.speaks_for), ("against", candidate.speaks_against))
    return [f"words     {side}: {', '.join(words)}" for side, words in sides if words]
