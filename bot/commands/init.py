"""`arxiv-bot init`: sets the bot up in a checkout of a list."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.options import day, end_of_day, show
from bot.commands.progress import progress


def init(
    folder: Annotated[
        Path, typer.Argument(help="The checkout of the list.", metavar="DIRECTORY")
    ] = Path(),
    *,
    list_path: Annotated[
        str, typer.Option("--list", help="The list's file. Found by default.", metavar="PATH")
    ] = "",
    heading: Annotated[
        str | None,
        typer.Option(
            help="The heading above the papers; '' for none. Found by default.", metavar="TEXT"
        ),
    ] = None,
    category: Annotated[
        list[str],
        typer.Option(help="An arXiv category, such as cs.CL. Repeatable.", metavar="NAME"),
    ] = [],  # noqa: B006 (typer reads it and does not keep it)
    phrase: Annotated[
        list[str],
        typer.Option(
            help="A phrase to search for, instead of suggested ones. Repeatable.", metavar="TEXT"
        ),
    ] = [],  # noqa: B006 (as above)
    contact: Annotated[
        str,
        typer.Option(
            help="An address for arXiv's operators. By default the repository's issues.",
            metavar="URL|EMAIL",
        ),
    ] = "",
    source: Annotated[
        str, typer.Option(help="Where papers come from: search or snapshot:PATH.", metavar="SOURCE")
    ] = "search",
    since: Annotated[
        str, typer.Option(help="Look at papers from this day on.", metavar="DATE")
    ] = "",
    until: Annotated[
        str, typer.Option(help="Look at papers up to the end of this day.", metavar="DATE")
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="Overwrite existing files.")] = False,
    judge: Annotated[
        bool,
        typer.Option(
            "--judge", help="Only draft config/principles.toml, the questions for a judge."
        ),
    ] = False,
) -> None:
    """Set the bot up in a checkout of a list.

    Finds the list and its subject, shows what the bot would have proposed in the last 30 days, and writes
    config/keywords.toml and the workflows. Asks no questions.
    """
    from bot.commands.open_sources import lasting_source
    from bot.tools.setup.set_up import SetupOptions, set_up, set_up_judge

    options = SetupOptions(
        folder=folder,
        list_path=list_path,
        heading=heading,
        categories=tuple(category),
        phrases=tuple(phrase),
        contact=contact,
        source=source,
        since=day(since, "--since"),
        until=end_of_day(until, "--until"),
        force=force,
    )
    if judge:
        set_up_judge(options, show=lambda text: show(f"{text}\n"))
        return
    complete = set_up(
        options,
        make_source=lambda arxiv: lasting_source(source, arxiv, progress),
        now=datetime.now(UTC),
        show=lambda text: show(f"{text}\n"),
        warn=lambda text: typer.echo(text, err=True),
        progress=progress,
    )
    raise typer.Exit(0 if complete else 1)
