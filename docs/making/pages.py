"""Gathers the site's pages from Markdown files all over the repository, and adapts their links.

A link to a file that is a page leads to the page, one to any other file to that file on GitHub, and one to a file that
is not there is an error.
"""

from __future__ import annotations

import json
import os
import posixpath
import re
import shutil
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

SOURCE = "https://github.com/awesome-rlaif/awesome-rlaif/blob/main/"
"""Where files that are no pages can be read."""

ELSEWHERE = {
    "SECURITY.md": "project/security.md",
    "CONTRIBUTING.md": "project/contributing.md",
    "CHANGELOG.md": "project/changelog.md",
    "benchmarks/README.md": "project/benchmarks.md",
    "benchmarks/labels/README.md": "project/labels.md",
    "docs/decisions/README.md": "decisions/index.md",
}
"""Pages from outside of docs/, or with another name there: the file, and its page."""

BESIDE = ("assets", "images", "schemas")
"""Folders of docs/ that are published as they are."""

_LINK = re.compile(r"(\]\()(?!https?:|mailto:|#)([^)\s#]+)(#[^)\s]*)?(\))")
_FENCE = re.compile(r"^ *(```+|~~~+)")


class DeadLinkError(Exception):
    """A page links to a file that is not there."""


def sources(root: Path) -> Mapping[str, str]:
    """The files that are pages, and the pages that they are."""
    docs = root / "docs"
    own = {
        path.relative_to(root).as_posix(): path.relative_to(docs).as_posix()
        for path in sorted(docs.rglob("*.md"))
    }
    return {**own, **ELSEWHERE}


def stage(root: Path, folder: Path) -> int:
    """Writes every page to a folder, with its pictures; returns the number of pages."""
    known = sources(root)
    for file, page in known.items():
        target = folder / page
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(fit((root / file).read_text("utf-8"), file, root), encoding="utf-8")
    for name in BESIDE:
        shutil.copytree(root / "docs" / name, folder / name, ignore=shutil.ignore_patterns("*.py"))
    return len(known)


def settings(root: Path, address: str) -> str:
    """The settings for Zensical: those of the file, with the site's address and every decision in the navigation."""
    text = (root / "docs" / "zensical.toml").read_text(encoding="utf-8")
    if address:
        text = text.replace("[project]\n", f"[project]\nsite_url = {json.dumps(address)}\n", 1)
    decisions = [
        f"{{ {json.dumps(_title(path))} = {json.dumps(f'decisions/{path.name}')} }}"
        for path in sorted((root / "docs" / "decisions").glob("0*.md"))
    ]
    index = '"decisions/index.md"'
    return text.replace(f"= {index}", f"= [{', '.join([index, *decisions])}]")


def _title(path: Path) -> str:
    """A decision's title without its number and code marks, for the navigation."""
    return (
        path.read_text(encoding="utf-8").splitlines()[0].lstrip("# 0123456789.:").replace("`", "")
    )


def fit(text: str, file: str, root: Path) -> str:
    """A page's text with adapted links; code stays as it is."""
    lines, fence = [], ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = mark[1]
        elif mark and line.strip() == fence:
            fence = ""
        fitted = line if fence else _LINK.sub(lambda found: _fitted(found, file, root), line)
        lines.append(fitted)
    return "\n".join(lines)


def _fitted(found: re.Match[str], file: str, root: Path) -> str:
    known = sources(root)
    folder = PurePosixPath(known[file]).parent
    target = posixpath.normpath(posixpath.join(posixpath.dirname(file), found[2]))
    within = target.removeprefix("docs/")
    if not (root / target).exists():
        raise DeadLinkError(f"{file} links to {found[2]}, which is not there")
    if target in known:
        link = os.path.relpath(known[target], folder)
    elif within.split("/")[0] in BESIDE and (root / target).is_file():
        link = os.path.relpath(within, folder)
    else:
        link = SOURCE + target
    return f"{found[1]}{link}{found[3] or ''}{found[4]}"
