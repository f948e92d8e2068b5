"""HTTP layer below PyGithub: one host, bounded answers and waits, and no write is repeated that may have been done.

PyGithub's own layer loses a redirect's query, goes to other hosts, and waits for as long as an answer says.
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
"""The version of the REST API that is asked for; GitHub supports it until March 2028 at least."""
MALFORMED = (
    BadAttributeException,
    AssertionError,
    AttributeError,
    KeyError,
    TypeError,
    ValueError,
    RecursionError,
)
"""What PyGithub and this folder raise where an answer is JSON of another shape than documented."""
FAILURES = (GithubException, requests.RequestException, *MALFORMED)
"""What a call through the connection may end in, beside ForgeError."""

_PAGE = 100
_LIMIT = 32 * 2**20  # bytes of one answer; a page of 100 pull requests has at most about 7 MB
_WHOLE = 120.0  # seconds for one answer, however slowly it trickles
_PIECE = 2**16
_MOST = 2_000  # requests of a run, of which GitHub gives a workflow a thousand in an hour
_TIMEOUT = (10.0, 30.0)  # seconds to connect, and between two reads
_TRIES = 4  # of a question; a write is only repeated where GitHub refused it for its rate, or was never reached
_UNREACHED_TRIES, _UNREACHED_WAIT = (
    2,
    1.0,
)  # where no connection is to be had: no network is no passing trouble
_BETWEEN, _BETWEEN_WRITES = 0.25, 1.0  # seconds between two requests, as GitHub asks for
_REPOSITORY = re.compile(r"/repos/[^/?]+/[^/?]+$")
_PATIENCE = 180.0  # seconds that a run waits for limits in all


OnWait = Callable[[str, float], None]
"""Is given the reason for a wait and its seconds."""


def ignore_wait(message: str, seconds: float) -> None:
    """Shows nobody that the run waits."""
    del message, seconds


class Connection(Requester):
    """What PyGithub's objects ask with.

    Args:
        token: sent with every request, and known to nothing else; "" for none.
        api_url: the address of the API: nothing else is ever contacted.
        sleep: waits for a number of seconds.
        on_wait: is given the reason and the seconds of a wait that a person would notice.
        monotonic: a clock in seconds, to notice an answer that trickles.
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
        self._root = urlsplit(api_url)
        self._token = token
        self._sleep, self._on_wait, self._monotonic = sleep, on_wait, monotonic
        self._patience = _PATIENCE
        self._limit = _LIMIT
        self._asked = 0
        self._has_written = False
        self._http = requests.Session()
        self._http.trust_env = self._root.scheme == "https"  # a proxy would read the token in clear
        self._http.auth = _Authorization(token)
        self._http.headers["User-Agent"] = f"arxiv-bot/{__version__}"
        self._http.headers["Accept"] = "application/vnd.github+json"
        self._http.headers["Accept-Encoding"] = "gzip"
        self._http.headers["X-GitHub-Api-Version"] = API_VERSION

    @contextmanager
    def at_most(self, size: int) -> Iterator[None]:
        """Refuses answers of more bytes than that, for as long as the context lasts."""
        self._limit = min(size, _LIMIT)
        try:
            yield
        finally:
            self._limit = _LIMIT

    def requestJsonAndCheck(  # noqa: N802 (PyGithub's name; all its objects ask here)
        self,
        verb: str,
        url: str,
        *args: Any,  # noqa: ANN401 (handed on)
        **kwargs: Any,  # noqa: ANN401 (handed on)
    ) -> tuple[dict[str, Any], Any]:
        """As PyGithub's, which would prepare for another host before it calls `requestJson`."""
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
        """Status, headers (names in small letters) and body of an answer; the body is JSON or nothing.

        Raises:
            ForgeError: GitHub leads elsewhere, has moved what is asked for, or answers without end.
        """
        del cnx, follow_302_redirect
        address = self.add_parameters_to_url(self._address(url), parameters or {})
        body = None if input is None else json.dumps(input)
        reply = self._reply_to(_Request(verb, address, headers or {}, body))
        return reply.status, dict(reply.headers), reply.text

    def _address(self, url: str) -> str:
        """The whole address of what PyGithub asks for, which may be a path, or a link out of an answer."""
        if url.startswith("/"):
            return f"{self._root.geturl().rstrip('/')}{url}"
        self._refuse_elsewhere(url)
        return url

    def _refuse_elsewhere(self, url: str) -> None:
        parts = urlsplit(url)
        if (parts.scheme, parts.netloc) != (self._root.scheme, self._root.netloc):
            raise ForgeError(
                f"an answer leads to {parts.netloc or 'nowhere'}, which was not asked",
                where=self._root.netloc,
                fix="if the API has moved, set GITHUB_API_URL to its address",
            )

    def _reply_to(self, question: _Request) -> Reply:
        """The answer to a question, which is asked again where that may help and can't do a thing twice."""
        for number in range(_TRIES):
            try:
                reply = self._once(question)
            except requests.RequestException as error:
                pause = _pause_after(question, number, unreached=bool(why_unreached(error)))
                if pause is None:
                    raise
            else:
                pause = self._wait(question, reply, number)
                if pause is None:
                    return reply
            self._pause(*pause)
        raise AssertionError("unreachable")

    def _wait(self, question: _Request, reply: Reply, number: int) -> tuple[float, str] | None:
        """In how many seconds to ask again and why; None where that is useless, too long, or might do a thing twice."""
        if number == _TRIES - 1:
            return None
        if limit := limit_of(reply.status, reply.reason, reply.headers):
            if limit.wait > self._patience:
                return None
            self._patience -= limit.wait
            return limit.wait, "GitHub asks for a pause"
        if question.writes or reply.status < 500:
            return None
        return 2.0**number, "GitHub failed; asking again"

    def _pause(self, seconds: float, why: str) -> None:
        if seconds >= _UNREACHED_WAIT:
            self._on_wait(why, seconds)
        self._sleep(seconds)

    def _once(self, question: _Request, *, is_redirected: bool = False) -> Reply:
        self._keep_pace(question)
        self._asked += 1
        if self._asked > _MOST:
            message = f"GitHub's lists do not end: {_MOST:,} requests were not enough"
            raise ForgeError(message, where=self._root.netloc, fix="report it")
        try:
            with self._http.request(
                question.verb,
                question.address,
                headers=dict(question.headers),
                data=question.body,
                timeout=_TIMEOUT,
                allow_redirects=False,
                stream=True,
            ) as answer:
                if not 300 <= answer.status_code < 400:
                    content = _body_of(answer, self._limit, self._monotonic)
                    return reply_of(answer.status_code, answer.headers, content, self._token)
                target = urljoin(question.address, answer.headers.get("Location", ""))
        except HTTPError as error:  # the answer broke off while it was read
            raise requests.ConnectionError(error) from None
        if is_redirected:
            raise ForgeError("it redirects in a circle", where=question.address, fix="report it")
        return self._once(self._redirected(question, target), is_redirected=True)

    def _redirected(self, question: _Request, target: str) -> _Request:
        """The question at the address it redirects to; only to learn a renamed repository's new name."""
        self._refuse_elsewhere(target)
        if question.writes or not _REPOSITORY.search(question.address):
            raise ForgeSetupError(
                "the repository has moved: it was renamed, or given to somebody else",
                where=question.address,
                fix="use its new name, which its old page leads to",
            )
        return _Request(question.verb, target, question.headers, None)

    def _keep_pace(self, question: _Request) -> None:
        if self._asked:
            self._sleep(_BETWEEN_WRITES if question.writes and self._has_written else _BETWEEN)
        self._has_written = self._has_written or question.writes


