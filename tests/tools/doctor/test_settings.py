from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.proposals.labels import STEERING
from bot.tools.doctor.check_github import examine
from bot.tools.doctor.facts import (
    BranchRule,
    GitHubFacts,
    LastRun,
    RepositoryFacts,
    Token,
    TokenKind,
    Unseen,
    token_kind,
)
from bot.tools.doctor.findings import Diagnosis, Status

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
PAGE = "https://github.test/curator/list"
BRANCH = "arxiv-bot/batch-0123456789ab"
REPOSITORY = RepositoryFacts(
    name="curator/list",
    page=PAGE,
    default_branch="main",
    archived=False,
    public=True,
    organisation="",
    pushed=NOW - timedelta(days=1),
    may_write=True,
)
ON = "active"
GOOD = GitHubFacts(
    token=Token(TokenKind.CLASSIC, frozenset({"repo"})),
    repository=REPOSITORY,
    repository_allows=True,
    organisation_allows=None,
    has_secret=False,
    rules=(),
    labels=frozenset(label.name for label in STEERING) | {"arxiv-bot"},
    workflow=ON,
    feedback=ON,
    last_run=LastRun(NOW - timedelta(days=1), "success", f"{PAGE}/actions/runs/1"),
)
REFUSED = Unseen("Resource not accessible by integration (HTTP 403)")


def findings(facts: GitHubFacts) -> dict[str, Diagnosis]:
    found = examine(facts, ["arxiv-bot"], BRANCH, NOW)
    return {item.name: item for item in found}


def test_a_correct_repository_has_only_good_findings():
    assert {Status.OK} == {finding.status for finding in findings(GOOD).values()}
    assert not any(finding.fix for finding in findings(GOOD).values())


def test_every_finding_that_is_not_good_has_a_fix():
    bad = replace(
        GOOD,
        token=Token(TokenKind.NONE),
        repository=replace(REPOSITORY, archived=True, pushed=None),
        repository_allows=REFUSED,
        rules=REFUSED,
        labels=REFUSED,
        workflow=REFUSED,
        feedback=REFUSED,
        last_run=REFUSED,
    )

    assert all(
        finding.fix and finding.status is not Status.OK for finding in findings(bad).values()
    )


@pytest.mark.parametrize(
    "name", ["opening pull requests", "branch rules", "labels", "schedule", "last run", "feedback"]
)
def test_hidden_facts_are_unknown_with_githubs_reason(name: str):
    unseen = replace(
        GOOD,
        repository_allows=REFUSED,
        rules=REFUSED,
        labels=REFUSED,
        workflow=REFUSED,
        feedback=REFUSED,
        last_run=REFUSED,
    )

    assert findings(unseen)[name].status is Status.UNKNOWN
    assert "Resource not accessible by integration (HTTP 403)" in findings(unseen)[name].found
    assert PAGE in findings(unseen)[name].fix


@pytest.mark.parametrize(
    ("token", "kind"),
    [
        ("", TokenKind.NONE),
        ("ghs_x", TokenKind.INSTALLATION),
        ("github_pat_x", TokenKind.FINE_GRAINED),
        ("ghp_x", TokenKind.CLASSIC),
        ("gho_x", TokenKind.CLASSIC),
        ("0123456789abcdef", TokenKind.OTHER),
    ],
)
def test_the_kind_of_a_token_is_recognised_by_its_prefix(token: str, kind: TokenKind):
    assert kind is token_kind(token)


SOON = NOW + timedelta(days=3)


