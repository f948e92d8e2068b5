"""Whatever happens in a run, the token is in nothing that it leaves behind, and no other server is contacted.

The installed command runs in its own process, with every logger at full verbosity and a witness inside (`witness/`).
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import pytest

from tests import samples
from tests.conftest import thinned
from tests.fire.test_github_faults import PRIMARY, refusal
from tests.servers.arxiv import Arxiv
from tests.servers.github import GitHubServer
from tests.servers.github.settings import Settings
from tests.servers.http import Application, Fault, Misfortune, Request, Response, Server

COMMAND = Path(sys.executable).with_name("arxiv-bot")
WITNESS = Path(__file__).with_name("witness")
TOKEN = f"ghp_{'N0tF0rY0urEyes' * 3}"


class Elsewhere:
    """A server that must never be asked."""

    def respond(self, request: Request) -> Response:
        del request
        return Response(200, b"{}")


@dataclass
class Left:
    """What a process left: its exit code, what it printed, its files, and the witness's notes."""

    code: int
    printed: str
    files: dict[str, str]
    notes: list[list[str]]

    @property
    def everything(self) -> str:
        return "\n".join([self.printed, *self.files, *self.files.values(), json.dumps(self.notes)])

    def noted(self, kind: str) -> list[list[str]]:
        return [rest for first, *rest in self.notes if first == kind]


@dataclass
class World:
    folder: Path
    arxiv: Server
    github: GitHubServer
    elsewhere: Server

    def run(self, *arguments: str, **environment: str) -> Left:
        notes = self.folder / "notes.jsonl"
        notes.unlink(missing_ok=True)
        env = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "PYTHONPATH": str(WITNESS),
            "PYTHONDONTWRITEBYTECODE": "1",
            "WITNESS": str(notes),
            "GITHUB_TOKEN": TOKEN,
            "GITHUB_API_URL": self.github.url,
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md"),
            "GITHUB_OUTPUT": str(self.folder / "output.txt"),
            "ARXIV_BOT_SEARCH_URL": f"{self.arxiv.url}/api/query",
            "ARXIV_BOT_FEED_URL": f"{self.arxiv.url}/atom",
            "ARXIV_BOT_OAI_URL": f"{self.arxiv.url}/oai",
            **environment,
        }
        done = subprocess.run(
            [str(COMMAND), *arguments],
            cwd=self.folder,
            env=env,
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )
        files = {
            str(path.relative_to(self.folder)): path.read_text(encoding="utf-8")
            for path in self.folder.rglob("*")
            if path.is_file() and path != notes
        }
        said = [json.loads(line) for line in notes.read_text().splitlines()]
        return Left(done.returncode, done.stdout + done.stderr, files, said)

    def bot(self, *arguments: str) -> Left:
        name = self.github.hub.name
        return self.run("run", "--repo", name, "--until", "2025-10-31", *arguments)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with (
        Server(Arxiv(samples.PAPERS, samples.DAY)) as arxiv,
        GitHubServer({"README.md": samples.LIST.encode()}) as github,
        Server(Elsewhere()) as elsewhere,
    ):
        github.hub.token = TOKEN
        (tmp_path / "config").mkdir()
        (tmp_path / "config" / "keywords.toml").write_text(samples.CONFIG)
        yield World(tmp_path, arxiv, github, elsewhere)


def assert_clean(world: World, left: Left) -> None:
    """Checks that no token appears, not even in large part, no process was started, and only the two services were contacted."""
    for part in (TOKEN, TOKEN[4:], TOKEN[:16]):
        assert part not in left.everything
    for request in world.arxiv.requests:
        assert TOKEN not in f"{request}"
    for request in world.github.server.requests:
        assert TOKEN not in f"{request.path}{request.query}{request.body!r}"
    assert [] == left.noted("process")
    assert [] == left.noted("other")
    assert [] == world.elsewhere.requests
    known = {server.url.rpartition(":")[2] for server in (world.arxiv, world.github.server)}
    for (address,) in left.noted("connect"):
        assert any(address == f"('127.0.0.1', {port})" for port in known), address
    here = str(world.folder)
    written = [path for (path,) in left.noted("write") if path != "/dev/null"]
    assert all(path.startswith(here) or not path.startswith("/") for path in written), written


