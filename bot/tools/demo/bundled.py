"""Stands in for arXiv and the repository in the demo: arXiv's answers of 2025-10-20, and the list before that day.

Ids, titles, authors and categories are those of real papers. The abstracts were written for the demo, and the times
are approximate.
"""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

from bot.forge.local import LocalForge
from bot.proposals.model import Base, ForgeState

NOW = datetime(2025, 10, 20, 6, 23, tzinfo=UTC)
"""The time of the demo's run."""

CONFIG = Path(__file__).with_name("keywords.toml")
"""The demo's configuration."""

LIST = {"path": "README.md", "heading": "Papers"}
"""The bundled list's file and heading, which replace those of the configuration."""


class BundledList(LocalForge):
    """Stands in for the repository: the list as it was before that day, since it now has the day's papers."""

    def __init__(self) -> None:
        super().__init__(Path("demo"), LIST["path"])

    def read(self) -> ForgeState:
        """Returns the bundled list."""
        content = files("bot.tools.demo").joinpath("list.md").read_bytes()
        return ForgeState("the demo", Base("", "", LIST["path"], content), ())


class BundledArxiv:
    """Stands in for the arXiv session: answers every search and feed with the bundled day."""

    def __init__(self) -> None:
        self.requests = 0

    def get(self, url: str) -> bytes:
        """Returns the bundled answer; a search page repeats the query, as arXiv's pages do."""
        self.requests += 1
        folder = files("bot.tools.demo")
        parts = urlsplit(url)
        if not parts.query:
            return folder.joinpath("announcements.xml").read_bytes()
        asked = {key: values[0] for key, values in parse_qs(parts.query).items()}
        page = folder.joinpath("search.xml").read_text(encoding="utf-8")
        for key in ("search_query", "max_results"):
            page = page.replace(f"{{{key}}}", escape(asked[key]))
        return page.encode()
