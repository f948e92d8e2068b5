"""The mutation `updateRefs`: moves branches, all or none, each only from the commit at which it was read.

GraphQL responds with status 200 even if it refuses. The form of a refusal is GitHub's own, and so are the messages on
permissions, unknown nodes and objects of another kind. The other messages are unverified: no test should rely on them.
"""

from __future__ import annotations

import re
from typing import Any

from tests.servers.github import query
from tests.servers.github.answers import Refusal
from tests.servers.github.git import ZERO
from tests.servers.github.store import Store

Json = Any
_INPUT = {"repositoryId": True, "refUpdates": True, "clientMutationId": False}
_UPDATE = {"name": True, "afterOid": True, "beforeOid": False, "force": False}
"""The members of the two inputs, and whether each is required."""


class _Refused(Exception):
    """An error of one field: its type and message."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def respond(store: Store, sent: Json) -> Json:
    """The whole response to a request."""
    try:
        operation = query.read(sent["query"], sent.get("variables") or {})
    except query.Unreadable as error:
        return {"errors": [{"message": str(error)}]}
    root = operation.kind.capitalize()
    for field in operation.fields:
        if (root, field.name) != ("Mutation", "updateRefs"):
            return _undefined(field, root, field.name)
        for name in field.selected:
            if name not in {"clientMutationId", "__typename"}:
                return _undefined(field, "UpdateRefsPayload", name)
        if problem := _problem(field.arguments.get("input")):
            return _invalid(operation, field, problem)
    data: Json = {}
    errors: list[Json] = []
    for field in operation.fields:
        given = field.arguments["input"]
        payload = {
            "clientMutationId": given.get("clientMutationId"),
            "__typename": "UpdateRefsPayload",
        }
        try:
            _update_refs(store, given)
            data[field.alias] = {name: payload[name] for name in field.selected}
        except _Refused as refused:
            data[field.alias] = None
            errors.append(
                {
                    "type": refused.kind,
                    "path": [field.alias],
                    "locations": [{"line": field.line, "column": field.column}],
                    "message": str(refused),
                }
            )
    return {"data": data, "errors": errors} if errors else {"data": data}


def _undefined(field: query.Field, kind: str, name: str) -> Json:
    return {
        "errors": [
            {
                "path": [kind.lower(), field.name],
                "extensions": {"code": "undefinedField", "typeName": kind, "fieldName": name},
                "locations": [{"line": field.line, "column": field.column}],
                "message": f"Field '{name}' doesn't exist on type '{kind}'",
            }
        ]
    }


def _problem(given: Json) -> tuple[list[str | int], str] | None:
    """The place and the message of a mistake in an input; None if it is valid."""
    if not isinstance(given, dict):
        return [], "Expected value to not be null"
    if problem := _members([], given, _INPUT, "UpdateRefsInput"):
        return problem
    for number, update in enumerate(given["refUpdates"]):
        here: list[str | int] = ["refUpdates", number]
        if problem := _members(here, update, _UPDATE, "RefUpdate"):
            return problem
        for member in ("beforeOid", "afterOid"):
            oid = update.get(member)
            if oid is not None and not re.fullmatch(r"[0-9a-f]{40}", oid):
                return [*here, member], f'Could not coerce value "{oid}" to GitObjectID'
        if not update["name"].startswith("refs/"):
            return [*here, "name"], f'Could not coerce value "{update["name"]}" to GitRefname'
    return None


def _members(
    here: list[str | int], given: Json, members: dict[str, bool], kind: str
) -> tuple[list[str | int], str] | None:
    for name, needed in members.items():
        if needed and given.get(name) is None:
            return [*here, name], "Expected value to not be null"
    for name in given:
        if name not in members:
            return [*here, name], f"Field is not defined on {kind}"
    return None


def _invalid(
    operation: query.Operation, field: query.Field, problem: tuple[list[str | int], str]
) -> Json:
    path, explanation = problem
    name = next(iter(operation.declared), "input")
    kind = operation.declared.get(name, "UpdateRefsInput!")
    where = f" for {'.'.join(map(str, path))}" if path else ""
    message = f"Variable ${name} of type {kind} was provided invalid value{where} ({explanation})"
    return {
        "errors": [
            {
                "message": message,
                "locations": [{"line": field.line, "column": field.column}],
                "extensions": {
                    "value": field.arguments.get("input"),
                    "problems": [{"path": path, "explanation": explanation}],
                },
            }
        ]
    }


def _update_refs(store: Store, given: Json) -> None:
    if given["repositoryId"] != "R_1":
        message = f"Could not resolve to a node with the global id of '{given['repositoryId']}'"
        raise _Refused("NOT_FOUND", message)
    if refusal := store.refusal_to_write():
        raise _Refused("FORBIDDEN", refusal)
    moves = [_move(store, update) for update in given["refUpdates"]]
    try:
        store.move_refs(*moves, actor=store.login)
    except Refusal as error:
        raise _Refused("UNPROCESSABLE", error.message) from None


def _move(store: Store, update: Json) -> tuple[str, str, str]:
    name, new = update["name"], update["afterOid"]
    now = store.git.resolve(name) or ZERO
    before = update.get("beforeOid")
    if before not in {None, now}:
        expected = f"expected {before} but it is {now}"
        raise _Refused("UNPROCESSABLE", f"Reference cannot be updated: {name}, {expected}")
    if new == ZERO:
        if now == ZERO:
            raise _Refused("UNPROCESSABLE", "Reference does not exist")
        return name, new, now
    kind = store.git.kind(new)
    if not kind:
        raise _Refused("UNPROCESSABLE", "Object does not exist")
    if kind != "commit":
        raise _Refused("UNPROCESSABLE", f"Invalid object type {kind}, expected commit")
    if now != ZERO and not update.get("force") and not store.git.is_ancestor(now, new):
        raise _Refused("UNPROCESSABLE", "Update is not a fast forward")
    if now == ZERO and (rule := store.rule_against(name)):
        raise _Refused("UNPROCESSABLE", rule)
    if now != ZERO and (rule := store.rule_against_merges(name, now, new)):
        raise _Refused("UNPROCESSABLE", rule)
    return name, new, now
