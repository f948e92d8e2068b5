"""Composes a run from options and environment: which sources, which forge, which clock.

`GITHUB_API_URL` selects a GitHub API other than api.github.com. Modules that only some runs need are imported where
they are used, so that a dry run on a snapshot does not load the clients of GitHub and arXiv.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.commands.open_judge import judge_of
from bot.commands.open_sources import (
    ANY,
    BACKFILL,
    LASTING,
    cache_folder,
    is_loopback,
    named_sources,
    sleep_of,
)
from bot.core.arxiv_id import ArxivId
from bot.core.checkout import read_origin
from bot.core.config import Config, load
from bot.core.errors import UsageError
from bot.core.escaping import web_address
from bot.core.model import RunReport, Window
from bot.forge.local import LocalForge, PreviewForge
from bot.forge.protocol import GITHUB_URL, Forge
from bot.pipeline import check_window, run
from bot.proposals.context import RunLinks
from bot.proposals.model import ForgeState
from bot.refresh.model import RefreshReport
from bot.sources.backfill import CollectedHarvest, Monthly, OaiBacklog, SnapshotBacklog
from bot.sources.oai import OaiPmh
from bot.sources.protocol import LookUp, Source
from bot.sources.session import Progress
from bot.sources.snapshot import ReadingProgress, Snapshot
from bot.tools.single_papers import propose

if TYPE_CHECKING:
    from bot.forge.connection import Connection
    from bot.forge.find_repositories import RepositoryFinder
    from bot.forge.github_api import GitHub
    from bot.tools.doctor.inspector import Inspector

# GitHub's names for owners and repositories; `..` or a query would reach another part of its API.
_REPOSITORY = re.compile(r"[A-Za-z0-9_-]+/(?!\.{1,2}\Z)[A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class RunOptions:
    """The parsed options of a command; `progress` is called with what the run is waiting for."""

    config: Path
    list_path: str
    repo: str
    progress: Progress
    sources: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    dry_run: bool = False


def run_once(options: RunOptions) -> RunReport:
    """Does one run, now."""
    settings = load(options.config)
    names = (*options.sources, OaiPmh.name)
    *sources, gaps = named_sources(names, settings.arxiv, options.progress)
    with judge_of(settings, options.config, options.progress) as judge:
        return run(
            settings,
            sources=sources,
            gaps=gaps,
            forge=forge_of(options, settings),
            now=datetime.now(UTC),
            since=options.since,
            until=options.until,
            links=RunLinks(_run_url(), _in_repository(options.config)),
            judge=judge,
            progress=options.progress,
        )


def backfill_once(
    options: RunOptions, *, newest_first: bool, progress: ReadingProgress
) -> RunReport:
    """Does one run over several years, now; `progress` is called with how much has been read.

    Raises:
        UsageError: the period to search is empty.
    """
    settings = load(options.config)
    now = datetime.now(UTC)
    since = options.since or now
    asked = Window(since, min(options.until or now, now))
    check_window(asked)
    sources = [_backlog_of(source, progress) for source in sources_of(options, settings, BACKFILL)]
    topics = tuple(block.topic() for block in settings.topics)
    harvests = [source.collect(topics, asked) for source in sources]
    # The sources have no newer papers, so the next run must ask for those.
    ends = [harvest.coverage.window.until for harvest in harvests if harvest.coverage.window]
    return run(
        settings,
        sources=[CollectedHarvest(harvest.coverage.source, harvest) for harvest in harvests],
        forge=forge_of(options, settings),
        now=now,
        since=since,
        until=min(ends, default=asked.until),
        links=RunLinks(_run_url(), _in_repository(options.config)),
        newest_first=newest_first,
    )


def _backlog_of(source: Source, progress: ReadingProgress) -> Source:
    from bot.sources.search import Search

    if isinstance(source, Snapshot):
        return SnapshotBacklog(source, progress)
    if isinstance(source, OaiPmh):
        return OaiBacklog(source, cache_folder() / "oai", progress)
    if isinstance(source, Search):
        return Monthly(source, progress)
    raise UsageError(f"{source.name} covers only one day", where="--source", fix=f"use {BACKFILL}")


def propose_once(options: RunOptions, paper: ArxivId) -> RunReport:
    """Proposes one paper, now."""
    settings = load(options.config)
    sources = sources_of(options, settings, LASTING)
    lookups_of(sources)
    return propose(
        settings,
        paper,
        sources=sources,
        of=_place_of(options.sources),
        forge=forge_of(options, settings),
        now=datetime.now(UTC),
        links=RunLinks(_run_url(), _in_repository(options.config)),
    )


def refresh_once(options: RunOptions) -> RefreshReport:
    """Does one refresh, now."""
    from bot.refresh.run import refresh

    settings = load(options.config)
    (source,) = lookups_of(sources_of(options, settings, LASTING))
    return refresh(
        settings,
        source=source,
        of=_place_of(options.sources),
        forge=forge_of(options, settings),
        now=datetime.now(UTC),
        links=RunLinks(_run_url(), _in_repository(options.config)),
    )


def _place_of(sources: Sequence[str]) -> str:
    """Names the places where papers are looked up."""
    names = [
        "arXiv" if source == "search" else source for source in sources if source != "announcements"
    ]
    return " and ".join(names)


def check_job(options: RunOptions) -> None:
    """Checks a schedule's options before the first wait, so that errors appear at once."""
    settings = load(options.config)
    sources_of(options, settings)
    forge_of(options, settings)


