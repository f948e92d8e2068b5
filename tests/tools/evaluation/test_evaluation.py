"""A made-up list that grows in a repository, evaluated by the command on a made-up stream."""

import json
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.commands.main import main
from tests.samples import CONFIG
from tests.servers.arxiv import Arxiv, read_records
from tests.servers.http import Server

COMMAND = str(Path(sys.executable).with_name("arxiv-bot"))

WORDS = "graph protein lattice fluid orbit enzyme vertex tensor kernel plasma".split()


def git(folder: Path, *arguments: str, day: str = "2025-01-01") -> None:
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_DATE": f"{day}T12:00:00Z",
        "GIT_COMMITTER_DATE": f"{day}T12:00:00Z",
    }
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(
        ["git", *identity, *arguments], cwd=folder, env=env, check=True, capture_output=True
    )


def record(number: int, day: date, title: str, abstract: str) -> dict[str, Any]:
    return {
        "id": f"{day:%y%m}.{number:05}",
        "announced": day.isoformat(),
        "title": title,
        "abstract": abstract,
        "authors": ["Ada Lovelace"],
        "categories": ["cs.LG"],
        "comments": None,
    }


def stream() -> list[dict[str, Any]]:
    """Two papers a day for half a year; every tenth day one of them has AI feedback in its abstract."""
    found = []
    for n in range(180):
        day = date(2025, 1, 1) + timedelta(days=n)
        word, other = WORDS[n % 10], WORDS[n * 7 % 10]
        found.append(
            record(
                2 * n + 1, day, f"On the {word} number {n}", f"We study the {other} of a {word}."
            )
        )
        if n % 10 == 0:
            found.append(
                record(
                    2 * n + 2,
                    day,
                    f"Judges for policies {n}",
                    "A judge gives AI feedback as reward.",
                )
            )
    return found


def entry(paper: dict[str, Any]) -> str:
    return f"- [{paper['title']}](https://arxiv.org/abs/{paper['id']})\n"


@pytest.fixture
def world(tmp_path: Path) -> Path:
    papers = stream()
    (tmp_path / "papers.jsonl").write_text("".join(f"{json.dumps(item)}\n" for item in papers))
    (tmp_path / "keywords.toml").write_text(CONFIG)
    git(tmp_path, "init", "-q")
    text = "# List\n\n## Papers\n"
    for paper in papers:
        if "Judges" in paper["title"]:
            text += entry(paper)
            (tmp_path / "README.md").write_text(text)
            git(tmp_path, "add", "README.md")
            git(tmp_path, "commit", "-qm", "one more", day=paper["announced"])
    return tmp_path


def evaluate(world: Path, *arguments: str) -> int:
    return main(
        [
            "evaluate",
            "--config",
            str(world / "keywords.toml"),
            "--list",
            str(world / "README.md"),
            "--source",
            f"snapshot:{world / 'papers.jsonl'}",
            *arguments,
        ]
    )


def test_the_command_finds_what_came_later(world: Path, capsys: pytest.CaptureFixture[str]):
    assert evaluate(world, "--cut", "2025-04-01", "--json") == 0

    output = json.loads(capsys.readouterr().out)
    assert (output["entries"], output["belonging"], output["unseen"]) == (9, 9, 0)
    assert output["told_by_history"] == 9
    assert output["until"] == "2025-06-20"
    assert output["orders"]["learned"]["recall"]["1x"] == 1.0
    assert output["orders"]["words"]["places"] == list(range(1, 10))
    by_phrase = {phrase["phrase"]: phrase for phrase in output["phrases"]}
    assert by_phrase["AI feedback"]["listed"] == 9
    assert by_phrase["RLAIF"]["papers"] == 0
    passing = {word["threshold"]: word["papers"] for word in output["passing"]["words"]}
    assert (passing[0.5], passing[0.6]) == (9, 0)


def test_weeks_before_the_first_paper_of_the_stream_do_not_count(
    world: Path, capsys: pytest.CaptureFixture[str]
):
    file = world / "README.md"
    old = [record(n, date(2019, 1, 1), f"Judges of old {n}", "") for n in range(1, 40)]
    file.write_text(file.read_text() + "".join(map(entry, old)))
    assert evaluate(world, "--cut", "2020-01-01", "--json") == 0

    learned = json.loads(capsys.readouterr().out)["orders"]["learned"]
    a_week = learned["papers_for_80_percent"] / (170 / 7)
    assert learned["papers_a_week_for_80_percent"] == round(a_week, 1) > 0.5


def test_what_it_prints_names_thresholds_phrases_and_what_was_missed(
    world: Path, capsys: pytest.CaptureFixture[str]
):
    config = world / "keywords.toml"
    config.write_text(config.read_text().replace('"AI feedback"', '"judge + policy + gravity"'))

    assert evaluate(world, "--cut", "2025-04-01") == 0

    output = capsys.readouterr()
    assert "learned from 9 entries" in output.out
    assert "no papers: “RLAIF”, “judge + policy + gravity”" in output.out
    assert "Listed papers that no phrase matches: 9 of 9" in output.out
    assert "  0.50 " in output.out
    assert "← configured" in output.out
    assert output.out.endswith("\n")


