"""The fuzz targets: each accepts any bytes and must end without an undocumented error.

`benchmarks/fuzz.py` runs them with coverage guidance, `test_fuzz.py` briefly with inputs from hypothesis.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot.core.arxiv_id import ArxivId, find_ids
from bot.core.config import parse
from bot.core.errors import ConfigError, ListError, SourceError
from bot.listing.document import apply, verify
from bot.listing.draft import Draft, draft
from bot.listing.index import ListIndex
from bot.listing.paper_list import PaperList
from bot.proposals.anchors import anchors, hold
from bot.proposals.commits import Commit, changes_of, is_sealed, papers_of, render_trailers, seal
from bot.proposals.items import AnyItem, ChangeId, Fact
from bot.proposals.marker import (
    Contents,
    Marker,
    boxes,
    compose,
    is_edited,
    parse_marker,
    parse_refresh,
    read_ticks,
    render_marker,
)
from bot.sources.announcements import parse_feed
from bot.sources.search import Search
from bot.tools.check.audit import audit, repair
from tests import samples
from tests.factories import paper
from tests.servers.arxiv import Arxiv
from tests.servers.http import Request

NEW = paper(id="2510.00001", title="LaSeR: Learning to Reward Itself")


def the_list(data: bytes) -> None:
    """Parses, indexes and checks a list, and adds an entry: every existing byte must be kept."""
    listing = PaperList.parse(data)
    document, index = listing.document, listing.index
    assert data == apply(document, ())
    ends = [0]
    for entry in document.entries:
        assert ends[-1] <= entry.start < entry.end <= len(data)
        ends.append(entry.end)
    assert len(document.entries) == len(index.listed)
    findings = audit(listing)
    assert all(1 <= finding.line <= len(data.splitlines()) + 1 for finding in findings)
    with suppress(ListError):
        repair(listing, findings)
    with suppress(ListError):
        (result,) = draft(listing, [(NEW, "")])
        if isinstance(result, Draft):
            after = verify(document, [result.insertion], added=1)
            assert hold(data, anchors(data, [(result.insertion.start, result.insertion.end)])) in {
                True,
                False,
            }
            assert ListIndex.build(after).find_id(NEW.id) is not None


def ids(data: bytes) -> None:
    """Finds ids in order at their positions; both ways of searching must agree."""
    text = data.decode("utf-8", "surrogateescape")
    found = list(find_ids(text))
    position = 0
    for match in found:
        assert position <= match.start < match.end <= len(text)
        position = match.end
        assert match.id == ArxivId.parse(str(match.id)) == ArxivId.parse(match.id.url)
        assert 1991 <= match.id.year <= 2090
        assert 1 <= match.id.month <= 12
    if len(text.lower()) == len(text):
        assert found == list(find_ids(f"{text} İ"))
    with suppress(ValueError):
        assert re.fullmatch(
            r"\d{4}\.\d{4,5}|[a-z-]+/\d{7}", ArxivId.parse(text[:80]).value, re.ASCII
        )


class _Replay:
    """A session that always returns the same answer."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self.requests = 0

    def get(self, url: str) -> bytes:
        del url
        self.requests += 1
        assert self.requests < 100
        return self._body


def _answer(path: str, **query: str) -> bytes:
    return Arxiv(samples.PAPERS, samples.DAY).respond(Request(1, "GET", path, query, {}, b"")).body


SEARCH_PAGE = _answer(
    "/api/query", search_query="", id_list="2510.00001,2510.00002", start="0", max_results="1000"
)
FEED = _answer("/atom/cs.CL")


def search_page(data: bytes) -> None:
    """Reads a search page: it must be complete, with complete papers, or be refused."""
    wanted = [ArxivId("2510.00001"), ArxivId("2510.00002")]
    with suppress(SourceError):
        for paper in Search(_Replay(data), ("cs.CL",)).look_up(wanted):
            assert paper.title
            assert paper.authors
            assert paper.categories
            assert paper.submitted
            assert paper.updated


def feed(data: bytes) -> None:
    """Reads a feed: it must be complete, with complete papers, or be refused."""
    with suppress(SourceError, ValueError):
        for paper in parse_feed(data, "url"):
            assert paper.title
            assert paper.authors
            assert paper.categories
            assert paper.announced
            assert paper.announcement


