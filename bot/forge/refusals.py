"""Translates GitHub's refusals into errors that say what to do (https://docs.github.com/rest)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.core.errors import ForgeError, ForgeSetupError
from bot.proposals.model import Proposal

REVIEWERS = "the reviewers"
_NOT_PERMITTED = "not permitted to create or approve pull requests"


class RuleError(ForgeError):
    """A rule of the repository forbids what the bot tried to do."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was requested, from which repository, and whether with a token; `permit` says how to allow pull requests."""

    what: str
    where: str
    with_token: bool
    permit: str = ""


def how_to_permit(site: str, proposal: Proposal) -> str:
    """The fix if GitHub Actions is not allowed to open pull requests; `site` is the repository's page."""
    return (
        'tick "Allow GitHub Actions to create and approve pull requests" in '
        f"{site}/settings/actions and, where there is one, in the organisation's settings "
        "(the stricter one counts); the branch is there, so the pull request can also be opened by hand: "
        f"{site}/compare/{proposal.base_branch}...{proposal.branch}?expand=1"
    )


def no_answer(asked: Asked, kind: str, why_unreached: str) -> ForgeError:
    """The error for a failed connection: `why_unreached` if none was made, else the `kind` of exception."""
    message = f"no answer from GitHub about {asked.what}"
    if why_unreached:
        fix = "no network? check your connection or proxy"
        return ForgeError(f"{message}: {why_unreached}", where=asked.where, fix=fix)
    return ForgeError(f"{message} ({kind})", where=asked.where, fix="run again later")


def malformed(asked: Asked, kind: str) -> ForgeError:
    """The error for a response of an undocumented shape; `kind` names the exception that reading it raised."""
    message = f"GitHub's response about {asked.what} is not in the documented form ({kind})"
    return ForgeError(message, where=asked.where, fix="run again later; if it persists, report it")


def refusal(asked: Asked, status: int, reason: str, again: str) -> ForgeError:
    """The error for a refusal; after a rate limit, `again` says when to run again, else it is empty."""
    kind, message, fix = _explain(asked, status, reason, again)
    return kind(message, where=asked.where, fix=fix)


_Explained = tuple[type[ForgeError], str, str]


def _explain(asked: Asked, status: int, reason: str, again: str) -> _Explained:
    """Returns the error's class, message and fix."""
    if status == 401:
        token = "a valid token" if asked.with_token else "a token"
        message = f"GitHub does not accept the token: {reason}"
        return ForgeSetupError, message, f"set GITHUB_TOKEN to {token}"
    if status == 403 and _NOT_PERMITTED in reason:
        return ForgeSetupError, reason, asked.permit
    if again:
        return ForgeError, f"GitHub's rate limit is used up: {reason}", again
    if status in {403, 404}:
        return _forbidden(asked, status, reason)
    if status in {409, 422}:
        return _conflict(asked, status, reason)
    message = f"GitHub failed on {asked.what}: {reason} (HTTP {status})"
    return ForgeError, message, "run again later"


def _forbidden(asked: Asked, status: int, reason: str) -> _Explained:
    if status == 404:
        fix = "check the name; for a private repository the token must be allowed to read it"
        return ForgeSetupError, f"GitHub can't find {asked.what}", fix
    if "archived" in reason:
        return ForgeSetupError, reason, "unarchive the repository, or disable the workflow"
    fix = "give the token the permissions `contents: write` and `pull-requests: write` in this repository"
    return ForgeSetupError, f"GitHub refuses {asked.what}: {reason}", fix


def _conflict(asked: Asked, status: int, reason: str) -> _Explained:
    if status == 409 and "empty" in reason:
        return ForgeSetupError, "the repository is empty", "push a list to it first"
    if status == 422 and asked.what == REVIEWERS:
        fix = "name people and teams with access to the repository in pull_request.reviewers"
        return ForgeSetupError, f"GitHub refuses {asked.what}: {reason}", fix
    if _is_rule(reason):
        fix = "allow the bot to create and update branches `arxiv-bot/**` in the repository's rules"
        return RuleError, f"GitHub refuses {asked.what}: {reason}", fix
    return ForgeError, f"GitHub refuses {asked.what}: {reason}", _fix_for(reason)


def _is_rule(reason: str) -> bool:
    return "rule" in reason or "protected" in reason.casefold()


def _fix_for(reason: str) -> str:
    if "already exists" in reason:
        return "run again: GitHub does not list it yet, but the next run will find it"
    return "run again; if it persists, report it"


def reason_in(data: object, otherwise: str) -> str:
    """The reason in the body of a refusal: its message and the details of its list of errors."""
    body: dict[str, Any] = data if isinstance(data, dict) else {}
    errors = body.get("errors")
    reasons = [str(body.get("message", "") or otherwise)]
    reasons += [
        _detail(error)
        for error in (errors if isinstance(errors, list) else ())
        if isinstance(error, dict)
    ]
    return (
        "; ".join(" ".join(text.split()) for text in reasons if text.strip()) or "no reason given"
    )


def _detail(error: dict[str, Any]) -> str:
    known = " ".join(str(error[key]) for key in ("field", "code") if key in error)
    return str(error.get("message") or known)
