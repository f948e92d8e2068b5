"""What can be told of a record by a look at its line, without reading it whole: most records are not wanted.

A look never refuses what reading the record would accept: where it can't tell, it says so. It relies on this: inside a
JSON text every quotation mark has a backslash before it, so `"categories":` is a key wherever it stands.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from bot.model import Window

_MONTHS = {
    name: n for n, name in enumerate(b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)
}
_MARGIN = timedelta(days=1)  # times may be told in another zone

_Day = tuple[int, int, int]


class Glance:
    """Looks for records of some categories (`cs.*` is a whole archive) that appeared within a window."""

    def __init__(self, categories: Collection[str], window: Window) -> None:
        self._categories = {name.encode() for name in categories}
        since, until = (window.since - _MARGIN).date(), (window.until + _MARGIN).date()
        self._since = (since.year, since.month, since.day)
        self._until = (until.year, until.month, until.day)
        # by categories, and by days, as they stand in lines: most are met often
        self._judged: dict[bytes, bool] = {}

    def passes(self, line: bytes) -> bool:
        """False only where reading the record would find another category, or another time."""
        if self._has_category(line) and self._has_day(line):
            return True
        return not line.endswith((b"}\n", b"}", b"}\r\n"))  # cut off: reading it will tell

    def _has_category(self, line: bytes) -> bool:
        start = line.find(b'"categories":')
        if start < 0:
            return True
        value = line[start : line.find(b'"', start + 15)]
        judged = self._judged.get(value)
        if judged is None:
            found = _categories(line, start)
            judged = not found or any(
                name in self._categories or name.partition(b".")[0] + b".*" in self._categories
                for name in found
            )
            if b"[" not in value and value.count(b'"') == 3:  # else it does not hold them all
                self._judged[value] = judged
        return judged

    def _has_day(self, line: bytes) -> bool:
        start = line.find(b'"created":')
        if start < 0:
            return self._is_within(_announced(line))
        value = line[start : line.find(b":", start + 12)]  # to the hour
        judged = self._judged.get(value)
        if judged is None:
            judged = self._judged[value] = self._is_within(_created(value))
        # where a day of announcement is told, that decides
        return judged or (b'"announced":' in line and self._is_within(_announced(line)))

    def _is_within(self, day: _Day | None) -> bool:
        return day is None or self._since <= day <= self._until


def _categories(line: bytes, start: int) -> list[bytes]:
    """The categories, in either shape; empty where they can't be told."""
    value = line[start + 13 : start + 400].lstrip()
    if value.startswith(b"["):
        inside, closed, _ = value[1:].partition(b"]")
        return inside.replace(b'"', b" ").replace(b",", b" ").split() if closed else []
    inside, closed, _ = value[1:].partition(b'"')
    return inside.split() if closed and value.startswith(b'"') else []


def _announced(line: bytes) -> _Day | None:
    start = line.find(b'"announced":')
    if start < 0:
        return None
    value = line[start + 12 : start + 30].lstrip()
    year, month, day = value[1:5], value[6:8], value[9:11]
    if not (value.startswith(b'"') and value[11:12] == b'"' and (year + month + day).isdigit()):
        return None
    return int(year), int(month), int(day)


def _created(value: bytes) -> _Day | None:
    """The day of `"created":"Mon, 2 Apr 2007 19:18:42 GMT"`."""
    parts = value[10:].split()
    if len(parts) < 4 or not parts[0].endswith(b",") or parts[2] not in _MONTHS:
        return None
    if not (parts[1].isdigit() and parts[3].isdigit()):
        return None
    return int(parts[3]), _MONTHS[parts[2]], int(parts[1])
