from collections.abc import Iterator

import pytest

from bot.core.errors import ForgeError, ForgeSetupError, ListError
from bot.core.model import OutcomeKind
from bot.forge import connection
from bot.forge.connection import Connection
from bot.forge.github_api import GitHub
from bot.forge.github_forge import GitHubForge
from bot.proposals.marker import parse_marker
from bot.proposals.model import FileChange, Proposal, PullState
from tests.servers.github import GitHubServer
from tests.servers.github.hub import VERSIONS
from tests.servers.http import Fault, Response

LIST = b"# List\n\n## Papers\n\n- [One](https://arxiv.org/abs/2401.00001)\n"
NEW = LIST + b"- [Two](https://arxiv.org/abs/2401.00002)\n"
MARKER = '<!-- arxiv-bot {"version": 1, "list": "README.md", "papers": ["2401.00002"], "resume": "2025-10-20T06:23:00+00:00"} -->'


@pytest.fixture
def github() -> Iterator[GitHubServer]:
    with GitHubServer({"README.md": LIST}) as server:
        yield server


def connected(server: GitHubServer, token: str = "t0ken") -> Connection:
    return Connection(token, server.url, lambda _: None, monotonic=lambda: 0.0)


def forge(
    server: GitHubServer, token: str = "t0ken", path: str = "README.md", name: str = ""
) -> GitHubForge:
    github = GitHub(name or server.hub.name, connected(server, token))
    return GitHubForge(github, lambda _: None, path)


def proposal(server: GitHubServer, **changes: object) -> Proposal:
    values = {
        "branch": "arxiv-bot/batch-0123456789ab",
        "base_branch": server.hub.branch,
        "base_sha": server.hub.git.resolve(server.hub.branch) or "",
        "files": (FileChange("README.md", LIST, NEW),),
        "message": "Add 1 paper\n\nArxiv-Bot-Papers: 2401.00002\n",
        "title": "Add 1 paper",
        "text": "text\n",
        "marker": parse_marker(MARKER),
        "labels": ("arxiv-bot",),
        "reviewers": (),
    }
    return Proposal(**{**values, **changes})  # type: ignore[arg-type]


def test_reads_the_list_and_the_pull_requests_in_four_requests(github: GitHubServer):
    state = forge(github).read()

    assert LIST == state.base.content
    assert ("main", github.hub.git.resolve("main")) == (state.base.branch, state.base.sha)
    assert 4 == len(github.asked)


def test_a_proposal_becomes_a_branch_with_one_commit_and_a_pull_request(github: GitHubServer):
    connected = forge(github)
    connected.read()
    outcome = connected.ensure(proposal(github))

    assert (OutcomeKind.CREATED, 1) == (outcome.kind, outcome.number)
    (pull,) = github.hub.pulls
    assert ("Add 1 paper", ["arxiv-bot"], "main") == (pull.title, pull.labels, pull.base)
    assert NEW == github.hub.read(branch=pull.branch)
    assert LIST == github.hub.read()
    about = github.hub.git.describe(pull.head_sha)
    assert github.hub.git.resolve("main") == about["parents"]
    assert "Arxiv-Bot-Papers: 2401.00002" in about["message"]
    assert len(github.asked) <= 11


def test_a_branch_created_by_somebody_else_is_a_lost_race_and_stays(github: GitHubServer):
    branch = proposal(github).branch
    github.hub.push(LIST + b"mine\n", branch=branch)
    outcome = forge(github).ensure(proposal(github))

    assert (OutcomeKind.RACE_LOST, "") == (outcome.kind, outcome.failure)
    assert f"somebody moved branch {branch} during this run" == outcome.detail
    assert LIST + b"mine\n" == github.hub.read(branch=branch)
    assert [] == github.hub.pulls


