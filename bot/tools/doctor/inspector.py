"""Reads from GitHub what the doctor needs to know; changes nothing. Each fact that GitHub refuses becomes unknown."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar
from urllib.parse import quote

from bot.core.errors import ForgeError, ForgeSetupError
from bot.forge.connection import MALFORMED
from bot.forge.github_api import GitHub
from bot.forge.protocol import ApiResponse
from bot.tools.doctor.facts import (
    FEEDBACK,
    SECRET,
    WORKFLOW,
    BranchRule,
    GitHubFacts,
    LastRun,
    RepositoryFacts,
    Token,
    Unseen,
    token_kind,
)

_PAGE = 100
_MOST_PAGES = 20  # of labels; no repository has nearly as many
_EXPIRES = ("%Y-%m-%d %H:%M:%S %Z", "%Y-%m-%d %H:%M:%S %z")

T = TypeVar("T")


class Inspector:
    """Reads the facts about one repository; `token` is the one that `github` uses, and shows its kind."""

    def __init__(self, github: GitHub, name: str, token: str) -> None:
        self._github = github
        self._path = f"/repos/{name}"
        self.name = name
        self._token = token

    def read(self, branch: str) -> GitHubFacts:
        """Reads all facts; `branch` is an example of the bot's branch names.

        Raises:
            ForgeError: the repository itself can't be read.
        """
        answer = self._github.look(self._path)
        if answer.data is None:
            fix = "check the name; a private repository is shown only to a token that may read it"
            raise ForgeSetupError(f"GitHub says {answer.reason!r}", where=self.name, fix=fix)
        repository = _read(answer, _repository)
        if isinstance(repository, Unseen):
            raise ForgeError(repository.why, where=self.name, fix="run again later")
        if repository.name.casefold() != self.name.casefold():
            message = f"the repository is now called {repository.name}"
            raise ForgeSetupError(message, where=self.name, fix="use the new name")
        owner, workflows = repository.organisation, f"{self._path}/actions/workflows"
        return GitHubFacts(
            token=_token(self._token, answer.headers),
            repository=repository,
            repository_allows=self._allows(self._path),
            organisation_allows=self._allows(f"/orgs/{owner}") if owner else None,
            has_secret=self._or_none(f"{self._path}/actions/secrets/{SECRET}", lambda _: True),
            rules=self._rules(branch, repository),
            labels=self._labels(),
            workflow=self._or_none(f"{workflows}/{WORKFLOW}", _state),
            feedback=self._or_none(f"{workflows}/{FEEDBACK}", _state),
            last_run=self._or_none(
                f"{workflows}/{WORKFLOW}/runs", _last_run, event="schedule", per_page=1
            ),
        )

    def read_list(self, path: str) -> bytes | Unseen | None:
        """Reads the list on the default branch; returns None if there is no such file."""
        found = self._or_none(f"{self._path}/contents/{quote(path)}", _file)
        if found is None or isinstance(found, Unseen):
            return found
        content, sha = found
        return content if sha is None else self._fact(f"{self._path}/git/blobs/{sha}", _decoded)

    def _look(self, path: str, **parameters: str | int) -> ApiResponse | Unseen:
        try:
            return self._github.look(path, **parameters)
        except ForgeError as error:
            return Unseen(error.message)

    def _fact(self, path: str, read: Callable[[Any], T], **parameters: str | int) -> T | Unseen:
        """Asks GitHub and parses the answer; `Unseen` if GitHub refuses, which it may also do with a 404."""
        answer = self._look(path, **parameters)
        return answer if isinstance(answer, Unseen) else _read(answer, read)

    def _or_none(
        self, path: str, read: Callable[[Any], T | None], **parameters: str | int
    ) -> T | Unseen | None:
        """Like `_fact`, for facts that everybody who sees the repository may read: a 404 means that there is none."""
        answer = self._look(path, **parameters)
        if isinstance(answer, Unseen):
            return answer
        return None if answer.status == 404 else _read(answer, read)

    def _allows(self, path: str) -> bool | Unseen:
        """Whether a repository or an organisation lets workflows open pull requests."""
        asked = f"{path}/actions/permissions/workflow"
        return self._fact(asked, lambda data: bool(data["can_approve_pull_request_reviews"]))

    def _labels(self) -> frozenset[str] | Unseen:
        names: set[str] = set()
        for page in range(1, _MOST_PAGES + 1):
            found = self._fact(f"{self._path}/labels", _names, per_page=_PAGE, page=page)
            if isinstance(found, Unseen):
                return found
            names.update(found)
            if len(found) < _PAGE:
                break
        return frozenset(names)

    def _rules(self, branch: str, repository: RepositoryFacts) -> tuple[BranchRule, ...] | Unseen:
        @cache
        def may_bypass(ruleset: int) -> bool:
            return self._fact(f"{self._path}/rulesets/{ruleset}", _may_bypass) is True

        def read(rules: list[Mapping[str, Any]]) -> tuple[BranchRule, ...]:
            return tuple(_rule(rule, may_bypass(rule["ruleset_id"]), repository) for rule in rules)

        path = f"{self._path}/rules/branches/{quote(branch, safe='')}"
        return self._fact(path, read, per_page=_PAGE)


def _read(answer: ApiResponse, read: Callable[[Any], T]) -> T | Unseen:
    """Parses an answer; returns `Unseen` if GitHub refused, or if the answer is not in the documented form."""
    if answer.data is None:
        return Unseen(f"{answer.reason} (HTTP {answer.status})")
    try:
        return read(answer.data)
    except MALFORMED:
        return Unseen("GitHub's response is not in the documented form")


def _repository(data: Mapping[str, Any]) -> RepositoryFacts:
    owner, rights = data["owner"], data.get("permissions")
    return RepositoryFacts(
        name=data["full_name"],
        page=data["html_url"],
        default_branch=data["default_branch"],
        archived=data["archived"],
        public=not data["private"],
        organisation=owner["login"] if owner["type"] == "Organization" else "",
        pushed=_time(data["pushed_at"]) if data["pushed_at"] else None,
        may_write=rights["push"] if rights else None,
    )


def _token(token: str, headers: Mapping[str, str]) -> Token:
    """Returns what the answer's headers say about the token."""
    stated = headers.get("x-oauth-scopes")
    scopes = None if stated is None else frozenset(stated.replace(",", " ").split())
    return Token(
        token_kind(token), scopes, _expiry(headers.get("github-authentication-token-expiration"))
    )


