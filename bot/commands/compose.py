"""Puts a run together from options and environment: which sources, which forge, which clock.

`GITHUB_API_URL` names another GitHub than the real one. What only some runs need is imported where it is used:
a dry run on a snapshot starts without the clients of GitHub and of arXiv.
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

from bot.commands.open_judge import open_judge
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
from bot.pipeline import check_window, propose, run
from bot.proposals.context import RunLinks
from bot.proposals.model import ForgeState
from bot.refresh.report import RefreshReport
from bot.sources.backfill import Gathered, Monthly, OaiBacklog, SnapshotBacklog
from bot.sources.oai import OaiPmh
from bot.sources.protocol import LookUp, Source
from bot.sources.session import Progress
from bot.sources.snapshot import ReadingProgress, Snapshot

if TYPE_CHECKING:
    from bot.forge.github_api import GitHub
    from bot.tools.doctor.inspector import Inspector

# What GitHub calls an owner and a repository; `..` or a query would lead to another part of its API.
_REPOSITORY = re.compile(r"[A-Za-z0-9_-]+/(?!\.{1,2}\Z)[A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class RunOptions:
    """The options of a command, read; `progress` is called with what the run waits for."""

    config: Path
    list_path: str
    repo: str
    sources: tuple[str, ...]
    since: datetime | None
    until: datetime | None
    dry_run: bool
    progress: Progress


def run_once(options: RunOptions) -> RunReport:
    """Does the run, at the present moment."""
    settings = load(options.config)
    names = (*options.sources, OaiPmh.name)
    *sources, gaps = named_sources(names, settings.arxiv, options.progress)
    opened = open_judge(settings, options.config, options.progress)
    report = run(
        settings,
        sources=sources,
        gaps=gaps,
        forge=forge_of(options, settings),
        now=datetime.now(UTC),
        since=options.since,
        until=options.until,
        links=RunLinks(_run_url(), _in_repository(options.config)),
        judge=opened.judge if opened else None,
        progress=options.progress,
    )
    if opened:
        opened.keep(options.progress)
    return report


def backfill_once(
    options: RunOptions, *, newest_first: bool, progress: ReadingProgress
) -> RunReport:
    """Does a run over years, at the present moment; `progress` is called with how far the reading is.

    Raises:
        UsageError: the time to look at is empty.
    """
    settings = load(options.config)
    now = datetime.now(UTC)
    since = options.since or now
    asked = Window(since, min(options.until or now, now))
    check_window(asked)
    sources = [_backlog_of(source, progress) for source in sources_of(options, settings, BACKFILL)]
    topics = tuple(block.topic() for block in settings.topics)
    harvests = [source.collect(topics, asked) for source in sources]
    # What is newer than the papers at hand was not looked at: the next run must ask for it.
    ends = [harvest.coverage.window.until for harvest in harvests if harvest.coverage.window]
    return run(
        settings,
        sources=[Gathered(harvest.coverage.source, harvest) for harvest in harvests],
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
    raise UsageError(f"{source.name} has only one day", where="--source", fix=f"use {BACKFILL}")


def propose_once(options: RunOptions, paper: ArxivId) -> RunReport:
    """Proposes one paper, at the present moment."""
    settings = load(options.config)
    return propose(
        settings,
        paper,
        sources=lookups(options, settings),
        of=_place_of(options.sources),
        forge=forge_of(options, settings),
        now=datetime.now(UTC),
        links=RunLinks(_run_url(), _in_repository(options.config)),
    )


def refresh_once(options: RunOptions) -> RefreshReport:
    """Does a refresh, at the present moment."""
    from bot.refresh.run import refresh

    settings = load(options.config)
    (source,) = lookups(options, settings)
    return refresh(
        settings,
        source=source,
        of=_place_of(options.sources),
        forge=forge_of(options, settings),
        now=datetime.now(UTC),
        links=RunLinks(_run_url(), _in_repository(options.config)),
    )


def _place_of(sources: Sequence[str]) -> str:
    """The places where papers are looked up, in words."""
    names = [
        "arXiv" if source == "search" else source for source in sources if source != "announcements"
    ]
    return " and ".join(names)


def check_job(options: RunOptions) -> None:
    """Finds what is wrong with a schedule's options before the first wait, not after it."""
    settings = load(options.config)
    sources_of(options, settings)
    forge_of(options, settings)


