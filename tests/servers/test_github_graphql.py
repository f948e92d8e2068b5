"""Moves of branches on the test GitHub through GraphQL."""

from typing import Any

import pytest

from tests.servers.asking import BOT, BRANCH, HEAD, OTHER, ZERO, Client, error, graphql_error


def test_branches_are_made_moved_and_deleted_together(client: Client):
    client.open()
    client.open("arxiv-bot/batch-2", OTHER)
    head, other = client.hub.tip(BRANCH), client.hub.tip("arxiv-bot/batch-2")
    newer = client.commit(HEAD + b"- Four\n")
    answer = client.update_refs(
        {"name": f"refs/heads/{BRANCH}", "beforeOid": head, "afterOid": newer, "force": True},
        {"name": "refs/heads/arxiv-bot/batch-2", "beforeOid": other, "afterOid": ZERO},
        {"name": "refs/heads/arxiv-bot/batch-3", "beforeOid": ZERO, "afterOid": head},
    )

    assert {"data": {"updateRefs": {"clientMutationId": None}}} == answer
    wanted = {"main": client.hub.tip("main"), BRANCH: newer, "arxiv-bot/batch-3": head}
    assert wanted == client.hub.git.branches()
    assert [("head_ref_force_pushed", BOT)] == client.events(1)
    assert [("closed", BOT), ("head_ref_deleted", BOT)] == client.events(2)


@pytest.mark.parametrize(
    ("update", "message"),
    [
        (
            {"name": f"refs/heads/{BRANCH}", "beforeOid": "BASE", "afterOid": "NEWER"},
            f"Reference cannot be updated: refs/heads/{BRANCH}, expected BASE but it is HEAD",
        ),
        (
            {"name": f"refs/heads/{BRANCH}", "beforeOid": ZERO, "afterOid": "NEWER"},
            f"Reference cannot be updated: refs/heads/{BRANCH}, expected {ZERO} but it is HEAD",
        ),
        (
            {"name": f"refs/heads/{BRANCH}", "beforeOid": "HEAD", "afterOid": "BASE"},
            "Update is not a fast forward",
        ),
        ({"name": "refs/heads/none", "afterOid": ZERO}, "Reference does not exist"),
        ({"name": "refs/heads/new", "afterOid": "1" * 40}, "Object does not exist"),
        (
            {"name": "refs/heads/new", "afterOid": "TREE"},
            "Invalid object type tree, expected commit",
        ),
        ({"name": "refs/heads/arxiv-bot", "afterOid": "HEAD"}, "Reference update failed"),
    ],
)
def test_one_impossible_move_stops_all_moves(client: Client, update: Any, message: str):
    client.open()
    base, head = client.hub.tip("main"), client.hub.tip(BRANCH)
    shas = {"BASE": base, "HEAD": head, "NEWER": client.commit(HEAD + b"- Four\n", head)}
    shas["TREE"] = client.hub.git.show(head).tree
    update = {key: shas.get(value, value) for key, value in update.items()}
    for name, sha in shas.items():
        message = message.replace(f"expected {name} ", f"expected {sha} ").replace(
            f"is {name}", f"is {sha}"
        )
    before = client.hub.git.branches()
    answer = client.update_refs({"name": "refs/heads/first", "afterOid": base}, update)

    assert ("UNPROCESSABLE", message) == graphql_error(answer)
    assert before == client.hub.git.branches()


def test_graphql_reports_missing_permissions_and_unknown_repositories(client: Client):
    update = {"name": "refs/heads/new", "afterOid": client.hub.tip("main")}
    unknown = client.update_refs(update, repository="R_2")
    client.hub.may_write = False
    refused = client.update_refs(update)
    client.hub.archived = True

    message = "Could not resolve to a node with the global id of 'R_2'"
    assert ("NOT_FOUND", message) == graphql_error(unknown)
    assert ("FORBIDDEN", "Resource not accessible by integration") == graphql_error(refused)
    assert ("FORBIDDEN", "Repository was archived so is read-only.") == graphql_error(
        client.update_refs(update)
    )
    assert ["main"] == list(client.hub.git.branches())


