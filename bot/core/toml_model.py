"""Reads a TOML file into a pydantic model, and explains each error: line, key, problem, and what to write instead."""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.core.english import count
from bot.core.errors import ConfigError
from bot.core.files import read_plain
from bot.core.toml_syntax import explain_syntax_error

Model = TypeVar("Model", bound=BaseModel)

KeyPath = tuple[str | int, ...]

_TABLE = re.compile(r"\s*(\[\[?)\s*([\w.\"-]+)\s*\]")
_KEY = re.compile(r"\s*([\w\"-]+)\s*=")
_LARGEST = 2**20  # bytes of a file
_WHAT = {
    "missing": "is missing; add it",
    "too_short": "must not be empty; write at least one",
    "string_too_short": "must not be empty",
    "literal_error": "{value} is not allowed; write {expected}",
    "enum": "{value} is not allowed; write {expected}",
    "value_error": "{error}",
    "tuple_type": "{value} is not a list; write [{value}]",
    "model_type": "{value} is not a table; write its keys below [{key}]",
    "bool_parsing": "{value} is not true or false; write one of them, without quotation marks",
    "bool_type": "{value} is not true or false; write one of them, without quotation marks",
}
"""The message for each type of pydantic error (https://docs.pydantic.dev/latest/errors/validation_errors/)."""
_FORM = frozenset({"string_pattern_mismatch", "string_too_short", "string_too_long"})


@dataclass(frozen=True, slots=True)
class TomlFile(Generic[Model]):
    """A kind of TOML file.

    Args:
        model: what it holds.
        if_missing: the fix for a file that is not there.
        advice: by key, the message for a string of the wrong form, for instance "is not a login".
    """

    model: type[Model]
    if_missing: str
    advice: Mapping[str, str] = field(default_factory=dict)

    def load(self, path: Path) -> Model:
        """Reads the file.

        Raises:
            ConfigError: the file can't be read, is not TOML, or has wrong values; the message lists all errors.
        """
        try:
            text = read_plain(path, _LARGEST).decode("utf-8")
        except FileNotFoundError:
            message = "there is no such file"
            raise ConfigError(message, where=str(path), fix=self.if_missing) from None
        except OSError as error:
            message = f"can't read the file: {error.strerror}"
            raise ConfigError(message, where=str(path), fix="check the file") from None
        except UnicodeDecodeError as error:
            message = f"can't read the file: it is not UTF-8: {error.reason}"
            raise ConfigError(message, where=str(path), fix="check the file") from None
        return self.parse(text, where=str(path))

    def parse(self, text: str, *, where: str) -> Model:
        """Reads the text of a file; `where` names the file in messages.

        Raises:
            ConfigError: the text is not TOML, or has wrong values; the message lists all errors.
        """
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            problem = explain_syntax_error(text, str(error))
            raise ConfigError(
                problem.what, where=f"{where}, line {problem.line}", fix=problem.fix
            ) from None
        except RecursionError:
            message = "its values are nested too deeply"
            raise ConfigError(message, where=where, fix="no key needs so many levels") from None
        try:
            return self.model.model_validate(data)
        except ValidationError as error:
            lines = _lines_of_keys(text)
            problems = [self._explain(detail, lines) for detail in _without_echoes(error)]
            listed = "".join(f"\n  - {problem}" for problem in problems)
            raise ConfigError(count(len(problems), "error") + listed, where=where) from None

    def _explain(self, detail: ErrorDetails, lines: Mapping[KeyPath, int]) -> str:
        """Renders an error: line, key path, what is wrong with the value, and what to write instead."""
        path = detail["loc"]
        places = [f"line {line}"] if (line := _line_of(path, lines)) else []
        places += [dotted(path)] if path else []
        return ": ".join((*places, self._problem(detail)))

    def _problem(self, detail: ErrorDetails) -> str:
        context: dict[str, Any] = detail.get("ctx", {})
        value = json.dumps(detail["input"], ensure_ascii=False, default=str)
        key = next((str(part) for part in reversed(detail["loc"]) if isinstance(part, str)), "")
        if detail["type"] in _FORM and key in self.advice:
            return f"{value} {self.advice[key]}"
        if detail["type"] == "extra_forbidden":
            return f"there is no such key; {self._nearest(detail['loc'])}"
        if detail["type"] == "tuple_type" and isinstance(detail["input"], dict):
            return f"may be repeated; write [[{key}]], with both brackets"
        if what := _WHAT.get(detail["type"]):
            return what.format(**context | {"value": value, "key": key})
        return f"{value}: {detail['msg'][0].lower()}{detail['msg'][1:]}"

    def _nearest(self, path: KeyPath) -> str:
        known = sorted(_keys_at(self.model, path[:-1]))
        near = difflib.get_close_matches(str(path[-1]), known, n=1, cutoff=0.6)
        return f"did you mean {near[0]!r}?" if near else f"the keys here are {', '.join(known)}"


def _lines_of_keys(text: str) -> dict[KeyPath, int]:
    """The lines (from 1) of the tables and keys of a TOML text."""
    found: dict[KeyPath, int] = {}
    seen: Counter[str] = Counter()
    table: KeyPath = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _TABLE.match(line):
            name = header[2].replace('"', "")
            table = tuple(name.split("."))
            if header[1] == "[[":
                table = (*table, seen[name])
                seen[name] += 1
            found.setdefault(table, number)
        elif key := _KEY.match(line):
            found.setdefault((*table, key[1].replace('"', "")), number)
    return found


def _line_of(path: KeyPath, lines: Mapping[KeyPath, int]) -> int | None:
    """The line of the key, or of the innermost table around it that is in the text."""
    around = (path[:size] for size in range(len(path), 0, -1))
    return next((lines[part] for part in around if part in lines), None)


def dotted(path: KeyPath) -> str:
    """The path as a person would write it, counted from 1: `topics[2].phrases[1]`."""
    text = ""
    for key in path:
        text += f"[{key + 1}]" if isinstance(key, int) else f".{key}" if text else key
    return text


def _without_echoes(error: ValidationError) -> Iterator[ErrorDetails]:
    """The errors, except for a list's "too short" if an item of that list has an error of its own."""
    details = error.errors(include_url=False)
    paths = [detail["loc"] for detail in details]
    for detail in details:
        path = detail["loc"]
        inside = any(len(other) > len(path) and other[: len(path)] == path for other in paths)
        if not (detail["type"] == "too_short" and inside):
            yield detail


def _keys_at(model: type[BaseModel], path: KeyPath) -> Iterator[str]:
    """The keys that the table at `path` may have."""
    table = model
    for key in path:
        if isinstance(key, str):
            annotation = table.model_fields[key].annotation
            inner = [a for a in (annotation, *get_args(annotation)) if isinstance(a, type)]
            table = next(a for a in inner if issubclass(a, BaseModel))
    yield from table.model_fields
