"""Detects merge conflicts without git, from the lines around each change.

git merges a change without conflict as long as the other side leaves the lines of it, before and behind it as they are
(https://git-scm.com/docs/git-merge). An anchor names those lines, so that a look at the new list is enough.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from difflib import SequenceMatcher
from io import BytesIO

_AROUND = 3  # lines on each side, git's own context
_Hunk = tuple[int, int, list[bytes]]  # lines from here to there (from 0) become these


def anchors(content: bytes, edits: Iterable[tuple[int, int]]) -> tuple[str, ...]:
    """The anchors of edits of the bytes from here to there, one for each distinct place.

    Nothing but the place is edited where both are the same.
    """
    lines = _lines(content)
    spans = dict.fromkeys(_span(content, start, end) for start, end in sorted(edits))
    return tuple(_anchor(lines, number, size) for number, size in spans)


def _span(content: bytes, start: int, end: int) -> tuple[int, int]:
    """The first line of an edit and how many it touches: none where it puts whole lines between others."""
    first = content.count(b"\n", 0, start)
    at_start = start == 0 or content[start - 1 : start] == b"\n"
    if start == end and at_start:
        return first, 0
    return first, content.count(b"\n", start, max(start, end - 1)) + 1


def hold(content: bytes, wanted: Iterable[str]) -> bool:
    """Whether a list has each of these places, and each just once."""
    lines, names = _lines(content), list(wanted)
    found: Counter[str] = Counter()
    for size in {_size(name) for name in names}:
        found.update(_anchor(lines, number, size) for number in range(len(lines) - size + 1))
    return all(found[name] == 1 for name in names)


def _lines(content: bytes) -> list[bytes]:
    """As git counts lines: a carriage return alone ends none."""
    return BytesIO(content).readlines()


def _anchor(lines: list[bytes], number: int, size: int = 0) -> str:
    """Of the place above line `number` (from 0), or of so many lines there, whose number follows a plus.

    The file's ends count as lines of their own.
    """
    end = number + size
    above = [b""] * max(0, _AROUND - number) + lines[max(0, number - _AROUND) : number]
    below = [*lines[end : end + _AROUND], *[b""] * max(0, end + _AROUND - len(lines))]
    every = (*above, *lines[number:end], *below)
    around = b"\0".join(line.rstrip(b"\r\n") + b"\n" * bool(line) for line in every)
    name = hashlib.sha256(around).hexdigest()[:12]
    return f"{name}+{size}" if size else name


def _size(anchor: str) -> int:
    size = anchor.partition("+")[2]
    return int(size) if size.isascii() and size.isdigit() and len(size) < 5 else 0


def transplant(before: bytes, after: bytes, onto: bytes) -> bytes | None:
    """What `onto` becomes by what `after` has changed of `before`, as a merge without conflict does it.

    Returns:
        None where both have changed lines that overlap or touch, which git does not merge.
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
    """What changes: lines put between others where that is all, else as a comparison finds them."""
    if (added := _added(old, new)) is not None:
        return added
    start = _alike(old, new)
    end = _alike(old[start:][::-1], new[start:][::-1])
    middle, instead = old[start : len(old) - end], new[start : len(new) - end]
    return [
        (start + first, start + last, instead[a:b])
        for tag, first, last, a, b in SequenceMatcher(None, middle, instead).get_opcodes()
        if tag != "equal"
    ]


def _alike(ours: list[bytes], theirs: list[bytes]) -> int:
    """With how many lines both begin."""
    number = 0
    for line, their_line in zip(ours, theirs, strict=False):
        if line != their_line:
            break
        number += 1
    return number


def _added(old: list[bytes], new: list[bytes]) -> list[_Hunk] | None:
    """The lines that `new` has more, by the line of `old` they stand above; None if it lacks any of `old`."""
    blocks: dict[int, list[bytes]] = {}
    number = 0
    for line in new:
        if number < len(old) and line == old[number]:
            number += 1
        else:
            blocks.setdefault(number, []).append(line)
    whole = number == len(old)
    return [(at, at, block) for at, block in blocks.items()] if whole else None
