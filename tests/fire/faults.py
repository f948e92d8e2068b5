"""The ways in which arXiv has failed or may fail: each with its answer and the expected result."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum
from functools import cache
from itertools import count, cycle

from tests.fire.arxiv_world import CROWD, FEED, OTHERS, RELEVANT, SEARCH, TODAY, At, Clock, Strike
from tests.servers.arxiv import Arxiv
from tests.servers.http import Fault as Broken
from tests.servers.http import Misfortune, Response, Stream

XML = {"Content-Type": "application/atom+xml; charset=utf-8"}


class Met(Enum):
    """How a run may end with a fault that strikes once or lasts."""

    READ = "all is read"
    REPORTED = "reported"
    CAPPED = "reported as arXiv's own limit"


@dataclass(frozen=True)
class Fault:
    """A fault, where it may strike, and how the run ends if the fault strikes once and if it lasts.

    `knowing` are the services whose faulty answer the bot recognises.
    """

    name: str
    strike: Strike
    passing: Met = Met.READ
    lasting: Met = Met.REPORTED
    on: frozenset[str] = frozenset({SEARCH, FEED})
    knowing: frozenset[str] = frozenset({SEARCH, FEED})


def places(fault: Fault) -> tuple[frozenset[str], ...]:
    """The services to try the fault on: each alone, then all together."""
    alone = tuple(frozenset({service}) for service in sorted(fault.on))
    return alone if len(alone) == 1 else (*alone, fault.on)


def answer(status: int, body: bytes = b"", **headers: str) -> Strike:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: Response(status, body, named)


def damaged(change: Callable[[bytes], bytes], *, from_page: int = 0) -> Strike:
    """Changes the right answer; does nothing if the change has no effect, or for an earlier page."""

    def strike(at: At) -> Misfortune | None:
        right = at.right(at.request)
        if int(at.request.query.get("start", "0")) < from_page or right.status != 200:
            return None
        body = change(right.body)
        return replace(right, body=body) if body != right.body else None

    return strike


def without(element: str) -> Strike:
    """Removes the first such element of the first entry, with its tags."""
    pattern = re.compile(rf"(<entry>.*?)<{element}[ >].*?(?:</{element}>|/>)".encode(), re.DOTALL)
    return damaged(lambda body: pattern.sub(rb"\1", body, count=1))


def entries(body: bytes) -> list[bytes]:
    return re.findall(rb"  <entry>.*?</entry>\n", body, re.DOTALL)


def with_entries(change: Callable[[list[bytes]], list[bytes]], *, from_page: int = 0) -> Strike:
    def on(body: bytes) -> bytes:
        start, end = body.find(b"  <entry>"), body.rfind(b"</feed>")
        if start < 0:
            return body
        return body[:start] + b"".join(change(entries(body))) + body[end:]

    return damaged(on, from_page=from_page)


def total(number: str, *, from_page: int = 0) -> Strike:
    pattern = re.compile(rb"<opensearch:totalResults>\d+<")
    text = f"<opensearch:totalResults>{number}<".encode()
    return damaged(lambda body: pattern.sub(text, body), from_page=from_page)


def slow(seconds: float, strike: Strike) -> Strike:
    def later(at: At) -> Misfortune | None:
        at.clock.tick(seconds)
        return strike(at)

    return later


def right(at: At) -> Response:
    return at.right(at.request)


def gzipped(cut: slice = slice(None)) -> Strike:
    def strike(at: At) -> Misfortune | None:
        body = gzip.compress(at.right(at.request).body, mtime=0)
        return Response(200, body[cut], {**XML, "Content-Encoding": "gzip"})

    return strike


def trickle(at: At) -> Stream:
    """Sends a byte per second, as long as the client reads."""
    return Stream(_trickle(at.right(at.request).body, at.clock), XML)


def _trickle(body: bytes, clock: Clock) -> Iterator[bytes]:
    for byte in cycle(body):
        looks = clock.looks
        yield bytes([byte])
        if not clock.looked_since(looks):
            raise AssertionError("nobody looked at the clock while a byte came")
        clock.tick(1)


def endless(at: At) -> Stream:
    piece = b" " * 2**20
    body = at.right(at.request).body.rpartition(b"</feed>")[0]
    return Stream((body if not n else piece for n in count()), XML)


@cache
def _bomb() -> bytes:
    return gzip.compress(b"<feed>" + b" " * 2**26, 6)


def bomb(at: At) -> Stream:
    """A decompression bomb: sixty-four megabytes of spaces in sixty-four thousand bytes."""
    del at
    return Stream((_bomb(),), {**XML, "Content-Encoding": "gzip"})


def first_again(at: At) -> Misfortune | None:
    if at.request.query.get("start") in {"0", None}:
        return None
    first = {**at.request.query, "start": "0"}
    return at.right(replace(at.request, query=first))


def second_gone(at: At) -> Misfortune | None:
    if at.request.query.get("start") in {"0", None}:
        return None
    return saturday(at)


def shifted(at: At) -> Misfortune | None:
    """Shifts later pages by one result, as if a paper had been added: one result comes twice, another not at all."""
    start = int(at.request.query.get("start", "0"))
    if not start:
        return None
    before = {**at.request.query, "start": str(start - 1)}
    early = entries(at.right(replace(at.request, query=before)).body)
    return with_entries(lambda some: early[: len(some)])(at)


DOCTYPE = (
    '<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;">]><feed xmlns="http://www.w3.org/2005/Atom"><title>&c;</title></feed>'
)
RECORDED_400 = (
    b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>https://arxiv.org/api/errors#incorrect</id>'
    b"<title>Error</title><summary>incorrect id format for abc</summary></entry></feed>"
)


def feed_error(at: At) -> Response:
    body = right(at).body
    if at.request.path == "/api/query":
        return Response(200, RECORDED_400, XML)
    return Response(
        200, re.sub(rb"<title>[^<]*", b"<title>Feed error for query: cs.CL", body, count=1), XML
    )


def stale(at: At) -> Response:
    return Arxiv([*RELEVANT, *OTHERS], TODAY - timedelta(days=7)).respond(at.request)


def saturday(at: At) -> Response:
    return Arxiv([], TODAY).respond(at.request)


_CROWDED = Arxiv([*RELEVANT, *CROWD], TODAY)


def five_thousand(at: At) -> Response:
    return _CROWDED.respond(at.request)


AUTHORS = re.compile(rb"\s*<author>.*?</author>|<dc:creator>.*?</dc:creator>", re.DOTALL)
ONLY_SEARCH, ONLY_FEED = frozenset({SEARCH}), frozenset({FEED})
REPORTED, READ = Met.REPORTED, Met.READ
FAULTS = (
    # Refusals
    Fault("429", answer(429, b"Rate exceeded.")),
    Fault("429, Retry-After 30", answer(429, b"Rate exceeded.", Retry_After="30")),
    Fault("429, Retry-After a date", answer(429, Retry_After="Mon, 20 Oct 2025 06:24:00 GMT")),
    Fault("429, Retry-After that is none", answer(429, Retry_After="\xb2")),
    Fault("429 after 31 s", slow(31, answer(429, b"Rate exceeded."))),
    Fault("429 after 59 s, Retry-After 600", slow(59, answer(429, Retry_After="600"))),
    Fault("406, empty", answer(406)),
    Fault("503, Retry-After 0", answer(503, b"first byte timeout", Retry_After="0")),
    Fault("503, Retry-After 30", answer(503, Retry_After="30")),
    Fault("503, Retry-After a day", answer(503, Retry_After="86400")),
    Fault("500, Atom", answer(500, RECORDED_400)),
    Fault("502, HTML", answer(502, b"<html>Bad Gateway</html>")),
    Fault("400, Atom", answer(400, RECORDED_400), passing=REPORTED),
    Fault("403, HTML", answer(403, b"<html>denied</html>"), passing=REPORTED),
    Fault("404", answer(404, b"not found"), passing=REPORTED),
    Fault("414, empty", answer(414), passing=REPORTED),
    Fault("301 to another host", answer(301, Location="http://arxiv.example/"), passing=REPORTED),
    Fault("302 to itself", lambda at: Response(302, b"", {"Location": at.request.path}), REPORTED),
    Fault("302 to nowhere", answer(302), passing=REPORTED),
    # Status 200 with the wrong content
    Fault("200, Rate exceeded.", answer(200, b"Rate exceeded.")),
    Fault("200, other plain text", answer(200, b"Service is busy")),
    Fault("200, HTML", answer(200, b"<!DOCTYPE html><html><body>Sorry</body></html>")),
    Fault("200, empty body", answer(200)),
    Fault("200, white space", answer(200, b" \n\n ")),
    Fault("200, another XML", answer(200, b"<rss version='2.0'></rss>")),
    Fault("200, an error entry", feed_error, passing=REPORTED),
    Fault("200, a document type bomb", answer(200, DOCTYPE.encode()), passing=REPORTED),
    Fault("200, the same in UTF-16", answer(200, DOCTYPE.encode("utf-16"))),
    Fault("200, the same in UTF-16LE", answer(200, DOCTYPE.encode("utf-16-le"))),
    Fault("200, zeros", answer(200, b"<" + b"\0" * 1000)),
    # Damaged in transit
    Fault("dropped", lambda _: Broken.DROP_BEFORE),
    Fault("reset", lambda _: Broken.RESET),
    Fault("cut, length stated", lambda at: Response(200, right(at).body[:900], XML, 2000)),
    Fault("cut in the middle", damaged(lambda body: body[: len(body) // 2])),
    Fault("cut before the last tag", damaged(lambda body: body.rpartition(b"</feed>")[0])),
    Fault("gzip, whole", gzipped(), lasting=READ),
    Fault("gzip, cut in the middle", gzipped(slice(300))),
    Fault("gzip, cut in its checksum", gzipped(slice(-3))),
    Fault("gzip that is none", answer(200, b"<feed>", Content_Encoding="gzip")),
    Fault("a coding not asked for", answer(200, b"<feed>", Content_Encoding="br")),
    Fault("a gzip bomb", bomb, passing=REPORTED),
    Fault("an endless body", endless, passing=REPORTED),
    Fault("one byte a second", trickle),
    Fault("right after 31 s", slow(31, right), lasting=READ),
    Fault("a control character", damaged(lambda body: body.replace(b"abstract", b"\x1babstract"))),
    Fault("bytes that are not UTF-8", damaged(lambda body: body.replace(b"RLAIF", b"\xff"))),
    Fault(
        "another Content-Type",
        lambda at: replace(right(at), headers={"Content-Type": "text/plain"}),
        lasting=READ,
    ),
    # Entries
    Fault("an entry without an id", without("id")),
    Fault("an entry without a title", without("title")),
    Fault("an entry without an abstract", without("summary")),
    Fault("an entry without a date", without("published")),
    Fault("an entry without its second date", without("updated"), on=ONLY_SEARCH),
    Fault("an entry without categories", without("category")),
    Fault("an entry without authors", damaged(lambda body: AUTHORS.sub(b"", body))),
    Fault(
        "a date that is none",
        damaged(lambda body: re.sub(rb"<published>[^<]*", b"<published>soon", body)),
    ),
    Fault(
        "a date before all time",
        damaged(lambda b: re.sub(rb"<published>[^<]*", b"<published>0001-01-01T00:00:00+14:00", b)),
        on=ONLY_SEARCH,
    ),
    Fault("a title in pieces", damaged(lambda b: b.replace(b"RLAIF, Part", b"RLAIF, <b>Part</b>"))),
    Fault("a comment in a title", damaged(lambda b: b.replace(b"RLAIF,", b"RLAIF<!-- x -->,"))),
    Fault(
        "an entry of 2 MB",
        damaged(lambda b: b.replace(b"The abstract", b"The " * 500_000, 1)),
        lasting=READ,
    ),
    # Totals and pages
    Fault("a total too high", total("7"), on=ONLY_SEARCH),
    Fault("a total too low", total("1"), on=ONLY_SEARCH),
    Fault("a total beyond the ceiling", total("10001"), on=ONLY_SEARCH),
    Fault("a total without bounds", total("9" * 5000), on=ONLY_SEARCH),
    Fault("a total that is no number", total("²"), on=ONLY_SEARCH),
    Fault("no total", damaged(lambda b: b.replace(b"totalResults", b"total")), on=ONLY_SEARCH),
    # contradicted by the announcements, or by the list if the feed is empty too
    Fault("no result where there are some", saturday, knowing=ONLY_SEARCH),
    Fault("a total that grows", total("6", from_page=2), on=ONLY_SEARCH),
    Fault("a total that shrinks", total("3", from_page=2), on=ONLY_SEARCH),
    Fault("a total that vanishes", total("0", from_page=2), on=ONLY_SEARCH),
    Fault("no results and no total from the second page on", second_gone, on=ONLY_SEARCH),
    Fault("a short page", with_entries(lambda some: some[:-1]), on=ONLY_SEARCH),
    Fault(
        "a short page in the middle",
        with_entries(lambda some: some[:-1], from_page=2),
        on=ONLY_SEARCH,
    ),
    Fault("an empty page in the middle", with_entries(lambda _: [], from_page=2), on=ONLY_SEARCH),
    Fault("the first page again", first_again, on=ONLY_SEARCH),
    Fault("a result twice, another missing", shifted, on=ONLY_SEARCH),
    Fault(
        "the page of another query",
        damaged(lambda b: b.replace(b"rlaif", b"graphs")),
        on=ONLY_SEARCH,
    ),
    Fault(
        "a page that starts elsewhere",
        damaged(lambda b: b.replace(b"startIndex>0", b"startIndex>2")),
        on=ONLY_SEARCH,
    ),
    Fault("entries in another order", with_entries(lambda some: some[::-1]), lasting=READ),
    Fault(
        "an entry twice", with_entries(lambda some: [*some, some[0]]), lasting=READ, on=ONLY_FEED
    ),
    Fault("a page more than full", with_entries(lambda some: [*some, some[0]]), on=ONLY_SEARCH),
    # Days
    Fault("the feed of last week", stale, READ, READ, ONLY_FEED),
    Fault("a feed of 5,000", five_thousand, READ, Met.CAPPED, ONLY_FEED),
)
