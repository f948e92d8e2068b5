"""Where changed lines stand, told by the lines around them: does a changed list still have their place?

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
    return all(found[one] == 1 for one in names)


def _lines(content: bytes) -> list[bytes]:
    """As git counts lines: a carriage return alone ends none."""
    return BytesIO(content).readlines()


def _anchor(lines: list[bytes], number: int, size: int = 0) -> str:
    """Of the place above line `number` (from 0), or of so many lines there, which is told behind a plus.

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
        None where a place of a change is not just once in `onto`.
    """
    old, new = _lines(before), _lines(onto)
    places: dict[tuple[int, str], list[int]] = {}
    hunks = _hunks(old, _lines(after))
    for size in {last - first for first, last, _ in hunks}:
        for number in range(len(new) - size + 1):
            places.setdefault((size, _anchor(new, number, size)), []).append(number)
    result: list[bytes] = []
    position = 0
    for first, last, block in hunks:
        size = last - first
        found = places.get((size, _anchor(old, first, size)), [])
        if len(found) != 1 or found[0] < position:
            return None
        result += [*new[position : found[0]], *block]
        position = found[0] + size
    return b"".join([*result, *new[position:]])


def _hunks(old: list[bytes], new: list[bytes]) -> list[_Hunk]:
    """What changes: lines put between others where that is all, else as a comparison finds them."""
    if (added := _added(old, new)) is not None:
        return added
    matcher = SequenceMatcher(None, old, new)
    return [
        (first, last, new[start:end])
        for tag, first, last, start, end in matcher.get_opcodes()
        if tag != "equal"
    ]


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
