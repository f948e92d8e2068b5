"""What is to be known of GitHub before a run; each part may be something that the token is not allowed to see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

SECRET = "ARXIV_BOT_TOKEN"  # noqa: S105 (a secret's name)
WORKFLOW = "arxiv-bot.yml"
FEEDBACK = "arxiv-bot-feedback.yml"


@dataclass(frozen=True, slots=True)
class Unseen:
    """A fact that could not be had, and why: most often GitHub's refusal, in its own words."""

    why: str


class TokenKind(Enum):
    """The kinds of token, known by their beginnings (GitHub: "About authentication to GitHub", token formats)."""

    NONE = "no token"
    INSTALLATION = "the token of a workflow or of a GitHub App"
    FINE_GRAINED = "a fine-grained personal token"
    CLASSIC = "a classic personal token"
    OTHER = "a token of a kind unknown here"


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token: its kind, its scopes (classic ones only), when it expires (None: not said)."""

    kind: TokenKind
    scopes: frozenset[str] | None = None
    expires: datetime | None = None


@dataclass(frozen=True, slots=True)
class RepositoryFacts:
    """The repository: its pages, state, newest push, and whether the token's account may write (None: not said)."""

    name: str
    page: str
    default_branch: str
    archived: bool
    public: bool
    organisation: str
    pushed: datetime | None
    may_write: bool | None


@dataclass(frozen=True, slots=True)
class BranchRule:
    """A rule in force for the bot's branches: its type in GitHub's words, its ruleset, and that one's page."""

    kind: str
    ruleset: str
    page: str
    may_bypass: bool
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WorkflowFacts:
    """A workflow as GitHub has it: `active`, or why not, in GitHub's words."""

    state: str
    page: str


@dataclass(frozen=True, slots=True)
class LastRun:
    """The newest run by schedule; `conclusion` is empty while it goes on."""

    started: datetime
    conclusion: str
    page: str


@dataclass(frozen=True, slots=True)
class GitHubFacts:
    """All that was read of GitHub, each part or why it could not be read; None where there is no such thing.

    `repository_allows` and `organisation_allows` say whether Actions may open pull requests, `has_secret` whether the
    workflow has a token of its own.
    """

    token: Token
    repository: RepositoryFacts
    repository_allows: bool | Unseen
    organisation_allows: bool | Unseen | None
    has_secret: bool | Unseen
    rules: tuple[BranchRule, ...] | Unseen
    labels: frozenset[str] | Unseen
    workflow: WorkflowFacts | Unseen | None
    feedback: WorkflowFacts | Unseen | None
    last_run: LastRun | Unseen | None


def token_kind(token: str) -> TokenKind:
    """The kind of a token, by its beginning."""
    kinds = {
        "ghs_": TokenKind.INSTALLATION,
        "github_pat_": TokenKind.FINE_GRAINED,
        "ghp_": TokenKind.CLASSIC,
        "gho_": TokenKind.CLASSIC,
    }
    if not token:
        return TokenKind.NONE
    return next((kind for start, kind in kinds.items() if token.startswith(start)), TokenKind.OTHER)
