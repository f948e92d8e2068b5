import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.core.config import load
from bot.core.model import Coverage, Harvest, Topic, Window
from bot.relevance.phrases import Matcher
from bot.sources.backfill import Monthly, OaiBacklog, SnapshotBacklog, months_of
from bot.sources.oai import OaiPmh
from bot.sources.session import ArxivSession, Timing, silent
from bot.sources.snapshot import Snapshot
from tests import samples
from tests.conftest import ROOT
from tests.factories import paper
from tests.servers.arxiv import Arxiv
from tests.servers.http import Request, Response, Server

TOPICS = (Topic("T", ("alpha beta",), ("gamma",)),)


def at(*day: int) -> datetime:
    return datetime(*day, tzinfo=UTC)  # type: ignore[misc,arg-type]


def line(number: int, text: str, day: datetime, categories: str = "cs.CL") -> str:
    record = {
        "id": f"{day:%y%m}.{number:05}",
        "title": text,
        "abstract": "Nothing.",
        "categories": categories,
        "versions": [{"version": "v1", "created": f"{day:%a, %d %b %Y %H:%M:%S} GMT"}],
        "authors_parsed": [["Lovelace", "Ada", ""]],
    }
    return f"{json.dumps(record)}\n"


def backlog(path: Path, text: str) -> SnapshotBacklog:
    path.write_text(text)
    return SnapshotBacklog(Snapshot(path, ("cs.CL",)), lambda done, total: None)


def test_only_papers_that_a_phrase_may_match_are_kept(tmp_path: Path):
    day = at(2022, 3, 4, 5)
    lines = [
        line(1, "Alpha-beta rules", day),
        line(2, "Alpha and beta", day),
        line(3, "Alpha beta", day, "math.AG"),
        line(4, "Alpha beta gamma", day),
        line(5, "Alpha beta", at(2021, 1, 1)),
        line(6, "Delta", day + timedelta(days=1)),
    ]

    window = Window(at(2022, 1, 1), at(2022, 12, 31))
    harvest = backlog(tmp_path / "s.json", "".join(lines)).collect(TOPICS, window)

    assert {"2203.00001", "2203.00004"} == {str(item.id) for item in harvest.papers}
    assert {1, 2, 4, 6} == {int(str(item.id)[-5:]) for item in harvest.background}
    assert harvest.coverage.window == Window(window.since, day), "what is newer was not seen"
    assert harvest.coverage.complete
    assert "6 records" in harvest.coverage.note


def test_the_sample_stays_small_and_is_spread_over_all(tmp_path: Path):
    start = at(2022, 1, 1)
    lines = [line(n, "Delta", start + timedelta(minutes=n)) for n in range(1, 12_001)]

    window = Window(at(2022, 1, 1), at(2022, 12, 31))
    background = backlog(tmp_path / "s.json", "".join(lines)).collect(TOPICS, window).background

    assert 2500 <= len(background) < 5000
    numbers = sorted(int(str(item.id)[-5:]) for item in background)
    assert numbers[0] < 10
    assert numbers[-1] > 11_990


@pytest.mark.parametrize(
    "text", ["{}\n", '{"title": "cut o', "nothing\n", "[1]\n", '"a"\n', "{} {}\n"]
)
def test_a_bad_line_is_a_failure_that_names_it(tmp_path: Path, text: str):
    good = line(1, "Alpha beta", at(2022, 3, 4))

    harvest = backlog(tmp_path / "s.json", good + text).collect(
        TOPICS, Window(at(2022, 1, 1), at(2023, 1, 1))
    )

    assert "s.json:2: the line is not a record of a paper: " in harvest.coverage.failure
    assert ("it is not a JSON object" in harvest.coverage.failure) == (text[0] in '["')
    assert 1 == len(harvest.papers) == len(harvest.background)


@pytest.mark.parametrize("text", ["nothing", '{"title": "cut o'])
def test_a_bad_line_without_a_phrase_is_reported_in_a_file_too_long_to_parse(
    tmp_path: Path, text: str
):
    lines = [line(number, "Other", at(2022, 3, 4)) for number in range(1, 12_000)]
    lines[7000:7000] = [f"{text}\n"]
    window = Window(at(2022, 1, 1), at(2023, 1, 1))

    harvest = backlog(tmp_path / "s.json", "".join(lines)).collect(TOPICS, window)

    assert "s.json:7001: the line is not a record of a paper" in harvest.coverage.failure


def test_a_backlog_of_real_papers_finds_the_same_as_reading_all(shared: Path):
    config = load(ROOT / "config" / "keywords.toml")
    topics = tuple(block.topic() for block in config.topics)
    snapshot = Snapshot(shared / "corpus" / "2025-12.jsonl.gz", config.arxiv.categories)
    window = Window(at(2025, 12, 1), at(2025, 12, 20))
    progress: list[tuple[int, int]] = []

    found = SnapshotBacklog(snapshot, lambda done, total: progress.append((done, total))).collect(
        topics, window
    )

    matcher = Matcher(topics)
    every = [
        topic
        for topic in snapshot.collect(topics, window).papers
        if (e := matcher.match(topic)).matches or e.excluded
    ]
    assert every
    assert {item.id for item in every} <= {item.id for item in found.papers}
    assert len(found.papers) < 2 * len(every)
    assert progress[-1][0] == progress[-1][1] > 0


