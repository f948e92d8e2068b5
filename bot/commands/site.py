"""`arxiv-bot site`: writes the list as a static site."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.options import CONFIG, ConfigOption, ListOption
from bot.commands.progress import waiting
from bot.core.errors import ListError, UsageError
from bot.core.version import DOCS

if TYPE_CHECKING:
    from bot.core.arxiv_id import ArxivId
    from bot.core.config import Config
    from bot.core.model import Paper
    from bot.tools.site.papers import Listing, SiteCandidate


SITE = Path("build/site")
RepoCandidatesOption = Annotated[
    str,
    typer.Option(
        "--repo",
        help="Read the open pull requests of this repository, and write a feed of their papers.",
        metavar="OWNER/NAME",
    ),
]


def site(
    *,
    output: Annotated[
        Path, typer.Option(help="The folder to write the site to.", metavar="DIR")
    ] = SITE,
    config: ConfigOption = CONFIG,
    list_path: ListOption = "",
    source: Annotated[
        str,
        typer.Option(
            help="Look the listed papers up for their abstracts: search or snapshot:PATH.",
            metavar="SOURCE",
        ),
    ] = "",
    repo: RepoCandidatesOption = "",
    url: Annotated[
        str,
        typer.Option(
            help="The site's future address, for feeds and search engines.", metavar="URL"
        ),
    ] = "",
) -> None:
    """Write the list as a static site: search, topics, citations, feeds.

    The site comes from the list's file and its git history. --source adds abstracts, which stay out of the list.
    """
    from bot.core.config import load
    from bot.core.files import write_own
    from bot.forge.local import LocalForge
    from bot.tools.site.build import build

    # A repository without the bot has no configuration; its list is enough.
    settings = load(config) if config != CONFIG or config.exists() else _no_config()
    path = list_path or settings.list.path
    address = _address(url)
    content = LocalForge(Path(), path).read().base.content
    candidates = _candidates(repo, path) if repo else None
    known = _look_up(settings, content, candidates or (), source) if source else {}
    listing = _read(settings, path, content, known)
    if not listing.items:
        fix = (
            "name another file with --list, or the papers' heading as list.heading in the configuration; "
            "a new list needs a first paper, with its link"
        )
        raise ListError("there is no paper to show", where=path, fix=fix)
    if candidates is not None:
        candidates = [replace(c, paper=known.get(c.paper.id, c.paper)) for c in candidates]
    for name, made in build(listing, address, candidates).items():
        write_own(output / name, made, "--output")
    typer.echo(f"{output}/index.html: {_summary(listing)}")


def _no_config() -> Config:
    """A configuration without topics, for a list that the bot does not keep."""
    from bot.core.config import ArxivBlock, Config

    arxiv = ArxivBlock(contact=DOCS, categories=("cs.*",))
    return Config.model_construct(arxiv=arxiv, topics=())


def _candidates(repo: str, path: str) -> Sequence[SiteCandidate]:
    """The papers that wait in the open pull requests of a repository on GitHub."""
    from bot.commands.compose import read_repository
    from bot.tools.site.look_up import find_candidates

    with waiting() as wait:
        return find_candidates(read_repository(repo, path, wait).pulls)


def _read(settings: Config, path: str, content: bytes, known: Mapping[ArxivId, Paper]) -> Listing:
    """The list as the site shows it."""
    from bot.core.checkout import read_origin
    from bot.listing.history import read_history
    from bot.tools.site.papers import read

    folder = Path(path).resolve().parent
    origin = next(filter(None, map(read_origin, (folder, *folder.parents))), None)
    history = read_history(Path(path))
    return read(
        content,
        name=origin.repository if origin else folder.name,
        heading=settings.file(path).heading,
        topics=[block.topic() for block in settings.topics],
        days=history.days,
        updated=history.last,
        known=known,
        home=origin.page if origin else "",
    )


def _look_up(
    settings: Config, content: bytes, candidates: Sequence[SiteCandidate], source: str
) -> Mapping[ArxivId, Paper]:
    """Looks the listed papers and the candidates up in a source; warns if the source fails.

    What arXiv's search returns is kept for the rest of the month, in the user's cache folder.
    """
    from bot.commands.open_sources import cache_folder, lasting_source
    from bot.listing.paper_list import PaperList
    from bot.sources.search import Search
    from bot.tools.site.look_up import look_up

    listed = [listed.ids[0] for listed in PaperList.parse(content).listed if listed.ids]
    ids = list(dict.fromkeys((*listed, *(candidate.paper.id for candidate in candidates))))
    with waiting() as wait:
        named = lasting_source(source, settings.arxiv, wait)
        month = cache_folder() / "site" / f"{datetime.now(UTC):%Y-%m}.jsonl.gz"
        known, failure = look_up(named, ids, month if isinstance(named, Search) else None)
    if failure:
        missing = "some" if known else "all"
        typer.echo(f"warning: {missing} abstracts are missing: {failure}", err=True)
    return known


def _summary(listing: Listing) -> str:
    size, shown = listing.size, len(listing.items)
    dated = sum(item.added is not None for item in listing.items)
    text = f"{size}, {dated:,} with the day they were added"
    if lost := size.papers - shown:
        text += f"; {lost} without any link {'is' if lost == 1 else 'are'} left out"
    return text


def _address(url: str) -> str:
    """The site's address, ending with a slash, so that relative addresses resolve below it."""
    from bot.core.escaping import web_address

    if url and not web_address(url):
        raise UsageError(
            f"{url!r} is no address of a site", where="--url", fix="write it as https://HOST/PATH/"
        )
    return f"{url.rstrip('/')}/" if url else ""
