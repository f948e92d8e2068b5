"""Any response, from GitHub or an impostor, leads to a helpful error, bounded work, and no leaked token."""

import gzip
import json
import resource
import socket
import time
from collections.abc import Callable, Iterator
from itertools import count

import pytest

from bot.commands.compose import _api_url, _github
from bot.core.errors import BotError, ForgeError, ForgeSetupError, UsageError
from bot.core.model import OutcomeKind
from bot.forge.connection import Connection
from bot.forge.git_database import GitDatabase
from bot.forge.github_api import GitHub
from bot.forge.limits import limit_of
from bot.tools.doctor.inspector import Inspector
from tests.forge.test_github import LIST, NEW, forge, proposal
from tests.servers.github import GitHubServer
from tests.servers.http import Request, Response, Server, Stream

JSON = {"Content-Type": "application/json"}
TOKEN = "ghp_N0tF0rY0urEyes"


@pytest.fixture
def github() -> Iterator[GitHubServer]:
    with GitHubServer({"README.md": LIST}) as server:
        yield server


def hub(server: GitHubServer) -> GitHub:
    server.hub.token = TOKEN
    return GitHub(
        server.hub.name, Connection(TOKEN, server.url, lambda _: None, monotonic=lambda: 0.0)
    )


# Size and time


def test_a_compressed_response_above_the_limit_is_refused_using_little_memory(
    github: GitHubServer,
):
    bomb = gzip.compress(b" " * 120 * 2**20, compresslevel=1)
    github.server.always = Response(200, bomb, {**JSON, "Content-Encoding": "gzip"})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ForgeError, match="larger than 32 MiB"):
        hub(github).repository()

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 110_000  # kB


def test_an_endless_response_is_refused(github: GitHubServer):
    github.server.always = lambda _: Stream((b" " * 2**20 for _ in count()), JSON)
    with pytest.raises(ForgeError, match="larger than 32 MiB"):
        hub(github).repository()


def test_a_response_that_arrives_too_slowly_is_refused(github: GitHubServer):
    github.server.always = lambda _: Stream((b" " for _ in range(40)), JSON)
    clock = count(0, 130)
    connection = Connection(TOKEN, github.url, lambda _: None, monotonic=lambda: float(next(clock)))
    with pytest.raises(ForgeError, match="takes longer than 120 s"):
        connection.requestJson("GET", "/repos/a/b")


def test_a_truncated_compressed_response_is_requested_again(github: GitHubServer):
    packed = gzip.compress(b'{"a": "' + b"b" * 5000 + b'"}')
    github.server.troubles[1] = Response(200, packed[:-9], {**JSON, "Content-Encoding": "gzip"})

    assert LIST == forge(github).read().base.content


def test_an_endless_list_of_pages_is_stopped(github: GitHubServer):
    hub_, place = hub(github), github.url
    hub_.repository()
    again = {
        **JSON,
        "Link": f'<{place}/repositories/1/git/matching-refs/heads/?page=2>; rel="next"',
    }
    branch = json.dumps([{"ref": "refs/heads/x", "object": {"sha": "1" * 40}}]).encode()
    github.server.always = Response(200, branch, again)
    with pytest.raises(ForgeError, match="do not end"):
        hub_.branches()


def test_a_list_of_42_mib_in_somebodys_pull_request_is_not_read(github: GitHubServer):
    git = hub(github)
    git.repository()
    files = [
        {
            "filename": "README.md",
            "status": "modified",
            "sha": "1" * 40,
            "contents_url": "",
            "blob_url": "",
        }
    ]
    large = json.dumps({"content": "QUFB" * (14 * 2**20), "encoding": "base64"}).encode()

    def answer(request: Request) -> Response:
        if request.path.endswith("/files"):
            return Response(200, json.dumps(files).encode(), JSON)
        return Response(200, large, JSON)

    github.server.always = answer
    start = time.process_time()
    assert () == git.added_lines(7, {"README.md": LIST})
    assert time.process_time() - start < 2


# The token


def test_a_token_that_a_response_repeats_in_any_spelling_is_not_in_the_error(github: GitHubServer):
    spelled = "".join(f"\\u{ord(character):04x}" for character in TOKEN)
    for written in (TOKEN, spelled, spelled[:12] + TOKEN[2:]):
        body = f'{{"message": "what is {written}?", "status": "422"}}'
        github.server.always = Response(422, body.encode(), JSON)
        with pytest.raises(ForgeError) as caught:
            hub(github).repository()
        assert "what is ***?" in str(caught.value)
        assert TOKEN not in str(caught.value)


class Proxy:
    """Accepts any request."""

    def respond(self, request: Request) -> Response:
        del request
        return Response(200, b"{}", JSON)


def test_no_proxy_receives_a_token_over_plain_http(
    github: GitHubServer, monkeypatch: pytest.MonkeyPatch
):
    with Server(Proxy()) as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        hub(github).repository()

        assert [] == proxy.requests


# Other shapes


SHAPES: tuple[bytes, ...] = (
    b"[]",
    b"{}",
    b"null",
    b"7",
    b'"x"',
    b"[[]]",
    b"[7, null]",
    b'{"number": "x", "sha": 7, "object": [], "tree": 7, "errors": 7, "message": []}',
    b'[{"number": [], "head": 7, "user": 7, "state": 7, "ref": 7, "object": 7, "sha": 7, "filename": 7}]',
    b'{"content": 7, "encoding": 7, "type": "file", "sha": "x", "full_name": 7, "owner": 7}',
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b"\xff\xfe{}",
)


def respond_with(number: int, wrong: Response) -> Callable[[Request], Response | None]:
    return lambda request: wrong if request.number == number else None


