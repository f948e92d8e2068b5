"""Finds the lines of a TOML file's keys, so that an error about a value can name its line."""

from __future__ import annotations

import re


class TomlLines:
    """Finds the line of a key path in a TOML text, so that an error can name it."""

    _TABLE = re.compile(r"\s*(\[\[?)\s*([\w.\"-]+)\s*\]")
    _KEY = re.compile(r"\s*([\w\"-]+)\s*=")

    def __init__(self, text: str) -> None:
        self._of: dict[tuple[str | int, ...], int] = {}
        seen: dict[str, int] = {}
        table: tuple[str | int, ...] = ()
        for number, line in enumerate(text.splitlines(), start=1):
            if header := self._TABLE.match(line):
                name = header[2].replace('"', "")
                table = tuple(name.split("."))
                if header[1] == "[[":
                    table = (*table, seen.get(name, 0))
                    seen[name] = seen.get(name, 0) + 1
                self._of.setdefault(table, number)
            elif key := self._KEY.match(line):
                self._of.setdefault((*table, key[1].replace('"', "")), number)

    def of(self, path: tuple[str | int, ...]) -> int | None:
        """The line of the key, or of the innermost table around it that is in the text."""
        while path:
            if path in self._of:
                return self._of[path]
            path = path[:-1]
        return None
