"""Text files that are written where the user names them: looked at before the work, written after it."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from bot.core.errors import UsageError

_FIX = "name another file"


def check_writable(file: Path, option: str) -> None:
    """Finds out whether a file can be written before anything is done, not after it; makes nothing.

    Raises:
        UsageError: the file can't be written, as far as that shows without writing; `option` named it.
    """
    try:
        wanting = _wanting(file)
    except OSError as error:
        wanting = f"can't be written: {error.strerror}"
    if wanting:
        raise UsageError(wanting, where=f"{option} {file}", fix=_FIX)


def _wanting(file: Path) -> str:
    if file.is_dir():
        return "it is a folder"
    if file.exists():
        return "" if os.access(file, os.W_OK) else f"can't be written: {file} may not be written"
    there = next(
        (folder for folder in file.absolute().parents if os.path.lexists(folder)), Path("/")
    )
    if not there.is_dir():
        return f"can't be written: {there} is no folder"
    if not os.access(there, os.W_OK | os.X_OK):
        return f"can't be written: nothing may be written in {there}"
    return ""


def read_plain(file: Path, most: int) -> bytes:
    """The content of a plain file: a device or a pipe in its place, as a hostile checkout may link to, has no end.

    Raises:
        OSError: it is not there, is no plain file, has more than `most` bytes, or can't be read.
    """
    about = file.stat()
    if stat.S_ISDIR(about.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(file))
    if not stat.S_ISREG(about.st_mode):
        raise OSError(errno.EINVAL, "it is not a plain file", str(file))
    with file.open("rb") as opened:
        content = opened.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, f"it has more than {most // 2**20} MiB", str(file))
    return content


def write_own(file: Path, content: bytes, option: str = "") -> None:
    """Writes a file whose name is the bot's choice: a link that stands in its place is replaced, not followed.

    Raises:
        UsageError: it can't be written; `option` named its folder.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.is_symlink():
            file.unlink()
        file.write_bytes(content)
    except OSError as error:
        message = f"can't be written: {error.strerror}"
        where = f"{option} {error.filename or file}".strip()
        raise UsageError(message, where=where, fix=_FIX) from None


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
        message = f"can't be written: {error.strerror}"
        raise UsageError(message, where=str(file), fix=_FIX) from None