def test_graphql_requires_a_known_token(client: Client):
    client.session.headers["Authorization"] = "token other"
    wrong = client.graphql("mutation { updateRefs }")
    del client.session.headers["Authorization"]
    none = client.graphql("mutation { updateRefs }")

    docs = "https://docs.github.com/graphql"
    assert error("Bad credentials", docs, 401) == (wrong.status_code, wrong.json())
    message = "This endpoint requires you to be authenticated."
    guide = f"{docs}/guides/forming-calls-with-graphql"
    assert error(message, guide, 401) == (none.status_code, none.json())


def test_without_graphql_there_is_rest(client: Client):
    client.hub.has_graphql = False
    answer = client.graphql("mutation { updateRefs }")

    assert error("Not Found", status=404) == (answer.status_code, answer.json())


def test_an_enterprise_server_has_graphql_next_to_its_api(client: Client):
    answer = client.graphql("{ viewer { login } }", path="/api/graphql").json()

    assert "Field 'viewer' doesn't exist on type 'Query'" == answer["errors"][0]["message"]
    assert "data" not in answer


def test_arguments_can_be_in_the_text_or_in_variables(client: Client):
    base = client.hub.tip("main")
    literal = client.graphql(
        'mutation { a: updateRefs(input: {repositoryId: "R_1", clientMutationId: "one", refUpdates: '
        f'[{{name: "refs/heads/a", afterOid: "{base}", force: false}}]}}) {{ clientMutationId }} }}'
    ).json()
    parts = client.graphql(
        "mutation Move($id: ID!, $moves: [RefUpdate!]!) {\n"
        "  updateRefs(input: { repositoryId: $id, refUpdates: $moves }) { clientMutationId }\n}",
        {"id": "R_1", "moves": [{"name": "refs/heads/b", "afterOid": base}]},
    ).json()

    assert {"data": {"a": {"clientMutationId": "one"}}} == literal
    assert {"data": {"updateRefs": {"clientMutationId": None}}} == parts
    assert ["a", "b", "main"] == list(client.hub.git.branches())


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({}, "Variable $input of type UpdateRefsInput! was provided invalid value"),
        (
            {"input": {"refUpdates": []}},
            (
                "Variable $input of type UpdateRefsInput! was provided invalid value for repositoryId "
                "(Expected value to not be null)"
            ),
        ),
        (
            {
                "input": {
                    "repositoryId": "R_1",
                    "refUpdates": [{"name": "refs/heads/a", "sha": "1"}],
                }
            },
            (
                "Variable $input of type UpdateRefsInput! was provided invalid value for refUpdates.0.afterOid "
                "(Expected value to not be null)"
            ),
        ),
        (
            {
                "input": {
                    "repositoryId": "R_1",
                    "refUpdates": [{"name": "refs/heads/a", "afterOid": "1"}],
                }
            },
            (
                "Variable $input of type UpdateRefsInput! was provided invalid value for refUpdates.0.afterOid "
                '(Could not coerce value "1" to GitObjectID)'
            ),
        ),
    ],
)
def test_input_of_the_wrong_form_is_refused(client: Client, variables: Any, message: str):
    query = "mutation Mutation($input: UpdateRefsInput!) { updateRefs(input: $input) { clientMutationId } }"
    answer = client.graphql(query, variables).json()

    assert [message] == [error["message"] for error in answer["errors"]]
    assert "data" not in answer


def test_pygithub_moves_branches_by_its_named_mutation(client: Client):
    import github

    api = github.Github(
        auth=github.Auth.Token("t0ken"),
        base_url=client.server.url,
        seconds_between_requests=0,
        seconds_between_writes=0,
    )
    repository = api.get_repo(client.hub.name)
    base = client.hub.tip("main")

    def move(before: str) -> Any:
        update = {"name": "refs/heads/new", "beforeOid": before, "afterOid": base}
        given = {"repositoryId": repository.node_id, "refUpdates": [update]}
        return api.requester.graphql_named_mutation("updateRefs", given, "clientMutationId")[1]

    assert {"clientMutationId": None} == move(ZERO)
    with pytest.raises(github.GithubException, match="UNPROCESSABLE"):
        move(ZERO)
    api.close()
