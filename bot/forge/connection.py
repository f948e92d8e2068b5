"""HTTP layer below PyGithub: contacts one host, bounds sizes and waits, never repeats a write that may have succeeded.

PyGithub's own HTTP layer drops the query of a redirect, follows redirects to other hosts,
and waits for as long as the server asks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeGuard
from urllib.parse import urljoin, urlsplit

import requests
from github import BadAttributeException, GithubException
from github.Requester import Requester
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError, NameResolutionError, NewConnectionError

from bot.core.body import BodyError, LargeBodyError, SlowBodyError, read_body
from bot.core.errors import ForgeError, ForgeSetupError
from bot.core.version import __version__
from bot.forge.limits import Limit, limit_of
from bot.forge.refusals import reason_in
from bot.forge.reply import Reply, TooLargeError, reply_of

API_VERSION = "2022-11-28"
"""The version of the REST API that each request names. GitHub supports it until March 2028 at least."""
MALFORMED = (
    BadAttributeException,
    AssertionError,
    AttributeError,
    KeyError,
    TypeError,
    ValueError,
    RecursionError,
)
"""The exceptions that PyGithub and this folder raise when a response does not have the documented shape."""
FAILURES = (GithubException, requests.RequestException, *MALFORMED)
"""The exceptions that a call through the connection can raise, besides ForgeError."""

_PAGE = 100
_MAX_BYTES = 32 * 2**20  # of one response; a page of 100 pull requests has at most about 7 MB
_MAX_SECONDS = 120.0  # for one response, however slowly it arrives
_CHUNK = 2**16  # bytes per read
_MAX_REQUESTS = 2_000  # in one run; GitHub allows a workflow 1,000 an hour
_TIMEOUT = (10.0, 30.0)  # seconds to connect, and between two reads
_TRIES = 4  # per request; a write is repeated only if GitHub rate-limited it or was never reached
_UNREACHED_TRIES = 2  # per request without a connection: a missing network rarely comes back soon
_UNREACHED_WAIT = 1.0  # seconds between those two
_BETWEEN, _BETWEEN_WRITES = 0.25, 1.0  # seconds between two requests, as GitHub recommends
_REPOSITORY = re.compile(r"/repos/[^/?]+/[^/?]+$")
_MAX_LIMIT_WAIT = 180.0  # seconds that a run spends waiting for rate limits in total


OnWait = Callable[[str, float], None]
"""A function that is called before a wait, with its reason and its seconds."""


def ignore_wait(message: str, seconds: float) -> None:
    """Reports nothing: the wait passes silently."""
    del message, seconds


class Connection(Requester):
    """Sends the requests of PyGithub's objects.

    Args:
        token: is sent with every request and stored nowhere else; "" to read what is public.
        api_url: the address of the API, which differs for GitHub Enterprise; no other host is ever contacted.
        sleep: waits for a number of seconds.
        on_wait: is called with the reason and the seconds of a wait long enough for a person to notice.
        monotonic: a clock in seconds, to stop a response that arrives too slowly.
    """

    def __init__(
        self,
        token: str,
        api_url: str,
        sleep: Callable[[float], None],
        *,
        monotonic: Callable[[], float],
        on_wait: OnWait = ignore_wait,
    ) -> None:
        super().__init__(
            auth=None,
            base_url=api_url,
            timeout=int(_TIMEOUT[1]),
            user_agent="",
            per_page=_PAGE,
            verify=True,
            retry=None,
            pool_size=None,
        )
        self.has_token = bool(token)
        self._root = urlsplit(api_url)
        self._token = token
        self._sleep, self._on_wait, self._monotonic = sleep, on_wait, monotonic
        self._limit_wait_left = _MAX_LIMIT_WAIT
        self._max_bytes = _MAX_BYTES
        self._sent = 0
        self._has_written = False
        self._http = requests.Session()
        self._http.trust_env = (
            self._root.scheme == "https"
        )  # a proxy could read the token over plain HTTP
        self._http.auth = _Authorization(token)
        self._http.headers["User-Agent"] = f"arxiv-bot/{__version__}"
        self._http.headers["Accept"] = "application/vnd.github+json"
        self._http.headers["Accept-Encoding"] = "gzip"
        self._http.headers["X-GitHub-Api-Version"] = API_VERSION

    @contextmanager
    def at_most(self, size: int) -> Iterator[None]:
        """Refuses responses larger than `size` bytes inside the `with` block."""
        self._max_bytes = min(size, _MAX_BYTES)
        try:
            yield
        finally:
            self._max_bytes = _MAX_BYTES

    def requestJsonAndCheck(  # noqa: N802 (PyGithub's name; all its objects call it)
        self,
        verb: str,
        url: str,
        *args: Any,  # noqa: ANN401 (passed on)
        **kwargs: Any,  # noqa: ANN401 (passed on)
    ) -> tuple[dict[str, Any], Any]:
        """Checks the host first, because PyGithub would otherwise switch hosts before it calls `requestJson`."""
        self._address(url)
        return super().requestJsonAndCheck(verb, url, *args, **kwargs)

    def requestJson(  # noqa: N802 (PyGithub's name)
        self,
        verb: str,
        url: str,
        parameters: dict[str, Any] | None = None,
        headers: dict[str, Any] | None = None,
        input: Any | None = None,  # noqa: A002, ANN401 (PyGithub's signature)
        cnx: object = None,
        follow_302_redirect: bool = False,  # noqa: FBT001, FBT002 (PyGithub's signature)
    ) -> tuple[int, dict[str, Any], str]:
        """Sends a request. Returns status, headers (names in lower case) and body, which is JSON or empty.

        Raises:
            ForgeError: GitHub redirects to another host, the repository has moved,
                or the response or the run exceeds a limit.
        """
        del cnx, follow_302_redirect
        address = self.add_parameters_to_url(self._address(url), parameters or {})
        body = None if input is None else json.dumps(input)
        reply = self._send(_Request(verb, address, headers or {}, body))
        return reply.status, dict(reply.headers), reply.text

    def _address(self, url: str) -> str:
        """Returns the full address for a URL from PyGithub, which is a path or a link taken from a response."""
        if url.startswith("/"):
            return f"{self._root.geturl().rstrip('/')}{url}"
        self._refuse_other_host(url)
        return url

    def _refuse_other_host(self, url: str) -> None:
        parts = urlsplit(url)
        if (parts.scheme, parts.netloc) != (self._root.scheme, self._root.netloc):
            raise ForgeError(
                f"a response from GitHub points to another host: {parts.netloc or 'none'}",
                where=self._root.netloc,
                fix="if the API has moved, set GITHUB_API_URL to its address",
            )

    def _send(self, request: _Request) -> Reply:
        """Sends a request, and retries where that may help and cannot repeat a write."""
        for number in range(_TRIES):
            try:
                reply = self._send_once(request)
            except requests.RequestException as error:
                pause = _pause_after_failure(request, number, unreached=bool(why_unreached(error)))
                if pause is None:
                    raise
            else:
                pause = self._pause_after_reply(request, reply, number)
                if pause is None:
                    return reply
            self._pause(*pause)
        raise AssertionError("unreachable")

    def _pause_after_reply(
        self, request: _Request, reply: Reply, number: int
    ) -> tuple[float, str] | None:
        """Returns the seconds until the next try and the reason for it.

        None where a retry is useless, is too far off, or might repeat a write.
        """
        if number == _TRIES - 1:
            return None
        if limit := limit_of(reply.status, reply.reason, reply.headers):
            if limit.wait > self._limit_wait_left:
                return None
            self._limit_wait_left -= limit.wait
            return limit.wait, "GitHub asks for a pause"
        if request.writes or reply.status < 500:
            return None
        return 2.0**number, "GitHub failed; trying again"

    def _pause(self, seconds: float, why: str) -> None:
        if seconds >= _UNREACHED_WAIT:
            self._on_wait(why, seconds)
        self._sleep(seconds)

    def _send_once(self, request: _Request, *, is_redirected: bool = False) -> Reply:
        self._keep_pace(request)
        self._sent += 1
        if self._sent > _MAX_REQUESTS:
            message = f"GitHub's lists do not end: {_MAX_REQUESTS:,} requests were not enough"
            raise ForgeError(message, where=self._root.netloc, fix="report it")
        try:
            with self._http.request(
                request.verb,
                request.address,
                headers=dict(request.headers),
                data=request.body,
                timeout=_TIMEOUT,
                allow_redirects=False,
                stream=True,
            ) as answer:
                if not 300 <= answer.status_code < 400:
                    content = _body_of(answer, self._max_bytes, self._monotonic)
                    return reply_of(answer.status_code, answer.headers, content, self._token)
                target = urljoin(request.address, answer.headers.get("Location", ""))
        except HTTPError as error:  # the connection broke while the response was read
            raise requests.ConnectionError(error) from None
        if is_redirected:
            message = "GitHub redirects a second time"
            raise ForgeError(message, where=request.address, fix="report it")
        return self._send_once(self._redirected(request, target), is_redirected=True)

    def _redirected(self, request: _Request, target: str) -> _Request:
        """Returns the request for a redirect's target. Only the redirect to a renamed repository is followed."""
        self._refuse_other_host(target)
        if request.writes or not _REPOSITORY.search(request.address):
            raise ForgeSetupError(
                "the repository has moved: it was renamed or transferred",
                where=request.address,
                fix="use its new name; the old page on GitHub redirects to it",
            )
        return _Request(request.verb, target, request.headers, None)

    def _keep_pace(self, request: _Request) -> None:
        if self._sent:
            self._sleep(_BETWEEN_WRITES if request.writes and self._has_written else _BETWEEN)
        self._has_written = self._has_written or request.writes


