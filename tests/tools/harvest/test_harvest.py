"""A harvest has every paper of its days once, sends few requests, and can be killed and run again."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.core.errors import SourceError, UsageError
from bot.core.model import Announcement, Window
from bot.sources import days
from bot.sources.announcements import Announcements
from bot.sources.days import DayFolder
from bot.sources.oai import OaiPmh
from bot.sources.remote_snapshot import RemoteSnapshot
from bot.sources.session import ArxivSession, Timing, silent
from bot.sources.snapshot import Snapshot
from bot.tools.harvest.harvest import Harvested, Harvester
from tests import samples
from tests.servers.arxiv import Arxiv, Record
from tests.servers.http import Request, Response, Server

CATEGORIES = ("cs.CL", "cs.LG")
FRIDAY, MONDAY = date(2025, 10, 17), date(2025, 10, 20)
WORLD = [
    samples.record(
        10 * day + n,
        f"Paper {n} of {date(2025, 10, day)}",
        announced=date(2025, 10, day),
        submitted=datetime(2025, 10, day - 2, 12, tzinfo=UTC),
        categories=CATEGORIES[: 1 + n % 2],
    )
    for day in (13, 14, 15, 16, 17, 20)
    for n in range(1, 4)
]


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 6, 23, tzinfo=UTC)


@pytest.fixture
def arxiv() -> Iterator[Server]:
    with Server(Arxiv(list(WORLD), MONDAY)) as server:
        yield server


def session(server: Server, name: str = "arXiv") -> ArxivSession:
    slept: list[float] = []
    timing = Timing(slept.append, lambda: sum(slept), lambda: 0.5, lambda: at(MONDAY))
    hosts = frozenset([server.url.partition("//")[2]])
    return ArxivSession("me@example.org", hosts, timing, silent, name=name)


def harvest(
    server: Server,
    folder: Path,
    today: date = MONDAY,
    kept: int = 8,
    categories: tuple[str, ...] = CATEGORIES,
) -> Harvested:
    application = server.application
    assert isinstance(application, Arxiv)
    application.today = today
    item = session(server)
    return Harvester(
        DayFolder(folder),
        Announcements(item, categories, f"{server.url}/atom"),
        OaiPmh(item, categories, f"{server.url}/oai"),
        categories=categories,
        days=kept,
    ).run(at(today))


def titles(folder: Path) -> list[str]:
    return sorted(paper.title for paper in Snapshot(folder, CATEGORIES).papers())


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def test_today_costs_one_request_and_missed_days_one_for_each_category(
    arxiv: Server, tmp_path: Path
):
    first = harvest(arxiv, tmp_path, kept=1)
    assert (1, [MONDAY]) == (len(arxiv.requests), [day.day for day in first.manifest.days])

    again = harvest(arxiv, tmp_path, kept=1)
    assert ((), 0, 1) == (again.written, again.requests, len(arxiv.requests))

    week = harvest(arxiv, tmp_path, kept=8)
    assert (2, 5) == (week.requests, len(week.written))
    assert sorted(item.title for item in WORLD) == titles(tmp_path)
    assert [3] * 6 == [day.papers for day in week.manifest.days]
    assert {day.day for day in week.manifest.days} == week.manifest.complete


def test_papers_of_the_feed_keep_their_kind_and_papers_of_missed_days_their_day(
    arxiv: Server, tmp_path: Path
):
    harvest(arxiv, tmp_path)
    papers = {paper.title: paper for paper in Snapshot(tmp_path, CATEGORIES).papers()}

    todays, missed = papers["Paper 1 of 2025-10-20"], papers["Paper 1 of 2025-10-15"]
    assert (MONDAY, Announcement.NEW) == (todays.announced, todays.announcement)
    assert (date(2025, 10, 15), datetime(2025, 10, 13, 12, tzinfo=UTC)) == (
        missed.announced,
        missed.submitted,
    )


def test_days_that_are_too_old_are_dropped(arxiv: Server, tmp_path: Path):
    harvest(arxiv, tmp_path, kept=8)
    done = harvest(arxiv, tmp_path, kept=1)

    assert [MONDAY] == [day.day for day in done.manifest.days]
    assert {"2025-10-20.jsonl.gz", "manifest.json"} == set(contents(tmp_path))


def test_a_revised_paper_of_a_missed_day_counts_for_that_day(arxiv: Server, tmp_path: Path):
    assert isinstance(arxiv.application, Arxiv)
    old = samples.record(
        1,
        "Old",
        id="2301.00001",
        submitted=datetime(2023, 1, 1, tzinfo=UTC),
        announced=date(2023, 1, 3),
        changed=FRIDAY,
    )
    revised = samples.record(2, "Revised", announced=date(2025, 10, 15), version=2, changed=MONDAY)
    arxiv.application.records = [*WORLD, old, revised]
    harvest(arxiv, tmp_path, kept=1)
    harvest(arxiv, tmp_path)

    assert "Old" not in titles(tmp_path)
    (found,) = (
        paper for paper in Snapshot(tmp_path, CATEGORIES).papers() if paper.title == "Revised"
    )
    assert FRIDAY == found.announced, "the last day that was missed"


def test_an_empty_feed_on_a_working_day_is_filled_from_oai(arxiv: Server, tmp_path: Path):
    def empty(request: Request) -> Response | None:
        if request.path.startswith("/atom"):
            return Arxiv([], MONDAY).respond(request)
        return None

    arxiv.always = empty
    done = harvest(arxiv, tmp_path, kept=1)

    assert [MONDAY] == list(done.written)
    assert 3 == len(titles(tmp_path))


def test_a_failure_is_reported_and_left_for_the_next_run(arxiv: Server, tmp_path: Path):
    arxiv.always = Response(403)
    done = harvest(arxiv, tmp_path)
    assert ((), 2) == (done.written, len(done.failures))

    arxiv.always = None
    assert 6 == len(harvest(arxiv, tmp_path).written)


def test_other_categories_need_another_folder(arxiv: Server, tmp_path: Path):
    harvest(arxiv, tmp_path)
    other = Harvester(
        DayFolder(tmp_path),
        Announcements(session(arxiv), ("cs.CV",)),
        OaiPmh(session(arxiv), ("cs.CV",)),
        categories=("cs.CV",),
        days=8,
    )
    with pytest.raises(UsageError, match=r"holds papers of other categories: cs.CL, cs.LG"):
        other.run(at(MONDAY))


def test_a_harvest_that_saved_nothing_may_be_repeated_with_other_categories(
    arxiv: Server, tmp_path: Path
):
    arxiv.always = Response(403)
    harvest(arxiv, tmp_path)
    arxiv.always = None

    assert 6 == len(harvest(arxiv, tmp_path, categories=("cs.CL",)).written)


class Killed(BaseException):
    pass


def test_killed_anywhere_and_run_again_it_leaves_the_same_files(
    arxiv: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    harvest(arxiv, tmp_path / "whole")
    whole, put = contents(tmp_path / "whole"), days.write_atomically
    for number in range(1, 13):
        left = [number]

        def dies(file: Path, content: bytes, left: list[int] = left) -> None:
            left[0] -= 1
            if not left[0]:
                file.with_name(f".{file.name}.part").write_bytes(content[:50])
                raise Killed
            put(file, content)

        folder = tmp_path / f"{number}"
        folder.mkdir()
        monkeypatch.setattr(days, "write_atomically", dies)
        with pytest.raises(Killed):
            harvest(arxiv, folder)
        monkeypatch.setattr(days, "write_atomically", put)
        harvest(arxiv, folder)
        found = {name: file for name, file in contents(folder).items() if name[0] != "."}
        assert whole == found, number


class Files:
    """A host that serves a folder's files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def respond(self, request: Request) -> Response:
        file = self.folder / request.path.lstrip("/")
        return Response(200, file.read_bytes()) if file.is_file() else Response(404, b"none")


