"""Whole commands against both test services over real HTTP; some as the installed command, a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bot.core.arxiv_id import find_ids
from bot.core.config import load
from bot.relevance.phrases import Matcher, strength
from bot.relevance.screening import is_withdrawn
from bot.sources.snapshot import Snapshot
from tests import samples
from tests.command_line import run_in
from tests.conftest import ROOT, thinned
from tests.servers.arxiv import Arxiv, read_records
from tests.servers.github import GitHubServer
from tests.servers.http import Fault, Response, Server

COMMAND = Path(sys.executable).with_name("arxiv-bot")


class World:
    """Both services, a directory with a configuration, and the command to run in it."""

    def __init__(self, folder: Path, arxiv: Server, github: GitHubServer) -> None:
        self.folder = folder
        self.arxiv = arxiv
        self.github = github
        (folder / "config").mkdir()
        (folder / "config" / "keywords.toml").write_text(samples.CONFIG)

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return run_in(self.folder, self._environment(environment), *arguments)

    def run_installed(
        self, *arguments: str, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(COMMAND), *arguments],
            cwd=self.folder,
            env=self._environment(environment),
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )

    def _environment(self, more: Mapping[str, str]) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "GITHUB_TOKEN": "t0ken",
            "GITHUB_API_URL": self.github.url,
            "ARXIV_BOT_SEARCH_URL": f"{self.arxiv.url}/api/query",
            "ARXIV_BOT_FEED_URL": f"{self.arxiv.url}/atom",
            "ARXIV_BOT_OAI_URL": f"{self.arxiv.url}/oai",
            **more,
        }

    def bot(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """A real run, up to the day of the samples."""
        return self.run(*self.command(*arguments), **environment)

    def command(self, *arguments: str) -> tuple[str, ...]:
        return "run", "--repo", self.github.hub.name, "--until", "2025-10-31", *arguments


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with (
        Server(Arxiv(samples.PAPERS, samples.DAY)) as arxiv,
        GitHubServer({"README.md": samples.LIST.encode()}) as github,
    ):
        yield World(tmp_path, arxiv, github)


def test_a_run_opens_a_pull_request_with_papers_of_arxiv(world: World):
    reports = ("--report", "out/report.json", "--report", "out/report.html")
    done = world.run_installed(*world.command(*reports))

    assert 0 == done.returncode, done.stderr
    (pull,) = world.github.hub.pulls
    assert "Add 2 papers from arXiv" == pull.title
    added = world.github.hub.read(branch=pull.branch).decode()
    assert (
        samples.LIST.replace(
            "### 2023\n",
            "### 2025\n"
            "- [Judging Answers](https://arxiv.org/abs/2510.00002)\n"
            "  - Authors: Ada Lovelace, Alan Turing\n"
            "  - <details> <summary>Abstract (click me)</summary> Rewards come from AI feedback. </details>\n"
            "- [RLAIF for Everyone](https://arxiv.org/abs/2510.00001)\n"
            "  - Authors: Ada Lovelace, Alan Turing\n"
            "  - <details> <summary>Abstract (click me)</summary> We use AI feedback. </details>\n"
            "\n"
            "### 2023\n",
        )
        == added
    )
    report = json.loads((world.folder / "out" / "report.json").read_text())
    page = (world.folder / "out" / "report.html").read_text()
    reasons = {decision["id"]: decision["reason"] for decision in report["decisions"]}
    assert {
        "2510.00001": "relevant",
        "2510.00002": "relevant",
        "2510.00003": "an excluded phrase matches",
        "2510.00005": "a paper of the same title is in the list",
        "2510.00006": "withdrawn by its authors",
    } == reasons
    assert 1 == report["counts"]["no phrase of any topic matches"]
    assert report["covered"]
    assert "2 papers proposed" in page
    assert '<span class="added">+- [Judging Answers](https://arxiv.org/abs/2510.00002)\n' in page


def test_a_report_of_no_known_kind_is_refused_before_anything_is_done(world: World):
    done = world.bot("--report", "report.json", "--report", "report.pdf")

    assert 2 == done.returncode
    assert "fix: end its name in .html, .json, .md" in done.stderr
    assert [] == world.arxiv.requests
    assert [] == world.github.asked


def test_a_workflows_log_gives_the_reason_for_a_wait(world: World):
    world.arxiv.troubles = {1: Response(503, headers={"Retry-After": "40"})}
    done = world.bot(GITHUB_ACTIONS="true")
    quiet = world.bot("--dry-run")

    reason = "arXiv is overloaded (HTTP 503) and asks to wait; trying again (1 of 4)"
    assert f"… {reason}; waiting 40 s\n" == done.stderr
    assert "" == quiet.stderr


def test_one_request_for_the_search_one_for_the_feed_and_eleven_at_most_for_github(world: World):
    world.bot()

    paths = [request.path for request in world.arxiv.requests]
    # The day's feed is eleven days old, so OAI-PMH is asked for the days between, by two categories.
    assert ["/api/query", "/atom/cs.CL+cs.LG", "/oai", "/oai"] == paths
    assert len(world.github.asked) <= 11  # the last of them sets the status of the answers


def test_a_second_run_opens_nothing_and_writes_nothing(world: World):
    world.bot()
    before, asked = world.github.hub.state(), len(world.github.asked)
    done = world.bot()

    assert 0 == done.returncode
    assert "Nothing new" in done.stdout
    assert before == world.github.hub.state()
    assert len(world.github.asked) - asked <= 4
    assert all(request.startswith("GET") for request in world.github.asked[asked:])


def test_merged_papers_are_listed_and_removed_papers_are_declined(world: World):
    world.bot()
    (pull,) = world.github.hub.pulls
    branch = world.github.hub.read(branch=pull.branch).decode()
    without = branch.replace(
        "- [Judging Answers](https://arxiv.org/abs/2510.00002)\n"
        "  - Authors: Ada Lovelace, Alan Turing\n"
        "  - <details> <summary>Abstract (click me)</summary> Rewards come from AI feedback. </details>\n",
        "",
    )
    world.github.hub.push(without.encode(), branch=pull.branch)
    world.github.hub.merge(1)
    done = world.bot("--json")
    reasons = {
        decision["id"]: (decision["reason"], decision["detail"])
        for decision in json.loads(done.stdout)["decisions"]
    }

    assert "already in the list" == reasons["2510.00001"][0]
    assert ("declined before", "removed from #1") == reasons["2510.00002"]
    assert 1 == len(world.github.hub.pulls)


def test_papers_of_a_closed_batch_are_declined_until_it_is_reopened(world: World):
    world.bot()
    world.github.hub.close(1)
    world.bot()
    assert 1 == len(world.github.hub.pulls)

    world.github.hub.reopen(1)
    done = world.bot("--json")
    reasons = {
        decision["id"]: decision["reason"] for decision in json.loads(done.stdout)["decisions"]
    }
    assert "already in an open batch" == reasons["2510.00001"]


def branch_text(world: World, number: int) -> str:
    hub = world.github.hub
    return hub.git.read(f"refs/heads/{hub.pull(number).branch}", "README.md").decode()


def test_an_unticked_paper_is_removed_from_the_branch_once_and_for_good(world: World):
    world.bot()
    hub = world.github.hub
    hub.untick(1, "2510.00001")
    assert "2510.00001" in branch_text(world, 1)
    done = world.bot("--json")
    head = hub.git.resolve(f"refs/heads/{hub.pull(1).branch}")
    again = world.bot("--json")

    kinds = [
        [pull["outcome"] for pull in json.loads(result.stdout)["pull_requests"]]
        for result in (done, again)
    ]
    assert [["updated"], []] == kinds
    assert "2510.00001" not in branch_text(world, 1)
    assert head == hub.git.resolve(f"refs/heads/{hub.pull(1).branch}")
    decisions = {decision["id"]: decision for decision in json.loads(again.stdout)["decisions"]}
    assert ("declined before", "unticked in #1") == (
        decisions["2510.00001"]["reason"],
        decisions["2510.00001"]["detail"],
    )
    hub.merge(1)
    last = {
        decision["id"]: decision for decision in json.loads(world.bot("--json").stdout)["decisions"]
    }
    assert "declined before" == last["2510.00001"]["reason"]
    assert [] == hub.problems


def test_a_branch_that_a_person_pushed_to_is_left_alone(world: World):
    world.bot()
    hub = world.github.hub
    text = branch_text(world, 1) + "\nA line by a person.\n"
    hub.push(text.encode(), branch=hub.pull(1).branch)
    hub.untick(1, "2510.00001")
    done = world.bot()

    assert text == branch_text(world, 1)
    assert "a person pushed to its branch" in done.stdout


def test_a_held_batch_is_left_alone(world: World):
    world.bot()
    before = branch_text(world, 1)
    world.github.hub.untick(1, "2510.00001")
    world.github.hub.label(1, "arxiv-bot:hold")
    world.bot()

    assert before == branch_text(world, 1)


def test_a_dry_run_removes_nothing(world: World):
    world.bot()
    before = branch_text(world, 1)
    world.github.hub.untick(1, "2510.00001")
    world.bot("--dry-run")

    assert before == branch_text(world, 1)


def test_papers_snoozed_for_more_than_thirty_days_are_proposed_again(world: World):
    world.bot()
    world.github.hub.label(1, "arxiv-bot:later")
    world.github.hub.close(1)  # in October 2025, as all that happens at the test server
    world.bot()

    assert 2 == len(world.github.hub.pulls)
    assert "2510.00001" in branch_text(world, 2)


def test_decisions_are_listed_and_one_paper_is_proposed_all_the_same(world: World):
    world.bot()
    hub = world.github.hub
    hub.close(1)
    repo = ("--repo", hub.name)
    result = world.run("decisions", *repo)
    data = json.loads(world.run("decisions", *repo, "--json").stdout)

    assert "2510.00001       declined before: #1 was closed" in result.stdout.splitlines()
    assert {"2510.00001": 1, "2510.00002": 1} == {
        decision["id"]: decision["pull_request"] for decision in data
    }
    previewed = world.run("propose", "arxiv.org/abs/2510.00001v1", *repo, "--dry-run", "--full")
    assert 1 == len(hub.pulls)
    assert "Pull request previewed" in previewed.stdout
    assert (
        "**1 paper** from arXiv that a person asked for goes into `README.md`" in previewed.stdout
    )
    assert "may belong" not in previewed.stdout
    assert "look-up: read 1 from arXiv" in previewed.stdout
    done = world.run("propose", "2510.00001", *repo)
    assert (0, 2) == (done.returncode, len(hub.pulls))
    assert "2510.00001" in branch_text(world, 2)
    reasons = {
        decision["id"]: decision["reason"]
        for decision in json.loads(world.bot("--json").stdout)["decisions"]
    }
    assert "already in an open batch" == reasons["2510.00001"]
    assert [] == hub.problems


def test_a_paper_from_a_snapshot_names_the_snapshot_as_its_source(world: World):
    (world.folder / "README.md").write_text(samples.LIST)
    record = {"id": "2510.00001", "title": "A Paper", "abstract": "Text.", "categories": "cs.CL"}
    (world.folder / "papers.jsonl").write_text(json.dumps(record))
    done = world.run("propose", "2510.00001", "--dry-run", "--source", "snapshot:papers.jsonl")

    assert f"README.md in {world.folder.name}" in done.stdout.splitlines()
    assert "look-up: read 1 from snapshot:papers.jsonl" in done.stdout


def test_impossible_proposals_are_refused(world: World):
    listed = world.run("propose", "2309.00267", "--repo", world.github.hub.name)
    unknown = world.run("propose", "2401.99999", "--repo", world.github.hub.name)
    nothing = world.run("propose", "word", "--repo", world.github.hub.name)
    nowhere = world.run("decisions")

    assert [2, 2, 2, 2] == [result.returncode for result in (listed, unknown, nothing, nowhere)]
    assert "the paper is in the list, at line" in listed.stderr
    assert "no source knows this paper" in unknown.stderr
    assert "write one id, for example" in nothing.stderr
    assert "add --repo OWNER/NAME" in nowhere.stderr
    assert [] == world.github.hub.pulls


def test_papers_of_somebody_elses_pull_request_are_held_back(world: World):
    theirs = samples.LIST.replace(
        "### 2023\n", "### 2023\n- [Mine](https://arxiv.org/pdf/2510.00001v2)\n"
    )
    world.github.hub.open_pull(
        theirs.encode(), branch="patch-1", title="Add mine", fork="contributor/fork"
    )
    done = world.bot("--json")
    decisions = {decision["id"]: decision for decision in json.loads(done.stdout)["decisions"]}

    assert ("hold back", "already in #1") == (
        decisions["2510.00001"]["verdict"],
        decisions["2510.00001"]["detail"],
    )
    assert ["2510.00002"] == [
        str(found.id) for found in find_ids(world.github.hub.pulls[1].body.partition("-->")[2])
    ][:1]


def test_a_dry_run_writes_nothing_and_shows_the_diff_and_the_text(world: World):
    before = world.github.hub.state()
    done = world.bot("--dry-run", "--full", GITHUB_TOKEN="")

    assert 0 == done.returncode, done.stderr
    assert before == world.github.hub.state()
    assert all(request.startswith("GET") for request in world.github.asked)
    assert "+- [RLAIF for Everyone](https://arxiv.org/abs/2510.00001)\n" in done.stdout
    assert "### In this pull request (2): merging adds them" in done.stdout


def test_a_dry_run_in_a_checkout_needs_neither_token_nor_repository(world: World):
    (world.folder / "README.md").write_text(samples.LIST)
    done = world.run("run", "--dry-run", "--until", "2025-10-31", GITHUB_TOKEN="")

    assert 0 == done.returncode, done.stderr
    assert "2 papers proposed" in done.stdout
    assert [] == world.github.asked
    assert samples.LIST == (world.folder / "README.md").read_text()


def test_a_snapshot_replaces_arxiv(world: World):
    (world.folder / "README.md").write_text(samples.LIST)
    record = {
        "id": "2510.00009",
        "announced": "2025-10-20",
        "title": "RLAIF from a File",
        "authors": ["A B"],
        "abstract": "x",
        "categories": ["cs.CL"],
        "comments": None,
    }
    (world.folder / "day.jsonl").write_text(json.dumps(record) + "\n")
    done = world.run(
        "run",
        "--dry-run",
        "--full",
        "--source",
        "snapshot:day.jsonl",
        "--since",
        "2025-10-01",
        "--until",
        "2025-10-31",
    )

    assert 0 == done.returncode, done.stderr
    assert "+- [RLAIF from a File]" in done.stdout
    assert [] == world.arxiv.requests


def test_a_source_that_is_down_is_reported_and_the_other_continues(world: World):
    world.arxiv.troubles = {
        number: Response(503, b"", {"Retry-After": "0"}) for number in range(1, 6)
    }
    done = world.bot("--json")
    report = json.loads(done.stdout)

    assert 1 == done.returncode
    assert ["failed", "read", "read"] == [
        "failed" if coverage["failure"] else "read" for coverage in report["coverage"]
    ]
    assert not report["covered"]
    assert "2 papers proposed" in report["headline"]
    assert 1 == len(world.github.hub.pulls)


def test_if_arxiv_is_down_the_exit_code_is_1_and_nothing_new_is_not_reported(world: World):
    world.arxiv.always = Response(429, b"Rate exceeded.")
    done = world.bot()

    assert 1 == done.returncode
    assert "nothing new" not in done.stdout.lower()
    assert "arXiv is overloaded (HTTP 429)" in done.stdout
    assert [] == world.github.hub.pulls


def test_a_paper_missed_while_the_search_was_down_is_found_later(world: World):
    late = samples.record(7, "RLAIF Announced on a Bad Day", announced=samples.DAY.replace(day=13))
    arxiv = world.arxiv.application
    assert isinstance(arxiv, Arxiv)
    arxiv.records = [*samples.PAPERS, late]
    world.arxiv.troubles = {number: Response(406, b"") for number in range(1, 6)}
    world.bot()
    assert "2510.00007" not in world.github.hub.pulls[0].body
    world.bot()

    assert 1 == len(world.github.hub.pulls)
    assert "2510.00007" in world.github.hub.pulls[0].body


def test_if_github_is_down_the_exit_code_is_1_with_one_message(world: World):
    world.github.server.always = Fault.DROP_BEFORE
    done = world.bot()

    assert 1 == done.returncode
    assert done.stderr.startswith("error: ")
    assert "no answer from GitHub" in done.stderr
    assert "Traceback" not in done.stderr


def test_actions_get_a_summary_and_outputs(world: World):
    summary, output = world.folder / "summary.md", world.folder / "output.txt"
    world.bot(GITHUB_STEP_SUMMARY=str(summary), GITHUB_OUTPUT=str(output))

    assert "## arxiv-bot: 2 papers proposed" in summary.read_text()
    assert {
        "pull-request-number": "1",
        "pull-request-url": f"https://github.test/{world.github.hub.name}/pull/1",
        "proposed": "2",
        "held-back": "0",
        "failures": "0",
    } == dict(line.split("=", 1) for line in output.read_text().splitlines())


def test_the_token_is_nowhere_in_what_a_failing_run_leaves_behind(world: World):
    world.github.server.always = Response(500, b'{"message": "Server Error t0ken-not"}')
    done = world.bot("--report", "report.json", GITHUB_TOKEN="s3cr3t-value")
    left = [path.read_text() for path in world.folder.rglob("*") if path.is_file()]

    assert not any("s3cr3t-value" in text for text in [done.stdout, done.stderr, *left])


def test_explain_gives_the_reason(world: World):
    (world.folder / "README.md").write_text(samples.LIST)
    wanted = world.run("explain", "https://arxiv.org/pdf/2510.00001v1")
    listed = world.run("explain", "2309.00267v2", "--source", "search")

    assert "decision  propose: relevant" in wanted.stdout
    assert "for       RLAIF: 'AI feedback' in the abstract" in wanted.stdout
    assert 0 == listed.returncode  # the test arXiv does not have it
    assert "already in the list (line 5)" in listed.stdout
    assert (
        "change    score 0.90, threshold 0.30: set `threshold` to 0.91 or higher to exclude it"
        in wanted.stdout
    )


def test_explain_explains_several_papers_the_best_first(world: World):
    (world.folder / "README.md").write_text(samples.LIST)

    done = world.run("explain", "2510.00002", "2510.00001", "--json")

    assert ["2510.00001", "2510.00002"] == [
        paper["decision"]["id"] for paper in json.loads(done.stdout)
    ]


def test_explain_covers_the_papers_of_a_file(world: World):
    (world.folder / "README.md").write_text(samples.LIST)
    rows = [
        {"id": "2510.00007", "title": "On AI Feedback", "abstract": "", "categories": ["cs.CL"]},
        {"id": "2510.00008", "title": "On Sheep", "abstract": "", "categories": ["cs.CL"]},
    ]
    (world.folder / "day.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    result = world.run("explain", "day.jsonl", "--source", "snapshot:day.jsonl")

    assert 0 == result.returncode, result.stderr
    assert ["propose: relevant", "leave out: no phrase of any topic matches (0.00 < 0.30)"] == [
        line.split("decision  ")[1] for line in result.stdout.splitlines() if "decision" in line
    ]


TWICE = samples.LIST.replace(
    "### 2022\n", "### 2022\n- [Again](http://arxiv.org/pdf/2309.00267v1)\n"
)


def test_check_finds_nothing_in_a_good_list(world: World):
    (world.folder / "README.md").write_text(samples.LIST)
    good = world.run("check")

    assert (0, "README.md: 2 papers (2 on arXiv) in 2 sections, nothing wrong") == (
        good.returncode,
        good.stdout.splitlines()[1],
    )


def test_check_reports_problems_and_fixes_the_safe_ones(world: World):
    (world.folder / "README.md").write_bytes(TWICE.encode())
    bad = world.run("check")
    fixed = world.run("check", "--fix")
    after = (world.folder / "README.md").read_bytes().decode()

    assert (1, 1) == (bad.returncode, fixed.returncode)
    assert "has the same id (2309.00267) as" in bad.stdout
    assert "`arxiv-bot check --fix` fixes 2" in bad.stdout
    assert "README.md: 2 findings fixed\n" == fixed.stderr
    assert "1 finding" in fixed.stdout
    assert (
        TWICE.replace("http://arxiv.org/pdf/2309.00267v1", "https://arxiv.org/pdf/2309.00267")
        == after
    )


def test_a_fixed_list_keeps_its_file_mode_and_link(world: World):
    file = world.folder / "papers.md"
    file.write_text(TWICE)
    file.chmod(0o755)
    (world.folder / "README.md").symlink_to("papers.md")
    world.run("check", "--fix")

    assert (world.folder / "README.md").is_symlink()
    assert 0o755 == file.stat().st_mode & 0o777
    assert "http://arxiv.org" not in file.read_text()
    assert not list(world.folder.glob("*.arxiv-bot"))


def test_check_prints_json_and_annotations(world: World):
    (world.folder / "README.md").write_text(TWICE)
    data = json.loads(world.run("check", "--json").stdout)
    annotations = world.run("check", "--format", "github").stdout.splitlines()

    assert {"http", "version", "two-titles"} == {finding["rule"] for finding in data["findings"]}
    assert 3 == len(annotations)
    assert annotations[0].startswith("::warning file=README.md,line=10,title=")


def test_check_doubts_categories_that_arxiv_is_not_known_to_have_and_a_run_goes_on(world: World):
    (world.folder / "README.md").write_text(samples.LIST)
    config = world.folder / "config" / "keywords.toml"
    config.write_text(samples.CONFIG.replace('categories = ["', 'categories = ["cs.CLL", "', 1))
    result = world.run("check")
    data = json.loads(world.run("check", "--json").stdout)
    asked = world.run("run", "--dry-run")

    assert 0 == result.returncode
    assert result.stdout.startswith(
        "config/keywords.toml: warning: arxiv.categories: no category 'cs.CLL' is known\n"
        "    fix: did you mean 'cs.CL'"
    )
    assert [("arxiv.categories", [])] == [
        (doubt["where"], data["findings"]) for doubt in data["doubts"]
    ]
    assert 0 == asked.returncode, asked.stderr


def test_check_distinguishes_entries_from_papers(world: World):
    (world.folder / "README.md").write_text(TWICE)

    assert (
        "README.md: 3 entries of 2 papers (2 on arXiv) in 2 sections" in world.run("check").stdout
    )


def test_a_source_that_a_command_can_not_work_with_is_not_offered_by_it(world: World):
    (world.folder / "README.md").write_text(samples.LIST)
    fixes = {
        command[0]: world.run(*command, "--dry-run", "--source", "bogus").stderr.splitlines()[-1]
        for command in (
            ["run"],
            ["refresh"],
            ["propose", "2510.00001"],
            ["backfill", "--since", "2025-01"],
        )
    }
    explained = world.run("explain", "2510.00001", "--source", "bogus").stderr.splitlines()[-1]

    every = "  fix: write search, announcements, oai, snapshot:PATH or snapshot:https://.../manifest.json"
    lasting, years = (
        "  fix: write search or snapshot:PATH",
        "  fix: write search, oai or snapshot:PATH",
    )
    assert {"run": every, "refresh": lasting, "propose": lasting, "backfill": years} == fixes
    assert every == explained


def test_a_report_that_can_not_be_written_is_reported_before_any_request(world: World):
    (world.folder / "README.md").write_text(samples.LIST)
    done = world.run("run", "--dry-run", "--report", "README.md/report.html")

    assert (2, "") == (done.returncode, done.stdout)
    assert "--report README.md/report.html: can't be written" in done.stderr
    assert [] == world.arxiv.requests


def test_until_includes_its_day(world: World):
    (world.folder / "README.md").write_text(samples.LIST)
    record = {
        "id": "2510.00009",
        "title": "RLAIF at Midnight",
        "abstract": "RLAIF.",
        "categories": "cs.CL",
        "versions": [{"version": "v1", "created": "Mon, 20 Oct 2025 23:59:59 GMT"}],
        "authors_parsed": [["Lovelace", "Ada", ""]],
    }
    (world.folder / "day.jsonl").write_text(json.dumps(record))
    days = ("--since", "2025-10-20", "--until", "2025-10-20")
    for command in ("run", "backfill"):
        done = world.run(command, "--dry-run", "--source", "snapshot:day.jsonl", *days, "--json")
        result = json.loads(done.stdout)
        assert ["2510.00009"] == [decision["id"] for decision in result["decisions"]]


def test_a_command_without_a_repository_names_that_of_the_checkout(world: World):
    (world.folder / ".git").mkdir()
    (world.folder / ".git" / "config").write_text(
        '[remote "origin"]\n\turl = git@github.com:them/their-list.git\n'
    )
    for command in (["run"], ["refresh"], ["decisions"], ["propose", "2309.00267"]):
        done = world.run(*command)
        assert (2, True) == (done.returncode, "fix: add --repo them/their-list" in done.stderr)
    assert "fix: add --repo them/their-list, and set" in world.run("doctor").stdout


def test_check_compares_titles_with_saved_metadata(world: World):
    (world.folder / "README.md").write_text(samples.LIST)
    record = {
        "id": "2309.00267",
        "title": "Quite Another Subject",
        "abstract": "x",
        "authors": ["A B"],
        "categories": ["cs.AI"],
    }
    (world.folder / "saved.jsonl").write_text(json.dumps(record) + "\n")
    result = world.run("check", "--source", "snapshot:saved.jsonl")
    wrong = world.run("check", "--source", "search")

    assert (1, 2) == (result.returncode, wrong.returncode)
    assert "other-paper" in result.stdout
    assert "'Quite Another Subject'" in result.stdout
    assert "write snapshot:PATH" in wrong.stderr


def test_a_schedule_waits_and_stops_cleanly(world: World):
    (world.folder / "README.md").write_text(samples.LIST)
    command = [str(COMMAND), "schedule", "--dry-run"]
    with subprocess.Popen(command, cwd=world.folder, stderr=subprocess.PIPE, text=True) as waiting:
        assert waiting.stderr is not None
        first = waiting.stderr.readline()
        waiting.terminate()
        rest = waiting.stderr.read()

    assert "next run: " in first
    assert 0 == waiting.wait(20)
    assert "SIGTERM: stopping" in rest


@pytest.mark.parametrize(
    ("arguments", "environment", "code", "words"),
    [
        (["run"], {}, 2, "--repo"),
        (["run", "--repo", "a/b"], {"GITHUB_TOKEN": ""}, 2, "GITHUB_TOKEN"),
        (["run", "--repo", "a/b"], {"GITHUB_TOKEN": "wrong"}, 1, "does not accept the token"),
        (["run", "--repo", "no/such"], {}, 1, "can't find the repository"),
        (["run", "--repo", "nonsense"], {}, 2, "OWNER/NAME"),
        (["run", "--dry-run", "--since", "yesterday"], {}, 2, "2025-10-20"),
        (["run", "--dry-run", "--source", "scholar"], {}, 2, "snapshot:PATH"),
        (["run", "--dry-run", "--source", "snapshot:nowhere"], {}, 2, "no such file or folder"),
        (["run", "--dry-run", "--config", "nowhere.toml"], {}, 2, "no such file"),
        (["run", "--dry-run", "--list", "NOWHERE.md"], {}, 2, "no such list"),
        (["run", "--dry-run", "--nonsense"], {}, 2, "--nonsense"),
        (["propose"], {}, 2, "see arxiv-bot propose --help"),
        (["site", "--repo", "nonsense"], {}, 2, "OWNER/NAME"),
        (["nonsense"], {}, 2, "see arxiv-bot --help"),
        (["check", "--format", "x"], {}, 2, "'--format': 'x' is not one of 'text', 'github'."),
        (["schedule", "--dry-run", "--cron", "daily"], {}, 2, "does not have five fields"),
        (["explain", "nonsense"], {}, 2, "contains no arXiv id"),
        (["explain", "nowhere.jsonl"], {}, 2, "no such file"),
        (["explain", "empty.jsonl"], {}, 2, "the file contains no paper"),
        (["run", "--dry-run", "--since", "2025-11-01", "--until", "2025-10-01"], {}, 2, "is after"),
        (["run", "--dry-run", "--since", "2099-01-01"], {}, 2, "is after"),
        (["run", "--dry-run", "--until", "9999-12-31"], {}, 2, "is outside arXiv's time"),
        (["run", "--dry-run", "--source", f"snapshot:{'x' * 300}"], {}, 2, "check the path"),
        (["schedule", "--dry-run", "--cron", "0 4 * * 1-5"], {}, 2, "name the days"),
        (["schedule", "--dry-run", "--time-zone", "Mars"], {}, 2, "IANA"),
        (["check", "--list", "NOWHERE.md"], {}, 2, "no such list"),
    ],
)
def test_a_mistake_gets_one_clear_message(
    world: World, arguments: list[str], environment: dict[str, str], code: int, words: str
):
    (world.folder / "README.md").write_text(samples.LIST)
    (world.folder / "empty.jsonl").touch()
    done = world.run(*arguments, **environment)

    assert (code, "") == (done.returncode, done.stdout), done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert [] == world.github.hub.pulls


def test_a_list_without_the_papers_heading_is_refused_before_anything_is_asked(world: World):
    (world.folder / "README.md").write_text(
        "# List\n\n## Paper\n\n- [x](https://arxiv.org/abs/2401.00001)\n"
    )
    done = world.run("run", "--dry-run")

    assert 2 == done.returncode
    assert "no heading 'Papers'" in done.stderr
    assert "did you mean 'Paper'?" in done.stderr
    assert [] == world.arxiv.requests


def test_papers_without_room_are_held_back_and_proposed_later(world: World):
    config = world.folder / "config" / "keywords.toml"
    config.write_text(samples.CONFIG + "\n[pull_request]\nmax_items = 1\nmax_open = 1\n")
    world.bot()
    full = world.bot("--json")
    held = [
        decision
        for decision in json.loads(full.stdout)["decisions"]
        if decision["verdict"] == "hold back"
    ]
    assert 1 == len(world.github.hub.pulls)
    assert [("2510.00002", "as many batches are open as the limit allows")] == [
        (decision["id"], decision["reason"]) for decision in held
    ]

    world.github.hub.merge(1)
    world.bot()
    assert ["merged", "open"] == [pull.state for pull in world.github.hub.pulls]


def test_mode_paper_opens_a_pull_request_for_each_paper(world: World):
    config = world.folder / "config" / "keywords.toml"
    config.write_text(samples.CONFIG + '\n[pull_request]\nmode = "paper"\ntitle = "Add {title}"\n')
    world.bot()

    assert {"Add RLAIF for Everyone", "Add Judging Answers"} == {
        pull.title for pull in world.github.hub.pulls
    }


@pytest.mark.parametrize("months", thinned(["04", "03 04"], every=2))
def test_the_shipped_configuration_works_on_months_of_real_papers(
    tmp_path: Path, shared: Path, months: str
):
    """April 2025, or March and April: everything relevant is proposed in the end, once, ten at a time.

    The search alone brings no background to learn from, so the phrases decide, and what is relevant can be known here.
    """
    paths = [shared / "corpus" / f"2025-{month}.jsonl.gz" for month in months.split()]
    records = list(read_records(paths))
    config = load(ROOT / "config" / "keywords.toml")
    matcher = Matcher(block.topic() for block in config.topics)
    wanted = {
        str(paper.id)
        for path in paths
        for paper in Snapshot(path, config.arxiv.categories).papers()
        if strength(matcher.match(paper)) >= config.screening.threshold
        and not is_withdrawn(paper)
        and set(paper.categories) & set(config.arxiv.categories)
    }
    with (
        Server(Arxiv(records, max(record.announced for record in records))) as arxiv,
        GitHubServer({"README.md": samples.LIST.encode()}) as github,
    ):
        world = World(tmp_path, arxiv, github)
        (tmp_path / "config" / "keywords.toml").write_bytes(
            (ROOT / "config" / "keywords.toml").read_bytes()
        )
        while True:
            done = world.bot("--source", "search")
            assert 0 == done.returncode, done.stderr
            waiting = [pull for pull in github.hub.pulls if pull.state == "open"]
            if not waiting:
                break
            assert len(waiting) <= 2
            assert all(1 <= pull.body.count("\n- [x] ") <= 10 for pull in waiting)
            github.hub.merge(waiting[0].number)
        listed = {str(found.id) for found in find_ids(github.hub.read().decode())}

    assert {"2504.12833", "2504.14177", "2504.10329", "2504.18053"} <= wanted
    assert wanted <= listed
    assert -(-len(wanted) // 10) == sum(pull.state == "merged" for pull in github.hub.pulls)


def test_check_writes_the_newest_entries_again_and_shows_what_differs(world: World):
    entry = "- [A Paper of Kind {n}](https://arxiv.org/abs/2507.{n:05}) (2025.07)\n"
    entries = [entry.format(n=n) for n in range(8, 0, -1)]
    entries[0] = entries[0].replace("(2025.07)", "(2025.08)")
    (world.folder / "README.md").write_text("# L\n\n## Papers\n\n" + "".join(entries))
    records = [
        {
            "id": f"2507.{n:05}",
            "title": f"A Paper of Kind {n}",
            "abstract": "We reward.",
            "authors": ["A B"],
            "categories": ["cs.AI"],
        }
        for n in range(1, 9)
    ]
    (world.folder / "saved.jsonl").write_text(
        "".join(json.dumps(record) + "\n" for record in records)
    )
    result = world.run("check", "--form", "--source", "snapshot:saved.jsonl")

    assert (
        "of the list's newest 4 entries the bot would have written 3 byte for byte" in result.stdout
    )
    assert "line 5, 2507.00008: date\n  list " in result.stdout
    assert (
        "  bot  - [A Paper of Kind 8](https://arxiv.org/abs/2507.00008) (2025.07)\n"
        in result.stdout
    )

    data = json.loads(
        world.run("check", "--form", "--json", "--source", "snapshot:saved.jsonl").stdout
    )
    assert (4, 3) == (data["form"]["tried"], data["form"]["exact"])
    assert ["2507.00008"] == [trial["paper_id"] for trial in data["form"]["differing"]]


def test_check_warns_of_a_list_without_an_entry(world: World):
    (world.folder / "README.md").write_text("# L\n\n## Papers\n")
    done = world.run("check")

    assert 0 == done.returncode
    assert "warning: heading: README.md has no entry" in done.stdout


def test_explain_shows_the_papers_it_finds_before_it_names_the_others(world: World):
    (world.folder / "README.md").write_text(samples.LIST)
    done = world.run("explain", "2510.00001", "2401.99999")

    assert 2 == done.returncode
    assert "RLAIF for Everyone" in done.stdout
    assert "error: 2401.99999: no source knows this paper" in done.stderr


def test_a_site_looks_papers_up_once_and_has_a_feed_of_candidates(world: World):
    world.bot()
    (world.folder / "README.md").write_text(samples.LIST)
    options = ("site", "--source", "search", "--repo", world.github.hub.name)
    feeds, asked = [], []

    for folder in ("first", "second"):
        before = len(world.arxiv.requests)
        done = world.run(*options, "--output", folder)
        assert 0 == done.returncode, done.stderr
        feeds.append((world.folder / folder / "candidates.xml").read_text())
        asked.append(",".join(r.query["id_list"] for r in world.arxiv.requests[before:]))

    assert "<title>Judging Answers</title>" in feeds[0]
    assert feeds[0] == feeds[1]
    assert {"2309.00267", "2510.00001", "2510.00002"} <= set(asked[0].split(","))
    assert "2309.00267,2212.08073" == asked[1]  # the papers that this arXiv does not know
