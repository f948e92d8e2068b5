"""The commands that ask a judge, against the scripted endpoint: run, explain and evaluate."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests import samples
from tests.command_line import run_in
from tests.servers.http import Response, Server
from tests.servers.judge import Asked, JudgeEndpoint

PRINCIPLES = """\
[[principles]]
id = "by-a-model"
question = "Does the feedback come from a model?"

[[principles]]
id = "evaluation-only"
question = "Does a model judge for evaluation only?"
speaks = "against"
"""


def row(number: int, day: date, title: str, abstract: str) -> dict[str, Any]:
    return {
        "id": f"{day:%y%m}.{number:05}",
        "announced": day.isoformat(),
        "title": title,
        "abstract": abstract,
        "authors": ["Ada Lovelace"],
        "categories": ["cs.CL"],
        "comments": None,
    }


def stream() -> list[dict[str, Any]]:
    """A paper a day, and every tenth day one with AI feedback in its abstract."""
    days = [date(2025, 1, 1) + timedelta(days=n) for n in range(180)]
    plain = [
        row(2 * n + 1, day, f"On Graphs, Part {n}", "We color them.") for n, day in enumerate(days)
    ]
    found = [
        row(2 * n + 2, day, f"Judges of Policies {n}", "A judge gives AI feedback as reward.")
        for n, day in enumerate(days)
        if n % 10 == 0
    ]
    return [*plain, *found]


def answer(asked: Asked) -> dict[str, tuple[str, str]]:
    if "Judges" in asked.title:
        return {"c1": ("yes", "gives AI feedback"), "c2": ("no", "")}
    return {"c1": ("no", ""), "c2": ("yes", "quoted from nowhere")}


class Desk:
    """A folder with a list, a stream and a configuration that names the endpoint."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.folder = folder
        self.server = server
        papers = stream()
        listed = "".join(
            f"- [{paper['title']}](https://arxiv.org/abs/{paper['id']})\n"
            for paper in papers
            if "Judges" in paper["title"]
        )
        self.write("README.md", f"# List\n\n## Papers\n{listed}")
        self.write("papers.jsonl", "".join(f"{json.dumps(paper)}\n" for paper in papers))
        self.write("config/principles.toml", PRINCIPLES)
        self.write(
            "config/keywords.toml",
            f'{samples.CONFIG}\n[judge]\nbase_url = "{server.url}/v1"\nmodel = "test-model"\n',
        )

    def write(self, path: str, text: str) -> None:
        (self.folder / path).parent.mkdir(exist_ok=True)
        (self.folder / path).write_text(text)

    def run(self, *arguments: str, **environment: str) -> Any:
        env = {"HOME": str(self.folder / "home"), **environment}
        return run_in(self.folder, env, *arguments)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Server(JudgeEndpoint(answer)) as server:
        yield Desk(tmp_path, server)


SOURCE = ("--source", "snapshot:papers.jsonl")


def test_explain_shows_question_answers_and_quotes(desk: Desk):
    done = desk.run("explain", "--judge", "2506.00342", *SOURCE)

    assert 0 == done.returncode, done.stderr
    for said in (
        "          c1: Does the feedback come from a model?",
        "          Title: Judges of Policies 170",
        "yes       by-a-model: Does the feedback come from a model?",
        "          “gives AI feedback”",
        "no        evaluation-only: Does a model judge for evaluation only?",
        "result    the judge’s answers speak for it: +1.5 in log odds",
        "cost      2 requests, 1,000 tokens",
    ):
        assert said in done.stdout
    assert 2 == len(desk.server.requests)


def test_explain_says_that_a_quote_is_not_in_the_paper_without_repeating_it(desk: Desk):
    done = desk.run("explain", "--judge", "2501.00001", *SOURCE)

    assert 0 == done.returncode, done.stderr
    assert "unsure    evaluation-only" in done.stdout
    assert "2 quotes not in the paper" in done.stdout
    assert "nowhere" not in done.stdout

    data = json.loads(desk.run("explain", "--judge", "2501.00001", "--json", *SOURCE).stdout)
    assert "unsure" == data[0]["decision"]["judgement"]["answers"][1]["answer"]


def test_explain_without_a_judge_asks_nobody(desk: Desk):
    done = desk.run("explain", "2506.00342", *SOURCE)

    assert 0 == done.returncode
    assert [] == desk.server.requests
    assert "judge" not in done.stdout.replace("Judges", "").replace("judge gives", "").casefold()


@pytest.mark.parametrize("status", [401, 404, 410])
def test_explain_says_why_the_judge_cannot_be_asked(desk: Desk, status: int):
    desk.server.always = Response(status, b"EVILTEXT")

    done = desk.run("explain", "--judge", "2506.00342", *SOURCE)

    assert 1 == done.returncode
    assert f"(HTTP {status})" in done.stderr
    assert "fix: check the block [judge]" in done.stderr
    assert "EVIL" not in done.stdout + done.stderr


