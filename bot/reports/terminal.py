"""Renders a run's report for a terminal. Pure: report in, text out.

Colours show the decision: green for proposed or successful, yellow for held back or needing a look, red for failed.
Less important text is dim. The colours carry no information of their own.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

from rich.console import Console
from rich.style import Style
from rich.table import Table
from rich.text import Text

from bot.core.english import count
from bot.core.escaping import printable, web_address
from bot.core.model import Coverage, Decision, Outcome, OutcomeKind, RunReport, Verdict
from bot.relevance.judge.wording import judging_text
from bot.reports.figures import KNOWN
from bot.reports.wording import counts, coverage_text, headline, left_out, plain, score_word, why

_COLOURS = {
    Verdict.PROPOSE: "green",
    Verdict.PERHAPS: "cyan",
    Verdict.HOLD: "yellow",
    Verdict.REJECT: "",
}
_FILLING = re.compile(r" +(?=(?:\x1b\[[\d;]*m)*$)", re.MULTILINE)
_MOST = 10  # papers shown of those left out, and of those held back: the first of each
_TWO_COLUMNS = 76  # on narrower terminals, the reasons are below the title


def render_terminal(
    report: RunReport,
    *,
    width: int,
    colour: bool = False,
    links: bool = False,
    full: bool = False,
) -> str:
    """Renders the report; what matters most comes last, next to the prompt.

    With `links`, titles and ids can be clicked. `full` adds the diff and the text of a pull request that a dry run
    previews.
    """
    out = io.StringIO()
    console = Console(
        file=out,
        width=width,
        force_terminal=colour or links,
        color_system="standard" if colour or links else None,
        no_color=not colour,
        highlight=False,
        emoji=False,
        markup=False,
        legacy_windows=False,
        _environ={},  # only the arguments decide the output, not the environment
    )
    printer = _Printer(console, out, links=links)
    near = left_out(report)
    if not full:
        near = tuple(decision for decision in near if decision.reason not in KNOWN)
    most = None if full else _MOST
    printer.papers("Left out", near, report, most)
    printer.papers("Held back", report.held, report, most)
    printer.coverage(report)
    for outcome in report.outcomes:
        printer.outcome(outcome, full=full)
    if report.outcomes:
        console.print()
    printer.papers("Perhaps", report.perhaps, report)
    printer.papers("Proposed", report.proposed, report)
    console.print(Text(headline(report).capitalize(), "bold"))
    console.print(Text(f"{plain(report.list_path)} in {plain(report.place)}", "dim"))
    return out.getvalue()


class _Printer:
    """Prints the parts of the report to a console that writes to `out`."""

    def __init__(self, console: Console, out: io.StringIO, *, links: bool) -> None:
        self._console = console
        self._out = out
        self._print = console.print
        self._width = console.width
        self._links = links

    def _table(self, table: Table) -> None:
        """Prints a table without the trailing spaces of its last column."""
        with self._console.capture() as drawn:
            self._print(table)
        self._out.write(_FILLING.sub("", drawn.get()))

    def _link(self, text: str, url: str, style: str = "") -> Text:
        """Returns text that links to a web address; plain text if links are off or the address is not on the web."""
        address = web_address(url) if self._links else ""
        return Text(text, Style.parse(style) + Style(link=address or None))

    def papers(
        self, title: str, decisions: Sequence[Decision], report: RunReport, most: int | None = None
    ) -> None:
        """Prints a table of papers that fits the width: at most `most` papers, and the number of the others."""
        if not decisions:
            return
        self._print(Text(f"{title} ({len(decisions):,})", "bold"))
        wide = self._width >= _TWO_COLUMNS
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(no_wrap=True)
        table.add_column(ratio=1, overflow="fold")
        if wide:
            table.add_column(ratio=1, overflow="fold")
        for decision in decisions[:most]:
            word = f"{score_word(decision, report)} " if decision.verdict is Verdict.PROPOSE else ""
            score = Text(f"{word}{decision.candidate.score:.2f}", _COLOURS[decision.verdict])
            name, reasons = self._name(decision), self._why(decision)
            if wide:
                table.add_row(score, name, reasons)
            else:
                table.add_row(score, Text("\n").join((name, reasons)))
            if decision.verdict is Verdict.PROPOSE:  # an empty line, since each is read
                table.add_row()
        self._table(table)
        if more := len(decisions[most:]) if most else 0:
            self._print(Text(f"{more:,} more; --full lists them", "dim"))
        if decisions[-1].verdict is not Verdict.PROPOSE:
            self._print()

    def _name(self, decision: Decision) -> Text:
        paper = decision.candidate.paper
        dim = "" if decision.verdict is Verdict.PROPOSE else "dim"
        title = self._link(plain(paper.title), paper.id.url, dim)
        name = self._link(str(paper.id), paper.id.url, "dim")
        return Text("  " if dim else "\n").join((title, name))

    def _why(self, decision: Decision) -> Text:
        lines = [Text(printable(line)) for line in why(decision)]
        if lines and decision.verdict is not Verdict.PROPOSE:
            lines[0].stylize(_COLOURS[decision.verdict])
        for line in lines:
            line.highlight_regex("^looks like line [0-9]+", "yellow")
            line.highlight_regex("»[^»«]*«", "bold")
        return Text("\n").join(lines)

    def coverage(self, report: RunReport) -> None:
        """Prints what each source read, and what it could not read."""
        self._print(Text("Coverage", "bold"))
        table = Table.grid(padding=(0, 1, 0, 0))
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        for source in report.coverage:
            table.add_row(*_source(source))
        if report.judging:
            sign = Text("✗", "yellow") if report.judging.failure else Text("✓", "green")
            table.add_row(sign, Text(printable(judging_text(report.judging))))
        decided = counts(report)
        reasons = ", ".join(f"{number:,} {reason}" for reason, number in decided.items())
        words = (
            f"{count(sum(decided.values()), 'paper')}: {reasons}"
            if decided
            else "no paper was read"
        )
        table.add_row("", Text(words, "dim"))
        self._table(table)
        self._print()

    def outcome(self, outcome: Outcome, *, full: bool) -> None:
        """Prints what the bot did with a pull request; `full` adds the diff and text of a preview."""
        failed = bool(outcome.failure)
        name = f"#{outcome.number} " if outcome.number else ""
        self._print(
            Text.assemble(
                (f"Pull request {outcome.kind.value}:", "bold red" if failed else "bold"),
                " ",
                self._link(f"{name}{plain(outcome.title)}", outcome.url),
            )
        )
        if outcome.url:
            self._print(self._link(f"  {plain(outcome.url)}", outcome.url, "dim"), soft_wrap=True)
        if outcome.detail:
            self._print(Text(f"  {printable(outcome.detail)}"))
        if failed:
            self._print(Text(f"  {printable(outcome.failure)}", "red"))
        if outcome.kind is OutcomeKind.PREVIEWED and not full:
            self._print(Text("  --full prints the diff and the text", "dim"))
        elif outcome.kind is OutcomeKind.PREVIEWED:  # a real pull request can be read on the forge
            self._diff(outcome.diff)
            self._body(outcome.body)

    def _diff(self, diff: str) -> None:
        """Prints the diff without wrapping its lines, so that it can be copied and applied."""
        if diff:
            self._print()
        styles = {"+": "green", "-": "red", "@": "cyan"}
        for line in printable(diff, newlines=True).splitlines():
            self._print(Text(line, styles.get(line[:1], "")), soft_wrap=True)

    def _body(self, body: str) -> None:
        if body:
            self._print(Text("\nIts text\n", "bold"))
            self._print(Text(printable(body, newlines=True)), soft_wrap=True)


def _source(coverage: Coverage) -> tuple[Text, Text]:
    """Returns a source's mark and sentence, in red if it was not read completely."""
    text = printable(coverage_text(coverage))
    if coverage.complete:
        return Text("✓", "green"), Text(text)
    return Text("✗", "red"), Text(text, "red")
