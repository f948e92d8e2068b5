"""Detects merge conflicts without git, from the lines around each change.

git merges a change without conflict as long as the other side leaves the changed lines and the lines around them alone
(https://git-scm.com/docs/git-merge). An anchor is a hash of those lines: if the new list has it, there is no conflict.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from io import BytesIO

_CONTEXT = 3  # lines on each side, as in git's own diffs
_Hunk = tuple[
    int, int, list[bytes]
]  # half-open range of lines (from 0), and the lines that replace it


def anchors(content: bytes, edits: Iterable[tuple[int, int]], path: str = "") -> tuple[str, ...]:
    """Returns the merge anchors of edits, one for each distinct range of lines.

    Args:
        content: the file before the edits.
        edits: half-open ranges of bytes; an insertion has equal ends.
        path: names the file in the anchors; "" for the list's first file.
    """
    lines = _lines(content)
    spans = dict.fromkeys(_span(content, start, end) for start, end in sorted(edits))
    of = f"@{path}" if path else ""
    return tuple(f"{_anchor(lines, number, size)}{of}" for number, size in spans)


def _span(content: bytes, start: int, end: int) -> tuple[int, int]:
    """The first line of an edit and the number of lines it changes; 0 for an insertion between two lines."""
    first = content.count(b"\n", 0, start)
    at_start = start == 0 or content[start - 1 : start] == b"\n"
    if start == end and at_start:
        return first, 0
    return first, content.count(b"\n", start, max(start, end - 1)) + 1


def hold_in_files(files: Mapping[str, bytes], first: str, wanted: Iterable[str]) -> bool:
    """Whether each wanted anchor occurs exactly once in its file; an anchor without a path is of the `first` file."""
    by_path: dict[str, list[str]] = {}
    for name in wanted:
        anchor, _, path = name.partition("@")
        by_path.setdefault(path or first, []).append(anchor)
    return all(hold(files.get(path, b""), names) for path, names in by_path.items())


def hold(content: bytes, wanted: Iterable[str]) -> bool:
    """Whether each wanted anchor, without a path, occurs exactly once in a file."""
    lines, names = _lines(content), list(wanted)
    found: Counter[str] = Counter()
    for size in {_size(name) for name in names}:
        found.update(_anchor(lines, number, size) for number in range(len(lines) - size + 1))
    return all(found[name] == 1 for name in names)


def _lines(content: bytes) -> list[bytes]:
    """Splits content into lines as git does: at line feeds only, not at a lone carriage return."""
    return BytesIO(content).readlines()


def _anchor(lines: list[bytes], number: int, size: int = 0) -> str:
    """The anchor of `size` lines from line `number` (from 0), written `hash+size`; `hash` alone for an insertion.

    Empty lines stand for the context beyond the start and the end of the file.
    """
    end = number + size
    above = [b""] * max(0, _CONTEXT - number) + lines[max(0, number - _CONTEXT) : number]
    below = [*lines[end : end + _CONTEXT], *[b""] * max(0, end + _CONTEXT - len(lines))]
    context = (*above, *lines[number:end], *below)
    hashed = b"\0".join(line.rstrip(b"\r\n") + b"\n" * bool(line) for line in context)
    name = hashlib.sha256(hashed).hexdigest()[:12]
    return f"{name}+{size}" if size else name


def _size(anchor: str) -> int:
    size = anchor.partition("+")[2]
    return int(size) if size.isascii() and size.isdigit() and len(size) < 5 else 0


def transplant(before: bytes, after: bytes, onto: bytes) -> bytes | None:
    """Applies the changes between `before` and `after` to `onto`, as a git merge without conflict would.

    Returns:
        the merged content; None if changed lines of both sides overlap or touch, which is a merge conflict.
    """
    old = _lines(before)
    ours, theirs = _hunks(old, _lines(after)), _hunks(old, _lines(onto))
    result: list[bytes] = []
    position, reached = 0, -1
    for first, last, block in sorted([*ours, *(other for other in theirs if other not in ours)]):
        if first <= reached:
            return None
        result += [*old[position:first], *block]
        position = reached = last
    return b"".join([*result, *old[position:]])


def _hunks(old: list[bytes], new: list[bytes]) -> list[_Hunk]:
    """The hunks from `old` to `new`; a general diff is computed only if lines were removed or replaced."""
    if (insertions := _insertions(old, new)) is not None:
        return insertions
    start = _common_prefix(old, new)
    end = _common_prefix(old[start:][::-1], new[start:][::-1])
    middle, replacement = old[start : len(old) - end], new[start : len(new) - end]
    return [
        (start + first, start + last, replacement[a:b])
        for tag, first, last, a, b in SequenceMatcher(None, middle, replacement).get_opcodes()
        if tag != "equal"
    ]


def _common_prefix(ours: list[bytes], theirs: list[bytes]) -> int:
    """The number of equal lines at the start of both."""
    number = 0
    for line, their_line in zip(ours, theirs, strict=False):
        if line != their_line:
            break
        number += 1
    return number


def _insertions(old: list[bytes], new: list[bytes]) -> list[_Hunk] | None:
    """The hunks if `new` only inserts lines into `old`; None if a line of `old` is missing."""
    blocks: dict[int, list[bytes]] = {}
    number = 0
    for line in new:
        if number < len(old) and line == old[number]:
            number += 1
        else:
            blocks.setdefault(number, []).append(line)
    is_complete = number == len(old)
    return [(at, at, block) for at, block in blocks.items()] if is_complete else None