def test_own_pull_requests_are_recognised_by_branch_repository_and_marker(github: GitHubServer):
    body = f"{MARKER}\n"
    github.hub.open_pull(NEW, branch="arxiv-bot/batch-1", title="ours", body=body)
    github.hub.open_pull(
        NEW, branch="arxiv-bot/batch-2", title="forged in a fork", body=body, fork="stranger/fork"
    )
    github.hub.open_pull(NEW, branch="feature", title="forged on a branch", body=body)
    github.hub.open_pull(NEW, branch="arxiv-bot/other", title="without marker")
    pulls = {pull.title: pull for pull in forge(github).read().pulls}

    assert ["ours"] == [title for title, pull in pulls.items() if pull.marker]
    assert ["2401.00002"] == [str(paper_id) for paper_id in pulls["forged in a fork"].adds]


def test_every_pull_request_is_read_however_many_there_are(github: GitHubServer):
    for number in range(230):
        github.hub.open_pull(
            NEW, branch=f"arxiv-bot/batch-{number}", title=str(number), body=MARKER
        )
        github.hub.close(number + 1)
    pulls = forge(github).read().pulls

    assert 230 == len(pulls)
    assert {PullState.CLOSED} == {pull.state for pull in pulls}


def test_a_list_above_a_megabyte_and_not_in_utf8_is_read_and_written():
    large = b"# List \xff\n" + b"- line\n" * 200_000
    with GitHubServer({"README.md": large}) as server:
        connected = forge(server)
        assert large == connected.read().base.content
        connected.ensure(
            proposal(server, files=(FileChange("README.md", large, large + b"- more\n"),))
        )
        assert large + b"- more\n" == server.hub.read(branch="arxiv-bot/batch-0123456789ab")


def test_the_default_branch_need_not_be_called_main():
    with GitHubServer({"README.md": LIST}, branch="trunk") as server:
        assert "trunk" == forge(server).read().base.branch


def test_the_error_says_where_to_allow_actions_to_open_pull_requests(github: GitHubServer):
    github.hub.may_open_pulls = False
    connected = forge(github)
    connected.read()
    outcome = connected.ensure(proposal(github))

    assert OutcomeKind.FAILED is outcome.kind
    assert "not permitted to create or approve pull requests" in outcome.failure
    assert "/settings/actions" in outcome.failure
    assert "/compare/main...arxiv-bot/batch-0123456789ab?expand=1" in outcome.failure
    assert "arxiv-bot/batch-0123456789ab" in github.hub.git.branches()


def test_the_error_for_a_read_only_token_names_the_missing_permissions(github: GitHubServer):
    github.hub.may_write = False
    outcome = forge(github).ensure(proposal(github))

    assert "Resource not accessible by integration" in outcome.failure
    assert "`contents: write` and `pull-requests: write`" in outcome.failure
    assert ["main"] == list(github.hub.git.branches())


def test_a_rule_against_the_branch_is_reported(github: GitHubServer):
    github.hub.forbidden_refs = "refs/heads/arxiv-bot"
    outcome = forge(github).ensure(proposal(github))

    assert "rule" in outcome.failure
    assert "arxiv-bot/**" in outcome.failure


def refusal(status: int, message: str, **headers: str) -> Response:
    body = f'{{"message": "{message}", "documentation_url": "https://docs.github.com/rest", "status": "{status}"}}'
    return Response(status, body.encode(), {"Content-Type": "application/json", **headers})


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (refusal(401, "Bad credentials"), ForgeSetupError, "does not accept the token"),
        (
            refusal(403, "Resource not accessible by integration"),
            ForgeSetupError,
            "contents: write",
        ),
        (refusal(404, "Not Found"), ForgeSetupError, "can't find the repository"),
        (
            refusal(
                403,
                "API rate limit exceeded for user ID 1.",
                **{"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "9999999999"},
            ),
            ForgeError,
            "rate limit",
        ),
        (
            Response(500, b'{"message":"Server Error"}', {"Content-Type": "application/json"}),
            ForgeError,
            "failed on the repository",
        ),
        (Response(502, b"<html>"), ForgeError, "failed on the repository"),
    ],
)
def test_a_refusal_says_what_to_do(
    github: GitHubServer, answer: Response, kind: type[ForgeError], words: str
):
    github.server.always = answer
    with pytest.raises(kind, match=words) as caught:
        forge(github).read()

    assert caught.value.fix
    assert "t0ken" not in str(caught.value)


