"""OAI-PMH returns every paper of a day, although pages may fail, tokens may expire, and papers may come twice."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.errors import SourceError
from bot.core.model import Window
from bot.sources.oai import OaiPmh, _read_page, is_new, set_of
from bot.sources.session import ArxivSession, Timing, silent
from tests import samples
from tests.factories import paper
from tests.servers.arxiv import Arxiv, Record
from tests.servers.http import Request, Response, Server

WINDOW = Window(datetime(2025, 10, 13, tzinfo=UTC), datetime(2025, 10, 20, 12, tzinfo=UTC))


def records(number: int, **changes: Any) -> list[Record]:
    return [samples.record(n, f"Paper {n}", **changes) for n in range(1, number + 1)]


def source(server: Server, *categories: str, waits: list[float] | None = None) -> OaiPmh:
    slept = [] if waits is None else waits
    timing = Timing(
        slept.append, lambda: sum(slept), lambda: 0.5, lambda: datetime(2025, 10, 20, tzinfo=UTC)
    )
    hosts = frozenset([server.url.partition("//")[2]])
    session = ArxivSession("me@example.org", hosts, timing, silent)
    return OaiPmh(session, categories or ("cs.CL",), f"{server.url}/oai")


@pytest.mark.parametrize(
    ("category", "expected"),
    [
        ("cs.CL", "cs:cs:CL"),
        ("cs.*", "cs:cs"),
        ("hep-th", "physics:hep-th"),
        ("physics.soc-ph", "physics:physics:soc-ph"),
        ("astro-ph.CO", "physics:astro-ph:CO"),
        ("math.NA", "math:math:NA"),
        ("q-bio.NC", "q-bio:q-bio:NC"),
    ],
)
def test_a_category_has_its_set(category: str, expected: str):
    assert expected == set_of(category)


def test_every_paper_of_every_page_is_read_once():
    papers = records(7, categories=("cs.CL", "cs.LG"))
    with Server(Arxiv(papers, samples.DAY, page_size=3)) as server:
        harvest = source(server, "cs.CL", "cs.LG").collect((), WINDOW)

    assert [item.id for item in papers] == [str(item.id) for item in harvest.papers]
    assert (6, 7, True) == (
        harvest.coverage.requests,
        harvest.coverage.read,
        harvest.coverage.complete,
    )
    assert harvest.background == harvest.papers
    first = harvest.papers[0]
    assert (papers[0].title, papers[0].abstract, papers[0].authors) == (
        first.title,
        first.abstract,
        first.authors,
    )
    assert (papers[0].submitted, papers[0].categories) == (first.submitted, first.categories)


def test_a_day_without_papers_is_no_failure():
    with Server(Arxiv([], samples.DAY)) as server:
        harvest = source(server).collect((), WINDOW)

    assert ((), True) == (harvest.papers, harvest.coverage.complete)


def test_the_day_of_the_change_is_not_the_day_of_the_submission():
    old = samples.record(
        1, "Old", id="2301.00001", submitted=datetime(2023, 1, 2, tzinfo=UTC), version=4
    )
    revised = samples.record(2, "Revised since", version=2, changed=samples.DAY)
    late = samples.record(3, "Held for weeks", submitted=datetime(2025, 9, 1, tzinfo=UTC))
    future = samples.record(4, "Too new", submitted=datetime(2025, 10, 20, 13, tzinfo=UTC))
    with Server(Arxiv([old, revised, late, future], samples.DAY)) as server:
        papers = source(server).collect((), WINDOW).papers

    assert ["Revised since", "Held for weeks"] == [item.title for item in papers]
    assert 2 == papers[0].id.version
    assert papers[0].submitted == revised.submitted


def test_papers_of_the_first_of_a_month_have_numbers_of_the_month_before():
    window = Window(datetime(2025, 8, 1, tzinfo=UTC), datetime(2025, 8, 2, tzinfo=UTC))
    held = datetime(2025, 6, 20, tzinfo=UTC)

    assert is_new(paper(id="2507.19999", submitted=held), window)
    assert not is_new(paper(id="2506.19999", submitted=held), window)


def test_a_withdrawn_paper_is_marked_as_withdrawn():
    with Server(Arxiv(records(1, is_withdrawn=True, comment="8 pages"), samples.DAY)) as server:
        (found,) = source(server).collect((), WINDOW).papers

    assert "8 pages (withdrawn)" == found.comment


def test_deleted_records_are_left_out():
    def delete(body: bytes) -> bytes:
        return body.replace(b"<record><header>", b'<record><header status="deleted">', 1)

    with Server(Arxiv(records(3), samples.DAY, delete)) as server:
        harvest = source(server).collect((), WINDOW)

    assert ["Paper 2", "Paper 3"] == [item.title for item in harvest.papers]
    assert harvest.coverage.complete


FORGOTTEN = Response(
    200,
    b"""<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><request/><error code='badResumptionToken'>x</error>
    </OAI-PMH>""",
)


def test_after_a_forgotten_token_it_continues_from_the_last_day_read():
    days = [samples.DAY - timedelta(days=n) for n in (3, 2, 1, 0)]
    papers = [samples.record(n, f"Paper {n}", announced=day) for n, day in enumerate(days, start=1)]
    with Server(Arxiv(papers, samples.DAY, page_size=2)) as server:
        server.troubles[2] = FORGOTTEN
        harvest = source(server).collect((), WINDOW)

    assert ["Paper 1", "Paper 2", "Paper 3", "Paper 4"] == [item.title for item in harvest.papers]
    assert [f"{WINDOW.since:%Y-%m-%d}", None, f"{days[1]}", None] == [
        request.query.get("from") for request in server.requests
    ]


def test_a_token_that_is_always_forgotten_is_a_failure():
    def forget(request: Request) -> Response | None:
        return FORGOTTEN if "resumptionToken" in request.query else None

    with Server(Arxiv(records(4), samples.DAY, page_size=2)) as server:
        server.always = forget
        harvest = source(server).collect((), WINDOW)

    assert "forgot its resumption token" in harvest.coverage.failure
    assert 6 == len(server.requests)


def test_a_token_that_leads_in_a_circle_is_a_failure():
    arxiv = Arxiv(records(6), samples.DAY, page_size=2)

    def circle(request: Request) -> Response:
        answer = arxiv.respond(request)
        return replace(answer, body=answer.body.replace(b"skip%3D4", b"skip%3D2"))

    with Server(arxiv) as server:
        server.always = circle
        harvest = source(server).collect((), WINDOW)

    assert "the same resumption token twice" in harvest.coverage.failure


def test_it_waits_as_long_as_it_is_asked_to():
    waits: list[float] = []
    with Server(Arxiv(records(1), samples.DAY)) as server:
        server.troubles[1] = Response(503, headers={"Retry-After": "42"})
        harvest = source(server, waits=waits).collect((), WINDOW)

    assert harvest.coverage.complete
    assert 42.0 in waits


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ((b"</OAI-PMH>", b""), "not well-formed"),
        ((b"<abstract>Nothing.</abstract>", b""), "no abstract"),
        ((b"<id>2510.00001</id>", b"<id>nonsense</id>"), "can't be read"),
        ((b'verb="ListRecords"', b'verb="Identify"'), "answers another request"),
        ((b"<datestamp>2025", b"<datestamp>20x5"), "can't be read"),
        ((b"ListRecords>", b"ListIdentifiers>"), "lists no records"),
        ((b"<authors>", b"<authors></authors><x>"), "not well-formed"),
    ],
)
def test_an_incomplete_page_is_refused(damage: tuple[bytes, bytes], words: str):
    with Server(Arxiv(records(2), samples.DAY, lambda body: body.replace(*damage))) as server:
        harvest = source(server).collect((), WINDOW)

    assert () == harvest.papers
    assert words in harvest.coverage.failure
    assert "3 times in a row" in harvest.coverage.failure


def test_a_later_page_without_an_end_is_refused():
    with Server(
        Arxiv(records(4), samples.DAY, lambda b: b.replace(b"<resumptionToken/>", b""), page_size=2)
    ) as server:
        harvest = source(server).collect((), WINDOW)

    assert "does not say whether it is the last" in harvest.coverage.failure
    assert 2 == len(harvest.papers)


def test_an_unknown_set_is_refused_with_what_to_do():
    with Server(Arxiv([], samples.DAY)) as server, pytest.raises(SourceError) as failure:
        list(source(server).changes(date(2025, 10, 1), date(2026, 1, 1)))

    assert ("check arxiv.categories", True) == (
        failure.value.fix,
        "badArgument" in failure.value.message,
    )


def test_a_response_of_arxivs_own_server_is_read(shared: Path):
    folder = shared / "arxiv" / "oaipmh_generated"
    read = {}
    for path in sorted(folder.glob("get_record*arXivRaw.xml")):
        body = path.read_bytes().replace(b"GetRecord", b"ListRecords")
        (change,) = _read_page(body, {"verb": "ListRecords"}, "url").changes
        read[str(change.paper.id)] = change

    withdrawn = read["1101.6031"]
    assert (date(2011, 2, 3), "Withdrawn") == (withdrawn.day, withdrawn.paper.comment)
    assert datetime(2011, 1, 31, 17, 27, 36, tzinfo=UTC) == withdrawn.paper.submitted
    assert {"cond-mat/0703772", "1009.5737", "0806.4129"} < set(read)
    for path in sorted(folder.glob("error_*.xml")):
        if "noRecords" in path.name or "Resumption" in path.name:
            continue
        with pytest.raises(SourceError, match="arXiv refuses"):
            _read_page(path.read_bytes(), {}, "url")