@pytest.mark.parametrize("width", [60, 80, 120])
def test_its_tables_fit_the_terminal(
    world: Path, width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    config = world / "keywords.toml"
    config.write_text(config.read_text().replace('"AI feedback"', f'"{"judge + policy " * 6}"'))
    monkeypatch.setenv("COLUMNS", str(width))

    assert evaluate(world, "--cut", "2025-04-01") == 0

    assert max(map(len, capsys.readouterr().out.splitlines())) <= max(width, 76)


def test_too_few_later_papers_are_reported(world: Path, capsys: pytest.CaptureFixture[str]):
    assert evaluate(world, "--cut", "2025-06-15") == 0

    text = capsys.readouterr().out
    assert "1 listed paper is too few to measure a ranking or a threshold" in text
    assert "Found when reading" not in text
    assert "%" not in text


def test_without_a_cut_and_later_papers_it_goes_back_from_the_last_paper(
    world: Path, capsys: pytest.CaptureFixture[str]
):
    """Uses a list that was filled at once after the stream's end, like that of this repository."""
    (world / ".git").rename(world / "gone")
    git(world, "init", "-q")
    whole = (world / "README.md").read_text()
    for text, day in (("# List\n", "2026-11-29"), (whole, "2026-11-30")):
        (world / "README.md").write_text(text)
        git(world, "add", "README.md")
        git(world, "commit", "-qm", "all at once", day=day)

    assert evaluate(world, "--json") == 0

    printed = capsys.readouterr()
    assert "half a year before its last paper" in printed.err
    assert json.loads(printed.out)["belonging"] > 5


def test_without_a_cut_it_goes_half_a_year_back(world: Path, capsys: pytest.CaptureFixture[str]):
    assert evaluate(world, "--json") == 0

    # the last entry is from 2025-06-20; a history that begins after the cut dates fewer entries
    output = json.loads(capsys.readouterr().out)
    assert output["cut"] == "2024-12-20"
    assert (output["entries"], output["belonging"], output["told_by_history"]) == (0, 18, 17)


def test_a_list_without_repository_is_dated_by_its_papers(
    world: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
):
    other = tmp_path_factory.mktemp("plain")
    for name in ("README.md", "papers.jsonl", "keywords.toml"):
        (other / name).write_bytes((world / name).read_bytes())

    assert evaluate(other, "--cut", "2025-04-01") == 0

    assert "so the papers' own dates are used" in capsys.readouterr().out


def test_the_papers_can_come_from_arxiv(world: Path):
    (world / "config").mkdir()
    (world / "keywords.toml").rename(world / "config" / "keywords.toml")
    records = list(read_records([world / "papers.jsonl"]))
    with Server(Arxiv(records, date(2025, 7, 31))) as arxiv:
        done = subprocess.run(
            [COMMAND, "evaluate", "--source", "search", "--cut", "2025-04-01", "--json"],
            cwd=world,
            env={"PATH": os.environ["PATH"], "ARXIV_BOT_SEARCH_URL": f"{arxiv.url}/api/query"},
            capture_output=True,
            text=True,
            check=False,
        )

    output = json.loads(done.stdout)
    assert (output["entries"], output["belonging"]) == (
        9,
        8,
    )  # except a paper submitted on the day before the cut
    assert output["background"] == 28 + 3
    assert 1 == len(arxiv.requests)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--cut", "2025-12-01"), "choose another day with --cut"),
        (("--source", "announcements"), "only one day"),
        (("--source", ""), "add --source snapshot:PATH for saved papers, or --source search"),
        (("--source", "bogus"), "write search or snapshot:PATH\n"),
        (("--cut", "yesterday"), "is not a day"),
    ],
)
def test_impossible_options_are_refused_with_a_fix(
    world: Path, arguments: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]
):
    assert evaluate(world, *arguments) == 2

    assert says in capsys.readouterr().err


@pytest.mark.parametrize(
    ("cut", "says"),
    [
        ("2025-01-01", "The list had no entry then, so nothing could be learned"),
        ("2025-01-11", "from before the cut nothing could be learned"),
    ],
)
def test_a_cut_with_nothing_to_learn_from_is_reported(
    world: Path, cut: str, says: str, capsys: pytest.CaptureFixture[str]
):
    assert evaluate(world, "--cut", cut) == 0

    output = capsys.readouterr().out
    assert says in output
    assert "both rankings use the phrases alone" in output
    assert "later --cut" in output


def test_a_file_that_is_no_snapshot_is_refused(world: Path, capsys: pytest.CaptureFixture[str]):
    code = evaluate(world, "--source", f"snapshot:{world / 'README.md'}", "--cut", "2025-04-01")

    assert code == 1
    error = capsys.readouterr().err
    assert "README.md:1: the line is not a record of a paper" in error
    assert "fix: correct the file" in error


def test_a_list_that_names_no_paper_is_refused(world: Path, capsys: pytest.CaptureFixture[str]):
    (world / "README.md").write_text("# List\n\n## Papers\n- nothing yet\n")

    assert evaluate(world) == 2

    assert "no entry has a known date" in capsys.readouterr().err
