"""The installed commands: a harvest from the test arXiv, and a fleet of two lists that reads it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests import samples
from tests.servers.arxiv import Arxiv
from tests.servers.github import GitHubServer
from tests.servers.github.directory import Directory, Listed
from tests.servers.http import Server
from tests.servers.judge import JudgeEndpoint
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
    assert "✗ no/where: nothing.toml: there is no such file" in ran.stdout
    assert 1 == len(world.github.hub.pulls)
    assert [] == world.arxiv.requests

    joined = world.run("fleet", "report", "one.json", "--report", "fleet.html")
    assert "3 papers proposed for 1 of 2 lists; 1 list failed" in joined.stdout
    assert (world.folder / "fleet.html").read_text().startswith("<!doctype html>")

    alone = world.run("run", "--dry-run", "--repo", name, "--source", "snapshot:harvest", "--json")
    (coverage,) = json.loads(alone.stdout)["coverage"]
    assert ("snapshot", 3) == (coverage["source"], coverage["read"])


def test_a_fleet_runs_what_its_plan_found_whatever_github_says_later(world: World):
    name = world.github.hub.name
    directory = Directory(world.github.hub, [Listed(name), Listed("labs/no-list")])
    world.github.server.application = directory
    row: dict[str, object] = {
        "id": PAPERS[0].id,
        "title": "RLAIF again",
        "abstract": "AI feedback.",
        "authors": ["Ada Lovelace"],
        "categories": ["cs.CL"],
        "announced": f"{TODAY}",
    }
    (world.folder / "harvest").mkdir()
    (world.folder / "harvest" / f"{TODAY}.jsonl").write_text(json.dumps(row) + "\n")
    (world.folder / "lists").mkdir()
    (world.folder / "lists" / f"{name.partition('/')[2]}.toml").write_text(samples.CONFIG)
    (world.folder / "fleet.toml").write_text(
        'snapshot = "harvest"\n[discover]\ninstallation = true\nconfig = "lists/{name}.toml"\n'
    )

    planned = world.run("fleet", "plan", "--output", "plan.json")
    assert "skipped labs/no-list: there is no lists/no-list.toml\n" == planned.stderr
    (job,) = json.loads(planned.stdout)["include"]
    assert ("1/1", name.partition("/")[2]) == (job["shard"], job["repositories"])

    directory.repositories = [Listed("labs/newer"), Listed("labs/no-list")]
    (world.folder / "lists" / "newer.toml").write_text(samples.CONFIG)
    before = len(world.github.asked)
    ran = world.run("fleet", "run", "--plan", "plan.json", "--shard", "1/1")
    assert f"✓ {name}: 1 proposed" in ran.stdout, ran.stderr
    assert not any("installation" in request for request in world.github.asked[before:])

    unplanned = world.run("fleet", "run", "--shard", "1/1")
    assert 2 == unplanned.returncode
    assert "add --plan plan.json to each run" in unplanned.stderr


def test_a_fleet_asks_the_judge_of_each_list_and_keeps_its_answers(world: World):
    (world.folder / "harvest").mkdir()
    row = {
        "id": str(PAPERS[0].id),
        "title": "RLAIF again",
        "abstract": "AI feedback.",
        "authors": ["Ada Lovelace"],
        "categories": ["cs.CL"],
        "announced": f"{TODAY}",
    }
    (world.folder / "harvest" / f"{TODAY}.jsonl").write_text(json.dumps(row) + "\n")
    question = '[[principles]]\nid = "a"\nquestion = "Does a model judge?"\n'
    (world.folder / "config" / "principles.toml").write_text(question)
    (world.folder / "fleet.toml").write_text(
        f'snapshot = "harvest"\n[[lists]]\nrepo = "{world.github.hub.name}"\n'
        'config = "config/keywords.toml"\n'
    )
    with Server(JudgeEndpoint(lambda _: {"c1": ("yes", "AI feedback")})) as judge:
        block = f'\n[judge]\nbase_url = "{judge.url}/v1"\nmodel = "test-model"\n'
        (world.folder / "config" / "keywords.toml").write_text(samples.CONFIG + block)
        ran = world.run("fleet", "run")

    assert 0 == ran.returncode, ran.stderr
    assert 2 == len(judge.requests)
    assert list((world.folder / ".cache" / "arxiv-bot" / "judge").iterdir())


def test_a_refused_search_is_an_error_with_what_to_do(world: World):
    world.github.server.application = Directory(world.github.hub)
    (world.folder / "fleet.toml").write_text(
        'snapshot = "harvest"\n[discover]\ntopic = "papers"\nowner = "nobody"\nconfig = "{name}.toml"\n'
    )
    planned = world.run("fleet", "plan", "--output", "plan.json")

    assert (1, "") == (planned.returncode, planned.stdout)
    assert "topic papers of nobody: GitHub refuses the search" in planned.stderr
    assert not (world.folder / "plan.json").exists()


def test_a_harvest_without_a_configuration_says_which_options_replace_it(world: World):
    (world.folder / "config/keywords.toml").unlink()
    done = world.run("harvest", "--output", "harvest", "--category", "cs.CL")

    assert 2 == done.returncode
    assert "give --category and --contact" in done.stderr