@pytest.mark.parametrize(
    ("token", "public", "may_write", "status"),
    [
        (Token(TokenKind.NONE), True, None, Status.UNKNOWN),
        (Token(TokenKind.INSTALLATION), True, False, Status.UNKNOWN),
        (Token(TokenKind.INSTALLATION, None, SOON), True, False, Status.UNKNOWN),
        (Token(TokenKind.FINE_GRAINED), True, True, Status.UNKNOWN),
        (Token(TokenKind.FINE_GRAINED), True, False, Status.PROBLEM),
        (Token(TokenKind.FINE_GRAINED, None, SOON), True, True, Status.WARNING),
        (Token(TokenKind.CLASSIC, frozenset({"public_repo"})), True, True, Status.OK),
        (Token(TokenKind.CLASSIC, frozenset({"public_repo"})), False, True, Status.PROBLEM),
        (Token(TokenKind.CLASSIC, frozenset({"repo"})), False, True, Status.OK),
        (Token(TokenKind.CLASSIC, frozenset({"gist"})), True, True, Status.PROBLEM),
        (Token(TokenKind.CLASSIC, frozenset({"repo"})), True, False, Status.PROBLEM),
        (Token(TokenKind.OTHER), True, True, Status.UNKNOWN),
    ],
)
def test_rights_are_reported_only_as_far_as_github_shows_them(
    token: Token, public: bool, may_write: bool | None, status: Status
):
    repository = replace(REPOSITORY, public=public, may_write=may_write)

    assert status is findings(replace(GOOD, token=token, repository=repository))["token"].status


def test_a_token_is_reported_before_it_expires():
    token = Token(TokenKind.CLASSIC, frozenset({"repo"}), NOW + timedelta(days=100))
    later = findings(replace(GOOD, token=token))["token"]
    soon = findings(replace(GOOD, token=replace(token, expires=SOON)))["token"]

    assert (Status.OK, Status.WARNING) == (later.status, soon.status)
    assert "it expires on 2026-11-27" in soon.found
    assert "https://github.test/settings/tokens" in soon.fix


def test_missing_write_access_matters_more_than_early_expiry():
    token = Token(TokenKind.CLASSIC, frozenset({"gist"}), SOON)
    found = findings(replace(GOOD, token=token))["token"]

    assert found.status is Status.PROBLEM
    assert "expires on 2026-11-27" in found.found


def test_forbidden_pull_requests_are_a_problem_with_the_settings_page():
    found = findings(replace(GOOD, repository_allows=False))["opening pull requests"]

    assert (
        Diagnosis(
            "opening pull requests",
            Status.PROBLEM,
            "GitHub Actions is not allowed to",
            'tick "Allow GitHub Actions to create and approve pull requests" at '
            "https://github.test/curator/list/settings/actions",
        )
        == found
    )


def test_the_organisations_stricter_setting_counts():
    facts = replace(
        GOOD, repository=replace(REPOSITORY, organisation="curator"), organisation_allows=False
    )
    found = findings(facts)["opening pull requests"]

    assert found.status is Status.PROBLEM
    assert found.fix.endswith("https://github.test/organizations/curator/settings/actions")


def test_the_setting_does_not_matter_if_the_workflow_has_its_own_token():
    facts = replace(GOOD, repository_allows=False, has_secret=True)

    assert findings(facts)["opening pull requests"].status is Status.OK


def rule(kind: str, *, may_bypass: bool = False, **parameters: object) -> BranchRule:
    return BranchRule(kind, "7 of curator/list", f"{PAGE}/settings/rules/7", may_bypass, parameters)


@pytest.mark.parametrize(
    ("item", "status"),
    [
        (rule("creation"), Status.PROBLEM),
        (rule("update"), Status.PROBLEM),
        (rule("pull_request"), Status.PROBLEM),
        (rule("creation", may_bypass=True), Status.WARNING),
        (rule("required_status_checks", do_not_enforce_on_create=False), Status.PROBLEM),
        (rule("non_fast_forward"), Status.WARNING),
        (rule("required_signatures"), Status.WARNING),
        (rule("deletion"), Status.OK),
        (rule("branch_name_pattern", operator="starts_with", pattern="feature/"), Status.PROBLEM),
        (rule("branch_name_pattern", operator="starts_with", pattern="arxiv-bot/"), Status.OK),
        (
            rule("branch_name_pattern", operator="contains", pattern="bot", negate=True),
            Status.PROBLEM,
        ),
        (rule("branch_name_pattern", operator="ends_with", pattern="-x"), Status.PROBLEM),
        (rule("branch_name_pattern", operator="regex", pattern="^[a-z/-]+"), Status.OK),
    ],
)
def test_rules_that_affect_the_bots_branches_are_reported(item: BranchRule, status: Status):
    found = findings(replace(GOOD, rules=(item,)))["branch rules"]

    assert status is found.status
    if status is not Status.OK:
        assert "7 of curator/list" in found.found
        assert f"{PAGE}/settings/rules/7" in found.fix