class _Authorization(AuthBase):
    """Adds the token to each request; that there is one keeps `requests` from looking for another in ~/.netrc."""

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


def _pause_after(question: _Request, number: int, *, unreached: bool) -> tuple[float, str] | None:
    """As `_wait`, where no answer came: what changes something is repeated only if GitHub was not reached."""
    tries = _UNREACHED_TRIES if unreached else _TRIES
    if number + 1 in {tries, _TRIES} or (question.writes and not unreached):
        return None
    return _UNREACHED_WAIT if unreached else 2.0**number, "no answer from GitHub; asking again"


def _body_of(answer: requests.Response, limit: int, monotonic: Callable[[], float]) -> bytes:
    """The body, unpacked as it arrives, so that neither its size nor its time can get out of hand.

    Raises:
        TooLargeError: the answer is larger than `limit` bytes.
        ForgeError: it takes too long.
        requests.RequestException: it broke off, or cannot be unpacked.
    """
    packed = answer.headers.get("Content-Encoding", "").strip().lower() == "gzip"
    pieces = iter(partial(answer.raw.read1, _PIECE, decode_content=False), b"")
    try:
        return read_body(pieces, is_packed=packed, most=limit, seconds=_WHOLE, monotonic=monotonic)
    except BodyError as error:
        raise requests.exceptions.ContentDecodingError(str(error)) from None
    except LargeBodyError:
        raise TooLargeError(
            f"GitHub's answer has more than {limit // 2**20} MiB",
            where=answer.url,
            fix="report it if the repository needs answers of that size",
        ) from None
    except SlowBodyError:
        message = f"GitHub's answer takes longer than {_WHOLE:.0f} s"
        raise ForgeError(message, where=answer.url, fix="run again later") from None


def why_unreached(error: Exception) -> str:
    """Why no connection was made, so that nothing was sent; "" where one was, or may have been."""
    if isinstance(error, requests.exceptions.ProxyError):
        return "the proxy can't be reached"
    cause = error.args[0] if isinstance(error, requests.RequestException) and error.args else None
    reason = getattr(cause, "reason", None)
    if isinstance(reason, NameResolutionError):
        return "its name does not resolve"
    return "the connection was refused" if isinstance(reason, NewConnectionError) else ""


def is_refusal(error: Exception, statuses: set[int]) -> TypeGuard[GithubException]:
    """Whether GitHub refused with one of these statuses, and not for the rate alone."""
    if not isinstance(error, GithubException) or error.status not in statuses:
        return False
    return limit_in(error) is None


def limit_in(error: GithubException) -> Limit | None:
    """The limit that a refusal is about."""
    return limit_of(error.status, reason_of(error), error.headers or {})


def reason_of(error: GithubException) -> str:
    """A refusal's own words."""
    return reason_in(error.data, str(error.message or ""))
