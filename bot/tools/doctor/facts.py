"""The facts about GitHub that the doctor needs; each may be hidden from the token."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any
from urllib.parse import urljoin

SECRET = "ARXIV_BOT_TOKEN"  # noqa: S105 (a secret's name)
WORKFLOW = "arxiv-bot.yml"
FEEDBACK = "arxiv-bot-feedback.yml"


@dataclass(frozen=True, slots=True)
class Unseen:
    """A fact that could not be read, and why: usually GitHub's own words of refusal."""

    why: str


class TokenKind(Enum):
    """The kinds of token, recognised by prefix (GitHub: "About authentication to GitHub", token formats)."""

    NONE = "no token"
    INSTALLATION = "the token of a workflow or of a GitHub App"
    FINE_GRAINED = "a fine-grained personal token"
    CLASSIC = "a classic personal token"
    OTHER = "a token of unknown kind"


@dataclass(frozen=True, slots=True)
class Token:
    """A token's kind, its scopes (only classic tokens have them), and when it expires (None if unknown)."""

    kind: TokenKind
    scopes: frozenset[str] | None = None
    expires: datetime | None = None


@dataclass(frozen=True, slots=True)
class RepositoryFacts:
    """The repository: page, state, last push, and whether the token's account may write (None if unknown)."""

    name: str
    page: str
    default_branch: str
    archived: bool
    public: bool
    organisation: str
    pushed: datetime | None
    may_write: bool | None

    @property
    def server(self) -> str:
        """The address of the GitHub server that has it."""
        return urljoin(self.page, "/").rstrip("/")


@dataclass(frozen=True, slots=True)
class BranchRule:
    """A rule that applies to the bot's branches: GitHub's name for its type, its ruleset, and the ruleset's page."""

    kind: str
    ruleset: str
    page: str
    may_bypass: bool
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LastRun:
    """The last scheduled run; `conclusion` is empty while it is running."""

    started: datetime
    conclusion: str
    page: str


@dataclass(frozen=True, slots=True)
class GitHubFacts:
    """Everything read from GitHub. A fact is `Unseen` if it could not be read, and None if there is no such thing.

    `workflow` and `feedback` are the states of the two workflows in GitHub's words: `active`, or why it is not.
    `repository_allows` and `organisation_allows` say whether Actions may open pull requests. `has_secret` says whether
    the workflow has its own token.
    """

    token: Token
    repository: RepositoryFacts
    repository_allows: bool | Unseen
    organisation_allows: bool | Unseen | None
    has_secret: bool | Unseen | None
    rules: tuple[BranchRule, ...] | Unseen
    labels: frozenset[str] | Unseen
    workflow: str | Unseen | None
    feedback: str | Unseen | None
    last_run: LastRun | Unseen | None


def token_kind(token: str) -> TokenKind:
    """Returns the kind of a token, by its prefix."""
    kinds = {
        "ghs_": TokenKind.INSTALLATION,
        "github_pat_": TokenKind.FINE_GRAINED,
        "ghp_": TokenKind.CLASSIC,
        "gho_": TokenKind.CLASSIC,
    }
    if not token:
        return TokenKind.NONE
    return next((kind for start, kind in kinds.items() if token.startswith(start)), TokenKind.OTHER)
