"""Parses the small part of GraphQL that mutations need: one operation, its variables, its fields with arguments."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

Json = Any
_TOKEN = re.compile(
    r'[\s,]+|#[^\n]*|(?P<token>"(?:[^"\\\n]|\\.)*"|\$?\w+|-?\d[\d.eE+-]*|[!{}()\[\]:=])'
)


class Unreadable(Exception):
    """The text is not GraphQL, or uses a part of it that is not supported here."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the operation, with its line and column in the text."""

    name: str
    alias: str
    arguments: dict[str, Json]
    selected: tuple[str, ...]
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation: `kind` is query or mutation; `declared` are the types of the variables."""

    kind: str
    declared: dict[str, str]
    fields: tuple[Field, ...]


def read(text: str, variables: dict[str, Json]) -> Operation:
    """Parses an operation and inserts the values of its variables.

    Raises:
        Unreadable: the text can't be parsed, or a required variable is missing.
    """
    return _Reader(text, variables).operation()


class _Reader:
    def __init__(self, text: str, variables: dict[str, Json]) -> None:
        self._text = text
        self._variables = variables
        self._tokens: list[tuple[str, int]] = []
        position = 0
        while position < len(text):
            found = _TOKEN.match(text, position)
            if found is None:
                raise Unreadable(f"Expected one of a known token, got {text[position]!r}")
            if found["token"]:
                self._tokens.append((found["token"], position))
            position = found.end()
        self._next = 0
        self._declared: dict[str, str] = {}

    def operation(self) -> Operation:
        kind = "query" if self._peek() == "{" else self._take()
        if self._peek() not in {"{", "("}:
            self._take()
        if self._peek() == "(":
            self._declarations()
        return Operation(kind, self._declared, tuple(self._fields()))

    def _peek(self) -> str:
        return self._tokens[self._next][0] if self._next < len(self._tokens) else ""

    def _take(self, wanted: str = "") -> str:
        token = self._peek()
        if not token or (wanted and token != wanted):
            raise Unreadable(f"Expected {wanted or 'more'}, actual: {token or 'end of the text'}")
        self._next += 1
        return token

    def _declarations(self) -> None:
        self._take("(")
        while self._peek() != ")":
            name = self._take().removeprefix("$")
            self._take(":")
            kind = ""
            while self._peek() not in {")", "="} and not self._peek().startswith("$"):
                kind += self._take()
            if self._peek() == "=":
                self._take()
                self._variables = {name: self._value(), **self._variables}
            if kind.endswith("!") and self._variables.get(name) is None:
                problem = "was provided invalid value"
                raise Unreadable(f"Variable ${name} of type {kind} {problem}")
            self._declared[name] = kind
        self._take(")")

    def _fields(self) -> list[Field]:
        self._take("{")
        fields = []
        while self._peek() != "}":
            position = self._tokens[self._next][1] if self._peek() else 0
            alias = name = self._take()
            if self._peek() == ":":
                self._take()
                name = self._take()
            arguments = self._named(")") if self._peek() == "(" else {}
            selected = [field.name for field in self._fields()] if self._peek() == "{" else []
            before = self._text[:position]
            line, column = before.count("\n") + 1, position - before.rfind("\n")
            fields.append(Field(name, alias, arguments, tuple(selected), line, column))
        self._take("}")
        return fields

    def _named(self, end: str) -> dict[str, Json]:
        self._take()
        named = {}
        while self._peek() != end:
            name = self._take()
            self._take(":")
            named[name] = self._value()
        self._take(end)
        return named

    def _value(self) -> Json:
        if self._peek() == "{":
            return self._named("}")
        token = self._take()
        if token == "[":
            items = []
            while self._peek() != "]":
                items.append(self._value())
            self._take("]")
            return items
        if token.startswith("$"):
            if token[1:] not in self._declared:
                raise Unreadable(f"Variable {token} is used but not declared")
            return self._variables.get(token[1:])
        try:
            return json.loads(token)
        except json.JSONDecodeError:
            if not re.fullmatch(r"[A-Za-z_]\w*", token):
                raise Unreadable(f"Expected a value, actual: {token}") from None
            return token  # an enumeration's value
