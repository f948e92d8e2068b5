"""The installed commands: a harvest from the test arXiv, and a fleet of two lists that reads it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests import samples
from tests.servers.arxiv import Arxiv
from tests.servers.github import GitHubServer
from tests.servers.http import Server
from tests.test_end_to_end import World

TODAY = (datetime.now(UTC) - timedelta(hours=5)).date()
PAPERS = [
    samples.record(
        number,
        f"RLAIF {number}",
        id=f"{TODAY:%y%m}.{number:05}",
        announced=TODAY,
        submitted=datetime.now(UTC) - timedelta(days=2),
    )
    for number in range(1, 4)
]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with (
        Server(Arxiv(PAPERS, TODAY)) as arxiv,
        GitHubServer({"README.md": samples.LIST.encode()}) as github,
    ):
        yield World(tmp_path, arxiv, github)


def test_a_harvest_is_read_by_a_fleet_and_by_a_single_list(world: World):
    done = world.run("harvest", "--output", "harvest", "--days", "1")
    if TODAY.weekday() > 4:
        assert "0 days with 0 papers" in done.stdout
        return
    assert (0, "") == (done.returncode, done.stderr)
    assert "harvest: 1 day with 3 papers; 1 day written, 1 request" in done.stdout
    world.arxiv.requests.clear()

    name = world.github.hub.name
    (world.folder / "fleet.toml").write_text(
        f'snapshot = "harvest"\n[[lists]]\nrepo = "{name}"\nconfig = "config/keywords.toml"\n'
        '[[lists]]\nrepo = "no/where"\nconfig = "nothing.toml"\n'
    )
    plan = json.loads(world.run("fleet", "plan").stdout)
    assert ["1/1"] == [job["shard"] for job in plan["include"]]
    ran = world.run("fleet", "run", "--shard", "1/1", "--report", "one.json")
    assert 1 == ran.returncode
    assert f"✓ {name}: 3 proposed" in ran.stdout
    assert "✗ no/where: nothing.toml: there is no such configuration file" in ran.stdout
    assert 1 == len(world.github.hub.pulls)
    assert [] == world.arxiv.requests

    joined = world.run("fleet", "report", "one.json", "--report", "fleet.html")
    assert "3 papers proposed for 1 of 2 lists; 1 list failed" in joined.stdout
    assert (world.folder / "fleet.html").read_text().startswith("<!doctype html>")

    alone = world.run("run", "--dry-run", "--repo", name, "--source", "snapshot:harvest", "--json")
    (coverage,) = json.loads(alone.stdout)["coverage"]
    assert ("snapshot", 3) == (coverage["source"], coverage["read"])