def _expiry(text: str | None) -> datetime | None:
    for form in _EXPIRES:
        try:
            found = datetime.strptime(text or "", form)  # noqa: DTZ007 (made aware below)
        except ValueError:
            continue
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    return None


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _names(data: list[Mapping[str, Any]]) -> list[str]:
    return [str(label["name"]) for label in data]


def _state(data: Mapping[str, Any]) -> str:
    return str(data["state"])


def _last_run(data: Mapping[str, Any]) -> LastRun | None:
    runs = data["workflow_runs"]
    if not runs:
        return None
    newest = runs[0]
    return LastRun(_time(newest["created_at"]), newest["conclusion"] or "", newest["html_url"])


def _may_bypass(data: Mapping[str, Any]) -> bool:
    return data.get("current_user_can_bypass") in {"always", "exempt"}


def _rule(data: Mapping[str, Any], may_bypass: bool, repository: RepositoryFacts) -> BranchRule:  # noqa: FBT001
    owner = repository.page
    if data["ruleset_source_type"] == "Organization":
        owner = f"{repository.server}/organizations/{data['ruleset_source']}"
    return BranchRule(
        kind=data["type"],
        ruleset=f"{data['ruleset_id']} of {data['ruleset_source']}",
        page=f"{owner}/settings/rules/{data['ruleset_id']}",
        may_bypass=may_bypass,
        parameters=data.get("parameters", {}),
    )


def _file(data: Any) -> tuple[bytes, str | None] | None:  # noqa: ANN401 (a file, or a folder's list)
    """Returns a file's content and None, or, above 1 MB, no content and the SHA of its blob; None for a folder."""
    if not isinstance(data, dict) or data["type"] != "file":
        return None
    if data["encoding"] == "base64":
        return _decoded(data), None
    return b"", str(data["sha"])


def _decoded(data: Mapping[str, Any]) -> bytes:
    return base64.b64decode(data["content"])
