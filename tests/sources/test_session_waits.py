"""A session reports what it waits for, why, and for how long."""

import itertools
from urllib.parse import urlsplit

import pytest

from bot.core.errors import SourceError
from bot.sources.session import PACE, ArxivSession, Timing, silent
from tests.factories import NOW
from tests.servers.http import Request, Response, Server


class Feed:
    def respond(self, request: Request) -> Response:
        return Response(200, b"<feed/>")


def test_every_wait_is_reported_with_its_reason_and_its_end():
    messages: list[tuple[str, float]] = []
    moment = [0.0]

    def sleep(seconds: float) -> None:
        moment[0] += seconds

    def tell(message: str, seconds: float = 0.0) -> None:
        messages.append((message, seconds))

    with Server(Feed()) as server:
        host = urlsplit(server.url).netloc
        timing = Timing(sleep, lambda: moment[0], lambda: 0.5, lambda: NOW)
        session = ArxivSession("me@example.org", frozenset({host}), timing, tell)
        server.troubles = {
            2: Response(429, headers={"Retry-After": "60"}),
            3: Response(500),
        }
        session.get(f"{server.url}/a")
        session.get(f"{server.url}/b")

    asking, over = (f"asking {host}", 0.0), ("", 0.0)
    assert [
        asking,
        over,
        (f"arXiv asks for {PACE:.0f} s between requests", PACE),
        asking,
        over,
        ("arXiv is overloaded (HTTP 429) and asks to wait; trying again (1 of 4)", 60.0),
        asking,
        over,
        ("arXiv failed (HTTP 500); trying again (2 of 4)", 10.0),
        asking,
        over,
    ] == messages
    assert moment[0] == sum(seconds for _, seconds in messages)
    assert not any(item == other == over for item, other in itertools.pairwise(messages))


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        ("127.0.0.1:9", "connection refused"),
        ("arxiv.invalid", "the name does not resolve"),
    ],
)
def test_without_a_network_a_run_retries_once_and_reports_it(host: str, reason: str):
    waits: list[float] = []
    timing = Timing(waits.append, lambda: sum(waits), lambda: 0.5, lambda: NOW)
    session = ArxivSession("me@example.org", frozenset({host}), timing, silent)

    for _ in range(2):  # the second call sends no request
        with pytest.raises(SourceError) as failure:
            session.get(f"http://{host}/atom")
        assert reason in failure.value.message
        assert "no network? check your connection or proxy" == failure.value.fix

    assert 2 == session.requests
    assert 10 > sum(waits)


@pytest.mark.parametrize(("key", "sent"), [("s3cret", "Bearer s3cret"), ("", None)])
def test_an_api_key_goes_only_to_arxiv(key: str, sent: str | None):
    with Server(Feed()) as server, Server(Feed()) as other:
        host = urlsplit(server.url).netloc
        waits: list[float] = []
        timing = Timing(waits.append, lambda: sum(waits), lambda: 0.5, lambda: NOW)
        session = ArxivSession("me@example.org", frozenset({host}), timing, silent, key)
        session.get(f"{server.url}/a")
        server.troubles[2] = Response(302, headers={"Location": f"{other.url}/elsewhere"})
        for url in (f"{server.url}/b", f"{other.url}/c"):
            with pytest.raises(SourceError) as failure:
                session.get(url)
            assert not key or key not in str(failure.value)

    assert [sent] * 2 == [request.headers.get("authorization") for request in server.requests]
    assert [] == other.requests