def test_missing_labels_come_with_the_commands_that_create_them():
    found = findings(replace(GOOD, labels=frozenset({"ARXIV-BOT:HOLD", "arxiv-bot:rebuild"})))[
        "labels"
    ]

    assert found.status is Status.WARNING
    assert "arxiv-bot:later can't be chosen" in found.found
    assert found.fix.splitlines()[0] == (
        "gh label create arxiv-bot:later --color fef2c0 "
        '--description "Closed for now: the bot asks again in 30 days" --repo curator/list'
    )


def test_the_bot_creates_configured_labels_itself():
    facts = replace(GOOD, labels=frozenset(label.name for label in STEERING))

    assert (
        "the bot creates arxiv-bot with the first pull request" in findings(facts)["labels"].found
    )


@pytest.mark.parametrize(
    ("workflow", "status", "words"),
    [
        (None, Status.WARNING, "add .github/workflows/arxiv-bot.yml to main"),
        (
            "disabled_inactivity",
            Status.PROBLEM,
            "gh workflow enable arxiv-bot.yml",
        ),
        (
            "disabled_manually",
            Status.PROBLEM,
            "gh workflow enable arxiv-bot.yml",
        ),
        ("disabled_fork", Status.PROBLEM, "gh workflow enable arxiv-bot.yml"),
        ("unheard_of", Status.PROBLEM, "gh workflow enable arxiv-bot.yml"),
    ],
)
def test_a_disabled_schedule_is_reported_with_a_fix(
    workflow: str | None, status: Status, words: str
):
    found = findings(replace(GOOD, workflow=workflow))["schedule"]

    assert status is found.status
    assert words in found.fix


def test_no_run_is_expected_of_a_bot_that_runs_elsewhere():
    assert not {"last run", "activity", "feedback"} & set(findings(replace(GOOD, workflow=None)))


@pytest.mark.parametrize(
    ("run", "status"),
    [
        (None, Status.WARNING),
        (LastRun(NOW - timedelta(days=1), "", f"{PAGE}/actions/runs/1"), Status.OK),
        (LastRun(NOW - timedelta(days=1), "failure", f"{PAGE}/actions/runs/1"), Status.PROBLEM),
        (LastRun(NOW - timedelta(days=20), "success", f"{PAGE}/actions/runs/1"), Status.WARNING),
    ],
)
def test_the_result_of_the_last_scheduled_run_is_reported(run: LastRun | None, status: Status):
    assert status is findings(replace(GOOD, last_run=run))["last run"].status


@pytest.mark.parametrize(
    ("days", "public", "status", "words"),
    [
        (44, True, Status.OK, "last push 44 days ago"),
        (45, True, Status.WARNING, "in 15 days"),
        (90, True, Status.WARNING, "may have done so by now"),
        (90, False, Status.OK, "private"),
    ],
)
def test_sixty_days_without_activity_disable_a_public_schedule(
    days: int, public: bool, status: Status, words: str
):
    repository = replace(REPOSITORY, public=public, pushed=NOW - timedelta(days=days))
    found = findings(replace(GOOD, repository=repository))["activity"]

    assert status is found.status
    assert words in found.found


def test_without_a_feedback_workflow_the_next_run_reads_the_answers():
    assert findings(replace(GOOD, feedback=None))["feedback"].status is Status.OK
    off = "disabled_manually"
    assert findings(replace(GOOD, feedback=off))["feedback"].status is Status.WARNING
