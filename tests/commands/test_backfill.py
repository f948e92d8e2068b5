"""The installed command over years of a made-up snapshot, against the test GitHub."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.core.arxiv_id import find_ids
from bot.proposals.marker import parse_marker
from tests import samples
from tests.servers.arxiv import Arxiv
from tests.servers.github import GitHubServer
from tests.servers.http import Server
from tests.test_end_to_end import World

MONTHS = [(2022, 3), (2022, 9), (2023, 2), (2023, 7), (2024, 1)]
PAPERS = [f"{year % 100}{month:02}.00001" for year, month in MONTHS]


def line(n: int, year: int, month: int) -> str:
    record = {
        "id": PAPERS[n],
        "title": f"On Judges of Kind {n}" if n % 2 else f"RLAIF of Kind {n}",
        "abstract": "Rewards come from AI feedback." if n % 2 else "Nothing.",
        "categories": "cs.CL",
        "versions": [
            {
                "version": "v1",
                "created": f"{datetime(year, month, 5, tzinfo=UTC):%a, %d %b %Y} 00:00:00 GMT",
            }
        ],
        "authors_parsed": [["Lovelace", "Ada", ""]],
    }
    return f"{json.dumps(record)}\n"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with (
        Server(Arxiv(samples.PAPERS, samples.DAY)) as arxiv,
        GitHubServer({"README.md": samples.LIST.encode()}) as github,
    ):
        world = World(tmp_path, arxiv, github)
        (tmp_path / "config" / "keywords.toml").write_text(
            f"{samples.CONFIG}\n[pull_request]\nmax_items = 2\n"
        )
        lines = [line(n, *month) for n, month in enumerate(MONTHS)]
        (tmp_path / "years.json").write_text("".join(lines))
        yield world


def backfill(world: World, *arguments: str) -> None:
    repo = world.github.hub.name
    done = world.run("backfill", "--repo", repo, "--source", "snapshot:years.json", *arguments)
    assert done.returncode == 0, done.stderr


def batches(world: World) -> list[set[str]]:
    markers = [parse_marker(pull.body) for pull in world.github.hub.pulls]
    return [{str(paper) for paper in marker.items} for marker in markers if marker]


def test_each_run_continues_until_nothing_is_left(world: World):
    for number in (1, 2, 3):
        backfill(world, "--since", "2022-01", "--order", "newest")
        world.github.hub.merge(number)
    backfill(world, "--since", "2022-01", "--order", "newest")

    assert batches(world) == [set(PAPERS[3:]), set(PAPERS[1:3]), set(PAPERS[:1])]
    assert set(PAPERS) <= {str(x.id) for x in find_ids(world.github.hub.read().decode())}


def test_papers_of_a_closed_batch_are_not_proposed_again(world: World):
    backfill(world, "--since", "2022-01", "--order", "newest")
    world.github.hub.close(1)
    backfill(world, "--since", "2022-01", "--order", "newest")

    assert batches(world) == [set(PAPERS[3:]), set(PAPERS[1:3]), set(PAPERS[:1])]


def test_the_best_papers_come_first_by_default(world: World):
    backfill(world, "--since", "2022-01")

    assert batches(world)[0] < {
        PAPERS[0],
        PAPERS[2],
        PAPERS[4],
    }  # these have the phrase in the title


def test_since_and_until_limit_the_papers(world: World):
    backfill(world, "--since", "2022-06", "--until", "2023-03-01")

    assert batches(world) == [{PAPERS[1], PAPERS[2]}]


def test_an_unreadable_line_of_a_snapshot_is_named(world: World):
    (world.folder / "README.md").write_text(samples.LIST)
    (world.folder / "papers.json").write_text('{"id": "2310.00001"}\n')
    done = world.run(
        "backfill", "--dry-run", "--since", "2022-01", "--source", "snapshot:papers.json"
    )

    assert done.returncode == 1
    assert "papers.json:1: the line is not a record of a paper" in " ".join(done.stdout.split())


def test_a_snapshot_without_papers_on_the_topics_is_no_error(world: World):
    (world.folder / "README.md").write_text(samples.LIST)
    (world.folder / "papers.json").write_text("\n")
    done = world.run(
        "backfill", "--dry-run", "--since", "2022-01", "--source", "snapshot:papers.json"
    )

    assert (0, "") == (done.returncode, done.stderr)
    assert "Nothing" in done.stdout


def test_the_next_run_asks_for_papers_newer_than_the_snapshot(world: World):
    backfill(world, "--since", "2023-08")

    marker = parse_marker(world.github.hub.pulls[0].body)
    assert marker is not None
    assert marker.resume == datetime(2024, 1, 5, tzinfo=UTC)


def test_the_search_is_asked_month_by_month(world: World):
    done = world.run(
        "backfill", "--repo", world.github.hub.name, "--since", "2025-07", "--until", "2025-10-31"
    )

    assert done.returncode == 0, done.stderr
    assert {"2510.00001", "2510.00002"} == batches(world)[0]
    # four months, and a sample of background papers
    assert 5 == sum(request.path == "/api/query" for request in world.arxiv.requests)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--since", "2022-13"), "is not a day"),
        (("--since", "2022-01", "--until", "2021-01-01"), "choose a --since before --until"),
        (("--since", "2022-01", "--source", "announcements"), "announcements covers only one day"),
        (("--since", "2022-01", "--source", "snapshot:nowhere"), "no such file"),
    ],
)
def test_impossible_options_are_refused(world: World, arguments: tuple[str, ...], says: str):
    done = world.run("backfill", "--dry-run", *arguments)

    assert done.returncode == 2
    assert says in done.stderr


@pytest.mark.parametrize("source", ["search", "snapshot:years.json"])
def test_a_future_month_is_refused_before_any_request(world: World, source: str):
    done = world.run("backfill", "--since", "2999-01", "--dry-run", "--source", source)
    assert (2, []) == (done.returncode, world.arxiv.requests)
    assert "is outside arXiv's time" in done.stderr

    done = world.run("backfill", "--since", "2090-01", "--dry-run", "--source", source)
    assert (2, []) == (done.returncode, world.arxiv.requests)
    assert "--since: 2090-01-01 is after" in done.stderr


def test_a_start_that_is_not_a_day_is_refused_with_the_expected_form(world: World):
    done = world.run("backfill", "--since", "foo", "--dry-run")

    assert 2 == done.returncode
    assert "write it as 2022-01 or 2022-01-31" in done.stderr
