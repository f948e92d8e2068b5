"""Turns a failed request to GitHub into the error that a user sees."""

from __future__ import annotations

import github

from bot.core.errors import ForgeError
from bot.forge.connection import MALFORMED, limit_in, reason_of, why_unreached
from bot.forge.refusals import Asked, malformed, no_answer, refusal


def error_of(asked: Asked, error: Exception) -> ForgeError:
    """Returns the error to raise for one of the `FAILURES` of a connection, with what to do about it."""
    kind = type(error).__name__
    if isinstance(error, MALFORMED) and not isinstance(error, OSError):
        return malformed(asked, kind)
    if not isinstance(error, github.GithubException):
        return no_answer(asked, kind, why_unreached(error))
    limit = limit_in(error)
    return refusal(asked, error.status, reason_of(error), limit.again if limit else "")
