"""Where inserted lines stand, told by the lines around them: does a changed list still have their place?

git merges an insertion without conflict as long as the other side leaves the lines before and behind it as they are
(https://git-scm.com/docs/git-merge). An anchor names those lines, so that a look at the new list is enough.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from io import BytesIO

_AROUND = 3  # lines on each side, git's own context


def anchors(content: bytes, offsets: Iterable[int]) -> tuple[str, ...]:
    """The anchors of insertions at these offsets of a list, one for each distinct place."""
    lines = _lines(content)
    numbers = dict.fromkeys(content.count(b"\n", 0, offset) for offset in sorted(offsets))
    return tuple(_anchor(lines, number) for number in numbers)


def hold(content: bytes, wanted: Iterable[str]) -> bool:
    """Whether a list has each of these places, and each just once."""
    lines = _lines(content)
    found = Counter(_anchor(lines, number) for number in range(len(lines) + 1))
    return all(found[one] == 1 for one in wanted)


def _lines(content: bytes) -> list[bytes]:
    """As git counts lines: a carriage return alone ends none."""
    return BytesIO(content).readlines()


def _anchor(lines: list[bytes], number: int) -> str:
    """Of the place above line `number` (from 0); the file's ends count as lines of their own."""
    above = [b""] * max(0, _AROUND - number) + lines[max(0, number - _AROUND) : number]
    below = [*lines[number : number + _AROUND], *[b""] * max(0, number + _AROUND - len(lines))]
    around = b"\0".join(line.rstrip(b"\r\n") + b"\n" * bool(line) for line in (*above, *below))
    return hashlib.sha256(around).hexdigest()[:12]


def transplant(before: bytes, after: bytes, onto: bytes) -> bytes | None:
    """What `onto` becomes by the lines that `after` has more than `before`, as a merge without conflict puts them in.

    Returns:
        None where `after` does more than add lines, or where a place of theirs is not just once in `onto`.
    """
    old, new = _lines(before), _lines(onto)
    blocks = _added(old, _lines(after))
    if blocks is None:
        return None
    places: dict[str, list[int]] = {}
    for number in range(len(new) + 1):
        places.setdefault(_anchor(new, number), []).append(number)
    result: list[bytes] = []
    position = 0
    for number, block in blocks:
        found = places.get(_anchor(old, number), [])
        if len(found) != 1 or found[0] < position:
            return None
        result += [*new[position : found[0]], *block]
        position = found[0]
    return b"".join([*result, *new[position:]])


def _added(old: list[bytes], new: list[bytes]) -> list[tuple[int, list[bytes]]] | None:
    """The lines that `new` has more, by the line of `old` they stand above; None if it lacks any of `old`."""
    blocks: dict[int, list[bytes]] = {}
    number = 0
    for line in new:
        if number < len(old) and line == old[number]:
            number += 1
        else:
            blocks.setdefault(number, []).append(line)
    return list(blocks.items()) if number == len(old) else None