class _Authorization(AuthBase):
    """Adds the token to each request, and keeps `requests` from reading a token of its own in ~/.netrc."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token:
            request.headers["Authorization"] = f"token {self._token}"
        return request


@dataclass(frozen=True, slots=True)
class _Request:
    verb: str
    address: str
    headers: Mapping[str, str]
    body: str | None

    @property
    def writes(self) -> bool:
        return self.verb not in {"GET", "HEAD"}


def _pause_after_failure(
    request: _Request, number: int, *, unreached: bool
) -> tuple[float, str] | None:
    """Same as `_pause_after_reply` if there was no response: a write is repeated only if GitHub was not reached."""
    tries = _UNREACHED_TRIES if unreached else _TRIES
    if number + 1 in {tries, _TRIES} or (request.writes and not unreached):
        return None
    return _UNREACHED_WAIT if unreached else 2.0**number, "no answer from GitHub; trying again"


def _body_of(answer: requests.Response, limit: int, monotonic: Callable[[], float]) -> bytes:
    """Returns the body, decompressed as it arrives, so that size and time stay bounded.

    Raises:
        TooLargeError: the body is larger than `limit` bytes.
        ForgeError: the body takes too long to arrive.
        requests.RequestException: the connection broke, or the body cannot be decompressed.
    """
    packed = answer.headers.get("Content-Encoding", "").strip().lower() == "gzip"
    chunks = iter(partial(answer.raw.read1, _CHUNK, decode_content=False), b"")
    try:
        return read_body(
            chunks, is_packed=packed, most=limit, seconds=_MAX_SECONDS, monotonic=monotonic
        )
    except BodyError as error:
        raise requests.exceptions.ContentDecodingError(str(error)) from None
    except LargeBodyError:
        raise TooLargeError(
            f"a response from GitHub is larger than {limit // 2**20} MiB",
            where=answer.url,
            fix="report it if the repository needs responses of that size",
        ) from None
    except SlowBodyError:
        message = f"a response from GitHub takes longer than {_MAX_SECONDS:.0f} s"
        raise ForgeError(message, where=answer.url, fix="run again later") from None


def why_unreached(error: Exception) -> str:
    """Says why no connection was made, so that nothing was sent; "" where there was a connection, or may have been."""
    if isinstance(error, requests.exceptions.ProxyError):
        return "the proxy can't be reached"
    cause = error.args[0] if isinstance(error, requests.RequestException) and error.args else None
    reason = getattr(cause, "reason", None)
    if isinstance(reason, NameResolutionError):
        return "its name does not resolve"
    return "the connection was refused" if isinstance(reason, NewConnectionError) else ""


def is_refusal(error: Exception, statuses: set[int]) -> TypeGuard[GithubException]:
    """Whether GitHub refused with one of these statuses, for another reason than its rate limit."""
    if not isinstance(error, GithubException) or error.status not in statuses:
        return False
    return limit_in(error) is None


def limit_in(error: GithubException) -> Limit | None:
    """The rate limit behind a refusal; None where the refusal has another reason."""
    return limit_of(error.status, reason_of(error), error.headers or {})


def reason_of(error: GithubException) -> str:
    """The reason that GitHub gives for a refusal."""
    return reason_in(error.data, str(error.message or ""))
