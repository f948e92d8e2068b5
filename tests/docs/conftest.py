"""A reader of the documentation, and the services that the commands ask."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import samples
from tests.docs.reader import NAMED, Reader
from tests.servers.arxiv import Arxiv
from tests.servers.github import GitHubServer
from tests.servers.http import Server


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    """Somebody beside a checkout, with a list on the test GitHub."""
    with (
        Server(Arxiv([*samples.PAPERS, *NAMED], samples.DAY)) as arxiv,
        GitHubServer({"README.md": samples.LIST.encode()}) as github,
    ):
        yield Reader(tmp_path, arxiv, github)