def test_missing_settings_of_a_judge_are_named(desk: Desk):
    desk.write("config/keywords.toml", samples.CONFIG)
    done = desk.run("explain", "--judge", "2506.00342", *SOURCE)
    assert (2, True) == (done.returncode, "the configuration names no judge" in done.stderr)

    block = '\n[judge]\nbase_url = "http://far.example/v1"\nmodel = "m"\napi_key_env = "KEY"\n'
    desk.write("config/keywords.toml", samples.CONFIG + block)
    done = desk.run("explain", "--judge", "2506.00342", *SOURCE, KEY="s3cret")
    assert (2, True) == (done.returncode, "the key would be sent unencrypted" in done.stderr)
    assert "s3cret" not in done.stderr
    done = desk.run("explain", "--judge", "2506.00342", *SOURCE)
    assert (1, True) == (done.returncode, "variable KEY is not set" in done.stderr)

    (desk.folder / "config" / "principles.toml").unlink()
    done = desk.run("explain", "--judge", "2506.00342", *SOURCE)
    assert (2, True) == (done.returncode, "principles.toml" in done.stderr)


def test_evaluate_prints_the_confusion_the_cost_and_the_ranker_before_and_after(desk: Desk):
    desk.write("labels.csv", "id,verdict\n2504.00182,in\n2504.00185,out\n")
    arguments = ("evaluate", "--cut", "2025-04-01", "--judge", "--labels", "labels.csv", *SOURCE)

    done = desk.run(*arguments)

    assert 0 == done.returncode, done.stderr
    assert "The judge (test-model) answered about" in done.stdout
    assert "listed papers that the judge is against: 0" in done.stdout
    assert "without the judge" in done.stdout
    assert "with its answers" in done.stdout
    assert "cost: 60 requests, 30,000 tokens, 1,000 a paper" in done.stdout
    assert "30 papers a day would take 900,000 tokens a month" in done.stdout
    data = json.loads(desk.run(*arguments, "--json").stdout)["judge"]
    rows = {row["truth"]: row for row in (*data["by_list"], *data["by_labels"])}
    assert {"truth": "listed", "is_for": 5, "unsure": 0, "against": 0} == rows["listed"]
    assert 1 == rows["in"]["is_for"]
    assert 0 == rows["not listed"]["is_for"]
    assert data["false_quotes"] > 0


def test_evaluate_without_a_judge_does_not_mention_a_judge(desk: Desk):
    done = desk.run("evaluate", "--cut", "2025-04-01", "--json", *SOURCE)

    assert "judge" not in json.loads(done.stdout)
    assert [] == desk.server.requests


@pytest.mark.parametrize(
    "text", ["id\n2504.00182\n", "id,verdict\nx,in\n", "id,verdict\n2504.00182,yes\n"]
)
def test_invalid_labels_are_refused_before_any_request(desk: Desk, text: str):
    desk.write("labels.csv", text)

    done = desk.run("evaluate", "--judge", "--labels", "labels.csv", *SOURCE)

    assert 2 == done.returncode
    assert "--labels labels.csv" in done.stderr
    assert [] == desk.server.requests


def test_a_dry_run_asks_the_judge_and_keeps_its_answers(desk: Desk):
    new = row(
        7, date(2025, 6, 29), "Judges Again", "A judge gives AI feedback as reward to the policy."
    )
    with (desk.folder / "papers.jsonl").open("a") as papers:
        papers.write(f"{json.dumps(new)}\n")
    arguments = ("run", "--dry-run", "--since", "2025-06-01", "--until", "2025-06-29", *SOURCE)

    first = desk.run(*arguments)
    asked = len(desk.server.requests)
    second = desk.run(*arguments)

    assert 0 == first.returncode == second.returncode, first.stderr + second.stderr
    assert "the judge’s answers speak for it" in first.stdout
    assert "judge: test-model answered about 1 of 1 paper in 2 requests" in first.stdout
    assert 2 == asked == len(desk.server.requests)
    assert "1 remembered" in second.stdout


def test_check_and_doctor_name_the_line_of_a_wrong_principle(desk: Desk):
    fine = desk.run("doctor")
    assert "✓ principles     config/principles.toml: 2 principles\n" in fine.stdout
    assert 0 == desk.run("check").returncode

    desk.write("config/principles.toml", PRINCIPLES.replace("only?", "only"))
    place = (
        'line 7: principles[2].question: "Does a model judge for evaluation only" is not a question'
    )
    checked, examined = desk.run("check"), desk.run("doctor")

    assert 2 == checked.returncode
    assert place in checked.stderr
    assert 1 == examined.returncode
    assert place in examined.stdout
    assert not desk.server.requests


def test_check_and_doctor_report_missing_principles_only_with_a_judge(desk: Desk):
    (desk.folder / "config" / "principles.toml").unlink()

    assert 2 == desk.run("check").returncode
    assert "principles.toml: there is no such file" in desk.run("doctor").stdout

    desk.write("config/keywords.toml", samples.CONFIG)
    assert 0 == desk.run("check").returncode
    assert "principles" not in desk.run("doctor").stdout


def test_a_missing_file_of_labels_is_named(desk: Desk):
    done = desk.run("evaluate", "--judge", "--labels", "no.csv", "--cut", "2025-04-01", *SOURCE)

    assert 2 == done.returncode
    assert "--labels no.csv: can't read the labels: No such file or directory" in done.stderr
    assert not desk.server.requests
