"""The way to GitHub's API under PyGithub's objects: one address, no long wait, nothing done twice.

PyGithub's own way loses a redirect's query, goes to other hosts, and waits for as long as an answer says.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard
from urllib.parse import urljoin, urlsplit

import requests
from github import GithubException
from github.Requester import Requester
from requests.auth import AuthBase

from bot.core.errors import ForgeError, ForgeSetupError
from bot.core.version import __version__
from bot.forge.limits import Limit, limit_of
from bot.forge.refusals import said_by

FAILURES = (GithubException, requests.RequestException)  # what a call through here may end in

_PAGE = 100
_TIMEOUT = 30  # seconds
_TRIES = 4  # of a question; a write is only repeated where GitHub refused it for its rate
_BETWEEN, _BETWEEN_WRITES = 0.25, 1.0  # seconds between two requests, as GitHub asks for
_REPOSITORY = re.compile(r"/repos/[^/?]+/[^/?]+$")
_PATIENCE = 180.0  # seconds that a run waits for limits, all in all


class Connection(Requester):
    """What PyGithub's objects ask with.

    Args:
        token: sent with every request, and known to nothing else; "" for none.
        api_url: the address of the API: nothing else is ever contacted.
        sleep: waits for some seconds.
    """

    def __init__(self, token: str, api_url: str, sleep: Callable[[float], None]) -> None:
        super().__init__(
            auth=None,
            base_url=api_url,
            timeout=_TIMEOUT,
            user_agent="",
            per_page=_PAGE,
            verify=True,
            retry=None,
            pool_size=None,
        )
        self._root = urlsplit(api_url)
        self._sleep = sleep
        self._patience = _PATIENCE
        self._has_asked = self._has_written = False
        self._http = requests.Session()
        self._http.auth = self._authorization = _Authorization(token)
        self._http.headers["User-Agent"] = f"arxiv-bot/{__version__}"
        self._http.headers["Accept"] = "application/vnd.github+json"

    def requestJsonAndCheck(  # noqa: N802 (PyGithub's name; all its objects ask here)
        self,
        verb: str,
        url: str,
        *args: Any,  # noqa: ANN401 (handed on)
        **kwargs: Any,  # noqa: ANN401 (handed on)
    ) -> tuple[dict[str, Any], Any]:
        """As PyGithub's, which would make ready for another host before it comes to `requestJson`."""
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
            ForgeError: GitHub leads elsewhere, or has moved what is asked for; nothing was written.
        """
        del cnx, follow_302_redirect
        address = self.add_parameters_to_url(self._address(url), parameters or {})
        body = None if input is None else json.dumps(input)
        heard = self._asked(_Question(verb, address, headers or {}, body))
        return heard.status, dict(heard.headers), heard.text

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

    def _asked(self, question: _Question) -> _Heard:
        for number in range(_TRIES):
            is_last = number == _TRIES - 1
            try:
                heard = self._once(question)
            except requests.RequestException:
                if is_last or question.writes:
                    raise
                wait: float | None = 2.0**number
            else:
                wait = self._wait(question, heard, number)
                if is_last or wait is None:
                    return heard
            self._sleep(wait or 0.0)
        raise AssertionError("unreachable")

    def _wait(self, question: _Question, heard: _Heard, number: int) -> float | None:
        """In how many seconds to ask again; None where that is useless, too long, or might do a thing twice."""
        if limit := limit_of(heard.status, heard.said, heard.headers):
            if limit.wait > self._patience:
                return None
            self._patience -= limit.wait
            return limit.wait
        return None if question.writes or heard.status < 500 else 2.0**number

    def _once(self, question: _Question, *, is_led: bool = False) -> _Heard:
        self._keep_pace(question)
        answer = self._http.request(
            question.verb,
            question.address,
            headers=dict(question.headers),
            data=question.body,
            timeout=_TIMEOUT,
            allow_redirects=False,
        )
        if 300 <= answer.status_code < 400:
            if is_led:
                raise ForgeError(
                    "it redirects in a circle", where=question.address, fix="report it"
                )
            return self._once(self._led(question, answer), is_led=True)
        return _heard(answer, self._authorization)

    def _led(self, question: _Question, answer: requests.Response) -> _Question:
        """The question where it redirects to, which is asked only to learn a renamed repository's new name."""
        target = urljoin(question.address, answer.headers.get("Location", ""))
        self._refuse_elsewhere(target)
        if question.writes or not _REPOSITORY.search(question.address):
            raise ForgeSetupError(
                "the repository has moved: it was renamed, or given to somebody else",
                where=question.address,
                fix="use its new name, which its old page leads to",
            )
        return _Question(question.verb, target, question.headers, None)

    def _keep_pace(self, question: _Question) -> None:
        if self._has_asked:
            self._sleep(_BETWEEN_WRITES if question.writes and self._has_written else _BETWEEN)
        self._has_asked = True
        self._has_written = self._has_written or question.writes


class _Authorization(AuthBase):
    """Adds the token to each request; that there is one keeps `requests` from looking for another in ~/.netrc."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token:
            request.headers["Authorization"] = f"token {self._token}"
        return request

    def without(self, text: str) -> str:
        """The text without the token, should an answer repeat it."""
        return text.replace(self._token, "***") if self._token else text


@dataclass(frozen=True, slots=True)
class _Question:
    verb: str
    address: str
    headers: Mapping[str, str]
    body: str | None

    @property
    def writes(self) -> bool:
        return self.verb not in {"GET", "HEAD"}


@dataclass(frozen=True, slots=True)
class _Heard:
    """An answer; `said` are its own words if it is a refusal."""

    status: int
    headers: Mapping[str, str]
    text: str
    said: str = ""


def _heard(answer: requests.Response, authorization: _Authorization) -> _Heard:
    """The answer, made one that PyGithub understands: what is not JSON is a failure, and so is a limit of GraphQL's."""
    headers = {name.lower(): value for name, value in answer.headers.items()}
    status = answer.status_code
    text = authorization.without(answer.content.decode("utf-8", "replace"))
    try:
        body = json.loads(text) if text else None
    except ValueError:
        body = None
        status, text = max(status, 502) if status < 400 else status, ""
    if status == 200 and isinstance(body, dict) and "RATE_LIMITED" in _kinds(body):
        status, text = 403, json.dumps({"message": said_by(body, "API rate limit exceeded")})
        body = json.loads(text)
    return _Heard(status, headers, text, said_by(body, "") if status >= 400 else "")


def _kinds(body: Mapping[str, Any]) -> set[str]:
    """The kinds of GraphQL's errors, which come with status 200."""
    found = body.get("errors")
    errors = found if isinstance(found, list) else []
    return {str(one.get("type")) for one in errors if isinstance(one, dict)}


def is_refusal(error: Exception, statuses: set[int]) -> TypeGuard[GithubException]:
    """Whether GitHub refused with one of these statuses, and not for the rate alone."""
    if not isinstance(error, GithubException) or error.status not in statuses:
        return False
    return limit_in(error) is None


def limit_in(error: GithubException) -> Limit | None:
    """The limit that a refusal is about."""
    return limit_of(error.status, said_in(error), error.headers or {})


def said_in(error: GithubException) -> str:
    """A refusal's own words."""
    return said_by(error.data, str(error.message or ""))
