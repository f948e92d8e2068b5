"""`arxiv-bot site`: writes the list as a static site."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.options import CONFIG, ConfigOption, ListOption
from bot.commands.progress import waiting
from bot.core.errors import ListError, SourceError, UsageError
from bot.core.version import DOCS

if TYPE_CHECKING:
    from bot.core.arxiv_id import ArxivId
    from bot.core.config import Config
    from bot.core.model import Paper
    from bot.tools.site.papers import Listing


def site(
    *,
    output: Annotated[
        Path, typer.Option("--output", help="The folder to write the site to.", metavar="DIR")
    ],
    config: ConfigOption = CONFIG,
    list_path: ListOption = "",
    source: Annotated[
        str,
        typer.Option(
            "--source",
            help="Look the listed papers up for their abstracts: search or snapshot:PATH.",
            metavar="SOURCE",
        ),
    ] = "",
    url: Annotated[
        str,
        typer.Option(
            "--url", help="The site's future address, for feeds and search engines.", metavar="URL"
        ),
    ] = "",
) -> None:
    """Write the list as a static site: search, topics, citations, feeds.

    It comes from the list's file and its git history; --source adds abstracts, which stay out of the list.
    """
    from bot.core.config import load
    from bot.core.files import write_own
    from bot.tools.site.build import build

    # A repository that has a list and no bot has no configuration; the list alone will do.
    settings = load(config) if config != CONFIG or config.exists() else None
    path = list_path or (settings.list.path if settings else "README.md")
    address = _address(url)
    listing = _read(settings, path, source)
    if not listing.items:
        fix = (
            "name another file with --list, or the papers' heading as list.heading in the configuration; "
            "a new list needs a first paper, with its link"
        )
        raise ListError("there is no paper to show", where=path, fix=fix)
    for name, content in build(listing, address).items():
        write_own(output / name, content, "--output")
    typer.echo(f"{output}/index.html: {_summary(listing)}")


def _read(settings: Config | None, path: str, source: str) -> Listing:
    """The list as the site shows it."""
    from bot.core.checkout import read_origin
    from bot.forge.local import LocalForge
    from bot.listing.history import read_history
    from bot.tools.site.papers import read

    folder = Path(path).resolve().parent
    origin = next(filter(None, map(read_origin, (folder, *folder.parents))), None)
    history = read_history(Path(path))
    content = LocalForge(Path(), path).read().base.content
    heading = settings.list.heading if settings else ""
    return read(
        content,
        name=origin.repository if origin else folder.name,
        heading=heading,
        topics=[block.topic() for block in settings.topics] if settings else (),
        days=history.days,
        updated=history.last,
        known=_look_up(settings, content, source) if source else {},
        home=origin.page if origin else "",
    )


def _look_up(settings: Config | None, content: bytes, source: str) -> dict[ArxivId, Paper]:
    """What a source knows of the listed papers; nothing, with a warning, where it can't be asked."""
    from bot.commands.open_sources import LASTING, named_sources
    from bot.core.config import ArxivBlock
    from bot.listing.paper_list import PaperList
    from bot.sources.protocol import LookUp

    arxiv = settings.arxiv if settings else ArxivBlock(contact=DOCS, categories=("cs.*",))
    ids = [listed.ids[0] for listed in PaperList.parse(content).listed if listed.ids]
    with waiting() as wait:
        (named,) = named_sources((source,), arxiv, wait, LASTING)
        if not isinstance(named, LookUp):
            raise UsageError(
                "no paper can be looked up there", where="--source", fix=f"use {LASTING}"
            )
        try:
            return {paper.id: paper for paper in named.look_up(list(dict.fromkeys(ids)))}
        except SourceError as error:
            typer.echo(f"warning: the site has no abstracts: {error}", err=True)
            return {}


def _summary(listing: Listing) -> str:
    held, shown = listing.held, len(listing.items)
    dated = sum(item.added is not None for item in listing.items)
    text = f"{held}, {dated:,} with the day they were added"
    if lost := held.papers - shown:
        text += f"; {lost} without any link {'is' if lost == 1 else 'are'} left out"
    return text


def _address(url: str) -> str:
    """The site's address with the slash at its end that relative ones are resolved by."""
    from bot.core.escaping import web_address

    if url and not web_address(url):
        raise UsageError(
            f"{url!r} is no address of a site", where="--url", fix="write it as https://HOST/PATH/"
        )
    return f"{url.rstrip('/')}/" if url else ""