def sources_of(options: RunOptions, settings: Config, usable: str = ANY) -> tuple[Source, ...]:
    """The sources that the options name, sharing one session; `usable` are those that the command can work with."""
    return named_sources(options.sources, settings.arxiv, options.progress, usable)


def lookups(options: RunOptions, settings: Config) -> tuple[LookUp, ...]:
    """The sources that can look a paper up by its id."""
    named = sources_of(options, settings, LASTING)
    found = tuple(source for source in named if isinstance(source, LookUp))
    if not found:
        raise UsageError("no paper can be looked up there", where="--source", fix=f"use {LASTING}")
    return found


def forge_of(options: RunOptions, settings: Config) -> Forge:
    """The forge that the options come to; a dry run has one that only shows."""
    path = options.list_path or settings.list.path
    name = options.repo
    if not name:
        if options.dry_run:
            return LocalForge(Path(), path)
        fix = f"add {repo_option()}, or --dry-run for the list in this directory"
        raise UsageError("a run needs to know the repository", where="--repo", fix=fix)
    token = os.environ.get("GITHUB_TOKEN", "")
    if not token and not options.dry_run:
        fix = "set GITHUB_TOKEN to a token with `contents: write` and `pull-requests: write`, or add --dry-run"
        raise UsageError("a run needs a token", where="GITHUB_TOKEN", fix=fix)
    from bot.forge.github_forge import GitHubForge

    forge = GitHubForge(_github(name, token, options.progress), path, sleep_of(_api_url()))
    return PreviewForge(forge) if options.dry_run else forge


def read_repository(name: str, path: str, progress: Progress) -> ForgeState:
    """The list at a path of a repository on GitHub, and the pull requests; nothing can be written.

    Raises:
        ForgeError: GitHub can't be asked, or refuses.
        ListError: the repository has no such list.
    """
    from bot.forge.github_forge import GitHubForge

    github = _github(name, os.environ.get("GITHUB_TOKEN", ""), progress)
    return PreviewForge(GitHubForge(github, path, sleep_of(_api_url()))).read()


def writing_pause() -> Callable[[float], None]:
    """How to wait between writes on GitHub."""
    return sleep_of(_api_url())


def repo_option() -> str:
    """The option that names this checkout's repository, with a placeholder where the repository is unknown.

    No command takes it from there by itself: from a checkout of a fork it would write to the fork.
    """
    origin = read_origin(Path())
    return f"--repo {origin.name if origin else 'OWNER/NAME'}"


def inspector_of(name: str, progress: Progress) -> Inspector:
    """Looks around a repository for the doctor; without a token it sees what everybody may."""
    from bot.tools.doctor.inspector import Inspector

    token = os.environ.get("GITHUB_TOKEN", "")
    return Inspector(_github(name, token, progress), name, token)


def _github(name: str, token: str, progress: Progress) -> GitHub:
    from bot.forge.github_api import GitHub

    if not _REPOSITORY.fullmatch(name):
        raise UsageError(f"{name!r} is not a repository", where="--repo", fix="write OWNER/NAME")
    api_url = _api_url()
    return GitHub(
        name,
        token,
        sleep=sleep_of(api_url),
        monotonic=time.monotonic,
        on_wait=progress,
        api_url=api_url,
    )


def _api_url() -> str:
    """The address of GitHub's API, to which the token may be sent."""
    url = os.environ.get("GITHUB_API_URL") or GITHUB_URL
    fix = "write an address that begins with https://"
    if not web_address(url):
        raise UsageError(f"{url!r} is not an address", where="GITHUB_API_URL", fix=fix)
    if urlsplit(url).scheme != "https" and not is_loopback(url):
        raise UsageError("the token is not sent in clear", where="GITHUB_API_URL", fix=fix)
    return url


def _in_repository(file: Path) -> str:
    """The path of a file, relative to the current directory; "" if the file is outside it."""
    with suppress(ValueError):
        return file.resolve().relative_to(Path.cwd()).as_posix()
    return ""


def _run_url() -> str:
    """The address of the workflow's run, as GitHub Actions gives it."""
    server, name, number = (
        os.environ.get(f"GITHUB_{key}", "") for key in ("SERVER_URL", "REPOSITORY", "RUN_ID")
    )
    return f"{server}/{name}/actions/runs/{number}" if server and name and number else ""
