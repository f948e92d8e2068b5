"""What GitHub sends back, as PyGithub expects it: checked to be JSON, with the token taken out of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.core.errors import ForgeError
from bot.forge.refusals import reason_in


class TooLargeError(ForgeError):
    """GitHub answered with more than may be read of it."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that PyGithub understands; `reason` is that of a refusal, names of headers are in small letters."""

    status: int
    headers: Mapping[str, str]
    text: str
    reason: str = ""


def reply_of(status: int, headers: Mapping[str, str], content: bytes, token: str) -> Reply:
    """The answer as PyGithub expects it: an answer that is not JSON is a failure, and so is a limit of GraphQL's."""
    text = content.decode("utf-8", "replace")
    try:
        body = json.loads(text) if text else None
    except (ValueError, RecursionError):
        body, text = None, ""
        status = status if status >= 400 else 502
    if token and (cleared := _without(token, text, body)) != text:
        text, body = cleared, json.loads(cleared)
    if status == 200 and "RATE_LIMITED" in _kinds(body):
        body = {"message": reason_in(body, "API rate limit exceeded")}
        status, text = 403, json.dumps(body)
    lower = {name.lower(): value for name, value in headers.items()}
    return Reply(status, lower, text, reason_in(body, "") if status >= 400 else "")


def _without(token: str, text: str, body: object) -> str:
    """The text without the token, should an answer repeat it, in whatever way JSON may write its characters."""
    if "\\u" in text:
        escaped = json.dumps(token)[1:-1]
        written = json.dumps(body)
        if escaped in written:
            return written.replace(escaped, "***")
    return text.replace(token, "***")


def _kinds(body: object) -> set[str]:
    """The kinds of GraphQL's errors, which come with status 200."""
    found: Any = body.get("errors") if isinstance(body, dict) else None
    errors = found if isinstance(found, list) else []
    return {str(error.get("type")) for error in errors if isinstance(error, dict)}