def test_the_witness_records_connections_and_files(world: World):
    """Checks what the other tests rely on: the witness is active and reports what it sees."""
    left = world.bot("--report", "report.json")

    assert 0 == left.code, left.printed
    assert left.noted("connect")
    assert "report.json" in {path for (path,) in left.noted("write")}
    assert "DEBUG:urllib3" in left.printed
    assert {"summary.md", "output.txt", "report.json"} <= set(left.files)
    env = {"PYTHONPATH": str(WITNESS), "WITNESS": str(world.folder / "other.jsonl")}
    code = """
import ctypes, pickle, subprocess
subprocess.run(["true"])
pickle.loads(pickle.dumps(OSError))
ctypes.CDLL("libc.so.6")
"""
    subprocess.run([sys.executable, "-c", code], env=env, check=True, capture_output=True)
    noted = (world.folder / "other.jsonl").read_text()
    assert '"process", "subprocess.Popen"' in noted
    assert "pickle.find_class" in noted
    assert '"ctypes.dlopen", "libc.so.6"' in noted


FAILURES: dict[str, Misfortune] = {
    "401": refusal(401, "Bad credentials"),
    "401 that repeats the token": refusal(401, f"Bad credentials: token {TOKEN}"),
    "403": refusal(403, "Resource not accessible by integration"),
    "a limit": PRIMARY,
    "404": refusal(404, "Not Found"),
    "422": refusal(422, "Validation Failed", {"resource": "PullRequest", "field": TOKEN}),
    "500": Response(500, b'{"message": "Server Error"}'),
    "a web page": Response(502, f"<html>{TOKEN}</html>".encode()),
    "no answer": Fault.DROP_BEFORE,
    "an answer of another kind": Response(200, b'{"full_name": 5}'),
}


@pytest.mark.parametrize(("name", "number"), thinned(product(FAILURES, (1, 5, 9)), every=30))
def test_a_failing_run_does_not_leak_the_token(world: World, name: str, number: int):
    start = len(world.github.asked)
    world.github.server.always = lambda request: (
        FAILURES[name] if request.number - start >= number else None
    )
    left = world.bot("--report", "report.json", *(["--json"] if number == 5 else []))

    assert left.code in {1, 2, 3}
    assert_clean(world, left)


COMMANDS = (
    ("decisions", "--repo", "curator/awesome-list"),
    ("run", "--repo", "curator/awesome-list", "--dry-run", "--json"),
    ("doctor", "--repo", "curator/awesome-list"),
    ("run", "--repo", f"https://x:{TOKEN}@github.com/curator/awesome-list"),
    ("propose", "2510.00001", "--repo", "curator/awesome-list"),
    ("explain", "2510.00001", "--repo", "curator/awesome-list"),
    ("run", "--repo", "curator/awesome-list", "--since", TOKEN),
    ("check",),
    ("run", TOKEN),
)


@pytest.mark.parametrize("arguments", thinned([(each,) for each in COMMANDS], every=5))
def test_no_command_leaks_the_token(world: World, arguments: tuple[str, ...]):
    world.github.server.application = Settings(world.github.hub)
    left = world.run(*arguments)

    assert "Traceback" not in left.printed
    assert_clean(world, left)


def test_the_token_is_not_sent_over_plain_http(world: World):
    name = world.github.hub.name
    left = world.run("run", "--repo", name, GITHUB_API_URL="http://github.example")

    assert 2 == left.code
    assert "not sent over plain http" in left.printed
    assert [] == left.noted("connect")


def test_a_netrc_file_is_not_read(world: World):
    (world.folder / ".netrc").write_text("machine 127.0.0.1 login someone password an0ther\n")
    name = world.github.hub.name
    world.run("run", "--dry-run", "--repo", name, GITHUB_TOKEN="")

    assert world.github.server.requests
    assert world.arxiv.requests
    for request in (*world.github.server.requests, *world.arxiv.requests):
        assert "authorization" not in request.headers


# Elsewhere

REDIRECTS = (301, 302, 303, 307, 308)


