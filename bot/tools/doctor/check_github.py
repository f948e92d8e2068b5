"""Checks the settings read from GitHub, and reports each that could not be read as unknown."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.proposals.labels import STEERING, Label
from bot.tools.doctor.facts import (
    FEEDBACK,
    SECRET,
    WORKFLOW,
    BranchRule,
    GitHubFacts,
    RepositoryFacts,
    Token,
    TokenKind,
    Unseen,
)
from bot.tools.doctor.findings import Diagnosis, Status

# Days without activity after which GitHub disables a public repository's schedules
_INACTIVE_AFTER = 60
_WARN_INACTIVE = 45  # days without activity after which the doctor warns
_RUN_OVERDUE = timedelta(days=8)  # longer than the gaps of a weekly schedule
_TOKEN_EXPIRES_SOON = timedelta(days=14)
_NEEDED = "`Contents: write` and `Pull requests: write`"


def examine(
    facts: GitHubFacts, configured: Sequence[str], branch: str, now: datetime
) -> tuple[Diagnosis, ...]:
    """Derives the diagnoses from the facts and the labels that the configuration names.

    `branch` is an example of the bot's branch names.
    """
    found = (
        _token(facts, now),
        _repository(facts.repository),
        _may_open(facts),
        _rules(facts, branch),
        _labels(facts, configured),
        _schedule(facts),
    )
    if facts.workflow is None:  # the bot runs elsewhere, if at all
        return found
    return (*found, _last_run(facts, now), _activity(facts, now), _feedback(facts))


def _token(facts: GitHubFacts, now: datetime) -> Diagnosis:
    found, expires = _rights(facts.token, facts.repository), facts.token.expires
    if expires is None or facts.token.kind is TokenKind.INSTALLATION:  # always valid for hours only
        return found
    said = f"{found.found}; it expires on {expires:%Y-%m-%d}"
    if found.status is Status.PROBLEM or expires - now > _TOKEN_EXPIRES_SOON:
        return replace(found, found=said)
    fix = f"renew it at {facts.repository.server}/settings/tokens"
    return replace(found, status=Status.WARNING, found=said, fix=fix)


def _rights(token: Token, repository: RepositoryFacts) -> Diagnosis:
    name, settings = "token", f"{repository.server}/settings"
    if token.kind is TokenKind.NONE:
        fix = f"set GITHUB_TOKEN to a token with {_NEEDED}"
        return Diagnosis(
            name, Status.UNKNOWN, "GITHUB_TOKEN is not set: only public settings were checked", fix
        )
    if token.kind is TokenKind.INSTALLATION:
        found = f"{token.kind.value}; GitHub does not say which rights it has"
        fix = f"in a workflow, give the job `contents: write` and `pull-requests: write`; in an App, {_NEEDED}"
        return Diagnosis(name, Status.UNKNOWN, found, fix)
    if repository.may_write is False:
        found = f"{token.kind.value}; its account may not write to {repository.name}"
        fix = f"add the account with the role Write at {repository.page}/settings/access"
        return Diagnosis(name, Status.PROBLEM, found, fix)
    if token.scopes is not None:
        return _scopes(token.scopes, token.kind, repository, settings)
    found = f"{token.kind.value}; its account may write, but GitHub does not say which rights the token was given"
    fix = f"check at {settings}/personal-access-tokens that it has this repository, {_NEEDED}"
    return Diagnosis(name, Status.UNKNOWN, found, fix)


def _scopes(
    scopes: frozenset[str], kind: TokenKind, repository: RepositoryFacts, settings: str
) -> Diagnosis:
    enough = {"repo", "public_repo"} if repository.public else {"repo"}
    said = ", ".join(sorted(scopes)) or "none"
    if scopes & enough:
        return Diagnosis("token", Status.OK, f"{kind.value} with write access; scopes: {said}")
    fix = f"give it the scope `{min(enough, key=len)}` at {settings}/tokens"
    return Diagnosis(
        "token", Status.PROBLEM, f"{kind.value} that may not write; scopes: {said}", fix
    )


def _repository(repository: RepositoryFacts) -> Diagnosis:
    found = f"{repository.name}, default branch {repository.default_branch}"
    if repository.archived:
        fix = f"unarchive it at {repository.page}/settings"
        return Diagnosis("repository", Status.PROBLEM, f"{repository.name} is archived", fix)
    return Diagnosis("repository", Status.OK, found)


def _may_open(facts: GitHubFacts) -> Diagnosis:
    """Checks whether a workflow's own token may open pull requests; repository and organisation must both allow it."""
    name, repository = "opening pull requests", facts.repository
    page = f"{repository.page}/settings/actions"
    organisation = f"{repository.server}/organizations/{repository.organisation}/settings/actions"
    box = 'tick "Allow GitHub Actions to create and approve pull requests" at'
    if facts.repository_allows is False or facts.organisation_allows is False:
        if facts.has_secret is True:
            found = f"GitHub Actions is not allowed to, but the workflow has its own token, the secret {SECRET}"
            return Diagnosis(name, Status.OK, found)
        where = organisation if facts.organisation_allows is False else page
        return Diagnosis(name, Status.PROBLEM, "GitHub Actions is not allowed to", f"{box} {where}")
    if isinstance(facts.repository_allows, Unseen):
        found = f"the setting is not shown to this token: {facts.repository_allows.why}"
        return Diagnosis(name, Status.UNKNOWN, found, f"ask an administrator to {box} {page}")
    found = "GitHub Actions is allowed to"
    if isinstance(facts.organisation_allows, Unseen):
        found += " by the repository; the organisation's setting is not shown to this token"
    return Diagnosis(name, Status.OK, found)


