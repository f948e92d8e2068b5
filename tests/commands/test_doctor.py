"""`arxiv-bot doctor` against a test GitHub with settings."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.proposals.labels import STEERING
from tests import samples
from tests.command_line import run_in
from tests.servers.github import GitHubServer
from tests.servers.github.settings import Ruleset, Run, Settings
from tests.servers.http import Fault, Response


class Clinic:
    """A test GitHub with settings, a directory with a configuration, and the command to run in it."""

    def __init__(self, folder: Path, github: GitHubServer) -> None:
        self.folder = folder
        self.github = github
        self.settings = Settings(github.hub)
        github.server.application = self.settings
        (folder / "config").mkdir()
        (folder / "config" / "keywords.toml").write_text(samples.CONFIG)

    def run(self, *arguments: str, token: str = "") -> subprocess.CompletedProcess[str]:
        if token and token != "ghp_wrong":
            self.github.hub.token = token
        env = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "GITHUB_TOKEN": token}
        env |= {"GITHUB_API_URL": self.github.url}
        return run_in(self.folder, env, "doctor", *arguments)

    def findings(self, token: str) -> dict[str, dict[str, str]]:
        """The findings about the repository, by name."""
        done = self.run("--repo", self.github.hub.name, "--json", token=token)
        assert not done.stderr
        data = json.loads(done.stdout)
        assert done.returncode == (1 if data["problems"] else 0)
        assert {"GET"} == {request.method for request in self.github.server.requests}
        assert "/user" not in {request.path for request in self.github.server.requests}
        return {finding["name"]: finding for finding in data["findings"]}


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    with GitHubServer({"README.md": samples.LIST.encode()}) as github:
        yield Clinic(tmp_path, github)


def in_order(settings: Settings) -> None:
    settings.labels = [f"label {n}" for n in range(100)] + [item.name for item in STEERING]
    settings.workflows = {"arxiv-bot.yml": "active", "arxiv-bot-feedback.yml": "active"}
    settings.runs = [Run("2099-01-01T06:23:00Z")]
    settings.pushed = "2099-01-01T00:00:00Z"
    settings.push, settings.scopes = True, "repo, workflow"


def test_a_correct_repository_passes_with_few_requests(clinic: Clinic):
    in_order(clinic.settings)
    found = clinic.findings("ghp_x")

    assert {"ok"} == {item["status"] for item in found.values()}
    assert {
        "configuration",
        "list",
        "token",
        "repository",
        "opening pull requests",
        "branch rules",
        "labels",
        "schedule",
        "last run",
        "activity",
        "feedback",
    } == set(found)
    assert len(clinic.github.server.requests) <= 11


def test_every_problem_is_shown_and_the_exit_code_is_1(clinic: Clinic):
    settings = clinic.settings
    settings.may_approve = False
    settings.organisation_may_approve = False
    settings.rulesets = [Ruleset(7, [("creation", None), ("deletion", None)], "curator")]
    settings.workflows = {
        "arxiv-bot.yml": "disabled_inactivity",
        "arxiv-bot-feedback.yml": "disabled_manually",
    }
    settings.runs = [Run("2025-01-01T06:23:00Z", "failure")]
    settings.pushed = "2025-01-01T00:00:00Z"
    settings.push, settings.scopes, settings.archived = False, "repo", True
    settings.expires = "2026-01-01 10:00:00 UTC"
    found = clinic.findings("ghp_x")

    bad = {name for name, item in found.items() if item["status"] == "problem"}
    assert {
        "token",
        "repository",
        "opening pull requests",
        "branch rules",
        "schedule",
        "last run",
    } == bad
    assert "it expires on 2026-01-01" in found["token"]["found"]
    assert (
        "https://github.test/organizations/curator/settings/rules/7"
        in (found["branch rules"]["fix"])
    )
    assert {"warning"} == {found[name]["status"] for name in ("labels", "activity", "feedback")}
    assert all(item["fix"] for item in found.values() if item["status"] != "ok")


def test_settings_hidden_from_a_workflows_token_are_no_problem(clinic: Clinic):
    in_order(clinic.settings)
    settings = clinic.settings
    settings.sees_settings = settings.sees_actions = False
    settings.push, settings.scopes = False, None
    found = clinic.findings("ghs_x")

    unknown = {name for name, item in found.items() if item["status"] == "unknown"}
    assert {"token", "opening pull requests", "schedule", "last run", "feedback"} == unknown
    assert (
        "Resource not accessible by integration (HTTP 403)"
        in (found["opening pull requests"]["found"])
    )
    assert "ok" == found["branch rules"]["status"]


def test_the_rights_of_a_fine_grained_token_are_unknown(clinic: Clinic):
    in_order(clinic.settings)
    clinic.settings.scopes = None
    clinic.settings.sees_settings = False
    clinic.settings.refusal = "Must have admin rights to Repository."
    found = clinic.findings("github_pat_x")

    assert "unknown" == found["token"]["status"]
    assert "https://github.test/settings/personal-access-tokens" in found["token"]["fix"]
    assert "Must have admin rights" in found["opening pull requests"]["found"]


def test_a_workflow_with_its_own_token_needs_no_permission_for_actions(clinic: Clinic):
    in_order(clinic.settings)
    clinic.settings.may_approve = False
    assert "problem" == clinic.findings("ghp_x")["opening pull requests"]["status"]
    clinic.settings.secrets = {"ARXIV_BOT_TOKEN"}
    assert "ok" == clinic.findings("ghp_x")["opening pull requests"]["status"]


def test_a_rule_that_the_token_may_bypass_is_a_warning(clinic: Clinic):
    in_order(clinic.settings)
    clinic.settings.rulesets = [Ruleset(7, [("creation", None)], bypass="always")]
    found = clinic.findings("ghp_x")["branch rules"]

    assert "warning" == found["status"]
    assert "https://github.test/curator/awesome-list/settings/rules/7" in found["fix"]


def test_without_a_token_only_public_facts_are_checked(clinic: Clinic):
    in_order(clinic.settings)
    clinic.settings.push = clinic.settings.scopes = None
    found = clinic.findings("")

    assert "GITHUB_TOKEN is not set" in found["token"]["found"]
    assert "Requires authentication (HTTP 401)" in found["opening pull requests"]["found"]
    assert "ok" == found["labels"]["status"]


def test_a_failing_request_costs_only_its_own_fact(clinic: Clinic):
    in_order(clinic.settings)
    clinic.settings.broken = "/labels"
    found = clinic.findings("ghp_x")

    assert "unknown" == found["labels"]["status"]
    assert "HTTP 500" in found["labels"]["found"]
    assert "ok" == found["activity"]["status"]


@pytest.mark.parametrize(
    ("name", "token", "words"),
    [
        ("curator/awesome-list", "ghp_wrong", "does not accept the token: Bad credentials"),
        ("curator/nothing", "ghp_x", "GitHub says 'Not Found'"),
    ],
)
def test_an_invisible_repository_is_one_finding(clinic: Clinic, name: str, token: str, words: str):
    done = clinic.run("--repo", name, "--json", token=token)
    found = {finding["name"]: finding for finding in json.loads(done.stdout)["findings"]}

    assert 1 == done.returncode
    assert words in found["GitHub"]["found"]
    assert found["GitHub"]["fix"]


def test_a_github_enterprise_is_asked_below_its_own_path(clinic: Clinic):
    in_order(clinic.settings)
    clinic.github.url += "/api/v3"

    assert {"ok"} == {finding["status"] for finding in clinic.findings("ghp_x").values()}
    assert all(request.path.startswith("/api/v3/") for request in clinic.github.server.requests)


def limited() -> Response:
    body = b'{"message": "API rate limit exceeded for user ID 1.", "status": "403"}'
    return Response(403, body, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "4102444800"})


def test_an_exhausted_rate_limit_is_not_reported_as_missing_rights(clinic: Clinic):
    in_order(clinic.settings)
    clinic.github.server.troubles = {2: limited()}
    found = clinic.findings("ghp_x")["opening pull requests"]

    assert "unknown" == found["status"]
    assert "rate limit is used up" in found["found"]


def test_a_github_that_does_not_answer_is_a_problem(clinic: Clinic):
    clinic.github.server.always = Fault.DROP_BEFORE
    found = clinic.findings("ghp_x")

    assert {"configuration", "GitHub"} == set(found)
    assert "no answer from GitHub" in found["GitHub"]["found"]
    assert "run again later" == found["GitHub"]["fix"]


def test_a_renamed_repositorys_new_name_is_shown(clinic: Clinic):
    clinic.github.hub.renamed_to = "curator/better-list"
    found = clinic.findings("ghp_x")

    assert "problem" == found["GitHub"]["status"]
    assert "the repository is now called curator/better-list" in found["GitHub"]["found"]


def test_the_list_is_the_one_on_github_whatever_its_size(clinic: Clinic):
    large = samples.LIST.encode() + b"text " * 300_000
    clinic.github.hub.push(large)
    assert "2 papers" in clinic.findings("ghp_x")["list"]["found"]
    (clinic.folder / "config" / "keywords.toml").write_text(
        samples.CONFIG.replace("[list]\n", '[list]\npath = "OTHER.md"\n')
    )
    missing = clinic.findings("ghp_x")["list"]

    assert ("problem", "there is no OTHER.md in curator/awesome-list") == (
        missing["status"],
        missing["found"],
    )


def test_without_a_repository_only_local_files_are_checked_and_the_rest_is_reported_as_unchecked(
    clinic: Clinic,
):
    (clinic.folder / "README.md").write_text(samples.LIST)
    done = clinic.run()

    assert (
        "✓ configuration  config/keywords.toml: 1 topic, 2 phrases\n"
        "✓ list           README.md: 2 papers (2 on arXiv) in 2 sections\n"
        "? GitHub         token, settings, rules, labels and schedule were not checked, since no repository is named\n"
        "                 fix: add --repo OWNER/NAME, and set GITHUB_TOKEN to the bot's token\n"
        "\n"
        "2 ok, 1 not checked\n"
    ) == done.stdout
    assert 0 == done.returncode
    assert [] == clinic.github.server.requests


def test_an_unknown_category_is_a_warning(clinic: Clinic):
    (clinic.folder / "README.md").write_text(samples.LIST)
    (clinic.folder / "config" / "keywords.toml").write_text(
        samples.CONFIG.replace('categories = ["', 'categories = ["cmp-lg", "', 1)
    )
    done = clinic.run()

    assert 0 == done.returncode
    assert "! configuration  arxiv.categories: arXiv closed 'cmp-lg'" in done.stdout
    assert "fix: write 'cs.CL'" in done.stdout


def test_a_wrong_configuration_and_a_missing_list_are_problems(clinic: Clinic):
    missing = clinic.run()
    assert 1 == missing.returncode
    assert "✗ list           README.md: there is no such list" in missing.stdout
    (clinic.folder / "config" / "keywords.toml").write_text("[list]\nheadin = 'Papers'\n")
    wrong = clinic.run()

    assert 1 == wrong.returncode
    assert "did you mean 'heading'?" in wrong.stdout
    assert "the configuration that names the list can't be read" in wrong.stdout


def test_an_invalid_repository_name_is_a_usage_error(clinic: Clinic):
    done = clinic.run("--repo", "nonsense")

    assert 2 == done.returncode
    assert "'nonsense' is not a repository" in done.stderr
