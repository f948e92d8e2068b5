"""`arxiv-bot site`: the list as a static site."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.options import CONFIG, ConfigOption, ListOption
from bot.core.errors import ListError, UsageError

if TYPE_CHECKING:
    from bot.tools.site.papers import Listing


def site(
    *,
    output: Annotated[
        Path, typer.Option("--output", help="Where to write the site.", metavar="DIR")
    ],
    config: ConfigOption = CONFIG,
    list_path: ListOption = "",
    url: Annotated[
        str, typer.Option("--url", help="Where the site will be, for its feed.", metavar="URL")
    ] = "",
) -> None:
    """Write the list as a static site: search, citations, a feed.

    All of it comes from the list's file and its git history.
    """
    from bot.core.checkout import read_origin
    from bot.core.config import load
    from bot.core.files import write_own
    from bot.forge.local import LocalForge
    from bot.listing.history import read_history
    from bot.tools.site.build import build
    from bot.tools.site.papers import read

    # Of a repository that has a list and no bot, the list alone will do.
    settings = load(config) if config != CONFIG or config.exists() else None
    path = list_path or (settings.list.path if settings else "README.md")
    folder = Path(path).resolve().parent
    origin = next(filter(None, map(read_origin, (folder, *folder.parents))), None)
    history = read_history(Path(path))
    listing = read(
        LocalForge(Path(), path).read().base.content,
        name=origin.repository if origin else folder.name,
        heading=settings.list.heading if settings else "",
        topics=[block.topic() for block in settings.topics] if settings else (),
        days=history.days,
        updated=history.last,
    )
    if not listing.items:
        fix = (
            "name another file with --list, or the papers' heading as list.heading in the configuration; "
            "a new list needs a first paper, with its link"
        )
        raise ListError("there is no paper to show", where=path, fix=fix)
    files = build(listing, _address(url))
    for name, content in files.items():
        write_own(output / name, content, "--output")
    typer.echo(f"{output}/index.html: {_told(listing)}")


def _told(listing: Listing) -> str:
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
