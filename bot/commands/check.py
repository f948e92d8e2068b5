"""`arxiv-bot check`: the configuration and the list, offline."""

from __future__ import annotations

from pathlib import Path

import typer

from bot.commands.options import CONFIG, ConfigOption, ListOption


def check(*, config: ConfigOption = CONFIG, list_path: ListOption = "") -> None:
    """Check the configuration and the list, offline."""
    from bot.config import load
    from bot.document import Document
    from bot.entries import papers_part
    from bot.forge.local import LocalForge
    from bot.index import ListIndex

    settings = load(config)
    document = Document.parse(
        LocalForge(Path(), list_path or settings.list.path).read().base.content
    )
    part = papers_part(document, settings.list.heading)
    index = ListIndex.build(document)
    phrases = sum(len(topic.phrases) for topic in settings.topics)
    typer.echo(f"{config}: {len(settings.topics)} topics, {phrases} phrases")
    entries = sum(part.start <= entry.start < part.end for entry in document.entries)
    typer.echo(
        f"{list_path or settings.list.path}: {entries} papers in {len(document.sections)} sections"
    )
    repeated = list(index.repeated())
    for first, again in repeated:
        typer.echo(f"line {again.line}: {again.title!r} is already at line {first.line}")
    raise typer.Exit(1 if repeated else 0)
