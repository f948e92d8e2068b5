"""Prepares GitHub's responses for PyGithub: makes sure they are JSON and removes the token from them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.core.errors import ForgeError
from bot.forge.refusals import reason_in


class TooLargeError(ForgeError):
    """A response from GitHub exceeds the size limit."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A response for PyGithub: header names are in lower case, and `reason` is the reason of a refusal."""

    status: int
    headers: Mapping[str, str]
    text: str
    reason: str = ""


def reply_of(status: int, headers: Mapping[str, str], content: bytes, token: str) -> Reply:
    """Returns the response for PyGithub; a body that is not JSON and a GraphQL rate limit become errors."""
    text = content.decode("utf-8", "replace")
    try:
        body = json.loads(text) if text else None
    except (ValueError, RecursionError):
        body, text = None, ""
        status = status if status >= 400 else 502
    if token and (cleared := _without(token, text, body)) != text:
        text, body = cleared, json.loads(cleared)
    if status == 200 and "RATE_LIMITED" in _graphql_error_types(body):
        body = {"message": reason_in(body, "API rate limit exceeded")}
        status, text = 403, json.dumps(body)
    lower = {name.lower(): value for name, value in headers.items()}
    return Reply(status, lower, text, reason_in(body, "") if status >= 400 else "")


def _without(token: str, text: str, body: object) -> str:
    """Returns the text with the token masked, even if JSON escapes hide it."""
    if "\\u" in text:
        escaped = json.dumps(token)[1:-1]
        written = json.dumps(body)
        if escaped in written:
            return written.replace(escaped, "***")
    return text.replace(token, "***")


def _graphql_error_types(body: object) -> set[str]:
    """The types of the GraphQL errors in a body; GraphQL sends errors with status 200."""
    found: Any = body.get("errors") if isinstance(body, dict) else None
    errors = found if isinstance(found, list) else []
    return {str(error.get("type")) for error in errors if isinstance(error, dict)}
