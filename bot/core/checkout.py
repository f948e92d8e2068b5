"""Reads a checkout's git configuration to find the repository that it was cloned from."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bot.core.files import read_plain

_SECTION = re.compile(r'^\s*\[remote "([^"]+)"\]\s*$')
_LARGEST = 1_000_000  # bytes of a git configuration
_URL = re.compile(r"^\s*url\s*=\s*(\S+)\s*$")
# https://host/owner/name.git, git@host:owner/name, ssh://git@host:22/owner/name; drops a token before the host.
_ADDRESS = re.compile(
    r"(?:https?://(?:[^@/\s]*@)?|ssh://(?:[\w-]+@)?|[\w-]+@)(?P<host>[\w.-]+)(?::\d+(?=/))?[:/]"
    r"(?P<name>[\w-][\w.-]*/[\w-][\w.-]*?)(?:\.git)?/?"
)


@dataclass(frozen=True, slots=True)
class Origin:
    """A repository on a host: `name` is owner/name."""

    host: str
    name: str

    @property
    def repository(self) -> str:
        """The repository's name without its owner."""
        return self.name.partition("/")[2]

    @property
    def page(self) -> str:
        """The URL of the repository's page."""
        return f"https://{self.host}/{self.name}"


def read_origin(folder: Path) -> Origin | None:
    """The repository that a checkout was cloned from, given its top folder; None if unknown."""
    git = folder / ".git"
    with suppress(OSError, ValueError):  # ValueError: a path in a file contains a NUL character
        if git.is_file():  # a worktree, or a submodule
            git = folder / _read(git).removeprefix("gitdir:").strip()
        if (shared := git / "commondir").is_file():
            git /= _read(shared).strip()
        return origin_of(_read(git / "config"))
    return None


def _read(path: Path) -> str:
    return read_plain(path, _LARGEST).decode("utf-8", "replace")


def origin_of(git_config: str) -> Origin | None:
    """The repository of the remote `origin`, else of the first remote; None if no remote is on a host."""
    found: dict[str, Origin] = {}
    remote = ""
    for line in git_config.splitlines():
        if line.lstrip().startswith("["):
            section = _SECTION.match(line)
            remote = section[1] if section else ""
        elif remote and (url := _URL.match(line)) and (address := _ADDRESS.fullmatch(url[1])):
            found.setdefault(remote, Origin(address["host"], address["name"]))
    return found.get("origin") or next(iter(found.values()), None)