def published(files: Server, arxiv: Server, categories: tuple[str, ...] = CATEGORIES):
    own = OaiPmh(session(arxiv), categories, f"{arxiv.url}/oai")
    return RemoteSnapshot(
        session(files, "example.org"), f"{files.url}/manifest.json", categories, own
    )


WEEK = Window(at(date(2025, 10, 14)), at(MONDAY))


@pytest.fixture
def files(arxiv: Server, tmp_path: Path) -> Iterator[Server]:
    harvest(arxiv, tmp_path)
    arxiv.requests.clear()
    with Server(Files(tmp_path)) as server:
        yield server


def test_a_published_harvest_is_read_without_asking_arxiv(files: Server, arxiv: Server):
    found = published(files, arxiv).collect((), WEEK)

    assert sorted(item.title for item in WORLD if item.announced > FRIDAY - timedelta(days=4)) == (
        sorted(paper.title for paper in found.papers)
    )
    assert 18 == len(found.background), "the days before are background"
    assert (0, 7, "", True) == (
        len(arxiv.requests),
        found.coverage.requests,
        found.coverage.note,
        found.coverage.complete,
    )


def test_only_the_days_needed_are_fetched(files: Server, arxiv: Server, tmp_path: Path):
    late = Window(at(MONDAY) + timedelta(days=60), at(MONDAY) + timedelta(days=61))
    published(files, arxiv).collect((), late)

    assert ["/manifest.json"] == [request.path for request in files.requests]


