"""The settings of a repository on the test GitHub: an application in front of a `Hub` for the requests of the doctor.

Responses and refusals have GitHub's own form; all other requests go to the hub.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.servers.github import Hub, shapes
from tests.servers.http import Request, Response

Json = Any
_DOCS = "https://docs.github.com/rest"


@dataclass
class Run:
    """A scheduled run of the workflow; `conclusion` is None while it is in progress."""

    created: str
    conclusion: str | None = "success"


@dataclass
class Ruleset:
    """Rules in force for the bot's branches; `rules` are (type, parameters)."""

    number: int
    rules: list[tuple[str, Json]]
    organisation: str = ""
    bypass: str = "never"


@dataclass
class Settings:
    """The settings, and the application that serves them.

    `sees_settings` is whether the token may read what only administrators see, `sees_actions` whether it has
    `Actions: read`; `broken` is a path on which GitHub fails.
    """

    hub: Hub
    sees_settings: bool = True
    sees_actions: bool = True
    refusal: str = "Resource not accessible by integration"
    may_approve: bool = True
    organisation_may_approve: bool | None = None
    secrets: set[str] = field(default_factory=set)
    rulesets: list[Ruleset] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    workflows: dict[str, str] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)
    push: bool | None = None
    scopes: str | None = None
    expires: str = ""
    archived: bool = False
    private: bool = False
    pushed: str | None = "2026-11-01T00:00:00Z"
    broken: str = ""

    def respond(self, request: Request) -> Response:
        if self.broken and request.path.endswith(self.broken):
            return Response(500, b'{"message": "Server Error"}')
        if request.headers.get("authorization", "").partition(" ")[2] not in ("", self.hub.token):
            return self.hub.respond(request)
        path = request.path.removeprefix("/api/v3").removeprefix(f"/repos/{self.hub.name}")
        if request.method == "GET":
            for pattern, handler in self._routes():
                if found := re.fullmatch(pattern, path):
                    answer = handler(*found.groups(), request=request)
                    self._check(request, answer)
                    return answer
        answer = self.hub.respond(request)
        return self._repository(request, answer) if path == "" else answer

    def _routes(self) -> list[tuple[str, Callable[..., Response]]]:
        return [
            ("/actions/permissions/workflow", self._permissions),
            (r"/orgs/[^/]+/actions/permissions/workflow", self._organisation),
            (r"/actions/secrets/(\w+)", self._secret),
            (r"/actions/workflows/([\w.-]+)", self._workflow),
            (r"/actions/workflows/([\w.-]+)/runs", self._runs),
            (r"/rules/branches/([^/]+)", self._rules),
            (r"/rulesets/(\d+)", self._ruleset),
            ("/labels", self._labels),
        ]

    def _check(self, request: Request, answer: Response) -> None:
        if self.hub.contract is not None and request.path.endswith("/labels"):
            path = request.path.removeprefix("/api/v3")
            self.hub.problems += self.hub.contract.check(
                "GET", path, None, answer.status, json.loads(answer.body)
            )

    def _repository(self, request: Request, answer: Response) -> Response:
        if answer.status != 200:
            return answer
        data = json.loads(answer.body)
        data |= {"archived": self.archived, "private": self.private, "pushed_at": self.pushed}
        if self.organisation_may_approve is not None:
            data["owner"]["type"] = "Organization"
        if self.push is not None:
            rights = dict.fromkeys(("admin", "maintain", "triage"), False)
            data["permissions"] = {**rights, "push": self.push, "pull": True}
        headers = dict(answer.headers)
        if self.scopes is not None:
            headers["X-OAuth-Scopes"] = self.scopes
        if self.expires:
            headers["github-authentication-token-expiration"] = self.expires
        if self.hub.contract is not None:
            path = request.path.removeprefix("/api/v3")
            self.hub.problems += self.hub.contract.check("GET", path, None, 200, data)
        return Response(200, json.dumps(data).encode(), headers)

    def _refused(self, request: Request, *, allowed: bool) -> Response | None:
        if not request.headers.get("authorization"):
            return _refusal(401, "Requires authentication")
        return None if allowed else _refusal(403, self.refusal)

    def _permissions(self, *, request: Request) -> Response:
        return self._refused(request, allowed=self.sees_settings) or _allows(self.may_approve)

    def _organisation(self, *, request: Request) -> Response:
        refused = self._refused(request, allowed=self.sees_settings)
        return refused or _allows(bool(self.organisation_may_approve))

    def _secret(self, name: str, *, request: Request) -> Response:
        if refused := self._refused(request, allowed=self.sees_settings):
            return refused
        if name not in self.secrets:
            return _refusal(404, "Not Found")
        when = "2025-10-01T00:00:00Z"
        return _json({"name": name, "created_at": when, "updated_at": when})

    def _workflow(self, name: str, *, request: Request) -> Response:
        if not self.sees_actions:
            return _refusal(403, self.refusal)
        if name not in self.workflows:
            return _refusal(404, "Not Found")
        return _json(_workflow(request, name, self.workflows[name]))

    def _runs(self, name: str, *, request: Request) -> Response:
        if not self.sees_actions:
            return _refusal(403, self.refusal)
        if name not in self.workflows:
            return _refusal(404, "Not Found")
        assert request.query["event"] == "schedule"
        shown = self.runs[: int(request.query["per_page"])]
        return _json(
            {
                "total_count": len(self.runs),
                "workflow_runs": [self._run(number, run) for number, run in enumerate(shown)],
            }
        )

    def _run(self, number: int, run: Run) -> Json:
        repository = shapes.repository(self.hub.api, self.hub.name, self.hub.branch, whole=False)
        links = "jobs logs check_suite artifacts cancel rerun workflow".split()
        identity = {"name": "A", "email": "a@example.org"}
        return {
            "id": number,
            "node_id": f"WFR_{number}",
            "head_branch": self.hub.branch,
            "head_sha": "0" * 40,
            "path": ".github/workflows/arxiv-bot.yml",
            "run_number": number,
            "event": "schedule",
            "display_title": "arxiv-bot",
            "status": "completed" if run.conclusion else "in_progress",
            "conclusion": run.conclusion,
            "workflow_id": 5,
            "url": f"{self.hub.api}/runs/{number}",
            "html_url": f"https://github.test/{self.hub.name}/actions/runs/{number}",
            "pull_requests": [],
            "created_at": run.created,
            "updated_at": run.created,
            **{f"{link}_url": f"{self.hub.api}/runs/{number}/{link}" for link in links},
            "head_commit": {
                "id": "0" * 40,
                "tree_id": "0" * 40,
                "message": "Start",
                "timestamp": run.created,
                "author": identity,
                "committer": identity,
            },
            "repository": repository,
            "head_repository": repository,
        }

    def _rules(self, branch: str, *, request: Request) -> Response:
        assert branch.startswith("arxiv-bot%2F")
        body = []
        for ruleset in self.rulesets:
            for kind, parameters in ruleset.rules:
                source = "Organization" if ruleset.organisation else "Repository"
                rule = {"type": kind, "ruleset_source_type": source, "ruleset_id": ruleset.number}
                rule["ruleset_source"] = ruleset.organisation or self.hub.name
                body.append({**rule, "parameters": parameters} if parameters else rule)
        return _json(body)

    def _ruleset(self, number: str, *, request: Request) -> Response:
        ruleset = next(item for item in self.rulesets if item.number == int(number))
        return _json(
            {
                "id": ruleset.number,
                "name": "rules",
                "target": "branch",
                "source_type": "Organization" if ruleset.organisation else "Repository",
                "source": ruleset.organisation or self.hub.name,
                "enforcement": "active",
                "current_user_can_bypass": ruleset.bypass,
            }
        )

    def _labels(self, *, request: Request) -> Response:
        size, page = int(request.query["per_page"]), int(request.query["page"])
        shown = self.labels[(page - 1) * size : page * size]
        url = f"{self.hub.api}/repos/{self.hub.name}"
        return _json([shapes.label(url, name) for name in shown])


def _workflow(request: Request, name: str, state: str) -> Json:
    page = "https://github.test/curator/awesome-list"
    return {
        "id": 5,
        "node_id": "W_5",
        "name": name.removesuffix(".yml"),
        "path": f".github/workflows/{name}",
        "state": state,
        "created_at": "2025-10-01T00:00:00Z",
        "updated_at": "2025-10-01T00:00:00Z",
        "url": request.path,
        "html_url": f"{page}/blob/main/.github/workflows/{name}",
        "badge_url": f"{page}/workflows/{name}/badge.svg",
    }


def _allows(allowed: bool) -> Response:
    return _json(
        {"default_workflow_permissions": "read", "can_approve_pull_request_reviews": allowed}
    )


def _json(body: Json) -> Response:
    return Response(200, json.dumps(body).encode(), {"Content-Type": "application/json"})


def _refusal(status: int, message: str) -> Response:
    body = {"message": message, "documentation_url": _DOCS, "status": str(status)}
    return Response(status, json.dumps(body).encode(), {"Content-Type": "application/json"})
