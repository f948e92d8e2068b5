"""Writes reports to files, and to GitHub Actions' job summary and outputs."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from bot.core.errors import UsageError
from bot.core.files import check_writable, write
from bot.core.model import RunReport
from bot.refresh.model import RefreshReport

_ENDINGS = (".html", ".json", ".md")


def write_reports(result: RunReport, files: Sequence[Path]) -> None:
    """Writes a run's report to `files`, already checked, and to GitHub Actions' job summary and outputs.

    Raises:
        UsageError: a file can't be written.
    """
    for file in files:
        write(file, _rendered(result, file.suffix))
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        write(Path(summary), _rendered(result, ".md"), mode="a")
    if output := os.environ.get("GITHUB_OUTPUT"):
        from bot.reports.records import outputs

        write(Path(output), outputs(result), mode="a")


def _rendered(result: RunReport, ending: str) -> str:
    """The report in the form that a file's ending asks for."""
    match ending:
        case ".html":
            from bot.reports.page.render import render_html as render
        case ".json":
            from bot.reports.records import render_json as render
        case _:
            from bot.reports.summary import render_summary as render
    return render(result)


def check_reports(files: Sequence[Path], endings: Sequence[str] = _ENDINGS) -> None:
    """Checks before the run that the report files can be written.

    Raises:
        UsageError: a file's name has no known ending, or it can't be written.
    """
    for file in files:
        if file.suffix not in endings:
            fix = f"end its name in {', '.join(endings)}"
            raise UsageError("can't write a report of that kind", where=f"--report {file}", fix=fix)
        check_writable(file, "--report")


def summarise(result: RefreshReport) -> None:
    """Writes a refresh's report to GitHub Actions' job summary."""
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        from bot.reports.refresh import render_summary

        write(Path(summary), render_summary(result), mode="a")
