"""Recognises GitHub's rate limits in a response, and how long to wait (https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_DEFAULT_WAIT = 60.0  # seconds, if GitHub names no time: "at least one minute"
_NUMBER = re.compile(r"[0-9]{1,10}")  # a number of seconds
_SIGNS = ("rate limit", "abuse detection")


@dataclass(frozen=True, slots=True)
class Limit:
    """A rate limit that GitHub reports; the refused request had no effect.

    `wait` is the seconds until the request may be repeated, `again` is the same as advice for a person.
    """

    wait: float
    again: str


def limit_of(status: int, reason: str, headers: Mapping[str, str]) -> Limit | None:
    """Returns the rate limit that a response reports, if any; the names of `headers` are in lower case."""
    words = reason.casefold()
    is_limit = any(sign in words for sign in _SIGNS) or "retry-after" in headers
    if status != 429 and not (status == 403 and is_limit):
        return None
    if limit := _stated(headers):
        return limit
    if status == 403 and "secondary" not in words:
        return Limit(3600.0, "run again in an hour")
    return Limit(_DEFAULT_WAIT, "run again in a few minutes")


def _stated(headers: Mapping[str, str]) -> Limit | None:
    """The limit that the headers state; None if they do not say when it ends."""
    asked, now = headers.get("retry-after", "").strip(), _moment(headers.get("date", ""))
    if _NUMBER.fullmatch(asked):
        return Limit(float(asked), f"run again in {_length(float(asked))}")
    if now and (until := _moment(asked)):
        return _until(until, now)
    reset = headers.get("x-ratelimit-reset", "")
    if now and headers.get("x-ratelimit-remaining") == "0" and _NUMBER.fullmatch(reset):
        return _until(datetime.fromtimestamp(int(reset), UTC), now)
    return None


def _until(moment: datetime, now: datetime) -> Limit:
    """The wait until that moment plus one second, because GitHub's times are whole seconds."""
    wait = max(0.0, (moment - now).total_seconds()) + 1.0
    return Limit(wait, f"run again after {moment:%Y-%m-%d %H:%M:%S} UTC")


def _moment(text: str) -> datetime | None:
    """Parses an HTTP date. Waits are computed from GitHub's own clock, not the local one."""
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _length(seconds: float) -> str:
    return f"{seconds:.0f} seconds" if seconds <= 120 else f"{seconds / 60:.0f} minutes"
