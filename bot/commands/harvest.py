"""`arxiv-bot harvest`: saves each day's papers as a file, for many lists to read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.options import CONFIG, ConfigOption
from bot.commands.progress import waiting


def harvest(
    *,
    output: Annotated[Path, typer.Option(help="The folder for the files.", metavar="DIR")],
    category: Annotated[
        list[str],
        typer.Option(
            help="A category to harvest, instead of the configured ones. Repeatable.",
            metavar="NAME",
        ),
    ] = [],  # noqa: B006 (typer reads it and does not keep it)
    contact: Annotated[
        str,
        typer.Option(
            help="An address for arXiv's operators, instead of the configured one.",
            metavar="ADDRESS",
        ),
    ] = "",
    days: Annotated[
        int,
        typer.Option(
            help="The number of days to keep, up to today.", min=1, max=366, metavar="NUMBER"
        ),
    ] = 60,
    config: ConfigOption = CONFIG,
) -> None:
    """Save the papers that arXiv announces, one file per day.

    Days that are already saved are not requested again.
    """
    from datetime import UTC, datetime

    from bot.commands.open_sources import ArxivServices
    from bot.core.config import load
    from bot.core.english import count
    from bot.core.errors import UsageError
    from bot.sources.days import DayFolder
    from bot.tools.harvest.harvest import Harvester

    if not (category and contact):
        if config == CONFIG and not config.exists():
            fix = "give --category and --contact, or name a configuration with --config"
            raise UsageError("there is no such file", where=str(config), fix=fix)
        settings = load(config)
        category = category or list(settings.arxiv.categories)
        contact = contact or settings.arxiv.contact
    with waiting() as wait:
        services = ArxivServices.open(contact, category, wait)
        done = Harvester(
            DayFolder(output),
            services.announcements(),
            services.oai(),
            categories=category,
            days=days,
        ).run(datetime.now(UTC))
    for failure in done.failures:
        typer.echo(f"✗ {failure}")
    papers = sum(day.papers for day in done.manifest.days)
    wrote = f"{count(len(done.written), 'day')} written, {count(done.requests, 'request')}"
    kept = f"{count(len(done.manifest.days), 'day')} with {count(papers, 'paper')}"
    typer.echo(f"{output}: {kept}; {wrote}")
    raise typer.Exit(1 if done.failures else 0)
