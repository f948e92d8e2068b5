from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import feedparser

from bot.core.arxiv_id import ArxivId
from bot.core.errors import SourceError
from bot.core.model import Paper
from bot.proposals.marker import Marker
from bot.proposals.model import Pull, PullState
from bot.tools.site.build import build
from bot.tools.site.feed import CANDIDATES, candidate_feed
from bot.tools.site.look_up import find_candidates, look_up
from bot.tools.site.papers import SiteCandidate, read

NOW = datetime(2026, 11, 30, tzinfo=UTC)
ONE, TWO, THREE = (ArxivId(f"2611.0000{n}") for n in (1, 2, 3))
LISTING = read(
    b"# Judges\n- [A Paper](https://arxiv.org/abs/2401.00001)\n",
    name="a-list",
    heading="",
    topics=(),
    days={},
    updated=date(2026, 1, 1),
)


class Arxiv:
    """A source that notes what it was asked for."""

    def __init__(self, *known: ArxivId, down: bool = False) -> None:
        self.known = known
        self.down = down
        self.asked: list[Sequence[ArxivId]] = []

    def look_up(self, ids: Sequence[ArxivId]) -> tuple[Paper, ...]:
        self.asked.append(ids)
        if self.down:
            raise SourceError("is down", where="arXiv", fix="wait")
        found = (paper for paper in ids if paper in self.known)
        return tuple(Paper(paper, f"Paper {paper}", "We.", (), ("cs.CL",)) for paper in found)


def pull(number: int, state: PullState = PullState.OPEN, *, own: bool = True) -> Pull:
    marker = Marker((ONE,), "README.md", NOW, declined=(TWO,), perhaps=(THREE,))
    return Pull(
        number=number,
        url=f"https://github.test/o/r/pull/{number}",
        branch="b",
        head_sha="",
        state=state,
        title="",
        body="",
        labels=(),
        created=NOW,
        marker=marker if own else None,
    )


def test_a_second_build_asks_only_for_papers_that_are_new(tmp_path: Path):
    cache, arxiv = tmp_path / "site" / "2026-11.jsonl.gz", Arxiv(ONE, TWO)

    first, _ = look_up(arxiv, [ONE], cache)
    second, failure = look_up(arxiv, [ONE, TWO], cache)
    third, _ = look_up(arxiv, [ONE, TWO], cache)

    assert [[ONE], [TWO]] == arxiv.asked
    assert {ONE} == set(first)
    assert {ONE, TWO} == set(second) == set(third)
    assert f"Paper {ONE}" == third[ONE].title
    assert not failure


def test_papers_in_the_cache_outlast_a_failure_of_the_source(tmp_path: Path):
    cache = tmp_path / "papers.jsonl.gz"
    look_up(Arxiv(ONE), [ONE], cache)
    before = cache.read_bytes()

    known, failure = look_up(Arxiv(down=True), [ONE, TWO], cache)

    assert {ONE} == set(known)
    assert "arXiv: is down" in failure
    assert before == cache.read_bytes()


def test_a_damaged_cache_is_written_anew(tmp_path: Path):
    cache = tmp_path / "papers.jsonl.gz"
    cache.write_bytes(b"no papers")

    assert {ONE} == set(look_up(Arxiv(ONE), [ONE], cache)[0])
    assert {ONE} == set(look_up(Arxiv(), [ONE], cache)[0])


def test_candidates_are_the_papers_of_the_bots_open_pull_requests():
    pulls = [pull(1), pull(2, PullState.MERGED), pull(3, PullState.CLOSED), pull(4, own=False)]

    found = find_candidates(pulls)

    assert [(ONE, False), (THREE, True)] == [(c.paper.id, c.is_perhaps) for c in found]
    assert {"https://github.test/o/r/pull/1"} == {c.pull_request for c in found}


def test_the_feed_of_candidates_links_paper_and_pull_request_and_is_valid():
    older = SiteCandidate(Paper(ONE, ""), "https://github.test/1", date(2026, 11, 1), False)
    named = Paper(TWO, "Judging <b>Judges</b>", "We judge.", ("Ada Lovelace",))
    newer = SiteCandidate(named, "https://github.test/2", date(2026, 11, 20), True)

    made = feedparser.parse(candidate_feed(LISTING, [older, newer], "https://a.org/"))

    assert not made.bozo
    assert "Candidates for Judges" == made.feed.title
    assert "https://a.org/candidates.xml" == made.feed.id
    first, second = made.entries
    assert [TWO.url, "https://github.test/2"] == [link.href for link in first.links]
    assert ["related"] == [link.rel for link in first.links if "github" in link.href]
    assert ["Perhaps"] == [tag.term for tag in first.tags]
    assert "We judge." == first.summary
    assert f"arXiv:{ONE}" == second.title
    assert "2026-11-20T00:00:00Z" == made.feed.updated


def test_a_site_has_the_feed_of_candidates_only_if_pull_requests_were_read():
    without, with_none = build(LISTING), build(LISTING, "", ())

    assert CANDIDATES not in without
    assert CANDIDATES.encode() not in without["index.html"]
    assert not feedparser.parse(with_none[CANDIDATES]).bozo
    assert with_none["index.html"].count(b'href="candidates.xml"') == 2
