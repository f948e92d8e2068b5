"""A day in a box: arXiv's answers for 2025-10-20 and the list before it, for showing the whole job without a network.

Ids, titles, authors and categories are those of real papers. The abstracts were written for the demonstration,
and the times are approximate.
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
"""The moment at which the demonstration takes place."""


CONFIG = Path(__file__).with_name("keywords.toml")
"""What the demonstration looks for."""

LIST = {"path": "README.md", "heading": "Papers"}
"""What the bundled list is called, and where its papers are, whatever the configuration says of the list it is for."""


class BundledList(LocalForge):
    """Stands in for the repository: the list as it was before the day, for the real one has had the papers since."""

    def __init__(self) -> None:
        super().__init__(Path("demo"), LIST["path"])

    def read(self) -> ForgeState:
        """The bundled list."""
        content = files("bot.tools.demo").joinpath("list.md").read_bytes()
        return ForgeState("the demo", Base("", "", LIST["path"], content), ())


class BundledArxiv:
    """Stands in for the session with arXiv: answers every search and feed with the bundled day."""

    def __init__(self) -> None:
        self.requests = 0

    def get(self, url: str) -> bytes:
        """The bundled answer; the search page repeats the question, as arXiv's does."""
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
