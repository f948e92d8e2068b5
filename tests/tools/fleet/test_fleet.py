"""A fleet's lists are divided among jobs, run one after another, and reported together."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.core.config import parse
from bot.core.errors import ConfigError, ForgeError, UsageError
from bot.core.model import Outcome, OutcomeKind, RunReport, Window
from bot.forge.local import LocalForge
from bot.pipeline import run
from bot.proposals.model import Proposal
from bot.reports.records import render_json
from bot.sources.snapshot import Snapshot
from bot.tools.fleet.plan import Fleet, FleetList, load_fleet, matrix, parse_shard, shards
from bot.tools.fleet.report import (
    FleetReport,
    ListResult,
    read_reports,
    render_fleet_html,
    render_fleet_json,
    render_fleet_terminal,
)
from bot.tools.fleet.run import Pacing, run_shard
from bot.tools.fleet.shared import SharedPapers
from tests import samples
from tests.fire.arxiv_world import CONFIG, Shelf

NOW = datetime(2025, 10, 20, 6, 23, tzinfo=UTC)


def fleet(number: int, per_job: int) -> Fleet:
    lists = tuple(FleetList(repo=f"o/list-{n:04}", config=Path("c.toml")) for n in range(number))
    return Fleet(snapshot=Path("harvest"), lists_per_job=per_job, lists=lists)


def test_every_list_is_in_one_job_and_none_is_too_large():
    jobs = shards(fleet(101, 50), {})

    assert [34, 34, 33] == [len(job) for job in jobs]
    assert 101 == len({item.repo for job in jobs for item in job})
    assert jobs == shards(fleet(101, 50), {})


def test_jobs_take_about_the_same_time():
    seconds = {f"o/list-{n:04}": float(n % 10 + 1) for n in range(100)}
    jobs = shards(fleet(100, 30), seconds)
    loads = [sum(seconds[item.repo] for item in job) for job in jobs]

    assert 4 == len(jobs)
    assert max(loads) <= 1.1 * min(loads)


def test_more_jobs_than_a_matrix_allows_are_refused_with_a_fix():
    with pytest.raises(UsageError) as failure:
        shards(fleet(600, 2), {})

    assert "set lists_per_job to 3 or more" == failure.value.fix


def test_the_matrix_names_what_a_job_and_its_token_need():
    (first, _) = matrix(shards(fleet(3, 2), {}))["include"]

    assert ("1/2", 1, "o", "list-0000,list-0002") == (
        first["shard"],
        first["number"],
        first["owner"],
        first["repositories"],
    )


@pytest.mark.parametrize("text", ["0/3", "4/3", "1/4", "x", "1", "²/3", ""])
def test_a_shard_of_another_plan_is_refused(text: str):
    assert 2 == parse_shard("3/3", 3)
    with pytest.raises(UsageError, match="not a shard of this plan"):
        parse_shard(text, 3)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = [", "line 1"),
        ('snapshot = "h"\nlists = []', "- there are no lists; add [[lists]] or [discover]"),
        ('snapshot = "h"\n[discover]\nconfig = "{name}"', "- line 2: discover: write either topic"),
        ('snapshot = "h"\n[[lists]]\nrepo = "o/../x"\nconfig = "c"', "line 3: lists[1].repo"),
        (
            'snapshot = "h"\n[[lists]]\nrepo = "o/a"\nconfig = "c"\n[[lists]]\nrepo = "O/a"\nconfig = "c"',
            "o/a is listed twice",
        ),
        ('snapshot = "h"\n[[lists]]\nrepo = "o/a"\nconfg = "c"', "did you mean 'config'?"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, text: str, words: str):
    (tmp_path / "fleet.toml").write_text(text)
    with pytest.raises(ConfigError) as failure:
        load_fleet(tmp_path / "fleet.toml")
    assert words in str(failure.value)


def a_report(*outcomes: Outcome) -> RunReport:
    return RunReport("0", NOW, "o/a", "README.md", Window(NOW, NOW), (), (), outcomes, (), 0.3)


def test_a_failing_list_does_not_affect_the_next():
    moment: list[float] = [0.0]
    slept: list[float] = []

    def run_list(item: FleetList) -> RunReport:
        moment[0] += 1
        if item.repo.endswith("0"):
            raise ForgeError("no such repository", fix="check the name")
        if item.repo.endswith("1"):
            raise ZeroDivisionError
        return a_report(Outcome(OutcomeKind.CREATED, "Add", 1, "https://github.test/o/a/pull/1"))

    pacing = Pacing(lambda: moment[0], slept.append, 10.0)
    results = run_shard(fleet(4, 4).lists, run_list, pacing, lambda _: None)

    assert ["no such repository", "a bug: ZeroDivisionError", "", ""] == [
        result.failures[0].split("\n")[0].rstrip(": ") if result.failures else ""
        for result in results
    ]
    assert ("https://github.test/o/a/pull/1",) == results[2].pull_requests
    assert [29.0] == slept, (
        "three writes of ten seconds, less the second that it took; none at the end"
    )
    assert [1.0] * 4 == [result.seconds for result in results]


def test_reports_of_shards_are_merged(tmp_path: Path):
    for number in (1, 2):
        lists = (
            ListResult(repo=f"o/a{number}", proposed=number, pull_requests=("https://g.test/1",)),
            ListResult(
                repo=f"o/b{number}", failures=(f"o/b{number}: <b>broken</b>\nfix: nothing",)
            ),
        )
        report = FleetReport(version="0", started=NOW, shards=(f"{number}/2",), lists=lists)
        (tmp_path / f"{number}.json").write_text(render_fleet_json(report))
    both = read_reports([tmp_path / "1.json", tmp_path / "2.json"])

    assert ("1/2", "2/2") == both.shards
    assert "3 papers proposed for 2 of 4 lists; 2 lists failed" == both.headline
    shown = render_fleet_terminal(both).splitlines()
    assert "✗ o/b1: <b>broken</b> fix: nothing" == shown[0]
    assert "✓ o/a2: 2 proposed https://g.test/1" == shown[3]
    page = render_fleet_html(both)
    assert "&lt;b&gt;broken&lt;/b&gt;" in page
    assert 'href="https://g.test/1"' in page
    assert "javascript" not in page
    (tmp_path / "x.json").write_text("{}")
    with pytest.raises(UsageError, match="can't read the file: No such file"):
        read_reports([tmp_path / "none.json"])
    with pytest.raises(UsageError, match="not a report of a fleet: Field required"):
        read_reports([tmp_path / "x.json"])


def test_shared_papers_give_a_list_the_same_as_its_own_files(tmp_path: Path):
    day = "2025-10-20"
    lines = [
        json.dumps(
            {
                "id": f"2510.{n:05}",
                "title": f"RLAIF {n}" if n % 3 else f"Graphs {n}",
                "abstract": "AI feedback.",
                "authors": ["Ada Lovelace"],
                "categories": [("cs.CL", "cs.CV", "math.AG")[n % 3 if n % 5 else 2]],
                "announced": day,
            }
        )
        for n in range(1, 60)
    ]
    (tmp_path / f"{day}.jsonl").write_text("\n".join(lines) + "\n")
    (tmp_path / "README.md").write_text(samples.LIST)
    config = parse(samples.CONFIG, where="test")
    shared = SharedPapers(tmp_path, {"cs.CL", "cs.LG", "cs.CV"})

    texts = []
    for source in (
        Snapshot(tmp_path, config.arxiv.categories),
        shared.snapshot(config.arxiv.categories),
    ):
        forge = LocalForge(tmp_path, "README.md")
        texts.append(render_json(run(config, sources=[source], forge=forge, now=NOW)))
    assert texts[0] == texts[1]
    assert '"verdict": "propose"' in texts[0] or '"proposed"' in texts[0]


class Killed(BaseException):
    pass


class DyingShelf(Shelf):
    """A forge whose process is killed when it opens a pull request: before GitHub has it, or after."""

    def __init__(self, alive: Shelf, *, has_written: bool) -> None:
        self.pulls = alive.pulls
        self._has_written = has_written

    def ensure(self, proposal: Proposal) -> Outcome:
        if self._has_written:
            super().ensure(proposal)
        raise Killed


@pytest.mark.parametrize("has_written", [False, True])
@pytest.mark.parametrize("last", range(4))
def test_a_shard_killed_at_any_list_and_run_again_does_nothing_twice_and_misses_nothing(
    tmp_path: Path, last: int, has_written: bool
):
    record = {
        "id": "2510.00021",
        "title": "RLAIF again",
        "abstract": "AI feedback.",
        "authors": ["Ada Lovelace"],
        "categories": ["cs.CL"],
        "announced": "2025-10-20",
    }
    (tmp_path / "2025-10-20.jsonl").write_text(f"{json.dumps(record)}\n")
    config = parse(CONFIG, where="test")
    shared = SharedPapers(tmp_path, set(config.arxiv.categories))
    lists = fleet(4, 4).lists
    shelves = {item.repo: Shelf() for item in lists}
    forges: dict[str, Shelf] = dict(shelves)
    forges[lists[last].repo] = DyingShelf(shelves[lists[last].repo], has_written=has_written)

    def run_list(item: FleetList) -> RunReport:
        source = shared.snapshot(config.arxiv.categories)
        return run(config, sources=[source], forge=forges[item.repo], now=NOW)

    pacing = Pacing(lambda: 0.0, lambda _: None, 0.0)
    with pytest.raises(Killed):
        run_shard(lists, run_list, pacing, lambda _: None)
    forges = dict(shelves)
    results = run_shard(lists, run_list, pacing, lambda _: None)

    assert [1] * 4 == [len(shelf.pulls) for shelf in shelves.values()]
    assert all(shelf.proposed == {"2510.00021"} for shelf in shelves.values())
    done = last + has_written
    assert [0] * done + [1] * (4 - done) == [result.proposed for result in results]
