"""A fleet's report: what was proposed, held back and failed for each list of a shard, or of all shards."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.core.english import count
from bot.core.errors import UsageError
from bot.core.escaping import printable
from bot.reports.templates import stylesheet, template


class ListResult(BaseModel):
    """One list's result: numbers of papers, URLs of pull requests, reasons for failures, and seconds taken."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    repo: str
    proposed: int = 0
    held: int = 0
    pull_requests: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()
    seconds: float = 0.0


class FleetReport(BaseModel):
    """The results of the lists of one or more shards."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: str
    started: datetime
    shards: tuple[str, ...]
    lists: tuple[ListResult, ...]

    @property
    def failed(self) -> tuple[ListResult, ...]:
        """The lists with a failure."""
        return tuple(item for item in self.lists if item.failures)

    @property
    def ordered(self) -> tuple[ListResult, ...]:
        """The lists, those with a failure first, then by name."""
        return tuple(sorted(self.lists, key=lambda item: (not item.failures, item.repo)))

    @property
    def seconds(self) -> dict[str, float]:
        """How many seconds each repository took."""
        return {item.repo: item.seconds for item in self.lists}

    @property
    def headline(self) -> str:
        """`3 papers proposed for 2 of 50 lists; 1 list failed`."""
        proposed = count(sum(item.proposed for item in self.lists), "paper")
        lists = sum(item.proposed > 0 for item in self.lists)
        failed = f"; {count(len(self.failed), 'list')} failed" if self.failed else ""
        return f"{proposed} proposed for {lists} of {count(len(self.lists), 'list')}{failed}"


def read_reports(files: Iterable[Path]) -> FleetReport:
    """Merges the reports of several shards.

    Raises:
        UsageError: there is no report, or a report can't be read.
    """
    reports = list(map(_read, files))
    if not reports:
        raise UsageError("there is no report", where="REPORTS", fix="name the shards' reports")
    return FleetReport(
        version=reports[0].version,
        started=min(report.started for report in reports),
        shards=tuple(shard for report in reports for shard in report.shards),
        lists=tuple(item for report in reports for item in report.lists),
    )


def _read(file: Path) -> FleetReport:
    try:
        return FleetReport.model_validate_json(file.read_bytes())
    except OSError as error:
        reason = f"can't read the file: {error.strerror}"
    except ValidationError as error:
        reason = f"the file is not a report of a fleet: {error.errors()[0]['msg']}"
    fix = "name files that `arxiv-bot fleet run --report` wrote"
    raise UsageError(reason, where=str(file), fix=fix)


def render_fleet_terminal(report: FleetReport) -> str:
    """Renders a line for each list that has papers or a failure, and the headline last."""
    lines = []
    for item in report.ordered:
        if item.failures:
            failure = " ".join(item.failures[0].split()).removeprefix(f"{item.repo}: ")
            lines.append(f"✗ {item.repo}: {printable(failure)}")
        elif item.proposed or item.held:
            held = f", {item.held} held back" if item.held else ""
            where = f" {item.pull_requests[0]}" if item.pull_requests else ""
            lines.append(f"✓ {item.repo}: {item.proposed} proposed{held}{where}")
    return "\n".join([*lines, report.headline, ""])


def render_fleet_json(report: FleetReport) -> str:
    """Renders the report as JSON."""
    return f"{report.model_dump_json(indent=2)}\n"


def render_fleet_html(report: FleetReport) -> str:
    """Renders the report as an HTML page that loads nothing."""
    page = template("bot.tools.fleet", "report.html.jinja")
    return page.render(report=report, style=stylesheet("bot.tools.fleet", "report.css"))
