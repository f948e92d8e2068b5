"""Branches on the test GitHub, through plain HTTP: what their moves do to pull requests, and who may move them."""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.servers.asking import BOT, BRANCH, CREATE, DOCS, OTHER, Client, error, graphql_error
from tests.servers.http import After, Fault, Request


def test_deleting_a_branch_closes_its_pull_request(client: Client):
    client.open()
    assert 204 == client.ask("DELETE", f"/git/refs/heads/{BRANCH}").status_code

    assert "closed" == client.get("/pulls/1")["state"]
    assert [("closed", BOT), ("head_ref_deleted", BOT)] == client.events()


def test_a_branch_reset_to_the_base_closes_its_pull_request(client: Client):
    client.open()
    sent = {"sha": client.hub.tip("main"), "force": True}
    assert 200 == client.ask("PATCH", f"/git/refs/heads/{BRANCH}", sent).status_code

    pull = client.get("/pulls/1")
    assert ("closed", None) == (pull["state"], pull["merged_at"])
    assert [("head_ref_force_pushed", BOT), ("closed", BOT)] == client.events()


def test_a_base_that_gets_the_commits_merges_the_pull_request(client: Client):
    client.open()
    head = client.hub.tip(BRANCH)
    client.ask("PATCH", "/git/refs/heads/main", {"sha": head})

    pull = client.get("/pulls/1")
    assert (True, head, pull["closed_at"]) == (
        pull["merged"],
        pull["merge_commit_sha"],
        closed_after(pull),
    )
    assert [("merged", BOT), ("closed", BOT)] == client.events()
    assert [head] == [commit["sha"] for commit in client.get("/pulls/1/commits")]


def closed_after(pull: Any) -> str:
    assert pull["created_at"] < pull["merged_at"] <= pull["closed_at"]
    return str(pull["closed_at"])


REFS = f"{DOCS}/git/refs"


@pytest.mark.parametrize(
    ("method", "path", "sent", "message", "section"),
    [
        (
            "POST",
            "/git/refs",
            {"ref": f"refs/heads/{BRANCH}", "sha": "HEAD"},
            "Reference already exists",
            "#create-a-reference",
        ),
        (
            "POST",
            "/git/refs",
            {"ref": "refs/heads/new", "sha": "1" * 40},
            "Object does not exist",
            "#create-a-reference",
        ),
        (
            "POST",
            "/git/refs",
            {"ref": "refs/heads/arxiv-bot", "sha": "HEAD"},
            "Reference update failed",
            "",
        ),
        (
            "PATCH",
            "/git/refs/heads/none",
            {"sha": "HEAD"},
            "Reference does not exist",
            "#update-a-reference",
        ),
        (
            "PATCH",
            f"/git/refs/heads/{BRANCH}",
            {"sha": "BASE"},
            "Update is not a fast forward",
            "#update-a-reference",
        ),
        (
            "DELETE",
            "/git/refs/heads/none",
            None,
            "Reference does not exist",
            "#delete-a-reference",
        ),
    ],
)
def test_an_invalid_ref_is_refused(
    client: Client, method: str, path: str, sent: Any, message: str, section: str
):
    client.open()
    shas = {"HEAD": client.hub.tip(BRANCH), "BASE": client.hub.tip("main")}
    if sent:
        sent = {**sent, "sha": shas.get(sent["sha"], sent["sha"])}

    assert error(message, REFS + section) == client.refused(method, path, sent)


def test_a_rule_against_new_branches_is_reported(client: Client):
    client.hub.forbidden_refs = "refs/heads/arxiv-bot"
    rule = (
        "Repository rule violations found\n\nCannot create ref due to creations being restricted."
    )
    sent = {"ref": f"refs/heads/{BRANCH}", "sha": client.hub.tip("main")}

    assert error(rule, f"{REFS}#create-a-reference") == client.refused("POST", "/git/refs", sent)
    update = {"name": sent["ref"], "afterOid": sent["sha"]}
    assert ("UNPROCESSABLE", rule) == graphql_error(client.update_refs(update))


def test_refs_are_found_by_the_beginning_of_their_names(client: Client):
    client.open()
    client.open("arxiv-bot/batch-12", OTHER)
    found = client.get("/git/matching-refs/heads/arxiv-bot/batch-1")

    assert [f"refs/heads/{BRANCH}", "refs/heads/arxiv-bot/batch-12"] == [
        ref["ref"] for ref in found
    ]
    assert [] == client.get("/git/matching-refs/heads/none")


