"""The days on which arXiv announces papers: working days in US Eastern time, which its feeds follow."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

# In summer it is 4 hours. The day then begins an hour late, which is still before the feed appears.
_BEHIND_UTC = timedelta(hours=5)
_FRIDAY = 4


def announcement_day(moment: datetime) -> date:
    """Returns the day whose announcements the feed holds at a moment (UTC)."""
    return (moment - _BEHIND_UTC).date()


def working_days(first: date, last: date) -> Iterator[date]:
    """Yields the days from Monday to Friday; on holidays among them arXiv announces nothing."""
    day = first
    while day <= last:
        if day.weekday() <= _FRIDAY:
            yield day
        day += timedelta(days=1)
