"""Reads and writes files safely, and checks before a run whether its output files can be written."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.core.errors import UsageError

_FIX = "name another file"


def check_writable(file: Path, option: str) -> None:
    """Checks that a file can be written, before any work is done; creates nothing.

    `option` is the command-line option that names the file.

    Raises:
        UsageError: the file can't be written, as far as this can be known without writing.
    """
    try:
        problem = _write_problem(file)
    except OSError as error:
        problem = f"can't be written: {error.strerror}"
    if problem:
        raise UsageError(problem, where=f"{option} {file}", fix=_FIX)


def _write_problem(file: Path) -> str:
    """Why a file can't be written; "" if it can."""
    if file.is_dir():
        return "it is a folder"
    if file.exists():
        return "" if os.access(file, os.W_OK) else f"can't be written: {file} is write-protected"
    parent = next(
        (folder for folder in file.absolute().parents if os.path.lexists(folder)), Path("/")
    )
    if not parent.is_dir():
        return f"can't be written: {parent} is not a folder"
    if not os.access(parent, os.W_OK | os.X_OK):
        return f"can't be written: the folder {parent} is write-protected"
    return ""


def read_plain(file: Path, most: int) -> bytes:
    """Reads a regular file; refuses devices and pipes, which never end and to which a hostile checkout may link.

    Raises:
        OSError: the file is missing, is not regular, is larger than `most` bytes, or can't be read.
    """
    about = file.stat()
    if stat.S_ISDIR(about.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(file))
    if not stat.S_ISREG(about.st_mode):
        raise OSError(errno.EINVAL, "it is not a regular file", str(file))
    with file.open("rb") as opened:
        content = opened.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, f"it is larger than {most // 2**20} MiB", str(file))
    return content


def write_own(file: Path, content: bytes, option: str = "") -> None:
    """Writes a file whose name the bot chose, and its folder if missing; replaces a symbolic link, never follows it.

    `option` is the command-line option that names the folder, "" if there is none.

    Raises:
        UsageError: the file can't be written.
    """
    with _explained(option, file):
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.is_symlink():
            file.unlink()
        file.write_bytes(content)


def write(file: Path, text: str, *, mode: str = "w") -> None:
    """Writes a text file, and its folder if missing.

    Raises:
        UsageError: the file can't be written.
    """
    content = text.encode("utf-8")  # before the file is opened, so that an error does not empty it
    with _explained("", file):
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open(f"{mode}b") as out:
            out.write(content)


@contextmanager
def _explained(option: str, file: Path) -> Iterator[None]:
    """Turns a failure to write into an error that names the option, if there is one, and the file or folder."""
    try:
        yield
    except OSError as error:
        where = f"{option} {error.filename or file}".strip()
        raise UsageError(f"can't be written: {error.strerror}", where=where, fix=_FIX) from None