def test_two_branches_are_compared(client: Client):
    client.open()
    client.hub.push_base(OTHER)
    both = client.get(f"/compare/main...{BRANCH}")
    none = client.get("/compare/main...main")

    assert ("diverged", 1, 1, 1) == tuple(
        both[name] for name in ("status", "ahead_by", "behind_by", "total_commits")
    )
    assert [client.hub.tip(BRANCH)] == [commit["sha"] for commit in both["commits"]]
    assert ["README.md"] == [file["filename"] for file in both["files"]]
    assert client.hub.tip("main") == both["base_commit"]["sha"] != both["merge_base_commit"]["sha"]
    assert ("identical", []) == (none["status"], none["commits"])
    wanted = error("Not Found", f"{DOCS}/commits/commits#compare-two-commits", 404)
    assert wanted == client.refused("GET", "/compare/main...none")


@pytest.mark.parametrize(
    ("switch", "value", "status", "message"),
    [
        ("archived", True, 403, "Repository was archived so is read-only."),
        ("may_write", False, 403, "Resource not accessible by integration"),
        ("token", "another", 401, "Bad credentials"),
    ],
)
def test_a_missing_write_permission_is_reported(
    client: Client, switch: str, value: Any, status: int, message: str
):
    client.open()
    setattr(client.hub, switch, value)

    assert error(message, status=status) == client.refused("PATCH", "/pulls/1", {"title": "x"})
    assert "Add 1 paper" == client.hub.pull(1).title


def test_an_archived_repository_has_the_archived_flag(client: Client):
    client.hub.archived = True

    assert client.get("")["archived"] is True


def test_opening_pull_requests_can_be_forbidden_to_actions(client: Client):
    client.hub.may_open_pulls = False
    message = "GitHub Actions is not permitted to create or approve pull requests."
    sent = {"title": "x", "head": "x", "base": "main"}

    assert error(message, CREATE, 403) == client.refused("POST", "/pulls", sent)


def test_the_permissions_of_a_person_are_reported(client: Client):
    client.hub.roles["helper"] = "triage"
    found = {
        login: client.get(f"/collaborators/{login}/permission")
        for login in ("curator", "maintainer", "helper", "stranger")
    }

    assert ["admin", "write", "read", "read"] == [role["permission"] for role in found.values()]
    assert ["admin", "maintain", "triage", "read"] == [role["role_name"] for role in found.values()]
    assert "helper" == found["helper"]["user"]["login"]


def test_something_can_happen_before_or_after_any_request(client: Client):
    client.open()
    seen: list[tuple[str, str]] = []

    def note(request: Request) -> None:
        seen.append((request.method, client.hub.pull(1).title))

    number = len(client.server.server.requests)
    client.server.server.troubles = {number + 1: note, number + 2: After(note)}
    client.ask("PATCH", "/pulls/1", {"title": "one"})
    client.ask("PATCH", "/pulls/1", {"title": "two"})

    assert [("PATCH", "Add 1 paper"), ("PATCH", "two")] == seen


@pytest.mark.usefixtures("shared")
def test_an_undescribed_operation_is_a_problem_unless_listed(client: Client):
    client.open()
    client.get("/pulls/1/reviews")
    assert [] == client.hub.problems
    client.ask("GET", "/pulls/1/nothing")
    problems, client.hub.problems = client.hub.problems, []

    assert [
        f"GET /repos/{client.hub.name}/pulls/1/nothing is not in GitHub's description"
    ] == problems


@pytest.mark.parametrize(("processed", "title"), [(False, "Add 1 paper"), (True, "New")])
def test_the_client_can_be_killed_before_or_after_its_request_is_processed(
    client: Client, processed: bool, title: str
):
    client.open()
    program = (
        "import requests, sys\n"
        "headers = {'Authorization': 'token t0ken'}\n"
        "requests.patch(sys.argv[1], json={'title': 'New'}, headers=headers, timeout=10)\n"
    )
    running: list[subprocess.Popen[bytes]] = []

    def kill(request: Request) -> None:
        running[0].kill()
        running[0].wait()

    def kill_before(request: Request) -> Fault:
        kill(request)
        return Fault.DROP_BEFORE

    server = client.server.server
    trouble = After(kill) if processed else kill_before
    server.troubles[len(server.requests) + 1] = trouble
    address = f"{client.server.url}/repos/{client.hub.name}/pulls/1"
    running.append(subprocess.Popen([sys.executable, "-c", program, address]))

    assert -9 == running[0].wait(timeout=30)
    assert title == client.get("/pulls/1")["title"]


def test_states_are_compared_by_content(client: Client):
    client.open()
    before = json.dumps(client.hub.state())
    client.hub.edit_body(1, "other")

    assert before != json.dumps(client.hub.state())
