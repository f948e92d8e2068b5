"""What GitHub's refusals mean, and the way out of each (https://docs.github.com/rest)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.core.errors import ForgeError, ForgeSetupError
from bot.proposals.model import Proposal

REVIEWERS = "the reviewers"
_NOT_PERMITTED = "not permitted to create or approve pull requests"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for, of which repository, with a token or without; `permit` tells how to allow pull requests."""

    what: str
    where: str
    with_token: bool
    permit: str = ""


def how_to_permit(site: str, proposal: Proposal) -> str:
    """The way out where GitHub Actions may not open pull requests; `site` is the repository's page."""
    return (
        'tick "Allow GitHub Actions to create and approve pull requests" in '
        f"{site}/settings/actions and, where there is one, in the organisation's settings "
        "(the stricter one counts); the branch is there, so the pull request can also be opened by hand: "
        f"{site}/compare/{proposal.base_branch}...{proposal.branch}?expand=1"
    )


def no_answer(asked: Asked, kind: str) -> ForgeError:
    """The connection failed."""
    message = f"no answer from GitHub about {asked.what} ({kind})"
    return ForgeError(message, where=asked.where, fix="run again later")


def refusal(asked: Asked, status: int, said: str, again: str) -> ForgeError:
    """GitHub's answer as an error; `again` is when to run again after one about a rate, "" for every other."""
    kind, message, fix = _explain(asked, status, said, again)
    return kind(message, where=asked.where, fix=fix)


def _explain(asked: Asked, status: int, said: str, again: str) -> tuple[type[ForgeError], str, str]:
    what = asked.what
    if status == 401:
        token = "a token that is valid" if asked.with_token else "a token"
        message = f"GitHub does not accept the token: {said}"
        return ForgeSetupError, message, f"set GITHUB_TOKEN to {token}"
    if status == 403 and _NOT_PERMITTED in said:
        return ForgeSetupError, said, asked.permit
    if again:
        return ForgeError, f"GitHub's rate limit is used up: {said}", again
    if status == 403 and "archived" in said:
        return ForgeSetupError, said, "unarchive it, or switch the workflow off"
    if status == 403:
        fix = "give the token the rights `contents: write` and `pull-requests: write` in this repository"
        return ForgeSetupError, f"GitHub refuses {what}: {said}", fix
    if status == 404:
        fix = "check the name; for a private repository the token must be allowed to read it"
        return ForgeSetupError, f"GitHub knows nothing of {what}", fix
    if status == 409 and "empty" in said:
        return ForgeSetupError, "the repository is empty", "push a list to it first"
    if status == 422 and what == REVIEWERS:
        fix = "name people and teams with access to the repository in pull_request.reviewers"
        return ForgeSetupError, f"GitHub refuses {what}: {said}", fix
    if status == 422:
        is_rule = "rule" in said or "protected" in said.casefold()
        rules = "let the bot make and move branches `arxiv-bot/**` in the repository's rules"
        fix = rules if is_rule else "run again; if it stays, report it"
        return ForgeError, f"GitHub refuses {what}: {said}", fix
    return ForgeError, f"GitHub failed on {what}: {said} (HTTP {status})", "run again later"


def said_by(data: object, otherwise: str) -> str:
    """GitHub's own words in an answer's body: the message, with what its list of errors adds."""
    body: dict[str, Any] = data if isinstance(data, dict) else {}
    words = [str(body.get("message", "") or otherwise)]
    words += [
        str(
            one.get("message") or " ".join(str(one[key]) for key in ("field", "code") if key in one)
        )
        for one in body.get("errors", ())
        if isinstance(one, dict)
    ]
    return "; ".join(" ".join(one.split()) for one in words if one.strip()) or "no reason given"
