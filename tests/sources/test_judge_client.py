"""The endpoint of a judge over real HTTP, with everything that it can do wrong."""

from collections.abc import Iterator

import pytest

from bot.relevance.judge.answers import UnusableAnswerError, read_answers
from bot.relevance.judge.ask import JudgeStoppedError
from bot.relevance.judge.question import question
from tests.factories import paper
from tests.judging import PRINCIPLES, client_of
from tests.servers.http import Fault, Response, Server
from tests.servers.judge import BAD_BODIES, HOSTILE_TEXTS, JudgeEndpoint, completion, endless

QUESTION = question(paper(), PRINCIPLES.items, turned=False)


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(JudgeEndpoint()) as running:
        yield running


def test_a_question_is_one_request_with_the_key_and_the_schema(server: Server):
    client = client_of(server.url, key="s3cret")

    reply = client.ask(QUESTION)

    assert 500 == reply.tokens
    assert 3 == len(read_answers(reply.text, paper(), PRINCIPLES.items))
    assert 1 == len(server.requests) == client.requests
    assert "Bearer s3cret" == server.requests[0].headers["authorization"]


def test_without_a_key_none_is_sent(server: Server):
    client_of(server.url).ask(QUESTION)

    assert "authorization" not in server.requests[0].headers


def test_an_unencrypted_request_uses_no_proxy(server: Server, monkeypatch: pytest.MonkeyPatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "")

    assert client_of(server.url, key="s3cret").ask(QUESTION).text


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (400, "it refuses the request"),
        (401, "it refuses the key; check `judge.api_key_env` (HTTP 401)"),
        (402, "it asks for payment (HTTP 402)"),
        (403, "it refuses the key"),
        (404, "it has no such model or address"),
        (410, "the model or the service is gone"),
        (302, "it redirects, which is not followed (HTTP 302)"),
        (418, "it refuses (HTTP 418)"),
        (204, "it refuses (HTTP 204)"),
    ],
)
def test_a_refusal_ends_the_asking_at_once_and_its_text_is_not_repeated(
    server: Server, status: int, says: str
):
    server.always = Response(status, b"EVILTEXT", {"Location": "https://evil.example"})

    with pytest.raises(JudgeStoppedError) as caught:
        client_of(server.url).ask(QUESTION)

    assert str(caught.value).startswith(says)
    assert "EVIL" not in str(caught.value)
    assert 1 == len(server.requests)


@pytest.mark.parametrize("trouble", [Fault.DROP_BEFORE, Fault.RESET, Response(500), Response(429)])
def test_temporary_failures_are_retried(server: Server, trouble: Fault | Response):
    server.troubles = {1: trouble, 2: trouble}

    assert client_of(server.url).ask(QUESTION).text
    assert 3 == len(server.requests)


def test_lasting_failures_end_after_three_tries(server: Server):
    server.always = Response(503)

    with pytest.raises(JudgeStoppedError, match=r"it is overloaded \(HTTP 503\), 3 times in a row"):
        client_of(server.url).ask(QUESTION)

    assert 3 == len(server.requests)


def test_the_client_waits_as_requested_up_to_a_limit(server: Server):
    slept: list[float] = []
    server.troubles = {1: Response(429, headers={"Retry-After": "17"})}
    client_of(server.url, slept=slept.append).ask(QUESTION)
    assert [17.0] == slept

    server.always = Response(429, headers={"Retry-After": "3600"})
    with pytest.raises(JudgeStoppedError, match="asks to wait 3600 s"):
        client_of(server.url, slept=slept.append).ask(QUESTION)
    assert [17.0] == slept


def test_retries_count_towards_the_limit(server: Server):
    server.always = Response(500)
    client = client_of(server.url, most=2)

    with pytest.raises(JudgeStoppedError, match="2 requests were sent"):
        client.ask(QUESTION)

    assert 2 == len(server.requests)


@pytest.mark.parametrize("name", BAD_BODIES)
def test_a_response_that_is_no_completion_is_unusable(server: Server, name: str):
    server.always = BAD_BODIES[name]

    with pytest.raises(UnusableAnswerError, match=r"an answer (that is no|of more than)"):
        client_of(server.url).ask(QUESTION)


def test_an_endless_answer_is_cut(server: Server):
    server.always = lambda _: endless()

    with pytest.raises(UnusableAnswerError, match="more than 1 MiB"):
        client_of(server.url).ask(QUESTION)


def test_a_slow_answer_and_many_slow_answers_are_stopped(server: Server):
    moment = [0.0]

    def later() -> float:
        moment[0] += 70.0
        return moment[0]

    client = client_of(server.url, monotonic=later)
    server.always = lambda _: endless()

    with pytest.raises(UnusableAnswerError, match="longer than 180 s"):
        client.ask(QUESTION)
    moment[0] = 901.0
    with pytest.raises(JudgeStoppedError, match="longer than 15 minutes"):
        client.ask(QUESTION)


def test_a_refused_connection_is_named():
    with pytest.raises(JudgeStoppedError, match="connection refused"):
        client_of("http://127.0.0.1:9").ask(QUESTION)


@pytest.mark.parametrize("tokens", [None, -5, 0, "many", 10**9, 1.5, {}])
def test_impossible_token_counts_are_replaced_by_an_estimate(server: Server, tokens: object):
    server.always = Response(200, completion("{}", tokens))

    assert QUESTION.size == client_of(server.url).ask(QUESTION).tokens


@pytest.mark.parametrize("text", HOSTILE_TEXTS[:9], ids=range(9))
def test_hostile_texts_come_through_as_text_only(server: Server, text: str):
    endpoint = JudgeEndpoint(lambda _: text)
    with Server(endpoint) as hostile:
        reply = client_of(hostile.url).ask(QUESTION)

    with pytest.raises(UnusableAnswerError):
        read_answers(reply.text, paper(), PRINCIPLES.items)
