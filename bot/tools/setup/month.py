"""Reports briefly what a month would have brought: a line for each paper, and an example entry."""

from __future__ import annotations

from bot.core import titles
from bot.core.english import count
from bot.core.escaping import printable
from bot.core.model import Decision, RunReport
from bot.listing.draft import Refused

_SHOWN = 12  # lines of the example entry
_TITLE = 84  # characters of a title


def render_month(report: RunReport, example: str | Refused) -> str:
    """Renders a dry run for a person who sees the bot's proposals for the first time.

    `example` is an entry in the list's form, or why none can be written; "" if no paper was found.
    """
    coverage = report.coverage[0]
    read = f"{count(coverage.read, 'paper')} read from {coverage.of}"
    if coverage.failure:
        read += f", then the source failed: {coverage.failure}"
    proposed, held = report.proposed, report.held
    lines = [f"{read}; {len(proposed)} would be proposed, {len(held)} would wait"]
    lines += map(_line, proposed)
    if reasons := sorted({decision.detail or decision.reason.value for decision in held}):
        lines += ["", *(f"Waiting: {printable(reason)}" for reason in reasons)]
    return "\n".join([*lines, *_example(example)]) + "\n"


def _example(example: str | Refused) -> list[str]:
    """Returns lines that show an entry, cut if it is long, or that say why none can be written."""
    if isinstance(example, Refused):
        return ["", f"No entry can be written yet: {printable(example.why)}"]
    if not example:
        return []
    shown = printable(example.strip("\n"), newlines=True).splitlines()
    cut = ["…"] if len(shown) > _SHOWN else []
    return ["", "An entry would look like this:", "", *shown[:_SHOWN], *cut]


def _line(decision: Decision) -> str:
    paper = decision.candidate.paper
    title = printable(titles.plain(paper.title))
    if len(title) > _TITLE:
        title = f"{title[:_TITLE].rpartition(' ')[0]}…"
    return f"  {decision.candidate.score:.2f}  {paper.id!s:12} {title}"
