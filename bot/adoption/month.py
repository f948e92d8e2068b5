"""What a month would have brought, in brief: a line for each paper, and the first entries as they would be written."""

from __future__ import annotations

from collections.abc import Iterator

from bot import titles
from bot.escaping import printable
from bot.model import Decision, RunReport

_SHOWN = 12  # lines of entries
_TITLE = 84  # characters


def render_month(report: RunReport) -> str:
    """The report of a dry run, for a person who sees the list's papers proposed for the first time."""
    coverage = report.coverage[0]
    read = f"{coverage.read:,} papers read from {coverage.of}"
    if coverage.failure:
        read += f", and then it failed: {coverage.failure}"
    proposed, held = report.proposed, report.held
    lines = [f"{read}; {len(proposed)} would be proposed, {len(held)} would wait"]
    lines += [_line(one) for one in proposed]
    if reasons := sorted({f"{one.reason.value}: {one.detail}" for one in held}):
        lines += ["", *(f"Waiting: {printable(reason)}" for reason in reasons)]
    entries = list(_first_entries(report))
    if entries:
        lines += ["", "Entries would be written like this:", "", *entries[:_SHOWN]]
        lines += ["…"] if len(entries) > _SHOWN else []
    return "\n".join(lines) + "\n"


def _line(decision: Decision) -> str:
    paper = decision.candidate.paper
    title = printable(titles.plain(paper.title))
    if len(title) > _TITLE:
        title = f"{title[:_TITLE].rpartition(' ')[0]}…"
    return f"  {decision.candidate.score:.2f}  {paper.id!s:12} {title}"


def _first_entries(report: RunReport) -> Iterator[str]:
    """The lines that the first pull request adds, up to the first that is blank."""
    diff = next((one.diff for one in report.outcomes if one.diff), "")
    begun = False
    for line in diff.splitlines()[2:]:
        added = line.startswith("+") and not line[1:].startswith("#") and line[1:].strip()
        if begun and not added:
            return
        if added:
            begun = True
            yield printable(line[1:])
