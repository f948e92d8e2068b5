"""The bot works with GitHub Enterprise Server, which has REST below /api/v3 and GraphQL at /api/graphql."""

from dataclasses import replace
from pathlib import Path

from tests import samples
from tests.servers.arxiv import Arxiv
from tests.servers.github import GitHubServer
from tests.servers.http import Application, Request, Response, Server
from tests.test_end_to_end import World


class Enterprise:
    """The test GitHub, served only at the paths of an Enterprise Server."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self.asked: list[str] = []

    def respond(self, request: Request) -> Response:
        self.asked.append(request.path)
        if not request.path.startswith(("/api/v3/", "/api/graphql")):
            return Response(404, b"{}")
        path = request.path.removeprefix("/api/v3").replace("/api/graphql", "/graphql")
        return self._application.respond(replace(request, path=path))


def test_a_list_on_an_enterprise_server_gets_its_pull_request(tmp_path: Path):
    with (
        Server(Arxiv(samples.PAPERS, samples.DAY)) as arxiv,
        GitHubServer({"README.md": samples.LIST.encode()}) as github,
    ):
        world = World(tmp_path, arxiv, github)
        server = Enterprise(github.server.application)
        github.server.application = server
        github.hub.api = f"{github.url}/api/v3"
        first = world.bot(GITHUB_API_URL=github.hub.api)
        github.hub.untick(1, "2510.00001")
        second = world.bot(GITHUB_API_URL=github.hub.api)

        assert (0, 0) == (first.returncode, second.returncode), first.stderr + second.stderr
        (pull,) = github.hub.pulls
        assert b"2510.00002" in github.hub.read(branch=pull.branch)
        assert b"2510.00001" not in github.hub.read(branch=pull.branch)
        assert "/api/graphql" in server.asked