_BLOCKING = {
    "creation": "only some accounts may create branches",
    "update": "only some accounts may push to branches",
    "pull_request": "changes need a pull request",
    "required_status_checks": "pushes need passing checks",
    "required_deployments": "pushes need a deployment",
    "workflows": "pushes need a passing workflow",
    "file_path_restriction": "some files must not be changed",
}
_HINDERING = {
    "required_linear_history": "merges are forbidden, so a batch with a conflict is reopened as a new pull request",
    "required_signatures": "commits must be signed, and those made with a personal token are not",
    "non_fast_forward": "force pushes are forbidden, so a batch can't be rebuilt",
    "commit_message_pattern": "commit messages must match a pattern",
    "commit_author_email_pattern": "authors' addresses must match a pattern",
    "committer_email_pattern": "committers' addresses must match a pattern",
}


def _rules(facts: GitHubFacts, branch: str) -> Diagnosis:
    name = "branch rules"
    if isinstance(facts.rules, Unseen):
        page = f"{facts.repository.page}/settings/rules"
        return _unseen(name, facts.rules, f"check that no rule at {page} blocks `arxiv-bot/**`")
    blocking = [(rule, why) for rule in facts.rules if (why := _blocks(rule, branch))]
    hindering = [(rule, _HINDERING[rule.kind]) for rule in facts.rules if rule.kind in _HINDERING]
    if not blocking and not hindering:
        return Diagnosis(name, Status.OK, "no ruleset blocks the branches `arxiv-bot/**`")
    return _obstacles(blocking or hindering, Status.PROBLEM if blocking else Status.WARNING)


def _obstacles(rules: Sequence[tuple[BranchRule, str]], status: Status) -> Diagnosis:
    """Reports the rules that block or hinder the bot's branches, each with what it demands."""
    found = "; ".join(f"{why} (ruleset {rule.ruleset})" for rule, why in rules)
    if all(rule.may_bypass for rule, _ in rules):
        status = Status.WARNING
        found += "; this token may bypass that, but a workflow's own token may not"
    pages = " and ".join(dict.fromkeys(rule.page for rule, _ in rules))
    fix = f"exclude `arxiv-bot/**` from the target branches at {pages}"
    return Diagnosis("branch rules", status, found, fix)


def _blocks(rule: BranchRule, branch: str) -> str:
    """Says why a rule keeps the bot from creating or updating its branch; returns "" if it does not."""
    if rule.kind == "branch_name_pattern" and not _has_pattern(branch, rule.parameters):
        return f"branch names must match {rule.parameters.get('pattern')!r}"
    return _BLOCKING.get(rule.kind, "")


def _has_pattern(name: str, parameters: Mapping[str, Any]) -> bool:
    pattern = str(parameters.get("pattern", ""))
    operator = str(parameters.get("operator"))
    found = _OPERATORS.get(operator, _matches)(name, pattern)
    return found is not bool(parameters.get("negate"))


def _matches(name: str, pattern: str) -> bool:
    try:
        return re.search(pattern, name) is not None
    except re.error:  # GitHub uses RE2, whose syntax differs from Python's in places
        return False


_OPERATORS: Mapping[str, Callable[[str, str], bool]] = {
    "starts_with": str.startswith,
    "ends_with": str.endswith,
    "contains": str.__contains__,
}


def _labels(facts: GitHubFacts, configured: Sequence[str]) -> Diagnosis:
    name, repository = "labels", facts.repository
    if isinstance(facts.labels, Unseen):
        return _unseen(name, facts.labels, f"see {repository.page}/labels")
    existing = {label.casefold() for label in facts.labels}
    if missing := [label for label in STEERING if label.name not in existing]:
        return _missing_labels(missing, repository)
    found = f"{', '.join(label.name for label in STEERING)} exist"
    if coming := [label for label in configured if label.casefold() not in existing]:
        found += f"; the bot creates {', '.join(coming)} with the first pull request"
    return Diagnosis(name, Status.OK, found)


