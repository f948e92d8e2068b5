"""The days on which arXiv announces papers: working days of the US East, where its feeds begin."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

_BEHIND_UTC = timedelta(
    hours=5
)  # in summer the day then starts an hour late, before the feed is there
_FRIDAY = 4


def announcement_day(moment: datetime) -> date:
    """The day whose announcements are in the feed at a moment (UTC)."""
    return (moment - _BEHIND_UTC).date()


def working_days(first: date, last: date) -> Iterator[date]:
    """The days from Monday to Friday; some are holidays, on which nothing is announced."""
    day = first
    while day <= last:
        if day.weekday() <= _FRIDAY:
            yield day
        day += timedelta(days=1)
