"""The commands that the documentation shows: what stands in fenced `sh` blocks, and behind a `$` in `console` blocks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from docs.making.pages import sources
from tests.conftest import ROOT


@dataclass(frozen=True)
class Shown:
    """A command as the reader would type it, and the first place where it stands."""

    command: str
    where: str


def shown() -> Iterator[Shown]:
    """Every command of every page and of the README, each once."""
    met = set()
    for name in sorted({"README.md", *sources(ROOT)}):
        for command in commands((ROOT / name).read_text(encoding="utf-8")):
            if command not in met:
                met.add(command)
                yield Shown(command, name)


def commands(text: str) -> Iterator[str]:
    """The commands of a Markdown text."""
    for kind, block in re.findall(r"(?ms)^ *```(sh|console)\n(.*?)^ *```$", text):
        lines = re.sub(r"\s*\\\n\s*", " ", block).splitlines()
        for line in lines:
            typed = line.strip()
            if kind == "console":
                if not typed.startswith("$ "):
                    continue
                typed = typed[2:]
            typed = re.sub(r"\s+#.*$", "", typed)
            if typed and not typed.startswith("#"):
                yield typed