def sources_of(options: RunOptions, settings: Config, usable: str = ANY) -> tuple[Source, ...]:
    """Opens the sources that the options name, with one session; `usable` names the command's sources in errors."""
    return named_sources(options.sources, settings.arxiv, options.progress, usable)


def lookups_of(sources: Sequence[Source]) -> tuple[LookUp, ...]:
    """Returns the sources that can look a paper up by its id.

    Raises:
        UsageError: there is none.
    """
    found = tuple(source for source in sources if isinstance(source, LookUp))
    if not found:
        raise UsageError("the source can't look papers up", where="--source", fix=f"use {LASTING}")
    return found


def forge_of(options: RunOptions, settings: Config) -> Forge:
    """Opens the forge that the options name; a dry run gets one that only previews."""
    paths = settings.paths(options.list_path)
    name = options.repo
    if not name:
        if options.dry_run:
            return LocalForge(Path(), *paths)
        fix = f"add {repo_option()}, or --dry-run for the list in this directory"
        raise UsageError("a run needs to know the repository", where="--repo", fix=fix)
    token = os.environ.get("GITHUB_TOKEN", "")
    if not token and not options.dry_run:
        fix = "set GITHUB_TOKEN to a token with `contents: write` and `pull-requests: write`, or add --dry-run"
        raise UsageError("a run needs a token", where="GITHUB_TOKEN", fix=fix)
    from bot.forge.github_forge import GitHubForge

    github = _github(name, token, options.progress)
    forge = GitHubForge(github, sleep_of(_api_url()), *paths)
    return PreviewForge(forge) if options.dry_run else forge


def read_repository(name: str, path: str, progress: Progress) -> ForgeState:
    """Reads the list at a path of a GitHub repository, and its pull requests; can't write anything.

    Raises:
        ForgeError: GitHub did not answer, or refused.
        ListError: the repository has no such list.
    """
    from bot.forge.github_forge import GitHubForge

    github = _github(name, os.environ.get("GITHUB_TOKEN", ""), progress)
    return PreviewForge(GitHubForge(github, sleep_of(_api_url()), path)).read()


def writing_pause() -> Callable[[float], None]:
    """Returns the function that waits between writes to GitHub."""
    return sleep_of(_api_url())


def repo_option() -> str:
    """Returns a --repo option for this checkout's repository, or with a placeholder if it is unknown, for messages.

    No command uses it as a default: in a checkout of a fork, the bot would write to the fork.
    """
    origin = read_origin(Path())
    return f"--repo {origin.name if origin else 'OWNER/NAME'}"


def inspector_of(name: str, progress: Progress) -> Inspector:
    """Returns the doctor's reader of a repository; without a token it only sees what is public."""
    from bot.tools.doctor.inspector import Inspector

    token = os.environ.get("GITHUB_TOKEN", "")
    return Inspector(_github(name, token, progress), name, token)


def repository_finder(progress: Progress) -> RepositoryFinder:
    """Returns the search for repositories on GitHub; without a token it only sees what is public."""
    from bot.forge.find_repositories import RepositoryFinder

    return RepositoryFinder(_connection(os.environ.get("GITHUB_TOKEN", ""), progress))


def _github(name: str, token: str, progress: Progress) -> GitHub:
    from bot.forge.github_api import GitHub

    if not _REPOSITORY.fullmatch(name):
        raise UsageError(f"{name!r} is not a repository", where="--repo", fix="write OWNER/NAME")
    return GitHub(name, _connection(token, progress))


def _connection(token: str, progress: Progress) -> Connection:
    from bot.forge.connection import Connection

    url = _api_url()
    return Connection(token, url, sleep_of(url), monotonic=time.monotonic, on_wait=progress)


def _api_url() -> str:
    """Returns the URL of GitHub's API, after checking that the token may be sent there."""
    url = os.environ.get("GITHUB_API_URL") or GITHUB_URL
    fix = "write an address that begins with https://"
    if not web_address(url):
        raise UsageError(f"{url!r} is not a web address", where="GITHUB_API_URL", fix=fix)
    if urlsplit(url).scheme != "https" and not is_loopback(url):
        raise UsageError("the token is not sent over plain http", where="GITHUB_API_URL", fix=fix)
    return url


def _in_repository(file: Path) -> str:
    """Returns a file's path relative to the current directory, or "" if the file is outside it."""
    with suppress(ValueError):
        return file.resolve().relative_to(Path.cwd()).as_posix()
    return ""


def _run_url() -> str:
    """Returns the URL of the workflow run, or "" outside GitHub Actions."""
    server, name, number = (
        os.environ.get(f"GITHUB_{key}", "") for key in ("SERVER_URL", "REPOSITORY", "RUN_ID")
    )
    return f"{server}/{name}/actions/runs/{number}" if server and name and number else ""
