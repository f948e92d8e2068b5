"""Opens the sources that the options name, with services and key from the environment.

`ARXIV_BOT_SEARCH_URL`, `ARXIV_BOT_FEED_URL` and `ARXIV_BOT_OAI_URL` replace the addresses of arXiv's services.
`ARXIV_API_KEY` is sent to arXiv and nowhere else.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.core.config import ArxivBlock
from bot.core.errors import UsageError
from bot.sources.announcements import DEFAULT_URL as FEED_URL
from bot.sources.announcements import Announcements
from bot.sources.oai import DEFAULT_URL as OAI_URL
from bot.sources.oai import OaiPmh
from bot.sources.protocol import Source
from bot.sources.query import SEARCH_URL
from bot.sources.remote_snapshot import RemoteSnapshot
from bot.sources.session import ArxivSession, Progress, Timing
from bot.sources.snapshot import Snapshot

if TYPE_CHECKING:
    from bot.sources.search import Search

LASTING = "search or snapshot:PATH"
"""The sources that can look papers up by id."""
BACKFILL = "search, oai or snapshot:PATH"
"""The sources that cover years."""
ANY = "search, announcements, oai, snapshot:PATH or snapshot:https://.../manifest.json"
_WEB = ("https://", "http://")


@dataclass(frozen=True, slots=True)
class ArxivServices:
    """arXiv's services, sharing one session and its pace."""

    session: ArxivSession
    categories: tuple[str, ...]
    search_url: str
    feed_url: str
    oai_url: str

    @classmethod
    def open(cls, contact: str, categories: Sequence[str], progress: Progress) -> ArxivServices:
        """Opens arXiv's services, at their usual addresses or those from the environment."""
        urls = (
            os.environ.get("ARXIV_BOT_SEARCH_URL", SEARCH_URL),
            os.environ.get("ARXIV_BOT_FEED_URL", FEED_URL),
            os.environ.get("ARXIV_BOT_OAI_URL", OAI_URL),
        )
        session = ArxivSession(
            contact,
            frozenset(urlsplit(url).netloc for url in urls),
            timing(*urls),
            progress,
            os.environ.get("ARXIV_API_KEY", ""),
        )
        return cls(session, tuple(categories), *urls)

    def search(self) -> Search:
        """The search API."""
        from bot.sources.search import Search

        return Search(self.session, self.categories, self.search_url)

    def announcements(self) -> Announcements:
        """The announcement feeds."""
        return Announcements(self.session, self.categories, self.feed_url)

    def oai(self) -> OaiPmh:
        """The OAI-PMH service."""
        return OaiPmh(self.session, self.categories, self.oai_url)


def named_sources(
    names: Sequence[str], arxiv: ArxivBlock, progress: Progress, usable: str = ANY
) -> tuple[Source, ...]:
    """Opens the named sources, sharing one session with arXiv.

    Raises:
        UsageError: there is no such source; the message suggests `usable`, the sources that the command supports.
    """
    services = ArxivServices.open(arxiv.contact, arxiv.categories, progress)
    return tuple(_source(name, services, arxiv, progress, usable) for name in names)


def lasting_source(name: str, arxiv: ArxivBlock, progress: Progress) -> Search | Snapshot:
    """Opens a source that covers more than a day, and that can look papers up.

    Raises:
        UsageError: there is no such source, or it covers only a day.
    """
    from bot.sources.search import Search

    (found,) = named_sources((name,), arxiv, progress, LASTING)
    if isinstance(found, Search | Snapshot):
        return found
    what, fix = f"{found.name} covers only one day", f"use {LASTING}"
    raise UsageError(what, where="--source", fix=fix)


def _source(
    name: str, services: ArxivServices, arxiv: ArxivBlock, progress: Progress, usable: str
) -> Source:
    kind, _, place = name.partition(":")
    if kind == "snapshot" and place.startswith(_WEB):
        return _published(place, services, arxiv.contact, progress)
    if kind == "snapshot" and place:
        return Snapshot(Path(place), arxiv.categories, progress)
    known: dict[str, Callable[[], Source]] = {
        "search": services.search,
        Announcements.name: services.announcements,
        OaiPmh.name: services.oai,
    }
    if name not in known:
        raise UsageError(f"there is no source {name!r}", where="--source", fix=f"write {usable}")
    return known[name]()


def _published(
    url: str, services: ArxivServices, contact: str, progress: Progress
) -> RemoteSnapshot:
    if not url.startswith("https://") and not is_loopback(url):
        fix = "write an address that begins with https://"
        raise UsageError(
            "a snapshot is not read over plain http", where=f"--source snapshot:{url}", fix=fix
        )
    host = urlsplit(url).netloc
    session = ArxivSession(contact, frozenset({host}), timing(url), progress, name=host, pace=0)
    return RemoteSnapshot(session, url, services.categories, services.oai())


def cache_folder() -> Path:
    """Returns the folder where downloads are kept for the next run."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "arxiv-bot"


def timing(*urls: str) -> Timing:
    """Time and chance for these services."""
    return Timing(sleep_of(*urls), time.monotonic, random.random, lambda: datetime.now(UTC))


def sleep_of(*urls: str) -> Callable[[float], None]:
    """Returns the function that waits between requests; it does not wait if all servers are on this machine."""
    return _no_sleep if all(map(is_loopback, urls)) else time.sleep


def is_loopback(url: str) -> bool:
    """Whether an address is on this machine."""
    return urlsplit(url).hostname in {"127.0.0.1", "localhost", "::1"}


def _no_sleep(seconds: float) -> None:
    del seconds