def config(data: bytes) -> None:
    """Reads a configuration: it must be valid, or the error must say what is wrong."""
    with suppress(ConfigError):
        parse(data.decode("utf-8", "replace"), where="here")


def pull_request_text(data: bytes) -> None:
    """The marker and the boxes of a text that people have edited, and the seal of a commit's message."""
    text = data.decode("utf-8", "replace")
    for item in boxes(text):
        assert item == type(item).parse(str(item))
    _marked(text, parse_marker)
    _marked(text, parse_refresh)
    commit = Commit("1" * 40, seal(text, "2" * 40, ["3" * 40]), "2" * 40, ("3" * 40,))
    assert is_sealed(commit) or not text.strip()
    for told_by, contents in ((papers_of, Contents.PAPERS), (changes_of, Contents.CHANGES)):
        with suppress(ValueError):
            told_by(Commit("1" * 40, text, "2" * 40, ()))
        with suppress(ValueError):
            found = told_by(commit)
            trailers = render_trailers(
                "a", "b", found.items, contents, found.declined, found.version
            )
            again = Commit("", seal(f"a\n\n{trailers}", "", ()), "", ())
            assert not found.items or told_by(again) == replace(found, path="b")


def _marked(text: str, parsed: Callable[[str], Marker[AnyItem] | None]) -> None:
    """Writes what was read from a marker: reading it again must give the same, without an edit."""
    marker = parsed(text)
    if marker is None:
        return
    written = parsed(render_marker(marker))
    assert written is not None
    assert written == parsed(render_marker(written))
    assert marker.items == written.items
    ticks = read_ticks(marker, text)
    named = {*marker.items, *marker.perhaps, *marker.declined}
    assert named == {*ticks.wanted, *ticks.declined, *ticks.perhaps}
    assert is_edited(text, marker) in {True, False}
    body = text.partition("\n")[2]
    again = parsed(compose(marker, body))
    assert again is not None
    assert not is_edited(compose(marker, body), again)


_DAY = datetime(2025, 10, 20, tzinfo=UTC)
_MARKED = compose(
    Marker((ArxivId("2510.00001"),), "README.md", _DAY),
    "- [x] <!-- 2510.00001 --> **T**\n- [ ] <!-- 2510.00002 --> U\n",
)
_PAPERS = (ArxivId("2510.00001"), ArxivId("2510.00002"))
_CHANGES = (
    ChangeId.of(ArxivId("2510.00001"), Fact.TITLE, "T"),
    ChangeId.of(ArxivId("math.GT/0309136"), Fact.WITHDRAWAL, "withdrawn"),
)
_REFRESHED = compose(
    Marker(
        _CHANGES[:1],
        "README.md",
        _DAY,
        declined=_CHANGES[1:],
        written=_DAY,
        head="1" * 40,
        base="2" * 40,
        anchors=("0123456789abcdef",),
        title="Refresh the list",
        contents=Contents.CHANGES,
    ),
    f"- [x] <!-- {_CHANGES[0]} --> **T**\n- [ ] <!-- {_CHANGES[1]} --> U\n",
)
_MESSAGES = (
    f"T\n\n{render_trailers('arxiv-bot/batch-0', 'README.md', _PAPERS[:1], declined=_PAPERS[1:])}",
    f"T\n\n{render_trailers('arxiv-bot/refresh-0', 'README.md', _CHANGES, Contents.CHANGES)}",
)
_ROOT = Path(__file__).resolve().parents[2]

TARGETS: dict[str, tuple[Callable[[bytes], None], tuple[bytes, ...]]] = {
    "list": (the_list, (samples.LIST.encode(), (_ROOT / "README.md").read_bytes()[:8000])),
    "ids": (
        ids,
        (b"https://arxiv.org/abs/2309.00267v2 arXiv:math.GT/0309136 corr/abs-2401-00001",),
    ),
    "search": (search_page, (SEARCH_PAGE,)),
    "feed": (feed, (FEED,)),
    "config": (config, (samples.CONFIG.encode(), (_ROOT / "config/keywords.toml").read_bytes())),
    "pull": (
        pull_request_text,
        tuple(message.encode() for message in (_MARKED, _REFRESHED, *_MESSAGES)),
    ),
}
"""By name: the function, and what it is fed first."""
