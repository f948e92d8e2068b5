"""Pull requests on the test GitHub, through plain HTTP: their life, and the exact text of every refusal."""

import pytest

from tests.servers.asking import (
    BASE,
    BOT,
    BRANCH,
    CREATE,
    HEAD,
    OTHER,
    UPDATE,
    Client,
    cannot,
    error,
    invalid,
    reopening,
)
from tests.servers.github import Refusal


def test_a_pull_request_is_edited_closed_and_reopened_by_the_bot(client: Client):
    client.open()
    edited = client.ask("PATCH", "/pulls/1", {"title": "New", "body": "other"}).json()
    closed = client.ask("PATCH", "/pulls/1", {"state": "closed"}).json()
    issue = client.get("/issues/1")
    opened = client.ask("PATCH", "/pulls/1", {"state": "open"}).json()

    assert ("New", "other", "open") == (edited["title"], edited["body"], edited["state"])
    assert ("closed", closed["updated_at"]) == (closed["state"], closed["closed_at"])
    assert closed["created_at"] < edited["updated_at"] < closed["closed_at"]
    assert BOT == issue["closed_by"]["login"]
    assert ("open", None) == (opened["state"], opened["closed_at"])
    assert [("renamed", BOT), ("closed", BOT), ("reopened", BOT)] == client.events()


def test_the_person_who_closed_is_reported(client: Client):
    client.open()
    client.hub.close(1, login="curator")

    assert [("closed", "curator")] == client.events()
    assert "curator" == client.get("/issues/1")["closed_by"]["login"]


def test_the_clock_can_be_set(client: Client):
    client.open()
    client.hub.git.seconds = 1_800_000_000 - 1
    client.hub.close(1)

    assert "2027-01-15T08:00:00Z" == client.get("/pulls/1")["closed_at"]


@pytest.mark.parametrize("method", ["POST", "PATCH"])
@pytest.mark.parametrize(("field", "longest"), [("title", 256), ("body", 65_536)])
def test_a_text_that_is_too_long_is_refused(client: Client, method: str, field: str, longest: int):
    client.open()
    path, docs = ("/pulls", CREATE) if method == "POST" else ("/pulls/1", UPDATE)
    rest = {"title": "x", "head": BRANCH, "base": "main"} if method == "POST" else {}
    message = f"{field} is too long (maximum is {longest} characters)"

    assert invalid(docs, message=message) == client.refused(
        method, path, {**rest, field: "x" * (longest + 1)}
    )
    if method == "PATCH":
        assert 200 == client.ask(method, path, {field: "x" * longest}).status_code


@pytest.mark.parametrize(
    ("changes", "particulars"),
    [
        ({}, {"message": f"A pull request already exists for curator:{BRANCH}."}),
        ({"head": "none"}, {"field": "head", "code": "invalid"}),
        ({"base": "none"}, {"field": "base", "code": "invalid"}),
        ({"head": "same"}, {"message": "No commits between main and same"}),
    ],
)
def test_an_impossible_pull_request_is_refused(
    client: Client, changes: dict[str, str], particulars: dict[str, str]
):
    client.open()
    client.ask("POST", "/git/refs", {"ref": "refs/heads/same", "sha": client.hub.tip("main")})
    sent = {"title": "x", "head": BRANCH, "base": "main", **changes}

    assert invalid(CREATE, **particulars) == client.refused("POST", "/pulls", sent)


@pytest.mark.usefixtures("shared")
def test_missing_members_are_named(client: Client):
    client.hub.problems = []
    wanted = error('Invalid request.\n\n"head" wasn\'t supplied.', CREATE)

    assert wanted == client.refused("POST", "/pulls", {"title": "x", "base": "main"})
    assert any("head" in problem for problem in client.hub.problems)
    client.hub.problems = []


def test_a_missing_base_is_refused_in_an_edit(client: Client):
    client.open()
    message = "Proposed base branch 'none' was not found"
    wanted = invalid(UPDATE, field="base", code="invalid", message=message)

    assert wanted == client.refused("PATCH", "/pulls/1", {"base": "none"})


def test_a_force_push_while_closed_makes_reopening_impossible(client: Client):
    client.open()
    head = client.hub.tip(BRANCH)
    client.hub.close(1)
    client.hub.amend(1, HEAD + b"- Four\n")
    wanted = cannot(f"The {BRANCH} branch was force-pushed or recreated.")

    assert wanted == reopening(client)
    client.ask("PATCH", f"/git/refs/heads/{BRANCH}", {"sha": head, "force": True})
    assert wanted == reopening(client)
    with pytest.raises(Refusal):
        client.hub.reopen(1)
    assert "closed" == client.get("/pulls/1")["state"]


def test_a_deleted_branch_can_be_restored_but_not_recreated_elsewhere(client: Client):
    client.open()
    head = client.hub.tip(BRANCH)
    client.hub.close(1)
    client.hub.delete_branch(1)
    assert cannot(f"The {BRANCH} branch has been deleted.") == reopening(client)

    client.ask("POST", "/git/refs", {"ref": f"refs/heads/{BRANCH}", "sha": head})
    assert 200 == reopening(client)[0]

    client.hub.delete_branch(1)
    client.ask("POST", "/git/refs", {"ref": f"refs/heads/{BRANCH}", "sha": client.commit(OTHER)})
    assert cannot(f"The {BRANCH} branch was force-pushed or recreated.") == reopening(client)