def check_run(status: int, shape: bytes) -> None:
    """Repeats a run that opens a pull request, and replaces the response to each of its requests in turn."""
    for number in count(1):
        with GitHubServer({"README.md": LIST}) as github:
            github.server.always = respond_with(number, Response(status, shape, JSON))
            connected = forge(github)
            try:
                connected.read()
                outcome = connected.ensure(proposal(github))
                ended = outcome.kind is OutcomeKind.CREATED or outcome.failure or outcome.detail
            except BotError as error:
                ended = error.fix
            github.hub.problems.clear()
            assert ended, number
            if len(github.asked) < number:
                break


def test_a_response_of_another_shape_is_an_error_that_says_what_to_do():
    for shape in (b"{}", b"[7, null]", SHAPES[7]):
        check_run(200, shape)


@pytest.mark.deep
@pytest.mark.parametrize("shape", SHAPES, ids=range(len(SHAPES)))
@pytest.mark.parametrize("status", [200, 201, 404, 422])
def test_a_response_of_any_shape_is_an_error_that_says_what_to_do(shape: bytes, status: int):
    check_run(status, shape)


def check_doctor(shape: bytes) -> None:
    for number in range(1, 14):
        with GitHubServer({"README.md": LIST}) as github:
            github.server.always = respond_with(number, Response(200, shape, JSON))
            ended = "read"
            try:
                Inspector(hub(github), github.hub.name, TOKEN).read("arxiv-bot/batch-1")
            except ForgeError as error:
                ended = error.fix
            github.hub.problems.clear()
            assert ended, number


def test_the_doctor_survives_a_response_of_another_shape():
    check_doctor(SHAPES[8])


@pytest.mark.deep
@pytest.mark.parametrize("shape", SHAPES, ids=range(len(SHAPES)))
def test_the_doctor_survives_responses_of_any_shape(shape: bytes):
    check_doctor(shape)


# No network


def offline(make: Callable[[str], GitDatabase]) -> tuple[str, list[tuple[str, float]]]:
    """The error message if no server listens, and the waits."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(ForgeError) as caught:
        make(url).repository()
    assert not isinstance(caught.value, ForgeSetupError)
    return str(caught.value), []


def test_a_refused_connection_is_tried_once_more_and_reported():
    slept: list[float] = []
    waits: list[tuple[str, float]] = []
    message, _ = offline(
        lambda url: GitHub(
            "o/r",
            Connection(
                TOKEN,
                url,
                slept.append,
                monotonic=lambda: 0.0,
                on_wait=lambda *wait: waits.append(wait),
            ),
        )
    )

    assert "no network? check your connection or proxy" in message
    assert "the connection was refused" in message
    assert sum(slept) < 5
    assert [("no answer from GitHub; trying again", 1.0)] == waits


def test_a_name_that_does_not_resolve_is_reported():
    slept: list[float] = []
    git = GitHub(
        "o/r",
        Connection(TOKEN, "https://api.nowhere.invalid", slept.append, monotonic=lambda: 0.0),
    )
    with pytest.raises(ForgeError, match="its name does not resolve") as caught:
        git.repository()

    assert "no network?" in caught.value.fix
    assert sum(slept) < 5


def test_a_write_that_never_left_is_tried_once_more(github: GitHubServer):
    connected = forge(github)
    connected.read()
    outcome = connected.ensure(proposal(github))

    assert OutcomeKind.CREATED is outcome.kind
    assert NEW == github.hub.read(branch=proposal(github).branch)


# What the options and the environment name


@pytest.mark.parametrize(
    "name",
    [
        "o/..",
        "o/.",
        "o/n?x=1",
        "a/b\n",
        "a/b/c",
        "/b",
        "a/",
        "a b/c",
        "a/b#c",
        "../a",
        "a%2Fb/c",
        "",
    ],
)
def test_a_repository_name_reaches_no_other_part_of_the_api(name: str):
    with pytest.raises(UsageError, match="is not a repository"):
        _github(name, "", lambda message, seconds=0.0: None)


@pytest.mark.parametrize(
    "name", ["curator/awesome-list", "A-1/x.github.io", "emu_corp/list", "o/..x"]
)
def test_a_valid_repository_name_is_accepted(name: str):
    assert name == _github(name, "", lambda message, seconds=0.0: None).name


@pytest.mark.parametrize(
    "url",
    ["https://", "https://x:99999999", "https://[::1", "ftp://x", "x", "https://u:p@x", "http://x"],
)
def test_an_invalid_api_address_is_reported(url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GITHUB_API_URL", url)
    with pytest.raises(UsageError) as caught:
        _api_url()

    assert "GITHUB_API_URL" == caught.value.where


@pytest.mark.parametrize(
    "asked", ["²", "9" * 400, "-1", "1e9", "soon", "Fri, 31 Dec 9999 23:59:59 -2359", ""]
)
def test_a_nonsensical_retry_after_counts_as_unknown(asked: str):
    limit = limit_of(429, "", {"retry-after": asked, "date": "Mon, 20 Oct 2025 06:23:00 GMT"})

    assert limit is not None
    assert 60.0 == limit.wait
    assert limit_of(
        403, "abuse detection", {"x-ratelimit-reset": "9" * 30, "x-ratelimit-remaining": "0"}
    )


@pytest.mark.parametrize(
    "shape", [shape for shape in SHAPES if shape.startswith((b"[7", b"7", b'"', b"[{", b'{"'))]
)
def test_statuses_of_another_shape_are_an_error_that_says_what_to_do(
    github: GitHubServer, shape: bytes
):
    git = hub(github)
    git.repository()
    github.server.always = Response(200, shape, JSON)
    with pytest.raises(ForgeError, match=r"the commit's status|/statuses") as caught:
        git.status("1" * 40)

    assert caught.value.fix