def test_a_missing_response_is_reported(github: GitHubServer):
    github.server.always = Fault.DROP_BEFORE
    with pytest.raises(ForgeError, match="no answer from GitHub"):
        forge(github).read()


def test_a_missing_list_is_reported(github: GitHubServer):
    with pytest.raises(ListError, match="no such list") as caught:
        forge(github, path="LIST.md").read()

    assert "correct its path" in caught.value.fix


def test_an_empty_repository_is_reported():
    with GitHubServer({}) as server, pytest.raises(ForgeSetupError, match="empty"):
        forge(server).read()


def test_a_renamed_repository_is_reported(github: GitHubServer):
    github.hub.renamed_to = "curator/new-name"
    with pytest.raises(ForgeSetupError, match="now called curator/new-name"):
        forge(github).read()


def test_a_public_repository_is_read_without_a_token(github: GitHubServer):
    assert LIST == forge(github, token="").read().base.content


@pytest.mark.usefixtures("shared")
def test_the_test_server_detects_a_response_that_github_would_not_send(github: GitHubServer):
    method, pattern, _ = github.hub._routes[0]
    github.hub._routes[0] = (method, pattern, lambda **_: Response(200, b'{"id": "text"}'))
    with pytest.raises(ForgeError):
        forge(github).read()
    problems, github.hub.problems = github.hub.problems, []

    assert any("/repos/{owner}/{repo}: 200" in problem for problem in problems)


@pytest.mark.parametrize("largest", [100_000, 10])
def test_added_papers_are_read_from_the_diff_or_from_a_large_file(
    github: GitHubServer, largest: int
):
    github.hub.largest_patch = largest
    github.hub.open_pull(NEW, branch="patch-1", title="Two", fork="contributor/fork")
    (pull,) = forge(github).read().pulls

    assert ["2401.00002"] == [str(paper_id) for paper_id in pull.adds]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_batch_is_opened_and_read_in_every_version_of_the_api(
    github: GitHubServer, version: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(connection, "API_VERSION", version)
    connected = forge(github)
    connected.read()
    outcome = connected.ensure(proposal(github))
    state = forge(github).read()

    assert OutcomeKind.CREATED is outcome.kind
    assert [True] == [pull.marker is not None for pull in state.pulls]
    assert {version} == {
        request.headers["x-github-api-version"] for request in github.server.requests
    }


def test_the_requested_api_version_is_supported_by_github(github: GitHubServer):
    assert VERSIONS[0] == connection.API_VERSION


def test_a_commit_gets_the_status_of_the_bot(github: GitHubServer):
    sha = github.hub.tip("main")
    git = GitHub(github.hub.name, connected(github))
    git.repository()
    start = len(github.asked)

    assert git.set_status(sha, "pending", "x" * 300, url="https://github.test/1")
    assert git.set_status(sha, "success", "Done")
    assert 2 == len(github.asked) - start
    assert [("pending", "x" * 140), ("success", "Done")] == [
        (status["state"], status["description"]) for status in github.hub.statuses[sha]
    ]
    assert {"arxiv-bot/answers"} == {status["context"] for status in github.hub.statuses[sha]}


def test_a_token_without_permission_for_statuses_is_not_a_failure(github: GitHubServer):
    github.hub.may_write_statuses = False
    git = GitHub(github.hub.name, connected(github))

    assert not git.set_status(github.hub.tip("main"), "pending", "Not yet")
    github.hub.may_write_statuses = True
    with pytest.raises(ForgeError, match="the commit's status"):
        git.set_status("1" * 40, "pending", "Not yet")