def test_a_second_open_pull_request_prevents_reopening(client: Client):
    client.open()
    client.hub.close(1)
    sent = {"title": "x", "head": BRANCH, "base": "main"}
    assert 201 == client.ask("POST", "/pulls", sent).status_code
    reason = f"There is already an open pull request from {BRANCH} to main."

    assert cannot(reason) == reopening(client)


def test_commits_added_while_closed_appear_after_reopening(client: Client):
    client.open()
    client.hub.close(1)
    before = client.get("/pulls/1")["head"]["sha"]
    client.hub.push(HEAD + b"- Four\n", branch=BRANCH)

    assert before == client.get("/pulls/1")["head"]["sha"]
    client.hub.reopen(1)
    assert client.hub.tip(BRANCH) == client.get("/pulls/1")["head"]["sha"]


def merges(client: Client) -> tuple[bool | None, str]:
    pull = client.get("/pulls/1")
    return pull["mergeable"], pull["mergeable_state"]


def test_mergeability_is_known_at_the_second_request_after_each_move(client: Client):
    client.open()
    assert [(None, "unknown"), (True, "clean"), (True, "clean")] == [
        merges(client) for _ in range(3)
    ]
    client.hub.push_base(BASE + b"- Another third\n")
    assert [(None, "unknown"), (False, "dirty")] == [merges(client) for _ in range(2)]
    client.hub.resolve(1, BASE + b"- Another third\n- Three\n")
    assert [(None, "unknown"), (True, "clean")] == [merges(client) for _ in range(2)]
    assert client.hub.tip("main") == client.get("/pulls/1")["base"]["sha"]


def test_a_list_of_pull_requests_does_not_contain_mergeability(client: Client):
    client.open()
    (pull,) = client.get("/pulls")

    assert not {"mergeable", "merged", "changed_files"} & set(pull)


def test_counts_are_those_of_git(client: Client):
    client.open()
    client.hub.push(HEAD + b"- Four\n", branch=BRANCH)
    pull = client.get("/pulls/1")

    assert (2, 2, 0, 1) == tuple(
        pull[name] for name in ("commits", "additions", "deletions", "changed_files")
    )


def test_labels_are_added_and_removed(client: Client):
    client.open()
    put = client.ask("POST", "/issues/1/labels", ["arxiv-bot", "arxiv-bot:hold"]).json()
    left = client.ask("DELETE", "/issues/1/labels/arxiv-bot%3Ahold").json()
    again = client.refused("DELETE", "/issues/1/labels/arxiv-bot%3Ahold")

    assert ["arxiv-bot", "arxiv-bot:hold"] == [label["name"] for label in put]
    assert ["arxiv-bot"] == [label["name"] for label in left]
    assert left == client.get("/issues/1/labels")
    assert error("Label does not exist", status=404) == again
    client.hub.unlabel(1, "arxiv-bot", login="helper")
    assert [("labeled", BOT)] * 2 + [("unlabeled", BOT), ("unlabeled", "helper")] == client.events()


def test_comments_are_listed_in_order_and_in_pages(client: Client):
    client.open()
    for number in range(3):
        made = client.ask("POST", "/issues/1/comments", {"body": f"hi {number}"})
        assert 201 == made.status_code
    client.hub.comment(1, "thanks")
    first = client.ask("GET", "/issues/1/comments?per_page=3")
    second = client.session.get(first.links["next"]["url"], timeout=10)

    assert ["hi 0", "hi 1", "hi 2"] == [comment["body"] for comment in first.json()]
    assert [("thanks", "maintainer")] == [
        (comment["body"], comment["user"]["login"]) for comment in second.json()
    ]
    assert "next" not in second.links


def test_reviews_name_their_author_and_commit(client: Client):
    client.open()
    head = client.hub.tip(BRANCH)
    client.hub.review(1, "CHANGES_REQUESTED", "curator", body="No.")
    (review,) = client.get("/pulls/1/reviews")

    assert ("CHANGES_REQUESTED", "curator", "No.", head) == (
        review["state"],
        review["user"]["login"],
        review["body"],
        review["commit_id"],
    )


def test_the_timeline_has_all_in_order(client: Client):
    client.open()
    client.ask("POST", "/issues/1/labels", ["arxiv-bot"])
    client.hub.comment(1, "hm")
    client.hub.review(1)
    client.hub.edit_title(1, "Other")
    client.hub.amend(1, HEAD + b"- Four\n")
    client.hub.merge(1)
    events = client.get("/issues/1/timeline")

    assert [
        "labeled",
        "commented",
        "reviewed",
        "renamed",
        "committed",
        "head_ref_force_pushed",
        "merged",
        "closed",
    ] == [event["event"] for event in events]
    committed = next(event for event in events if event["event"] == "committed")
    assert not {"actor", "created_at"} & set(committed)
    assert {"from": "Add 1 paper", "to": "Other"} == next(
        event["rename"] for event in events if event["event"] == "renamed"
    )
