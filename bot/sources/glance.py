"""What can be told of a record by a look at it, without making a paper of it: of millions most are not wanted."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.core.categories import covers
from bot.core.model import Window

_MARGIN = timedelta(days=1)  # times may be told in another zone
_CREATED = "%a, %d %b %Y"
_CREATED_LENGTH = len("Mon, 02 Apr 2007")


class Glance:
    """Looks for records of some categories (`cs.*` is a whole archive) that appeared within a window."""

    def __init__(self, categories: Collection[str], window: Window) -> None:
        self._categories = frozenset(categories)
        self._since, self._until = window.since - _MARGIN, window.until + _MARGIN
        # as they stand in records: most are met often
        self._fields: dict[str, bool] = {}
        self._days: dict[str, bool] = {}

    def passes(self, record: Mapping[str, Any]) -> bool:
        """False only where reading the record would find no such category, or another time."""
        try:
            return self._is_of(record["categories"]) and self._is_within(record)
        except (ValueError, KeyError, TypeError, IndexError, AttributeError):
            return True  # no record of a paper: reading it will tell

    def _is_of(self, told: str | list[str]) -> bool:
        names = told if isinstance(told, str) else " ".join(told)
        known = self._fields.get(names)
        if known is None:
            known = self._fields[names] = covers(self._categories, names.split())
        return known

    def _is_within(self, record: Mapping[str, Any]) -> bool:
        day = record.get("announced")  # where it is told, it decides
        form = "%Y-%m-%d"
        if not day:
            day, form = record["versions"][0]["created"][:_CREATED_LENGTH], _CREATED
        known = self._days.get(day)
        if known is None:
            moment = datetime.strptime(day.strip(), form).replace(tzinfo=UTC)
            known = self._days[day] = self._since.date() <= moment.date() <= self._until.date()
        return known
