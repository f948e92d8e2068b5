"""Asks an OpenAI-compatible endpoint, `POST {base_url}/chat/completions`, with limits on time, size and requests.

No text from the endpoint gets into a message of the bot, neither a model's answer nor a server's error page.
"""

from __future__ import annotations

from functools import partial
from typing import Annotated

import requests
from pydantic import BaseModel, Field, ValidationError
from urllib3.exceptions import HTTPError

from bot.core.body import BodyError, LargeBodyError, SlowBodyError, read_body
from bot.core.version import __version__
from bot.relevance.judge.answers import UnusableAnswerError
from bot.relevance.judge.ask import JudgeStoppedError, ModelReply
from bot.relevance.judge.question import Question
from bot.sources.failures import plain_reason, requested_wait
from bot.sources.session import BearerToken, Progress, Timing

# Seconds to connect, and between two reads. A small model on a slow machine takes a minute.
_TIMEOUT = (10.0, 120.0)
_WHOLE = 180.0  # seconds for one answer
_LIMIT = 2**20  # bytes of an answer
_ATTEMPTS = 3
_FIRST_WAIT, _LONGEST_WAIT = 2.0, 60.0
_PATIENCE = 900.0  # seconds for all questions of a run
_AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_REFUSALS = {
    400: "it refuses the request; it must take a JSON schema (`response_format`) and a temperature of 0",
    401: "it refuses the key; check `judge.api_key_env`",
    402: "it asks for payment",
    403: "it refuses the key; check `judge.api_key_env`",
    404: "it has no such model or address; check `judge.model` and `judge.base_url`",
    410: "the model or the service is gone; choose another `judge.model`",
    422: "it refuses the request; it must take a JSON schema (`response_format`)",
}
_MOST_TOKENS = 10**6  # for one answer; a server that reports more is not believed


class _Message(BaseModel):
    content: str


class _Choice(BaseModel):
    message: _Message


class _Usage(BaseModel):
    total_tokens: Annotated[int, Field(ge=1, le=_MOST_TOKENS)]


class _Completion(BaseModel):
    choices: Annotated[tuple[_Choice, ...], Field(min_length=1)]
    usage: object = None


class _TryAgain(Exception):  # noqa: N818 (a signal between two methods, never seen outside)
    """The request failed but may succeed later; `wait` is the delay in seconds that the endpoint asked for."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.wait = wait


class JudgeClient:
    """Asks one model at one endpoint.

    Args:
        base_url: the endpoint's address, including its version.
        model: the model's name at the endpoint.
        api_key: sent as a bearer token; "" for none.
        most_requests: the most requests to send, including retries.
        timing: time and randomness.
        progress: called with what the client waits for.
    """

    def __init__(
        self,
        base_url: str,
        model: str,
        api_key: str,
        most_requests: int,
        timing: Timing,
        progress: Progress,
    ) -> None:
        self._url = f"{base_url.rstrip('/')}/chat/completions"
        self._model = model
        self._most = most_requests
        self._time = timing
        self._progress = progress
        self._started: float | None = None
        self.requests = 0
        self._http = requests.Session()
        self._http.auth = BearerToken(api_key)
        self._http.trust_env = not base_url.startswith("http:")  # plain HTTP bypasses any proxy
        self._http.headers.update(
            {"User-Agent": f"arxiv-bot/{__version__}", "Accept-Encoding": "identity"}
        )

    def ask(self, question: Question) -> ModelReply:
        """Asks one question; see `bot.relevance.judge.ask.Ask`."""
        for attempt in range(1, _ATTEMPTS + 1):
            self._check_limits()
            try:
                return self._read(self._send(question), question)
            except _TryAgain as again:
                if attempt == _ATTEMPTS:
                    raise JudgeStoppedError(f"{again.reason}, {attempt} times in a row") from None
                self._wait(attempt, again)
        raise AssertionError

    def _check_limits(self) -> None:
        now = self._time.monotonic()
        if self._started is None:
            self._started = now
        if now - self._started > _PATIENCE:
            raise JudgeStoppedError(f"its answers took longer than {_PATIENCE / 60:.0f} minutes")
        if self.requests >= self._most:
            raise JudgeStoppedError(f"{self._most} requests were sent, the limit of a run")

    def _wait(self, attempt: int, again: _TryAgain) -> None:
        """Waits as long as the endpoint asks, or longer with each attempt; a wait that is too long stops the judge."""
        growing = _FIRST_WAIT * 2 ** (attempt - 1) * (0.75 + self._time.random() / 2)
        seconds = max(growing, again.wait or 0.0)
        if seconds > _LONGEST_WAIT:
            raise JudgeStoppedError(f"{again.reason} and asks to wait {seconds:.0f} s")
        self._progress(f"the judge: {again.reason}; trying again", seconds)
        self._time.sleep(seconds)

    def _send(self, question: Question) -> bytes:
        data = {
            "model": self._model,
            "messages": [{"role": role, "content": text} for role, text in question.messages],
            "temperature": 0,
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "answers", "strict": True, "schema": question.schema},
            },
        }
        self.requests += 1
        self._progress("asking the judge")
        try:
            with self._http.post(
                self._url, json=data, timeout=_TIMEOUT, stream=True, allow_redirects=False
            ) as answer:
                return self._body(answer)
        except (requests.RequestException, HTTPError) as error:
            raise _TryAgain(f"no complete answer ({plain_reason(error)})") from None
        finally:
            self._progress("")

    def _body(self, answer: requests.Response) -> bytes:
        """Reads the body of a successful response, with limits on size and time."""
        if answer.status_code != 200:
            raise self._refused(answer)
        coding = answer.headers.get("Content-Encoding", "identity").strip().lower()
        try:
            return read_body(
                iter(partial(answer.raw.read1, 2**16, decode_content=False), b""),
                is_packed=coding in {"gzip", "x-gzip"},
                most=_LIMIT,
                seconds=_WHOLE,
                monotonic=self._time.monotonic,
            )
        except BodyError:
            raise _TryAgain("a broken answer") from None
        except LargeBodyError:
            raise UnusableAnswerError("an answer of more than 1 MiB") from None
        except SlowBodyError:
            raise UnusableAnswerError(f"an answer that takes longer than {_WHOLE:.0f} s") from None

    def _refused(self, answer: requests.Response) -> Exception:
        """The error for a status other than 200: either try again or stop."""
        status = answer.status_code
        if status in _AGAIN:
            what = "it is overloaded" if status in {429, 503, 529} else "it failed"
            wait = requested_wait(answer.headers, self._time.now)
            return _TryAgain(f"{what} (HTTP {status})", wait)
        what = "it redirects, which is not followed" if 300 <= status < 400 else "it refuses"
        return JudgeStoppedError(f"{_REFUSALS.get(status, what)} (HTTP {status})")

    def _read(self, body: bytes, question: Question) -> ModelReply:
        """The text of the first choice, and the tokens: as reported by the endpoint if plausible, else estimated."""
        try:
            found = _Completion.model_validate_json(body)
        except ValidationError:
            raise UnusableAnswerError("an answer that is not a chat completion") from None
        try:
            tokens = _Usage.model_validate(found.usage).total_tokens
        except ValidationError:
            tokens = question.size
        return ModelReply(found.choices[0].message.content, tokens)
