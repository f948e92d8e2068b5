"""A plain HTTP client for the test GitHub, with which tests send the bot's requests and read its refusals."""

from typing import Any

import requests

from tests.servers.github import GitHubServer

BASE = b"# List\n\n- One\n- Two\n"
HEAD = BASE + b"- Three\n"
OTHER = b"# List\n\n- One, reworded\n- Two\n"
BRANCH = "arxiv-bot/batch-1"
BOT = "github-actions[bot]"
ZERO = "0" * 40
DOCS = "https://docs.github.com/rest"
UPDATE = f"{DOCS}/pulls/pulls#update-a-pull-request"
CREATE = f"{DOCS}/pulls/pulls#create-a-pull-request"


class Client:
    """Sends requests like the bot; `open` creates its branch and pull request."""

    def __init__(self, server: GitHubServer) -> None:
        self.server = server
        self.hub = server.hub
        self.session = requests.Session()
        self.session.headers["Authorization"] = "token t0ken"

    def ask(self, method: str, path: str, sent: Any = None) -> requests.Response:
        url = f"{self.server.url}/repos/{self.hub.name}{path}"
        return self.session.request(method, url, json=sent, timeout=10)

    def get(self, path: str) -> Any:
        answer = self.ask("GET", path)
        assert 200 == answer.status_code, answer.text
        return answer.json()

    def refused(self, method: str, path: str, sent: Any = None) -> tuple[int, Any]:
        answer = self.ask(method, path, sent)
        return answer.status_code, answer.json()

    def commit(self, content: bytes = HEAD, parent: str = "") -> str:
        parent = parent or self.hub.tip("main")
        element = {
            "path": "README.md",
            "mode": "100644",
            "type": "blob",
            "content": content.decode(),
        }
        tree = self.ask("POST", "/git/trees", {"base_tree": parent, "tree": [element]}).json()
        sent = {"message": "Add", "tree": tree["sha"], "parents": [parent]}
        return str(self.ask("POST", "/git/commits", sent).json()["sha"])

    def open(self, branch: str = BRANCH, content: bytes = HEAD) -> int:
        sha = self.commit(content)
        made = self.ask("POST", "/git/refs", {"ref": f"refs/heads/{branch}", "sha": sha})
        assert 201 == made.status_code, made.text
        sent = {"title": "Add 1 paper", "body": "text", "head": branch, "base": "main"}
        return int(self.ask("POST", "/pulls", sent).json()["number"])

    def graphql(
        self, query: str, variables: Any = None, path: str = "/graphql"
    ) -> requests.Response:
        sent = {"query": query, "variables": variables or {}}
        return self.session.post(f"{self.server.url}{path}", json=sent, timeout=10)

    def update_refs(self, *updates: dict[str, Any], repository: str = "R_1") -> Any:
        query = "mutation Mutation($input: UpdateRefsInput!) { updateRefs(input: $input) { clientMutationId } }"
        given = {"repositoryId": repository, "refUpdates": list(updates)}
        answer = self.graphql(query, {"input": given})
        assert 200 == answer.status_code
        return answer.json()

    def events(self, number: int = 1) -> list[tuple[str, str]]:
        return [
            (event["event"], event["actor"]["login"])
            for event in self.get(f"/issues/{number}/events")
        ]


def error(message: str, docs: str = DOCS, status: int = 422, errors: Any = None) -> tuple[int, Any]:
    body = {"message": message, "documentation_url": docs, "status": str(status)}
    return status, {**body, "errors": errors} if errors else body


def invalid(docs: str, **particulars: str) -> tuple[int, Any]:
    return error(
        "Validation Failed",
        docs,
        errors=[{"resource": "PullRequest", "code": "custom", **particulars}],
    )


def reopening(client: Client) -> tuple[int, Any]:
    return client.refused("PATCH", "/pulls/1", {"state": "open"})


def cannot(reason: str) -> tuple[int, Any]:
    return invalid(UPDATE, field="state", message=f"state cannot be changed. {reason}")


def graphql_error(answer: Any) -> tuple[str, str]:
    assert {"updateRefs": None} == answer["data"]
    (error,) = answer["errors"]
    assert ["updateRefs"] == error["path"]
    return error["type"], error["message"]
