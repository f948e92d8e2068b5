"""A fake of GitHub over real HTTP, on a real bare git repository.

It supports the requests of a pull-request bot and refuses in GitHub's own words. It checks every exchange against
GitHub's OpenAPI description, can inject a fault into any request, and simulates people who act next to the bot.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Self

from tests.servers.github.answers import Refusal
from tests.servers.github.hub import Hub
from tests.servers.github.pulls import Pull
from tests.servers.http import Server

__all__ = ["GitHubServer", "Hub", "Pull", "Refusal"]


class GitHubServer:
    """Runs a `Hub`; fails at the end if an exchange violated GitHub's description."""

    def __init__(
        self,
        files: dict[str, bytes] | None = None,
        *,
        name: str = "curator/awesome-list",
        branch: str = "main",
    ) -> None:
        self._folder = tempfile.TemporaryDirectory()
        readme = {"README.md": b"# List\n"} if files is None else files
        self.hub = Hub(Path(self._folder.name) / "repo.git", readme, name=name, branch=branch)
        self.server = Server(self.hub)

    def __enter__(self) -> Self:
        self.server.__enter__()
        self.url = self.server.url
        self.hub.api = self.url
        return self

    def __exit__(self, kind: object, *exc: object) -> None:
        self.server.__exit__()
        self._folder.cleanup()
        if kind is None:
            assert not self.hub.problems, "\n".join(self.hub.problems)

    @property
    def asked(self) -> list[str]:
        """The requests so far: `GET /repos/o/r/pulls`."""
        return [f"{request.method} {request.path}" for request in self.server.requests]
