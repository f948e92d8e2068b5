"""`arxiv-bot refresh` as the installed command, against both test services over real HTTP."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests import samples
from tests.servers.arxiv import Arxiv, Record
from tests.servers.github import GitHubServer
from tests.servers.http import Fault, Server
from tests.test_end_to_end import World

COUNT = 150
ABSTRACT = "An abstract that is long enough to be one, and says what the paper says. " * 4
DAY = samples.DAY


def record(number: int) -> Record:
    made = samples.record(number, f"A Listed Paper on Judging, Part {number}", ABSTRACT.strip())
    return replace(made, id=f"2401.{number:05}", announced=DAY - timedelta(days=600))


def entry(item: Record, *, abstract: bool = True) -> str:
    text = f"- [{item.title}](https://arxiv.org/abs/{item.id})\n  - Authors: {', '.join(item.authors)}\n"
    return text + f"  - Abstract: {item.abstract if abstract else '-'}\n"


RECORDS = [record(number) for number in range(1, COUNT + 1)]
LACKING, RENAMED, GONE = RECORDS[9], RECORDS[19], RECORDS[29]
NEW_TITLE = "Judging, as It Was Called Later"
LIST = (
    "# Awesome RLAIF\n\n## Papers\n\n"
    + "".join(entry(item, abstract=item is not LACKING) for item in RECORDS)
    + "\n## Contributing\n\nPlease do.\n"
)
TODAY = [
    *(item for item in RECORDS if item not in (RENAMED, GONE)),
    replace(RENAMED, title=NEW_TITLE, version=3, older=("A First Title", RENAMED.title)),
    replace(
        GONE, comment="This paper has been withdrawn by the authors", version=2, older=(GONE.title,)
    ),
]
AFTER = (
    LIST.replace(entry(LACKING, abstract=False), entry(LACKING))
    .replace(RENAMED.title + "]", NEW_TITLE + "]")
    .replace(entry(GONE), "")
)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with (
        Server(Arxiv(TODAY, DAY)) as arxiv,
        GitHubServer({"README.md": LIST.encode()}) as github,
    ):
        yield World(tmp_path, arxiv, github)


def refresh(world: World, *arguments: str) -> tuple[int, str, str]:
    done = world.run("refresh", "--repo", world.github.hub.name, *arguments)
    return done.returncode, done.stdout, done.stderr


def test_an_outdated_list_is_brought_up_to_date(world: World):
    code, said, error = refresh(world)

    assert (0, "") == (code, error)
    assert "3 changes: 3 proposed" in said
    (pull,) = world.github.hub.pulls
    assert "Refresh the list from arXiv: 3 changes" == pull.title
    assert AFTER == world.github.hub.read(branch=pull.branch).decode()
    asked = [request.query for request in world.arxiv.requests]
    assert [100, 50, 2] == [len(item["id_list"].split(",")) for item in asked]
    assert f"{RENAMED.id}v1,{RENAMED.id}v2" == asked[2]["id_list"]
    assert 11 >= len(world.github.asked)  # the last request sets the status of the answers

    world.github.hub.merge(1)
    start = len(world.github.asked)
    code, said, _ = refresh(world)
    assert (0, "Nothing to change") == (code, said.splitlines()[-2])
    assert 5 >= len(world.github.asked) - start
    assert 1 == len(world.github.hub.pulls)


def test_changes_are_declined_by_unticking_or_by_closing(world: World):
    refresh(world)
    hub = world.github.hub
    (title,) = (
        word for word in hub.pull(1).body.split() if word.startswith(f"{RENAMED.id}/title/")
    )
    hub.untick(1, title)
    refresh(world)
    assert RENAMED.title in hub.read(branch=hub.pull(1).branch).decode()
    hub.close(1)
    _, said, _ = refresh(world, "--json")
    report = json.loads(said)

    assert 1 == len(hub.pulls)
    assert {"declined before"} == {change["standing"] for change in report["changes"]}
    assert {"unticked in #1", "#1 was closed"} == {change["detail"] for change in report["changes"]}


def test_the_job_summary_reports_a_refresh(world: World):
    file = world.folder / "summary.md"
    world.run("refresh", "--repo", world.github.hub.name, GITHUB_STEP_SUMMARY=str(file))

    title, _, opened, looked = file.read_text().splitlines()
    assert "## arxiv-bot refresh: 3 changes: 3 proposed" == title
    assert re.fullmatch(r"- Pull request opened: \[#1 [^\]]+\]\(https://\S+/1\)", opened)
    assert "- 150 of 150 listed papers looked up" == looked


def test_a_dry_run_shows_it_all_and_writes_nothing(world: World):
    before = world.github.hub.state()
    code, said, _ = refresh(world, "--dry-run", "--full")

    assert 0 == code
    assert before == world.github.hub.state()
    assert f"+- [{NEW_TITLE}](https://arxiv.org/abs/{RENAMED.id})" in said
    assert f"-- [{GONE.title}]" in said
    assert "- [x] <!-- " in said


def test_without_a_repository_it_works_on_the_local_list_with_a_snapshot(world: World):
    (world.folder / "README.md").write_text(LIST)
    lines = [
        {
            "id": item.id,
            "title": item.title,
            "abstract": item.abstract,
            "authors": list(item.authors),
            "categories": "cs.CL",
            "comments": item.comment,
        }
        for item in TODAY[1:]
    ]
    (world.folder / "papers.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    done = world.run("refresh", "--dry-run", "--source", "snapshot:papers.jsonl", "--json")
    report = json.loads(done.stdout)

    assert (0, "") == (done.returncode, done.stderr)
    assert ["abstract", "withdrawal"] == [change["fact"] for change in report["changes"]]
    assert [RENAMED.id] == [note["paper"] for note in report["notes"]]
    assert [TODAY[0].id] == report["unknown"]
    assert LIST == (world.folder / "README.md").read_text()
    assert [] == world.github.asked


def test_without_arxiv_nothing_is_done_and_the_failure_is_reported(world: World):
    refresh(world)
    before = world.github.hub.state()
    world.arxiv.always = lambda _: Fault.DROP_BEFORE
    code, _, error = refresh(world)

    assert 1 == code
    assert "fix:" in error
    assert before == world.github.hub.state()


def test_at_most_fifty_changes_are_proposed_at_once(world: World):
    short = "# Awesome RLAIF\n\n## Papers\n\n" + "".join(
        entry(item, abstract=number % 2 == 1 or number >= 124)
        for number, item in enumerate(RECORDS)
    )
    world.github.hub.push_base(short.encode())
    refresh(world)
    hub = world.github.hub

    assert "Refresh the list from arXiv: 50 changes" == hub.pull(1).title
    assert "14 more changes wait" in hub.pull(1).body
    assert len(hub.pull(1).body) < 60_000
    hub.merge(1)
    refresh(world)
    assert "Refresh the list from arXiv: 14 changes" == hub.pull(2).title
    hub.merge(2)
    _, said, _ = refresh(world)
    assert "Nothing to change" == said.splitlines()[-2]


@pytest.mark.parametrize(
    "arguments",
    [("--source", "announcements"), ("--source", "nowhere"), ("--repo", "nowhere", "--dry-run")],
)
def test_a_wrong_option_is_reported_with_its_fix(world: World, arguments: tuple[str, ...]):
    done = world.run("refresh", "--dry-run", *arguments)

    assert 2 == done.returncode
    assert "fix:" in done.stderr
