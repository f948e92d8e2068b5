"""`arxiv-bot demo`: does a complete run on a bundled day of arXiv."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.options import FullOption, print_report
from bot.commands.progress import progress

DEMO_OUTPUT = Path("build/demo")


def demo(
    *,
    config: Annotated[
        Path | None,
        typer.Option(help="The configuration. The demo's own by default.", metavar="FILE"),
    ] = None,
    output: Annotated[
        Path,
        typer.Option(
            help="The folder for the list, the diff, the text and the report.", metavar="DIR"
        ),
    ] = DEMO_OUTPUT,
    full: FullOption = False,
) -> None:
    """Do a complete run on a bundled day of arXiv, without network or token."""
    from bot.core.config import load
    from bot.core.files import write_own
    from bot.pipeline import run as run_pipeline
    from bot.reports.page.render import render_html
    from bot.reports.records import render_json
    from bot.sources.announcements import Announcements
    from bot.sources.search import Search
    from bot.tools.demo.bundled import CONFIG, LIST, NOW, BundledArxiv, BundledList

    settings = load(config or CONFIG)
    settings = settings.model_copy(update={"list": settings.list.model_copy(update=LIST)})
    session = BundledArxiv()
    progress(f"running on a bundled day of arXiv, {NOW:%Y-%m-%d}, with the list of that day")
    result = run_pipeline(
        settings,
        sources=(
            Search(session, settings.arxiv.categories),
            Announcements(session, settings.arxiv.categories),
        ),
        forge=BundledList(),
        now=NOW,
    )
    print_report(result, full=full)
    write_own(output / "report.json", render_json(result).encode())
    write_own(output / "report.html", render_html(result).encode())
    for outcome in result.outcomes:
        write_own(output / "pull-request.md", f"# {outcome.title}\n\n{outcome.body}".encode())
        write_own(output / "changes.diff", outcome.diff.encode())
        write_own(output / settings.list.path, outcome.content)
    written = ", ".join(sorted(path.name for path in output.iterdir()))
    typer.echo(f"\nWritten to {output}/: {written}")
    typer.echo(
        "Next: `arxiv-bot init` sets the bot up for your list, `arxiv-bot run --dry-run` tries it on arXiv."
    )
