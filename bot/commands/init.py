"""`arxiv-bot init`: looks at a checkout of a list, and writes the files that the bot needs there."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.options import day, end_of_day, show
from bot.commands.progress import progress
from bot.core.english import count
from bot.core.errors import SourceError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.checkout import Origin
    from bot.core.config import Config
    from bot.core.model import Paper, RunReport
    from bot.listing.draft import Refused
    from bot.tools.setup.find_list import Place
    from bot.tools.setup.render import Findings
    from bot.tools.setup.survey import Survey
    from bot.tools.setup.topics import Group

_LARGEST = 5_000_000  # bytes of a Markdown file that may be the list
_ENOUGH = 100  # papers of the stream, to tell a list's from
_PASSED_OVER = frozenset({"node_modules", "site-packages", "vendor"})


@dataclass(frozen=True, slots=True)
class _Given:
    """What need not be found out."""

    source: str
    categories: tuple[str, ...]
    phrases: tuple[str, ...]
    since: datetime | None
    until: datetime | None


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
            "--heading",
            help="The papers' heading; '' for none. Found by default.",
            metavar="TEXT",
        ),
    ] = None,
    category: Annotated[
        list[str],
        typer.Option(
            "--category", help="An arXiv category, such as cs.CL. Repeatable.", metavar="NAME"
        ),
    ] = [],  # noqa: B006 (typer reads it and does not keep it)
    phrase: Annotated[
        list[str],
        typer.Option(
            "--phrase", help="A phrase to look for, and no others. Repeatable.", metavar="TEXT"
        ),
    ] = [],  # noqa: B006 (as above)
    contact: Annotated[
        str,
        typer.Option(
            "--contact",
            help="Where arXiv can turn to. The repository's issues.",
            metavar="URL|EMAIL",
        ),
    ] = "",
    source: Annotated[
        str, typer.Option("--source", help="search or snapshot:PATH.", metavar="SOURCE")
    ] = "search",
    since: Annotated[
        str, typer.Option("--since", help="Look at papers from this day on.", metavar="DATE")
    ] = "",
    until: Annotated[
        str,
        typer.Option("--until", help="Look at papers up to the end of this day.", metavar="DATE"),
    ] = "",
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite the files if they are there.")
    ] = False,
) -> None:
    """Set the bot up in a checkout of a list.

    Finds the list and what it is about, shows what the last 30 days would have brought, and writes
    config/keywords.toml and the workflows. Asks nothing.
    """
    from bot.core.config import parse
    from bot.core.version import __version__
    from bot.tools.setup.find_list import find, subject
    from bot.tools.setup.render import CONFIG, render_config, render_findings, render_workflows

    given = _Given(
        source,
        tuple(category),
        tuple(phrase),
        day(since, "--since"),
        end_of_day(until, "--until"),
    )
    _check(given)
    origin = _origin(folder)
    workflows = render_workflows(__version__)
    there = [path for path in (CONFIG, *workflows) if (folder / path).exists()]
    if there and not force:
        fix = "add --force to overwrite it" if len(there) == 1 else "add --force to overwrite them"
        raise UsageError(
            "already there", where=", ".join(str(folder / path) for path in there), fix=fix
        )
    place = find(_markdown(folder, list_path), list_path, heading)
    address = contact or (f"{origin.page}/issues" if origin else "")
    if not address:
        fix = (
            "add --contact with a web page or an e-mail address that arXiv's operators can turn to"
        )
        raise UsageError("no remote of this checkout is on a host", where=str(folder), fix=fix)
    repository = origin.repository if origin else folder.resolve().name
    name = subject(repository, place.about)
    seen = _survey(given, place, address)
    found = _findings(given, place, seen, address, name)
    text = render_config(found, __version__)
    config = parse(text, where=CONFIG)
    show(render_findings(found) + "\n")
    report = _show(folder, config, place, seen)
    _write(folder, {CONFIG: text, **workflows}, there)
    show(_next_steps(origin, report) + "\n")
    raise typer.Exit(1 if seen.harvest.coverage.failure else 0)


def _check(given: _Given) -> None:
    """Refuses at once what the configuration would refuse.

    Raises:
        UsageError: a category or a phrase is none.
    """
    from pydantic import TypeAdapter, ValidationError

    from bot.core.categories import doubt
    from bot.core.config import Category, TopicBlock

    for category in given.categories:
        try:
            TypeAdapter(Category).validate_python(category)
        except ValidationError:
            fix = "write one such as cs.CL, or cs.* for all of an archive"
            raise UsageError(
                f"{category!r} is not an arXiv category", where="--category", fix=fix
            ) from None
        if found := doubt(category):
            typer.echo("warning: --category: {}\n  fix: {}".format(*found), err=True)
    for phrase in given.phrases:
        try:
            TopicBlock(name="given", phrases=(phrase,))
        except ValidationError:
            fix = "write the words to look for, or two phrases with ` + ` between them"
            raise UsageError(
                f"{phrase!r} holds no word of two or more letters", where="--phrase", fix=fix
            ) from None


def _origin(folder: Path) -> Origin | None:
    """The repository that the checkout comes from.

    Raises:
        UsageError: it is no checkout.
    """
    from bot.core.checkout import read_origin

    if not (folder / ".git").exists():
        fix = "name the top of a checkout of the list: git clone …, then arxiv-bot init DIRECTORY"
        raise UsageError("this is not a git checkout", where=str(folder), fix=fix)
    return read_origin(folder)


def _markdown(folder: Path, path: str) -> dict[str, bytes]:
    """The Markdown files of the checkout, or the one named, by their paths."""
    files: dict[str, bytes] = {}
    for top, folders, names in os.walk(folder):
        folders[:] = sorted(one for one in folders if one[0] != "." and one not in _PASSED_OVER)
        for name in sorted(names):
            file = Path(top, name)
            inside = file.relative_to(folder).as_posix()
            wanted = inside == path if path else file.suffix.lower() in {".md", ".markdown"}
            with suppress(OSError):
                if wanted and file.is_file() and file.stat().st_size <= _LARGEST:
                    files[inside] = file.read_bytes()
    return files


def _survey(given: _Given, place: Place, contact: str) -> Survey:
    """What the source knows of the list's papers and of the last 30 days.

    Raises:
        SourceError: it can't be asked, and no phrases are given that would do without.
    """
    from bot.commands.compose import LASTING, named_sources
    from bot.core.config import ArxivBlock
    from bot.sources.search import Search
    from bot.sources.snapshot import Snapshot
    from bot.tools.setup.survey import Wanted, survey

    def make(categories: Sequence[str]) -> Search | Snapshot:
        arxiv = ArxivBlock(contact=contact, categories=tuple(categories))
        (source,) = named_sources((given.source,), arxiv, progress, LASTING)
        if isinstance(source, Search | Snapshot):
            return source
        raise UsageError(
            f"{source.name} tells of one day only", where="--source", fix=f"use {LASTING}"
        )

    listed = tuple(one.ids[0] for one in place.papers.listed if one.ids)
    wanted = Wanted(listed, given.categories, given.since, given.until, datetime.now(UTC))
    progress(
        f"looking {count(len(listed), 'listed paper')} up, then at a month of arXiv: a minute or two"
    )
    seen = survey(make, wanted)
    coverage = seen.harvest.coverage
    if len(seen.harvest.papers) < _ENOUGH and not given.phrases:
        few = count(len(seen.harvest.papers), "paper")
        told = coverage.failure or f"no more than {few} to tell the list's from"
        fix = "name papers of more days" if given.source != "search" else "try again later"
        if coverage.failure and given.source != "search":
            fix = "correct that file"
        fix = f"{fix}, or say what to look for with --phrase; nothing was written"
        raise SourceError(told, where=given.source, fix=fix)
    return seen


def _findings(given: _Given, place: Place, seen: Survey, contact: str, name: str) -> Findings:
    """What goes into the configuration.

    Raises:
        UsageError: no phrase tells the list's papers from others.
    """
    from bot.tools.setup.propose_topics import topics_for
    from bot.tools.setup.render import Findings
    from bot.tools.setup.suggest_phrases import Stream

    weeks = (seen.window.until - seen.window.since) / timedelta(weeks=1)
    stream = Stream(seen.harvest.papers, weeks)
    groups: tuple[Group, ...] = topics_for(place, seen.known, stream, name, given.phrases)
    if not groups:
        fix = "say what to look for with --phrase, as often as needed"
        raise UsageError(
            f"nothing tells its {count(len(place.papers.listed), 'title')} from other papers",
            where=place.path,
            fix=fix,
        )
    return Findings(
        path=place.path,
        heading=place.heading,
        contact=contact,
        categories=seen.categories,
        reason=seen.reason,
        groups=groups,
        held=place.papers.census,
        measured=bool(stream.papers),
    )


def _show(folder: Path, config: Config, place: Place, seen: Survey) -> RunReport | None:
    """Shows what the days looked at would have brought: a dry run on papers that are here already."""
    from bot.forge.local import LocalForge
    from bot.pipeline import run
    from bot.sources.backfill import Gathered
    from bot.tools.setup.month import render_month

    coverage, window = seen.harvest.coverage, seen.window
    typer.echo(f"\nWhat {window.since:%Y-%m-%d} to {window.until:%Y-%m-%d} would have brought:\n")
    if coverage.failure and not seen.harvest.papers:
        typer.echo(f"This can't be shown: {coverage.source}: {coverage.failure}\n")
        return None
    result = run(
        config,
        sources=[Gathered(coverage.source, seen.harvest)],
        forge=LocalForge(folder, place.path),
        now=window.until,
        since=window.since,
        until=window.until,
    )
    best = next((one.candidate.paper for one in (*result.proposed, *result.held)), None)
    show(render_month(result, _example(place, best) if best else "") + "\n")
    return result


def _example(place: Place, paper: Paper) -> str | Refused:
    """How the bot would write an entry for the paper, or why it can't."""
    from bot.listing.draft import Draft, draft

    (written,) = draft(place.papers, [(paper, "")])
    return written.text if isinstance(written, Draft) else written


def _write(folder: Path, texts: dict[str, str], there: Sequence[str]) -> None:
    from bot.core.files import write

    for path, text in texts.items():
        write(folder / path, text)
        typer.echo(f"{'overwritten' if path in there else 'written':12}{path}")


def _next_steps(origin: Origin | None, report: RunReport | None) -> str:
    from bot.tools.doctor.facts import SECRET

    page, name = (origin.page, origin.name) if origin else ("the repository's page", "OWNER/NAME")
    shown = "" if report is None else " (with every text: arxiv-bot run --dry-run)"
    return (
        f"\nNext:\n"
        f"1. Read config/keywords.toml, and drop or add phrases{shown}.\n"
        f"2. Let Actions open pull requests: {page}/settings/actions → Allow GitHub Actions to create…\n"
        f"   For other workflows to run on them, save a token of your own as the secret {SECRET}.\n"
        f"3. Commit and push the four files; arxiv-bot doctor --repo {name} finds what is missing."
    )
