"""Whatever arXiv does, a run ends, reports truthfully what it read, and loses no paper for the next run."""

from collections.abc import Iterator

import pytest

from bot.core.model import Topic, Window
from bot.reports.wording import headline
from bot.sources.announcements import Announcements
from bot.sources.oai import OaiPmh
from bot.sources.search import Search
from bot.sources.session import ArxivSession, Timing, silent
from tests.conftest import thinned
from tests.fire.arxiv_world import (
    FEED,
    NOW,
    OTHERS,
    RELEVANT,
    SEARCH,
    TODAY,
    At,
    Clock,
    Trial,
    is_whole,
    try_out,
)
from tests.fire.faults import FAULTS, Fault, Met, places, saturday
from tests.servers.arxiv import Arxiv
from tests.servers.http import Misfortune, Request, Response, Server

BOUND = 1500  # seconds; a workflow's job has 1,800
TRULY = {SEARCH: {paper.id for paper in RELEVANT if paper.announced <= TODAY}}
TRULY[FEED] = {paper.id for paper in (*RELEVANT, *OTHERS) if paper.announced == TODAY}


def trials() -> Iterator[object]:
    for fault in FAULTS:
        for services in places(fault):
            for lasting in (False, True):
                name = f"{fault.name}, {' and '.join(sorted(services))}, {'lasting' if lasting else 'passing'}"
                yield pytest.param(fault, services, lasting, id=name)


def covered(trial: Trial, service: str) -> bool:
    (coverage,) = (
        c
        for c in trial.report.coverage
        if c.source == {SEARCH: "search", FEED: "announcements"}[service]
    )
    return coverage.complete


@pytest.mark.parametrize(("fault", "services", "lasting"), thinned(trials(), every=20))
def test_a_run_ends_with_a_true_report_and_loses_nothing(
    fault: Fault, services: frozenset[str], lasting: bool
):
    trial = try_out(fault.strike, services, lasting=lasting)
    known = services & fault.knowing
    met = (fault.lasting if lasting else fault.passing) if known else Met.READ

    # it ends
    assert trial.seconds <= BOUND
    assert trial.requests <= 60
    # the coverage is true
    for service in (SEARCH, FEED):
        expected = service not in known or met is Met.READ
        assert expected is covered(trial, service), trial.report.coverage
    assert "nothing new" not in headline(trial.report) or trial.report.covered
    # no paper is incomplete
    for report in (trial.report, trial.asked_again):
        assert [] == [
            decision for decision in report.decisions if not is_whole(decision.candidate.paper)
        ]
    # the exit code
    assert (1 if met is Met.REPORTED else 0) == trial.report.exit_code
    # complete papers, of another source or from before the fault, are proposed now, the others by the next run
    if SEARCH not in services or met is Met.READ:
        assert trial.first == TRULY[SEARCH]
    assert trial.lost == set()
    assert trial.asked_again.covered
    assert 0 == trial.asked_again.exit_code


OAI_FAULTS = [
    fault
    for fault in FAULTS
    if "search" in fault.on and "entry" not in fault.name and "total" not in fault.name
]


@pytest.mark.parametrize("fault", OAI_FAULTS, ids=lambda fault: fault.name)
@pytest.mark.parametrize("lasting", thinned([False, True], every=2))
def test_oai_pmh_returns_everything_or_reports_a_failure(fault: Fault, lasting: bool):
    arxiv = Arxiv([*RELEVANT, *OTHERS], TODAY, page_size=3)
    clock = Clock()
    struck: list[Misfortune] = []
    truly = {paper.id for paper in (*RELEVANT, *OTHERS) if paper.announced <= TODAY}

    def befalls(request: Request) -> Misfortune | None:
        if struck and not lasting:
            return None
        misfortune = fault.strike(At(request, arxiv.respond, clock))
        struck.extend([misfortune] if misfortune else [])
        return misfortune

    with Server(arxiv) as server:
        server.always = befalls
        source = OaiPmh(session_of(server, clock), ("cs.CL", "cs.LG"), f"{server.url}/oai")
        harvest = source.collect((), Window(NOW.replace(month=6), NOW))

    read = {str(paper.id) for paper in harvest.papers}
    assert clock.seconds <= BOUND
    assert read <= truly
    assert all(is_whole(paper) for paper in harvest.papers)
    if harvest.coverage.complete and fault.strike is not saturday:
        assert truly == read
    if not lasting and fault.passing is Met.READ:
        assert harvest.coverage.complete, harvest.coverage.failure


def session_of(server: Server, clock: Clock) -> ArxivSession:
    timing = Timing(clock.tick, clock.monotonic, lambda: 0.5, lambda: NOW)
    return ArxivSession(
        "me@example.org", frozenset([server.url.partition("//")[2]]), timing, silent
    )


@pytest.mark.parametrize("service", [SEARCH, FEED])
def test_a_truncated_answer_is_refused(service: str):
    arxiv = Arxiv([*RELEVANT, *OTHERS], TODAY)
    window = Window(NOW.replace(month=6), NOW)
    topics = (Topic("RLAIF", ("RLAIF",)),)
    whole: list[bytes] = []
    with Server(arxiv) as server:

        def cut(request: Request) -> Response:
            right = arxiv.respond(request)
            whole.append(right.body)
            return Response(200, right.body[: place or None], right.headers)

        server.always = cut
        place = 0
        assert _collect(server, service, topics, window).papers
        cuts = [at + 1 for at, byte in enumerate(whole[0].rstrip()[:-1]) if byte == ord(">")]
        for place in cuts:  # noqa: B007 (`cut` uses it)
            harvest = _collect(server, service, topics, window)
            assert () == harvest.papers
            assert "not well-formed" in harvest.coverage.failure

    assert len(cuts) > 50


def _collect(server: Server, service: str, topics: tuple[Topic, ...], window: Window):
    session = session_of(server, Clock())
    if service == SEARCH:
        return Search(session, ("cs.CL",), f"{server.url}/api/query").collect(topics, window)
    return Announcements(session, ("cs.CL",), f"{server.url}/atom").collect(topics, window)
