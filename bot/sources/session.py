"""Sends every request to arXiv: over one connection, at arXiv's pace, with bounded waits and checked answers.

arXiv allows one request every three seconds, over all machines and services
(https://info.arxiv.org/help/api/tou.html).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from bot.core.body import BodyError, LargeBodyError, SlowBodyError, read_body
from bot.core.errors import SourceError
from bot.core.version import __version__
from bot.sources.failures import plain_reason, requested_wait

if TYPE_CHECKING:
    import requests

PACE = 3.0  # seconds from the end of one request to the start of the next
_TIMEOUT = (10.0, 60.0)  # seconds to connect, and between two reads
_WHOLE = 180.0  # seconds for one answer, however slowly it trickles
_LIMIT = 50 * 2**20  # bytes of one answer
_ATTEMPTS = 5
_FIRST_WAIT, _LONGEST_WAIT = 5.0, 120.0
_PATIENCE = (
    900.0  # seconds lost to failures in all; then retries end, since a workflow's time is limited
)
_THROTTLED = frozenset({406, 429, 503})  # 406 is how arXiv's cache sheds load since September 2026
_AGAIN = _THROTTLED | {500, 502, 504}
_DOCTYPE = re.compile(rb"<!DOCTYPE", re.IGNORECASE)
_HTML = re.compile(rb"\s*(?:<!doctype html|<html)", re.IGNORECASE)
_PAGE = "https://info.arxiv.org/help/api/tou.html"
_UNREACHABLE = frozenset({"connection refused", "the name does not resolve"})
_UNREACHABLE_ATTEMPTS, _UNREACHABLE_WAIT = 2, 1.0  # waiting does not bring a network back
_TRY_LATER, _NO_NETWORK = "try again later", "no network? check your connection or proxy"


_Check = Callable[[bytes, str], bytes]  # the body and its address; returns the body


class Fetch(Protocol):
    """The part of a session that a source needs."""

    @property
    def requests(self) -> int:
        """How many requests have been sent so far."""

    def get(self, url: str) -> bytes:
        """Returns the body of an XML answer. Raises SourceError with the reason if the request fails."""


class Progress(Protocol):
    """A function that reports what the bot is waiting for, and why."""

    def __call__(self, message: str, seconds: float = 0.0) -> None:
        """Reports a wait of `seconds`, or of unknown length if 0. An empty message ends the wait."""


def silent(message: str, seconds: float = 0.0) -> None:
    """Reports no progress."""
    del message, seconds


@dataclass(frozen=True, slots=True)
class Timing:
    """Time and randomness, passed in: sleep (seconds), a monotonic clock (seconds), a number from 0 to 1, and now."""

    sleep: Callable[[float], None]
    monotonic: Callable[[], float]
    random: Callable[[], float]
    now: Callable[[], datetime]


class _Again(Exception):  # noqa: N818 (a signal between two methods, never seen outside)
    """The request failed, but a retry may succeed.

    `wait` is how long the service asked to wait, in seconds; `unreachable` means that no server could be reached.
    """

    def __init__(
        self, reason: str, wait: float | None = None, *, unreachable: bool = False
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.wait = wait
        self.attempts = _UNREACHABLE_ATTEMPTS if unreachable else _ATTEMPTS
        self.first_wait = _UNREACHABLE_WAIT if unreachable else _FIRST_WAIT
        self.fix = _NO_NETWORK if unreachable else _TRY_LATER


class ArxivSession:
    """Asks arXiv: keeps its pace, retries failures that may pass, and refuses answers that can't be arXiv's.

    Args:
        contact: an address where arXiv's operators can reach the maintainer, sent with every request.
        hosts: the only hosts (`name` or `name:port`) ever contacted, redirects included.
        timing: time and randomness.
        progress: called with what the session is waiting for, and why.
        api_key: sent as a bearer token with every request, to these hosts only; empty for none.
        name: the service's name in messages.
        pace: seconds from the end of a request to the start of the next.
    """

    def __init__(
        self,
        contact: str,
        hosts: frozenset[str],
        timing: Timing,
        progress: Progress,
        api_key: str = "",
        name: str = "arXiv",
        pace: float = PACE,
    ) -> None:
        self._hosts = hosts
        self._name = name
        self._pace = pace
        self._time = timing
        self._progress = progress
        self._last_end: float | None = None
        self._lost = 0.0
        self._given_up: dict[str, tuple[str, str]] = {}  # the reason and what to do, by service
        self.requests = 0
        self._auth = BearerToken(api_key)
        self._headers = {
            "User-Agent": f"arxiv-bot/{__version__} (+{contact})",
            "Accept": "application/atom+xml, application/xml;q=0.9, */*;q=0.1",
            "Accept-Encoding": "gzip",
        }

    @cached_property
    def _http(self) -> requests.Session:
        """The connection, opened by the first request: a run on a snapshot makes none, and loads no client for one."""
        import requests  # noqa: PLC0415 (takes as long as reading a list)

        session = requests.Session()
        session.auth = self._auth
        session.headers.update(self._headers)
        return session

    def get(self, url: str) -> bytes:
        """Fetches an XML document.

        Raises:
            SourceError: arXiv refused, kept failing, or answered with something that is not XML.
        """
        return self._fetch(url, _checked)

    def download(self, url: str) -> bytes:
        """Fetches a file of any kind. Raises SourceError: the service refused or kept failing."""
        return self._fetch(url, _unchecked)

    def _fetch(self, url: str, check: _Check) -> bytes:
        parts = urlsplit(url)
        host, service = parts.netloc, f"{parts.netloc}{parts.path}"
        if host not in self._hosts:
            raise SourceError(
                f"{host} is not one of {self._name}'s hosts; it was not asked", where=url
            )
        if service in self._given_up:
            reason, fix = self._given_up[service]
            raise SourceError(reason, where=url, fix=fix)
        reason = fix = ""
        for attempt in range(1, _ATTEMPTS + 1):
            start = self._time.monotonic()
            try:
                return self._once(url, check)
            except _Again as again:
                reason = again.reason + (f", {attempt} times in a row" if attempt > 1 else "")
                fix = again.fix
                self._lost += self._time.monotonic() - start
                if attempt >= again.attempts or self._lost > _PATIENCE:
                    break
                self._lost += self._wait(attempt, again)
        self._given_up[service] = reason, fix
        raise SourceError(reason, where=url, fix=fix)

    def _wait(self, attempt: int, again: _Again) -> float:
        """Waits as long as the service asks, or longer each time, with jitter so that clients don't align.

        Returns:
            how long it waited, in seconds.
        """
        growing = again.first_wait * 2 ** (attempt - 1) * (0.75 + self._time.random() / 2)
        seconds: float = min(max(growing, again.wait or 0.0), _LONGEST_WAIT)
        asked = " and asks to wait" if again.wait else ""
        tries = f"trying again ({attempt} of {again.attempts - 1})"
        self._progress(f"{again.reason}{asked}; {tries}", seconds)
        self._time.sleep(seconds)
        return seconds

    def _once(self, url: str, check: _Check) -> bytes:
        import requests  # noqa: PLC0415 (see `_http`)
        from urllib3.exceptions import HTTPError  # noqa: PLC0415

        self._keep_pace()
        self._progress(f"asking {urlsplit(url).netloc}")
        self.requests += 1
        try:
            with self._http.get(
                url, timeout=_TIMEOUT, stream=True, allow_redirects=False
            ) as answer:
                return check(self._body(answer, url), url)
        except (requests.RequestException, HTTPError) as error:
            reason = plain_reason(error)
            unreachable = reason in _UNREACHABLE
            raise _Again(
                f"{self._name} sent no complete answer ({reason})", unreachable=unreachable
            ) from None
        finally:
            self._last_end = self._time.monotonic()
            self._progress("")

    def _keep_pace(self) -> None:
        if self._last_end is None:
            return
        seconds = self._last_end + self._pace - self._time.monotonic()
        if seconds > 0:
            self._progress(f"{self._name} asks for {self._pace:.0f} s between requests", seconds)
            self._time.sleep(seconds)

    def _body(self, answer: requests.Response, url: str) -> bytes:
        status = answer.status_code
        if 300 <= status < 400:
            target = answer.headers.get("Location", "")
            raise SourceError(
                f"{self._name} redirects to {target or 'nowhere'}; redirects are not followed",
                where=url,
                fix="if the service has moved, set its new address",
            )
        if status in _AGAIN:
            what = "is overloaded" if status in _THROTTLED else "failed"
            raise _Again(
                f"{self._name} {what} (HTTP {status})",
                requested_wait(answer.headers, self._time.now),
            )
        body = self._read(answer)
        if status != 200:
            raise SourceError(
                _refusal(self._name, status, body),
                where=url,
                fix=_FIXES.get(status, "try again later"),
            )
        return body

    def _read(self, answer: requests.Response) -> bytes:
        """The body, bounded in size and time."""
        coding = answer.headers.get("Content-Encoding", "identity").strip().lower()
        if coding not in {"identity", "gzip", "x-gzip"}:
            raise _Again(
                f"{self._name} sent an answer in an encoding that was not requested ({coding})"
            )
        try:
            return read_body(
                iter(partial(answer.raw.read1, 2**16, decode_content=False), b""),
                is_packed=coding != "identity",
                most=_LIMIT,
                seconds=_WHOLE,
                monotonic=self._time.monotonic,
            )
        except BodyError as error:
            raise _Again(f"{self._name} sent a broken answer ({error})") from None
        except LargeBodyError:
            message = f"{self._name} sent an answer of more than {_LIMIT // 2**20} MiB"
            raise SourceError(message, where=answer.url) from None
        except SlowBodyError:
            raise _Again(f"{self._name}'s answer took longer than {_WHOLE:.0f} s") from None


_FIXES = {
    400: "check arxiv.categories for a category that does not exist; if there is none, report a bug of the bot",
    403: f"arXiv blocks this client; read {_PAGE} before you try again",
    404: "check arxiv.categories",
    414: "use fewer or shorter phrases",
}


def _refusal(name: str, status: int, body: bytes) -> str:
    """Returns arXiv's reason from an error document (an entry's summary, a feed's description), or the status."""
    text = body[:20_000].decode("utf-8", "replace")
    for pattern in (
        r"<summary[^<>]*>([^<>]+)</summary>",
        r"<(?:description|subtitle)[^<>]*>([^<>]+)</",
    ):
        if said := re.search(pattern, text):
            return f"{name} refuses: {' '.join(said[1].split())} (HTTP {status})"
    return f"{name} refuses (HTTP {status})"


def _checked(body: bytes, url: str) -> bytes:
    """Returns the body if it can be XML; otherwise raises an error that names what arXiv sent instead."""
    start = body[:500].lstrip()
    if not start:
        raise _Again("arXiv sent an empty answer")
    if start.startswith(b"Rate exceeded"):
        raise _Again('arXiv is overloaded ("Rate exceeded.")')
    if _HTML.match(start):
        raise _Again("arXiv sent a web page instead of a feed")
    if not start.startswith((b"<", b"\xef\xbb\xbf<")):
        raise _Again("arXiv sent an answer that is not a feed")
    if b"\0" in body:
        raise _Again("arXiv sent an answer that is not UTF-8")
    if _DOCTYPE.search(body):
        raise SourceError(
            "the answer declares a document type, which arXiv's feeds never do", where=url
        )
    return body


def _unchecked(body: bytes, url: str) -> bytes:
    del url
    return body


class BearerToken:
    """Sends the API key, and keeps `requests` from sending the host's password from ~/.netrc instead."""

    def __init__(self, key: str) -> None:
        self._key = key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Adds the key to a request, if there is one."""
        if self._key:
            request.headers["Authorization"] = f"Bearer {self._key}"
        return request
