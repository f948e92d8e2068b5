import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from arxiv import _feed

from bot.core.arxiv_id import ArxivId
from bot.core.errors import SourceError, UsageError
from bot.core.model import Announcement, Topic, Window
from bot.sources.announcements import Announcements, parse_feed
from bot.sources.fields import LONGEST_ABSTRACT, LONGEST_LINE
from bot.sources.protocol import Selective
from bot.sources.query import MAX_URL, MOST, compile_queries
from bot.sources.search import Search
from bot.sources.session import ArxivSession, Timing, silent
from bot.sources.snapshot import Snapshot
from tests import samples
from tests.servers.arxiv import Arxiv
from tests.servers.http import Fault, Response, Server, Trouble

WINDOW = Window(datetime(2025, 10, 1, tzinfo=UTC), datetime(2025, 10, 31, tzinfo=UTC))
TOPICS = (Topic("RLAIF", ("RLAIF", "AI feedback")),)
CATEGORIES = ("cs.CL", "cs.LG")


class Replay:
    """A session that answers with one recorded body."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.requests = 0

    def get(self, url: str) -> bytes:
        self.requests += 1
        size = parse_qs(urlsplit(url).query).get("max_results", [""])[0].encode()
        return re.sub(rb"max_results=\d+</title>", b"max_results=" + size + b"</title>", self.body)


def recorded(shared: Path, kind: str) -> list[dict[str, str]]:
    return [
        json.loads(path.read_text()) for path in sorted((shared / "arxiv" / "arxiv_py").glob(kind))
    ]


def test_every_recorded_look_up_is_read(shared: Path):
    read: dict[str, Any] = {}
    for item in recorded(shared, "id_*.json"):
        wanted = (
            item["url"]
            .partition("id_list=")[2]
            .partition("&")[0]
            .replace("%2C", ",")
            .replace("%2F", "/")
        )
        ids = [ArxivId(name) for name in wanted.split(",")] if wanted != "abc" else [ArxivId("abc")]
        try:
            papers = Search(Replay(item["body"].encode("latin-1")), CATEGORIES).look_up(ids)
            read[wanted] = [(str(paper.id), paper.id.version) for paper in papers]
        except SourceError as error:
            read[wanted] = error.message

    assert [("1605.08386", 1)] == read["1605.08386"]
    assert [("astro-ph/0601001", 1)] == read["astro-ph/0601001"]
    assert [] == read["0000.0000"]
    assert "incorrect id format for abc" in read["abc"]
    assert len(read) == 9


def test_every_recorded_search_page_is_recognised_as_the_answer_to_another_question(shared: Path):
    pages = recorded(shared, "q_*.json")
    for page in pages:
        harvest = Search(Replay(page["body"].encode("latin-1")), CATEGORIES).collect(TOPICS, WINDOW)
        assert () == harvest.papers
        assert "another query (arXiv Query: search_query=all:testing" in harvest.coverage.failure

    assert 11 == len(pages)


def test_every_error_document_is_a_failure_with_its_reason(shared: Path):
    for path in sorted((shared / "arxiv" / "api_generated").glob("error_*.xml")):
        harvest = Search(Replay(path.read_bytes()), CATEGORIES).collect(TOPICS, WINDOW)
        assert () == harvest.papers
        assert "arXiv refuses" in harvest.coverage.failure, path.name


def test_the_recorded_feed_is_read(shared: Path):
    path = next((shared / "arxiv" / "rss_recorded").glob("*atom*"))
    papers = parse_feed(path.read_bytes(), "url")

    assert ("2508.13426", Announcement.CROSS, date(2025, 8, 20)) == (
        str(papers[0].id),
        papers[0].announcement,
        papers[0].announced,
    )
    assert papers[0].abstract.startswith("As large language models")
    assert ("Chunhua Liu", "Kabir Manandhar Shrestha", "Sukai Huang") == papers[0].authors
    assert 7 == len(papers)


def test_a_day_without_announcements_is_complete(shared: Path):
    body = (shared / "arxiv" / "rss_generated" / "atom_empty_cs.CL.xml").read_bytes()
    harvest = Announcements(Replay(body), ("cs.CL",)).collect(TOPICS, WINDOW)

    assert harvest.coverage.complete
    assert "arXiv announced nothing today" == harvest.coverage.note


def session(server: Server, waits: list[float]) -> ArxivSession:
    moment = [0.0]

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        moment[0] += seconds

    timing = Timing(
        sleep, lambda: moment[0], lambda: 0.5, lambda: datetime(2025, 10, 20, tzinfo=UTC)
    )
    return ArxivSession(
        "me@example.org", frozenset([server.url.partition("//")[2]]), timing, silent
    )


def test_requests_keep_three_seconds_apart_and_name_the_program():
    waits: list[float] = []
    with Server(Arxiv(samples.PAPERS, samples.DAY)) as server:
        shared_session = session(server, waits)
        Search(shared_session, CATEGORIES, f"{server.url}/api/query").collect(TOPICS, WINDOW)
        Announcements(shared_session, CATEGORIES, f"{server.url}/atom").collect(TOPICS, WINDOW)

    assert [3.0] == waits
    assert all(
        request.headers["user-agent"].startswith("arxiv-bot/") for request in server.requests
    )
    assert all("me@example.org" in request.headers["user-agent"] for request in server.requests)


PASSING: dict[str, Trouble] = {
    "429": Response(429, b"Rate exceeded."),
    "429 with a wait": Response(429, b"", {"Retry-After": "30"}),
    "406": Response(406, b""),
    "503 at once": Response(503, b"", {"Retry-After": "0"}),
    "500": Response(500, b"<feed/>"),
    "200 plain text": Response(200, b"Rate exceeded."),
    "200 web page": Response(200, b"<!DOCTYPE html><html></html>"),
    "empty body": Response(200, b""),
    "dropped": Fault.DROP_BEFORE,
    "cut short": Response(200, b"<feed>", {"Content-Type": "application/atom+xml"}, 500),
    "truncated": Response(
        200, b"<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'><entry>"
    ),
    "not a feed": Response(200, b"<rss></rss>"),
}
LASTING: dict[str, tuple[Response, str]] = {
    "400": (
        Response(400, b"<feed><entry><summary>bad query</summary></entry></feed>"),
        "bad query",
    ),
    "403": (Response(403, b"denied"), "HTTP 403"),
    "414": (Response(414, b""), "HTTP 414"),
    "redirect elsewhere": (
        Response(302, b"", {"Location": "http://evil.example/"}),
        "evil.example",
    ),
    "entity bomb": (
        Response(200, b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><feed>&a;</feed>"),
        "document type",
    ),
}


@pytest.mark.parametrize("name", PASSING)
def test_a_passing_fault_is_waited_out(name: str):
    waits: list[float] = []
    with Server(Arxiv(samples.PAPERS, samples.DAY)) as server:
        server.troubles[1] = PASSING[name]
        harvest = Search(session(server, waits), CATEGORIES, f"{server.url}/api/query").collect(
            TOPICS, WINDOW
        )

    assert harvest.coverage.complete, harvest.coverage
    assert 5 == len(harvest.papers)
    assert sum(waits) <= 60
    if "with a wait" in name:
        assert max(waits) >= 30


@pytest.mark.parametrize("name", [*PASSING, *LASTING])
def test_a_fault_that_stays_is_a_failure_in_bounded_time_and_never_an_empty_result(name: str):
    waits: list[float] = []
    trouble: Trouble = PASSING[name] if name in PASSING else LASTING[name][0]
    with Server(Arxiv(samples.PAPERS, samples.DAY)) as server:
        server.always = trouble
        wait = session(server, waits)
        harvests = (
            Search(wait, CATEGORIES, f"{server.url}/api/query").collect(TOPICS, WINDOW),
            Announcements(wait, CATEGORIES, f"{server.url}/atom").collect(TOPICS, WINDOW),
        )

    for harvest in harvests:
        assert () == harvest.papers
        assert harvest.coverage.failure
        assert not harvest.coverage.complete
    if name in LASTING:
        assert LASTING[name][1] in harvests[0].coverage.failure
    assert sum(waits) <= 600
    assert len(server.requests) <= 12


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (
            lambda body: body.replace(
                b"<opensearch:totalResults>5<", b"<opensearch:totalResults>9<"
            ),
            "5 results instead of 9",
        ),
        (lambda body: body.replace(b"startIndex>0<", b"startIndex>7<"), "does not start at"),
        (lambda body: body.replace(b"rlaif", b"rl"), "another query"),
        (
            lambda body: body.replace(b"<published>", b"<publish>").replace(
                b"</published>", b"</publish>"
            ),
            "without a date",
        ),
        (lambda body: body[: len(body) // 2], "not well-formed"),
    ],
)
def test_an_incomplete_page_is_refused(damage: Callable[[bytes], bytes], words: str):
    with Server(Arxiv(samples.PAPERS, samples.DAY, damage)) as server:
        harvest = Search(session(server, []), CATEGORIES, f"{server.url}/api/query").collect(
            TOPICS, WINDOW
        )

    assert () == harvest.papers
    assert words in harvest.coverage.failure


def test_an_overlong_field_is_cut_and_costs_no_other_paper():
    long = samples.record(
        90,
        f"RLAIF {'x' * 5_000}",
        abstract="word " * 400_000,
        authors=("Ada Lovelace", ":", "B" * 500),
        comment="c" * 9_000,
    )
    with Server(Arxiv([*samples.PAPERS, long], samples.DAY)) as server:
        item = session(server, [])
        found = Search(item, CATEGORIES, f"{server.url}/api/query").collect(TOPICS, WINDOW).papers
        announced = Announcements(item, CATEGORIES, f"{server.url}/atom").collect((), WINDOW).papers

    assert 6 == len(found)
    for papers in (found, announced):
        (cut,) = (paper for paper in papers if str(paper.id) == long.id)
        assert (LONGEST_LINE, LONGEST_ABSTRACT - 1) == (len(cut.title), len(cut.abstract))
        assert ("Ada Lovelace", "B" * 200) == cut.authors
    assert LONGEST_LINE == max(len(paper.comment) for paper in found)


def test_a_page_that_the_package_reads_differently_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(_feed, "parse", lambda body: _feed.ParsedFeed(_feed.FeedHeader(5), []))
    with Server(Arxiv(samples.PAPERS, samples.DAY)) as server:
        harvest = Search(session(server, []), CATEGORIES, f"{server.url}/api/query").collect(
            TOPICS, WINDOW
        )

    assert "the arxiv package can't read" in harvest.coverage.failure


def test_only_arxivs_hosts_are_asked():
    with (
        Server(Arxiv([], samples.DAY)) as server,
        pytest.raises(SourceError, match="not one of arXiv's hosts"),
    ):
        session(server, []).get("https://example.org/feed")
    assert [] == server.requests


def test_many_pages_are_read_in_order():
    records = [
        samples.record(number, f"RLAIF number {number}", id=f"2510.{number:05}")
        for number in range(1, 2301)
    ]
    with Server(Arxiv(records, samples.DAY)) as server:
        harvest = Search(session(server, []), CATEGORIES, f"{server.url}/api/query").collect(
            TOPICS, WINDOW
        )

    assert 2300 == len(harvest.papers)
    assert 3 == harvest.coverage.requests
    assert harvest.coverage.complete


def test_a_sample_is_one_page_of_the_newest_of_any_subject():
    records = [samples.record(number, f"Sheep number {number}") for number in range(1, 1201)]
    with Server(Arxiv(records, samples.DAY)) as server:
        search = Search(session(server, []), CATEGORIES, f"{server.url}/api/query")
        found = search.sample(datetime(2025, 10, 20, tzinfo=UTC))

    assert isinstance(search, Selective)
    assert (1000, 1) == (len(found), len(server.requests))


def test_a_whole_archive_has_a_feed():
    with Server(Arxiv(samples.PAPERS, samples.DAY)) as server:
        source = Announcements(session(server, []), ("cs.*", "stat.ML"), f"{server.url}/atom")
        harvest = source.collect(TOPICS, WINDOW)

    assert "" == harvest.coverage.failure
    assert harvest.papers
    assert ["/atom/cs+stat.ML"] == [request.path for request in server.requests]


@pytest.mark.deep  # parsing 5,000 records takes seconds
def test_a_full_feed_is_split_by_category():
    records = [
        samples.record(
            number, f"T{number}", id=f"2510.{number:05}", categories=(CATEGORIES[number % 2],)
        )
        for number in range(1, 2501)
    ]
    with Server(Arxiv(records, samples.DAY)) as server:
        harvest = Announcements(session(server, []), CATEGORIES, f"{server.url}/atom").collect(
            TOPICS, WINDOW
        )

    assert (2500, 3, "") == (
        len(harvest.papers),
        harvest.coverage.requests,
        harvest.coverage.capped,
    )


def test_a_query_too_long_for_a_url_is_split_without_losing_a_phrase():
    topics = tuple(
        Topic(str(n), (f"phrase number{n} of this topic", f"common{n} + reward")) for n in range(45)
    )
    queries = compile_queries(topics, CATEGORIES, WINDOW)

    assert 1 < len(queries) <= MOST
    assert all(len(query.replace(" ", "+")) <= MAX_URL for query in queries)
    joined = " ".join(queries)
    assert all(
        f'ti:"phrase number{n} of this topic"' in joined and f'abs:"common{n}"' in joined
        for n in range(45)
    )


def test_phrases_that_do_not_fit_three_queries_are_not_sent():
    topics = (Topic("t", tuple(f"phrase number{n}" for n in range(2000))),)
    records = [samples.record(number, "Text", categories=("cs.CL",)) for number in range(1, 2501)]
    with Server(Arxiv(records, samples.DAY)) as server:
        found = Search(session(server, []), CATEGORIES, f"{server.url}/api/query").collect(
            topics, WINDOW
        )

    (query,) = compile_queries(topics, CATEGORIES, WINDOW)
    assert "(cat:cs.CL OR cat:cs.LG) AND submittedDate:[202510010000 TO 202510310000]" == query
    assert (2500, 2, True) == (
        len(found.papers),
        found.coverage.requests,
        found.coverage.complete,
    )
    assert "too many phrases for a query" in found.coverage.note


def test_a_phrase_that_another_contains_is_sent_once():
    topic = Topic(
        "t",
        (
            "AI feedback",
            "RL from AI feedback",
            "self-rewarding",
            "self-reward",
            "AI feedback + reward",
        ),
    )
    (query,) = compile_queries((topic,), CATEGORIES, WINDOW)

    assert (
        '((ti:"ai feedback" OR abs:"ai feedback") OR (ti:"self rewarding" OR abs:"self rewarding")) AND '
        "((cat:cs.CL OR cat:cs.LG) AND submittedDate:[202510010000 TO 202510310000])"
    ) == query


def test_snapshots_of_both_shapes_are_read(shared: Path, tmp_path: Path):
    kaggle = (shared / "arxiv" / "kaggle_snapshot_record.jsonl").read_text()
    (tmp_path / "a.jsonl").write_text(kaggle)
    (paper,) = Snapshot(tmp_path, ("cs.DS",)).papers()

    assert ("2101.11408", ("Daniel Lemire",), datetime(2021, 1, 11, 20, 31, 27, tzinfo=UTC)) == (
        str(paper.id),
        paper.authors,
        paper.submitted,
    )
    march = Window(datetime(2025, 3, 20, tzinfo=UTC), datetime(2025, 3, 21, tzinfo=UTC))
    harvest = Snapshot(shared / "corpus" / "2025-03.jsonl.gz", CATEGORIES).collect((), march)
    assert {date(2025, 3, 20), date(2025, 3, 21)} == {item.announced for item in harvest.papers}
    assert date(2025, 3, 21) == max(item.announced for item in harvest.background if item.announced)
    assert set(harvest.papers) < set(harvest.background)  # also the papers of the weeks before


def test_a_bad_line_of_a_snapshot_is_named(tmp_path: Path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "nonsense"}\n')
    harvest = Snapshot(path, CATEGORIES).collect((), WINDOW)

    assert (
        f"{path}:1: the line is not a record of a paper: it has no 'categories'"
        in harvest.coverage.failure
    )
    with pytest.raises(UsageError, match="no such file"):
        Snapshot(tmp_path / "nowhere", CATEGORIES)
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="no file of papers"):
        Snapshot(tmp_path / "empty", CATEGORIES)
