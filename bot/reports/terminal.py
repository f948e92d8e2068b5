"""The report for a person at a terminal. Pure: report in, text out."""

from __future__ import annotations

import io
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape as rich_escape
from rich.table import Table
from rich.text import Text

from bot.escaping import printable
from bot.model import Decision, Outcome, OutcomeKind, RunReport
from bot.reports.words import counts, coverage_text, headline, left_out, plain, why


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
            f"{rich_escape(plain(paper.title))}\n[dim][link={paper.id.url}]{paper.id}[/link][/dim]"
        )
        score = f"{decision.candidate.score:.2f}"
        table.add_row(score, name, rich_escape("\n".join(why(decision))))
    return table


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
        f"[bold]Pull request {outcome.kind.value}:[/bold] {name}{rich_escape(plain(outcome.title))}"
    )
    if outcome.url:
        console.print(f"  {rich_escape(outcome.url)}")
    if outcome.detail:
        console.print(f"  {rich_escape(printable(outcome.detail))}")
    if outcome.failure:
        console.print(f"  [red]{rich_escape(printable(outcome.failure))}[/red]")
    if outcome.kind is not OutcomeKind.PREVIEWED:  # what was done can be seen on the forge
        return
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
