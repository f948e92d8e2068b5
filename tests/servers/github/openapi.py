"""Validates every exchange against GitHub's own OpenAPI description."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema_rs

Json = Any
_UNDESCRIBED = {
    "/graphql",
    "/api/graphql",
    "/repos/{owner}/{repo}/commits/{ref}/statuses",
    "/repos/{owner}/{repo}/statuses/{sha}",
    "/repos/{owner}/{repo}/collaborators/{username}/permission",
    "/repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers",
    "/repos/{owner}/{repo}/pulls/{pull_number}/reviews",
}
"""Paths that the server supports although the excerpt of GitHub's description does not have them."""


class Contract:
    """The operations of a description; `check` returns the violations in one exchange, as sentences."""

    def __init__(self, path: Path) -> None:
        self._spec = _nullable(json.loads(path.read_text(encoding="utf-8")))
        self._routes = [(_pattern(template), template) for template in self._spec["paths"]]
        self._undescribed = [_pattern(template) for template in _UNDESCRIBED]
        self._validators: dict[str, Any] = {}

    def check(self, method: str, path: str, sent: Json, status: int, answer: Json) -> list[str]:
        template = next((t for pattern, t in self._routes if pattern.fullmatch(path)), None)
        operation = self._spec["paths"].get(template, {}).get(method.lower()) if template else None
        if operation is None:
            known = any(pattern.fullmatch(path) for pattern in self._undescribed)
            return [] if known else [f"{method} {path} is not in GitHub's description"]
        problems = []
        body = operation.get("requestBody")
        if body and sent is not None and not (template or "").endswith("/labels"):
            schema = body["content"]["application/json"]["schema"]
            problems += self._against(schema, sent, f"{method} {template}: request")
        response = operation["responses"].get(str(status))
        if response is None:
            allowed = status in (401, 403, 404, 409, 422, 429, 502)
            return (
                problems
                if allowed
                else [*problems, f"{method} {template}: {status} is not described"]
            )
        response = self._resolve(response)
        schema = response.get("content", {}).get("application/json", {}).get("schema")
        if schema is not None:
            problems += self._against(schema, answer, f"{method} {template}: {status}")
        return problems

    def check_schema(self, name: str, value: Json) -> list[str]:
        """The violations of one of the description's schemas, as sentences."""
        return self._against({"$ref": f"#/components/schemas/{name}"}, value, name)

    def _resolve(self, node: Json) -> Json:
        while "$ref" in node:
            target: Json = self._spec
            for key in node["$ref"].removeprefix("#/").split("/"):
                target = target[key]
            node = target
        return node

    def _against(self, schema: Json, value: Json, where: str) -> list[str]:
        key = json.dumps(schema, sort_keys=True)
        if key not in self._validators:
            whole = {**schema, "components": self._spec["components"]}
            self._validators[key] = jsonschema_rs.validator_for(whole)
        return [
            f"{where}: {'/'.join(map(str, error.instance_path))}: {error.message[:300]}"
            for error in self._validators[key].iter_errors(value)
        ]


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", template)
    text = ""
    for number, part in enumerate(parts):
        text += (
            re.escape(part)
            if number % 2 == 0
            else (".+" if part in {"ref", "path", "basehead"} else "[^/]+")
        )
    return re.compile(text)


def _nullable(node: Json) -> Json:
    """Converts OpenAPI 3.0's `nullable` to JSON Schema."""
    if isinstance(node, list):
        return [_nullable(item) for item in node]
    if not isinstance(node, dict):
        return node
    plain = {key: _nullable(value) for key, value in node.items() if key != "nullable"}
    if node.get("nullable") is True:
        return {"anyOf": [plain, {"type": "null"}]}
    return plain
