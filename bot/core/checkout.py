"""Where a checkout comes from, by its git configuration."""

from __future__ import annotations

import errno
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_SECTION = re.compile(r'^\s*\[remote "([^"]+)"\]\s*$')
_LARGEST = 1_000_000  # characters of a git configuration
_URL = re.compile(r"^\s*url\s*=\s*(\S+)\s*$")
# https://host/owner/name.git, git@host:owner/name, ssh://git@host:22/owner/name; a token before the host is not kept.
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
        """Its name without the owner's."""
        return self.name.partition("/")[2]

    @property
    def page(self) -> str:
        """Its address."""
        return f"https://{self.host}/{self.name}"


def read_origin(folder: Path) -> Origin | None:
    """The repository that a folder, the top of a checkout, comes from; None where that is unknown."""
    git = folder / ".git"
    with suppress(OSError, ValueError):  # ValueError: a NUL in a path that a file names
        if git.is_file():  # a worktree, or a submodule
            git = folder / _read(git).removeprefix("gitdir:").strip()
        if (shared := git / "commondir").is_file():
            git /= _read(shared).strip()
        return origin_of(_read(git / "config"))
    return None


def _read(path: Path) -> str:
    """A file's text, if it is a plain file, and no more of it than a configuration has.

    A device or a pipe in the place of `.git/config` would be read for ever.

    Raises:
        OSError: it is no plain file, or can't be read.
    """
    if not path.is_file():
        raise OSError(errno.EINVAL, "not a plain file", str(path))
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.read(_LARGEST)


def origin_of(git_config: str) -> Origin | None:
    """The repository of the remote `origin`, else of the first; None where there is none on a host."""
    found: dict[str, Origin] = {}
    remote = ""
    for line in git_config.splitlines():
        if line.lstrip().startswith("["):
            section = _SECTION.match(line)
            remote = section[1] if section else ""
        elif remote and (url := _URL.match(line)) and (address := _ADDRESS.fullmatch(url[1])):
            found.setdefault(remote, Origin(address["host"], address["name"]))
    return found.get("origin") or next(iter(found.values()), None)