def _missing_labels(missing: Sequence[Label], repository: RepositoryFacts) -> Diagnosis:
    names = ", ".join(label.name for label in missing)
    commands = (
        f"gh label create {label.name} --color {label.colour} "
        f'--description "{label.meaning}" --repo {repository.name}'
        for label in missing
    )
    found = f"{names} can't be chosen: no such label exists yet"
    return Diagnosis("labels", Status.WARNING, found, "\n".join(commands))


def _unseen(name: str, fact: Unseen, fix: str) -> Diagnosis:
    return Diagnosis(name, Status.UNKNOWN, f"not shown to this token: {fact.why}", fix)


_STATES = {
    "disabled_inactivity": f"GitHub disabled it after {_INACTIVE_AFTER} days without activity",
    "disabled_manually": "somebody disabled it",
    "disabled_fork": "a fork's workflows are disabled until somebody enables them",
    "deleted": "it was deleted",
}


def _schedule(facts: GitHubFacts) -> Diagnosis:
    name, repository = "schedule", facts.repository
    if isinstance(facts.workflow, Unseen):
        fix = f"see {repository.page}/actions/workflows/{WORKFLOW}"
        return _unseen(name, facts.workflow, fix)
    if facts.workflow is None:
        found = f"{repository.name} has no workflow {WORKFLOW}"
        fix = f"unless the bot runs elsewhere, add .github/workflows/{WORKFLOW} to {repository.default_branch}"
        return Diagnosis(name, Status.WARNING, found, fix)
    if facts.workflow != "active":
        why = _STATES.get(facts.workflow, facts.workflow)
        return Diagnosis(
            name, Status.PROBLEM, f"{WORKFLOW} is disabled: {why}", _enable(WORKFLOW, repository)
        )
    return Diagnosis(name, Status.OK, f"{WORKFLOW} is enabled")


def _enable(workflow: str, repository: RepositoryFacts) -> str:
    page = f"{repository.page}/actions/workflows/{workflow}"
    return (
        f"run `gh workflow enable {workflow} --repo {repository.name}`, or use the button at {page}"
    )


def _last_run(facts: GitHubFacts, now: datetime) -> Diagnosis:
    name, page = "last run", f"{facts.repository.page}/actions/workflows/{WORKFLOW}"
    if isinstance(facts.last_run, Unseen):
        return _unseen(name, facts.last_run, f"see {page}")
    run = facts.last_run
    if run is None:
        return Diagnosis(name, Status.WARNING, "no scheduled run yet", f"start one at {page}")
    found = f"scheduled, {run.started:%Y-%m-%d %H:%M} UTC: {run.conclusion or 'still running'}"
    if run.conclusion not in {"", "success"}:
        return Diagnosis(name, Status.PROBLEM, found, f"read {run.page}")
    if now - run.started > _RUN_OVERDUE:
        return Diagnosis(name, Status.WARNING, f"{found}; none since", f"see {page}")
    return Diagnosis(name, Status.OK, found)


def _activity(facts: GitHubFacts, now: datetime) -> Diagnosis:
    name, repository = "activity", facts.repository
    if not repository.public:
        found = "GitHub does not disable the schedules of a private repository"
        return Diagnosis(name, Status.OK, found)
    if repository.pushed is None:
        return Diagnosis(name, Status.WARNING, "the repository is empty", "push the list")
    days = (now - repository.pushed).days
    found = f"last push {days} days ago"
    if days < _WARN_INACTIVE:
        return Diagnosis(name, Status.OK, found)
    left = max(0, _INACTIVE_AFTER - days)
    found += f"; GitHub disables schedules after {_INACTIVE_AFTER}"
    found += f", that is in {left} days" if left else ", so it may have done so by now"
    fix = f"push or merge something; if the schedule is disabled, {_enable(WORKFLOW, repository)}"
    return Diagnosis(name, Status.WARNING, found, fix)


def _feedback(facts: GitHubFacts) -> Diagnosis:
    name = "feedback"
    if isinstance(facts.feedback, Unseen):
        fix = f"see {facts.repository.page}/actions/workflows/{FEEDBACK}"
        return _unseen(name, facts.feedback, fix)
    if facts.feedback is None:
        return Diagnosis(
            name, Status.OK, f"no {FEEDBACK}: the next scheduled run reads the answers"
        )
    if facts.feedback != "active":
        found = f"{FEEDBACK} is disabled: answers wait for the next scheduled run"
        return Diagnosis(name, Status.WARNING, found, _enable(FEEDBACK, facts.repository))
    return Diagnosis(name, Status.OK, f"{FEEDBACK} is enabled")
