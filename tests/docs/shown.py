"""The commands that the documentation shows: the lines of `sh` blocks, and those after a `$` in `console` blocks."""

import re
from collections.abc import Iterator

from docs.making.pages import sources
from tests.conftest import ROOT


def shown() -> dict[str, list[str]]:
    """The commands of each page that shows some, and of the README, in order."""
    pages = {
        name: list(commands((ROOT / name).read_text(encoding="utf-8")))
        for name in sorted({"README.md", *sources(ROOT)})
    }
    return {name: found for name, found in pages.items() if found}


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
