"""What people do on the test GitHub, and how it looks through plain HTTP."""

import pytest

from tests.servers.asking import BASE, BOT, BRANCH, HEAD, OTHER, Client, cannot, reopening


def people(client: Client) -> list[tuple[str, str, bool]]:
    return [
        (
            commit["commit"]["author"]["email"],
            commit["commit"]["committer"]["email"],
            commit["commit"]["verification"]["verified"],
        )
        for commit in client.get("/pulls/1/commits")
    ]


BOT_MAIL = f"41898282+{BOT}@users.noreply.github.com"
PERSON_MAIL = "maintainer@users.noreply.github.com"
WEB_MAIL = "noreply@github.com"


def test_bot_person_and_github_are_distinguished(client: Client):
    client.open()
    client.hub.push(HEAD + b"- Four\n", branch=BRANCH)
    client.hub.push_base(OTHER)
    client.hub.update_branch(1)

    assert [
        (BOT_MAIL, BOT_MAIL, True),
        (PERSON_MAIL, PERSON_MAIL, False),
        (PERSON_MAIL, WEB_MAIL, True),
    ] == people(client)
    last = client.get("/pulls/1/commits")[-1]
    assert ("GitHub", "web-flow", "maintainer") == (
        last["commit"]["committer"]["name"],
        last["committer"]["login"],
        last["author"]["login"],
    )


def test_the_button_update_branch_merges_the_base(client: Client):
    client.open()
    head = client.hub.tip(BRANCH)
    client.hub.push_base(OTHER)
    client.hub.update_branch(1)
    about = client.hub.git.show(client.hub.tip(BRANCH))

    assert ((head, client.hub.tip("main")), f"Merge branch 'main' into {BRANCH}") == (
        about.parents,
        about.message,
    )
    assert OTHER + b"- Three\n" == client.hub.read(branch=BRANCH)
    assert [] == client.events()


def test_an_amended_commit_keeps_its_author_but_counts_as_a_persons(client: Client):
    client.open()
    client.hub.amend(1, HEAD + b"- Four\n")

    assert [(BOT_MAIL, PERSON_MAIL, False)] == people(client)
    assert [("head_ref_force_pushed", "maintainer")] == client.events()


def test_a_conflict_resolved_in_the_editor_is_a_merge_by_github_with_the_persons_text(
    client: Client,
):
    client.open()
    client.hub.push_base(BASE + b"- Another third\n")
    with pytest.raises(AssertionError, match="conflicts"):
        client.hub.update_branch(1)
    client.hub.resolve(1, BASE + b"- Both\n")

    assert BASE + b"- Both\n" == client.hub.read(branch=BRANCH)
    assert [(BOT_MAIL, BOT_MAIL, True), (PERSON_MAIL, WEB_MAIL, True)] == people(client)


def test_github_can_be_the_committer_of_what_a_bot_commits(client: Client):
    client.hub.signs_for_bots = True
    client.open()

    assert [(BOT_MAIL, WEB_MAIL, True)] == people(client)


def test_an_author_that_is_sent_is_kept_and_unsigned(client: Client):
    base = client.hub.git.show(client.hub.tip("main"))
    author = {"name": "Ada", "email": "ada@example.org"}
    sent = {"message": "x", "tree": base.tree, "parents": [base.sha], "author": author}
    made = client.ask("POST", "/git/commits", sent).json()

    assert ("Ada", "ada@example.org", "unsigned") == (
        made["author"]["name"],
        made["committer"]["email"],
        made["verification"]["reason"],
    )


@pytest.mark.parametrize("way", ["merge", "squash", "rebase"])
def test_each_merge_method_merges_the_text_and_ends_the_pull_request(client: Client, way: str):
    client.open()
    client.hub.push(HEAD + b"- Four\n", branch=BRANCH)
    client.hub.push_base(OTHER)
    getattr(client.hub, way)(1, login="curator")
    pull = client.get("/pulls/1")
    last = client.hub.git.show(client.hub.tip("main"))

    assert OTHER + b"- Three\n- Four\n" == client.hub.read()
    assert (True, "curator", last.sha) == (
        pull["merged"],
        pull["merged_by"]["login"],
        pull["merge_commit_sha"],
    )
    assert ("closed", 2) == (pull["state"], pull["commits"])
    assert [("merged", "curator"), ("closed", "curator")] == client.events()
    assert {"merge": 2, "squash": 1, "rebase": 1}[way] == len(last.parents)
    subject = last.message.partition("\n")[0]
    assert {
        "merge": f"Merge pull request #1 from curator/{BRANCH}",
        "squash": "Add 1 paper (#1)",
        "rebase": "Edit",
    }[way] == subject


def test_a_single_commit_keeps_its_message_when_squashed(client: Client):
    client.open()
    client.hub.squash(1)
    last = client.hub.git.show(client.hub.tip("main"))

    assert ("Add (#1)", BOT_MAIL, WEB_MAIL) == (
        last.message,
        last.author.email,
        last.committer.email,
    )


def test_a_merged_pull_request_stays_merged(client: Client):
    client.open()
    client.hub.merge(1)
    client.hub.delete_branch(1)

    assert cannot("The pull request cannot be reopened.") == reopening(client)
    assert client.get("/pulls/1")["merged"]