def test_missing_days_are_read_from_arxiv_and_named(files: Server, arxiv: Server, tmp_path: Path):
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    manifest["days"] = manifest["days"][:4]
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    found = published(files, arxiv).collect((), WEEK)

    assert 15 == len(found.papers)
    assert "2 days (2025-10-17 to 2025-10-20) read from arXiv" in found.coverage.note
    assert {"/oai"} == {request.path for request in arxiv.requests}


@pytest.mark.parametrize("what", ["2025-10-15.jsonl.gz", "manifest.json"])
def test_a_file_that_was_changed_is_not_believed(
    files: Server, arxiv: Server, tmp_path: Path, what: str
):
    bad = gzip.compress(b'{"id": "2510.00099"}\n')
    (tmp_path / what).write_bytes(bad)
    found = published(files, arxiv).collect((), WEEK)

    assert 15 == len(found.papers)
    assert found.coverage.complete
    assert "read from arXiv" in found.coverage.note
    assert what in found.coverage.note


def test_a_category_that_the_harvest_lacks_is_read_from_arxiv(files: Server, arxiv: Server):
    found = published(files, arxiv, ("cs.CL", "stat.ML")).collect((), WEEK)

    assert "5 days" in found.coverage.note
    assert {"/oai"} == {request.path for request in arxiv.requests}


def test_if_arxiv_fails_too_the_coverage_is_incomplete(
    files: Server, arxiv: Server, tmp_path: Path
):
    (tmp_path / "manifest.json").unlink()
    arxiv.always = Response(403)
    found = published(files, arxiv).collect((), WEEK)

    assert not found.coverage.complete
    assert "HTTP 403" in found.coverage.failure


def test_an_invalid_manifest_is_named(tmp_path: Path):
    (tmp_path / "manifest.json").write_text('{"version": 2}')
    with pytest.raises(SourceError, match="not the manifest of a harvest: version"):
        DayFolder(tmp_path).manifest()


def test_a_decompression_bomb_is_not_unpacked(
    files: Server, arxiv: Server, tmp_path: Path, monkeypatch
):
    monkeypatch.setattr("bot.sources.remote_snapshot._MOST_BYTES", 100)
    found = published(files, arxiv).collect((), WEEK)

    assert "more than 100 bytes" in found.coverage.note
    assert 15 == len(found.papers)


def test_records_come_back_as_they_were(tmp_path: Path):
    record: Record = replace(WORLD[0], comment="8 pages", doi="10.1/x", journal_ref="J. 1")
    with Server(Arxiv([record], MONDAY)) as server:
        (change,) = OaiPmh(session(server), CATEGORIES[:1], f"{server.url}/oai").changes(
            FRIDAY - timedelta(days=9)
        )
    DayFolder(tmp_path).write_day(FRIDAY, [change.paper], complete=True, now=at(FRIDAY))

    assert [change.paper] == list(Snapshot(tmp_path, CATEGORIES).papers())