class Asked:
    """A source with one paper per month, which fails in one month."""

    name = "search"

    def __init__(self, fails: int = 0) -> None:
        self.windows: list[Window] = []
        self._fails = fails

    def collect(self, topics: tuple[Topic, ...], window: Window) -> Harvest:
        self.windows.append(window)
        failure = "no answer" if len(self.windows) == self._fails else ""
        item = paper(id=f"{window.since:%y%m}.00001")
        return Harvest(
            (item,),
            Coverage("search", "arXiv", "q", 1, 1, requests=1, window=window, failure=failure),
        )


def test_it_asks_month_by_month_and_omits_no_day():
    window = Window(at(2021, 11, 20), at(2022, 2, 3, 4, 5))

    months = list(months_of(window))

    assert months[0].until == window.until
    assert months[-1].since == window.since
    assert [month.since for month in months[:-1]] == [month.until for month in months[1:]]
    assert [at(2022, 2, 1), at(2022, 1, 1), at(2021, 12, 1)] == [
        month.since for month in months[:-1]
    ]


def test_the_months_are_joined():
    source, window = Asked(), Window(at(2021, 11, 20), at(2022, 2, 1))

    harvest = Monthly(source, lambda done, total: None).collect(TOPICS, window)

    assert 3 == len(harvest.papers) == len(source.windows)
    assert (harvest.coverage.requests, harvest.coverage.window, harvest.coverage.complete) == (
        3,
        window,
        True,
    )


def test_after_a_failed_month_no_other_is_asked_for():
    source, window = Asked(fails=2), Window(at(2021, 11, 20), at(2022, 2, 1))

    harvest = Monthly(source, lambda done, total: None).collect(TOPICS, window)

    assert 2 == len(source.windows)
    assert not harvest.coverage.complete
    assert "2 of 3" in harvest.coverage.note


YEAR = [
    samples.record(
        month,
        f"Alpha beta {month}" if month % 2 else f"Gamma {month}",
        id=f"25{month:02}.00001",
        submitted=at(2025, month, 10),
        announced=at(2025, month, 12).date(),
        changed=at(2025, 9, 3).date() if month == 5 else None,
    )
    for month in range(1, 10)
]
MONTHS = Window(at(2025, 3, 5), at(2025, 9, 20))


def years(server: Server, folder: Path) -> OaiBacklog:
    slept: list[float] = []
    timing = Timing(slept.append, lambda: sum(slept), lambda: 0.5, lambda: at(2025, 9, 20))
    hosts = frozenset([server.url.partition("//")[2]])
    session = ArxivSession("me@example.org", hosts, timing, silent)
    source = OaiPmh(session, ("cs.CL",), f"{server.url}/oai")
    return OaiBacklog(source, folder, lambda done, total: None)


def test_years_of_oai_pmh_are_read_month_by_month(tmp_path: Path):
    with Server(Arxiv(YEAR, at(2025, 9, 20).date())) as server:
        harvest = years(server, tmp_path).collect(TOPICS, MONTHS)
        again = years(server, tmp_path).collect(TOPICS, MONTHS)

    assert {"2503.00001", "2505.00001", "2507.00001", "2509.00001"} == {
        str(item.id) for item in harvest.papers
    }, "the one that changed later too"
    assert {3, 4, 5, 6, 7, 8, 9} == {item.id.month for item in harvest.background}
    assert ("oai", 7, True) == (
        harvest.coverage.source,
        harvest.coverage.requests,
        harvest.coverage.complete,
    )
    assert "read up to 2025-09-20" in harvest.coverage.note
    assert (harvest.papers, 1) == (again.papers, again.coverage.requests), "only the last month"


def test_an_interrupted_backfill_continues_with_the_next_month(tmp_path: Path):
    def fails(request: Request) -> Response | None:
        return Response(403) if request.query.get("from", "") >= "2025-06" else None

    with Server(Arxiv(YEAR, at(2025, 9, 20).date())) as server:
        server.always = fails
        cut = years(server, tmp_path).collect(TOPICS, MONTHS)
        server.always = None
        server.requests.clear()
        whole = years(server, tmp_path).collect(TOPICS, MONTHS)

    assert "read up to 2025-06-01, then arXiv refuses (HTTP 403)" in cut.coverage.failure
    assert at(2025, 6, 1) == cut.coverage.window.until  # type: ignore[union-attr]
    assert {3} == {item.id.month for item in cut.papers}
    assert 4 == len(server.requests)
    assert 4 == len(whole.papers)
    assert whole.coverage.complete


def test_a_backfill_that_reads_nothing_says_why(tmp_path: Path):
    with Server(Arxiv(YEAR, at(2025, 9, 20).date())) as server:
        server.always = Response(403)
        harvest = years(server, tmp_path).collect(TOPICS, MONTHS)

    assert ((), False) == (harvest.papers, harvest.coverage.complete)