@pytest.mark.parametrize(("status", "number"), thinned(product(REDIRECTS, (1, 3, 5, 9)), every=20))
def test_githubs_redirects_elsewhere_are_not_followed(world: World, status: int, number: int):
    start = len(world.github.asked)
    away = Response(status, b"{}", {"Location": f"{world.elsewhere.url}/repos/x/y"})
    world.github.server.always = lambda request: away if request.number - start >= number else None
    left = world.bot()

    assert 1 == left.code, left.printed
    assert "another host: 127.0.0.1:" in left.printed
    assert_clean(world, left)


@pytest.mark.parametrize("status", thinned(REDIRECTS, every=5))
def test_arxivs_redirects_elsewhere_are_not_followed(world: World, status: int):
    world.arxiv.always = Response(status, b"", {"Location": f"{world.elsewhere.url}/api/query"})
    left = world.bot()

    assert 1 == left.code
    assert "redirects are not followed" in left.printed
    assert_clean(world, left)


@dataclass
class Pointing:
    """A service whose links all lead to another server."""

    inner: Application
    here: str
    there: str

    def respond(self, request: Request) -> Response:
        answer = self.inner.respond(request)
        headers = {
            key: value.replace(self.here, self.there) for key, value in answer.headers.items()
        }
        return replace(
            answer,
            body=answer.body.replace(self.here.encode(), self.there.encode()),
            headers=headers,
        )


def test_links_in_githubs_answers_are_not_followed_elsewhere(world: World):
    server = world.github.server
    server.application = Pointing(server.application, server.url, world.elsewhere.url)
    left = world.bot()

    assert 1 == left.code
    assert "another host: 127.0.0.1:" in left.printed
    assert_clean(world, left)


@pytest.mark.deep  # the test above asks nothing else of the bot
def test_the_next_page_is_not_fetched_elsewhere(world: World):
    hub = world.github.hub
    for number in range(101):
        hub.open_pull(b"x\n", branch=f"b{number}", title=str(number))
        hub.close(number + 1)
    server = world.github.server
    away = {"Link": f'<{world.elsewhere.url}/repositories/1/pulls?page=2>; rel="next"'}

    class Paging:
        def respond(self, request: Request) -> Response:
            answer = hub.respond(request)
            return replace(answer, headers={**answer.headers, **away})

    server.application = Paging()
    left = world.bot()

    assert 1 == left.code
    assert "another host: 127.0.0.1:" in left.printed
    assert_clean(world, left)


def test_links_in_papers_and_pull_requests_are_never_opened(world: World):
    """Uses links and files in titles, abstracts, comments, feeds, and other people's pull requests."""
    lure = f"{world.elsewhere.url}/lure"
    papers = [
        replace(
            paper,
            title=f"{paper.title} {lure}",
            abstract=f"{paper.abstract} See {lure}.pdf and file:///etc/passwd and `$(touch lured)`.",
            comment=f"Code at {lure}",
        )
        for paper in samples.PAPERS
    ]
    world.arxiv.application = Arxiv(papers, samples.DAY, damage=lambda body: body.replace(
        b"</title>", b'</title>\n<link rel="next" href="' + lure.encode() + b'"/>', 1
    ).replace(b"https://arxiv.org/pdf", lure.encode()))  # fmt: skip
    text = f"- [x]({lure}) https://arxiv.org/abs/2510.00009 ![i]({lure}.png) $(touch lured)\n"
    world.github.hub.open_pull(
        (samples.LIST + text).encode(), branch="b", title=lure, body=text, fork="stranger/list"
    )
    left = world.bot("--report", "report.md")

    assert 0 == left.code, left.printed
    assert 1 == len([pull for pull in world.github.hub.pulls if pull.author != "contributor"])
    assert "lured" not in left.files
    assert_clean(world, left)


@pytest.mark.deep  # test_arxiv_faults has a document type too
def test_a_document_type_that_reads_files_is_refused(world: World):
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "%s/x">]>'
        % world.elsewhere.url.encode()
    )
    world.arxiv.application = Arxiv(
        samples.PAPERS, samples.DAY, damage=lambda body: bomb + body.partition(b"?>")[2]
    )
    left = world.bot()

    assert 1 == left.code
    assert "declares a document type" in left.printed
    assert_clean(world, left)
