"""Reads what a service or a connection says when a request fails. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def requested_wait(headers: Mapping[str, str], now: Callable[[], datetime]) -> float | None:
    """Returns the wait of a Retry-After header, a number or a date (RFC 9110, 10.2.3), in seconds; None without one."""
    asked = headers.get("Retry-After", "").strip()
    if asked.isascii() and asked.isdigit():
        return float(asked)
    try:
        moment = parsedate_to_datetime(asked).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return max(0.0, (moment - now()).total_seconds())


def plain_reason(error: Exception) -> str:
    """Describes a connection error in a few words, without addresses."""
    text = str(error)
    for sign, reason in (
        ("timed out", "timed out"),
        ("refused", "connection refused"),
        ("resolve", "the name does not resolve"),
        ("IncompleteRead", "cut short"),
        ("reset", "connection reset"),
        ("closed connection", "connection closed"),
        ("decode", "cannot be decompressed"),
    ):
        if sign in text:
            return reason
    return type(error).__name__
