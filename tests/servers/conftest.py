"""Fixtures: a test GitHub and a client for it."""

from collections.abc import Iterator

import pytest

from tests.servers.asking import BASE, Client
from tests.servers.github import GitHubServer


@pytest.fixture
def client() -> Iterator[Client]:
    with GitHubServer({"README.md": BASE}) as server:
        opened = Client(server)
        with opened.session:
            yield opened
