"""The workflows as GitHub would read them; zizmor and actionlint read them too, in CI."""

import re
from typing import Any

import pytest
import yaml

from bot.core.version import __version__
from bot.tools.setup.render import ACTION, WORKFLOWS, render_workflows
from tests.conftest import ROOT

FOLDER = ROOT / ".github" / "workflows"
FEEDBACK, SCHEDULED = "arxiv-bot-feedback.yml", "arxiv-bot.yml"
PINNED = r"[\w./-]+@[0-9a-f]{40}"
REFRESH = "arxiv-bot-refresh.yml"
DANGEROUS = {"issue_comment", "pull_request_target", "workflow_run"}


def read(name: str) -> Any:
    """The workflow, every scalar a string (so that `on` is no boolean)."""
    return yaml.load((FOLDER / name).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def evaluate(expression: str, event: dict[str, Any]) -> object:
    """Evaluates the part of GitHub's expressions that these workflows use."""
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
    (checkout,) = (step for step in job["steps"] if "checkout" in step.get("uses", ""))

    assert "${{ github.event.repository.default_branch }}" == checkout["with"]["ref"]


def bot_step(name: str) -> Any:
    """The step of a workflow's only job that runs the bot."""
    (job,) = read(name)["jobs"].values()
    (found,) = (step for step in job["steps"] if step.get("uses") == "./")
    return found


def test_all_workflows_run_the_same_bot_with_the_same_rights():
    every = (FEEDBACK, SCHEDULED, REFRESH)
    jobs = [next(iter(read(name)["jobs"].values())) for name in every]

    assert all(jobs[0]["permissions"] == job["permissions"] for job in jobs)
    assert 1 == len({bot_step(name)["with"]["token"] for name in every})
    assert {"token", "dry-run"} == set(bot_step(SCHEDULED)["with"])
    assert "refresh" == bot_step(REFRESH)["with"]["command"]


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
    branch: str, command: str
):
    assert command == evaluate(bot_step(FEEDBACK)["with"]["command"], event(branch=branch))


@pytest.mark.parametrize("name", WORKFLOWS)
def test_what_init_writes_is_what_runs_here(name: str):
    """Other lists get this repository's own workflows, with the action by its version in the place of a checkout."""
    theirs = yaml.load(
        render_workflows(__version__)[f".github/workflows/{name}"], Loader=yaml.BaseLoader
    )
    ours = read(name)
    (their_job,), (our_job,) = theirs["jobs"].values(), ours["jobs"].values()
    (their_step,) = their_job.pop("steps")
    (our_step,) = (step for step in our_job.pop("steps") if step.get("uses") == "./")
    our_job.pop("outputs", None)

    assert f"{ACTION}@v{__version__}" == their_step["uses"]
    assert their_step["with"] == our_step["with"]
    assert theirs == ours


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.glob("*.yml")))
def test_every_workflow_has_no_rights_by_default_and_a_time_limit(name: str):
    workflow = read(name)

    assert not DANGEROUS & set(workflow["on"])
    assert {} == workflow["permissions"]
    for job in workflow["jobs"].values():
        assert "timeout-minutes" in job
        for step in job["steps"]:
            assert "${{" not in step.get("run", "")
            if "uses" in step:
                assert step["uses"] == "./" or re.fullmatch(PINNED, step["uses"])
            if "checkout" in step.get("uses", ""):
                assert "false" == step["with"]["persist-credentials"]


def test_the_action_pastes_no_input_into_its_commands_and_pins_what_it_uses():
    action = yaml.load((ROOT / "action.yml").read_text("utf-8"), Loader=yaml.BaseLoader)
    steps = action["runs"]["steps"]
    used = {step["uses"] for step in steps if "uses" in step}
    ours = {
        step["uses"]
        for path in FOLDER.glob("*.yml")
        for job in read(path.name)["jobs"].values()
        for step in job["steps"]
        if "uses" in step
    }

    assert all(re.fullmatch(PINNED, item) for item in used)
    assert used <= ours, "the workflows and the action use other versions of the same"
    assert not any("${{" in step.get("run", "") for step in steps)
    assert all(
        "description" in output
        for output in (*action["inputs"].values(), *action["outputs"].values())
    )


def test_the_action_gives_its_token_to_the_bot_alone_and_reads_the_default_branch():
    action = yaml.load((ROOT / "action.yml").read_text("utf-8"), Loader=yaml.BaseLoader)
    steps = action["runs"]["steps"]
    holding = [step["name"] for step in steps if "inputs.token" in str(step)]
    (checkout,) = (step for step in steps if "checkout" in step.get("uses", ""))

    assert ["Run"] == holding
    assert {
        "ref": "${{ github.event.repository.default_branch }}",
        "path": ".arxiv-bot",
        "persist-credentials": "false",
    } == checkout["with"]


def test_a_release_is_built_in_a_job_without_tools_for_tests():
    jobs = read("release.yml")["jobs"]
    commands = [step["run"] for step in jobs["build"]["steps"] if "run" in step]

    assert ["test", "build"] == jobs["publish"]["needs"]
    assert "make dist" == commands[0]
    assert not any(word in command for command in commands for word in ("check", "test", "dev"))
    assert not any("run" in step for step in jobs["publish"]["steps"])
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "\ndist: $(STAMP) " in makefile, "the run-time requirements alone"


def test_a_fleets_jobs_run_the_plan_that_was_made_once():
    jobs = read("fleet.yml")["jobs"]
    plan, run = (
        [step.get("run", step.get("with", {})) for step in jobs[name]["steps"]]
        for name in ("plan", "run")
    )
    (listing,) = (step for step in jobs["plan"]["steps"] if step.get("id") == "token")

    assert any("fleet plan --output plan.json" in str(step) for step in plan)
    assert {"name": "plan", "path": "plan.json"} in plan
    assert {"name": "plan"} in run
    assert any("--plan plan.json" in str(step) for step in run)
    permissions = {key for key in listing["with"] if key.startswith("permission-")}
    assert {"permission-metadata"} == permissions, "the plan needs no other right"
