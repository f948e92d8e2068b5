"""Text files that are written where the user names them: looked at before the work, written after it."""

from __future__ import annotations

import os
from pathlib import Path

from bot.errors import UsageError

_FIX = "name another file"


def check_writable(file: Path, option: str) -> None:
    """Finds out whether a file can be written before anything is done, not after it; makes nothing.

    Raises:
        UsageError: it can't, as far as can be told without writing; `option` named it.
    """
    where = f"{option} {file}"
    if file.is_dir():
        raise UsageError("it is a folder", where=where, fix=_FIX)
    if os.path.lexists(file):
        wanting = "" if os.access(file, os.W_OK) else f"{file} may not be written"
    else:
        there = next((one for one in file.absolute().parents if os.path.lexists(one)), Path("/"))
        wanting = "" if there.is_dir() else f"{there} is no folder"
        if not wanting and not os.access(there, os.W_OK | os.X_OK):
            wanting = f"nothing may be written in {there}"
    if wanting:
        raise UsageError(f"can't be written: {wanting}", where=where, fix=_FIX)


def write(file: Path, text: str, *, mode: str = "w") -> None:
    """Writes a text file, its folder too where that is missing.

    Raises:
        UsageError: it can't be written.
    """
    content = text.encode("utf-8")  # first: what can't be written empties no file
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open(f"{mode}b") as out:
            out.write(content)
    except OSError as error:
        told = f"can't be written: {error.strerror}"
        raise UsageError(told, where=str(file), fix=_FIX) from None
