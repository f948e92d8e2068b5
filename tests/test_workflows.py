"""The workflows as GitHub would read them; zizmor and actionlint read them too, in CI."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT

FOLDER = ROOT / ".github" / "workflows"
FEEDBACK, SCHEDULED = "arxiv-bot-feedback.yml", "arxiv-bot.yml"
REFRESH = "arxiv-bot-refresh.yml"
DANGEROUS = {"issue_comment", "pull_request_target", "workflow_run"}


def read(name: str) -> Any:
    """The workflow, every scalar a string (so that `on` is no boolean)."""
    return yaml.load((FOLDER / name).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def evaluate(expression: str, event: dict[str, Any]) -> object:
    """An expression of GitHub's, as far as these workflows use them."""
    context = {"event": event, "repository": "curator/list", "run_id": "77"}

    def look_up(path: str) -> object:
        value: Any = context
        for key in path.split(".")[1:]:
            value = value.get(key) if isinstance(value, dict) else None
        return value

    bare = expression.strip().removeprefix("${{").removesuffix("}}").strip()
    python = re.sub(r"github(?:\.\w+)+", lambda found: f"look_up({found[0]!r})", bare)
    python = python.replace("&&", "and").replace("||", "or")
    names = {
        "look_up": look_up,
        "startsWith": lambda text, start: text.lower().startswith(start.lower()),
        "format": lambda text, *values: text.format(*values),
    }
    return eval(python, {"__builtins__": {}}, names)  # an expression of this repository's own


def event(
    branch: str = "arxiv-bot/batch-1", head: str | None = "curator/list", sender: str = "User"
) -> dict[str, Any]:
    repo = {"full_name": head} if head else None
    return {
        "pull_request": {"head": {"ref": branch, "repo": repo}},
        "sender": {"type": sender},
    }


def test_feedback_comes_from_these_events_alone():
    assert {
        "pull_request": {"types": ["closed", "reopened", "edited", "labeled", "unlabeled"]}
    } == read(FEEDBACK)["on"]


@pytest.mark.parametrize(
    ("happened", "runs"),
    [
        (event(), True),
        (event(branch="feature"), False),
        (event(branch="not-arxiv-bot/batch-1"), False),
        (event(head="stranger/list"), False),
        (event(head=None), False),
        (event(sender="Bot"), False),
    ],
)
def test_feedback_runs_for_what_a_person_does_to_the_bots_own_branch(
    happened: dict[str, Any], runs: bool
):
    (job,) = read(FEEDBACK)["jobs"].values()

    assert runs is bool(evaluate(job["if"], happened))
    group = "arxiv-bot" if runs else "arxiv-bot-skipped-77"
    assert group == evaluate(job["concurrency"]["group"], happened)


@pytest.mark.parametrize("name", [SCHEDULED, REFRESH])
def test_the_workflows_of_the_bot_never_run_at_once_and_wait_for_each_other(name: str):
    scheduled = read(name)["concurrency"]
    (job,) = read(FEEDBACK)["jobs"].values()

    assert scheduled["group"] == evaluate(job["concurrency"]["group"], event())
    assert "false" == scheduled["cancel-in-progress"] == job["concurrency"]["cancel-in-progress"]


def test_feedback_runs_the_bot_of_the_default_branch_not_the_pull_requests():
    (job,) = read(FEEDBACK)["jobs"].values()
    (checkout,) = (one for one in job["steps"] if "checkout" in one.get("uses", ""))

    assert "${{ github.event.repository.default_branch }}" == checkout["with"]["ref"]


def step(name: str, of: str) -> Any:
    """The step of that name in a workflow's only job."""
    (job,) = read(of)["jobs"].values()
    return next(one for one in job["steps"] if one.get("name") == name)


def test_all_workflows_run_the_same_bot_with_the_same_rights():
    every = (FEEDBACK, SCHEDULED, REFRESH)
    jobs = [next(iter(read(name)["jobs"].values())) for name in every]

    assert all(jobs[0]["permissions"] == job["permissions"] for job in jobs)
    assert 1 == len({step("Install", name)["run"] for name in every})
    assert step("Run", SCHEDULED)["run"].startswith("arxiv-bot run ")
    assert step("Run", REFRESH)["run"].startswith("arxiv-bot refresh ")
    assert all('--repo "$GITHUB_REPOSITORY"' in step("Run", name)["run"] for name in every)


@pytest.mark.parametrize(
    ("branch", "command"),
    [
        ("arxiv-bot/refresh-0123456789ab", "refresh"),
        ("arxiv-bot/refresh-0123456789ab-2", "refresh"),
        ("arxiv-bot/batch-0123456789ab", "run"),
        ("arxiv-bot/$(id)", "run"),
    ],
)
def test_feedback_reads_the_answer_with_the_command_whose_pull_request_it_is(
    branch: str, command: str, tmp_path: Path
):
    bot = tmp_path / "arxiv-bot"
    bot.write_text('#!/bin/sh\necho "$@"\n')
    bot.chmod(0o755)
    said = subprocess.run(
        ["bash", "-e", "-c", step("Run", FEEDBACK)["run"]],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin", "BRANCH": branch, "GITHUB_REPOSITORY": "a/b"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert f"{command} --repo a/b\n" == said.stdout


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.glob("*.yml")))
def test_every_workflow_is_modest(name: str):
    workflow = read(name)

    assert not DANGEROUS & set(workflow["on"])
    assert {} == workflow["permissions"]
    for job in workflow["jobs"].values():
        assert "timeout-minutes" in job
        for step in job["steps"]:
            assert "${{" not in step.get("run", "")
            if "uses" in step:
                assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", step["uses"])
            if "checkout" in step.get("uses", ""):
                assert "false" == step["with"]["persist-credentials"]
