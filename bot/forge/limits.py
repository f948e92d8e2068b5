"""GitHub's limits on how fast it may be asked: what an answer says of them (https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_UNSAID = 60.0  # seconds, where GitHub does not say: "at least one minute"
_SIGNS = ("rate limit", "abuse detection")


@dataclass(frozen=True, slots=True)
class Limit:
    """A request that was refused for its rate, so that nothing came of it.

    `wait` is in how many seconds it may be repeated, `again` the same for a person.
    """

    wait: float
    again: str


def limit_of(status: int, said: str, headers: Mapping[str, str]) -> Limit | None:
    """The limit that an answer tells of; None for every other answer. Names of `headers` are in small letters."""
    asked, reset = headers.get("retry-after", ""), headers.get("x-ratelimit-reset", "")
    by_words = any(sign in said.casefold() for sign in _SIGNS)
    if status != 429 and not (status == 403 and (by_words or asked)):
        return None
    now = _moment(headers.get("date", ""))
    if asked.strip().isdigit():
        return Limit(float(asked), f"run again in {_length(float(asked))}")
    if (until := _moment(asked)) and now:
        return _until(until, now)
    if headers.get("x-ratelimit-remaining") == "0" and reset.isdigit() and now:
        return _until(datetime.fromtimestamp(int(reset), UTC), now)
    if "secondary" not in said.casefold() and status == 403:
        return Limit(3600.0, "run again in an hour")
    return Limit(_UNSAID, "run again in some minutes")


def _until(moment: datetime, now: datetime) -> Limit:
    """One second more: it is not said when in its second the limit ends."""
    wait = max(0.0, (moment - now).total_seconds()) + 1.0
    return Limit(wait, f"run again after {moment:%Y-%m-%d %H:%M:%S} UTC")


def _moment(text: str) -> datetime | None:
    """A date of HTTP; GitHub's own clock is used, not ours."""
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except ValueError:
        return None


def _length(seconds: float) -> str:
    return f"{seconds:.0f} seconds" if seconds <= 120 else f"{seconds / 60:.0f} minutes"
