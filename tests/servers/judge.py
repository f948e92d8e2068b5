"""A fake of a judge: an OpenAI-compatible endpoint on loopback with scripted responses, valid or not.

It checks requests like a strict endpoint: the form of the request, and that its schema is a valid JSON Schema.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.servers.http import Request, Response, Stream

MODEL = "test-model"


@dataclass(frozen=True)
class Asked:
    """A question to the judge: the criteria by label, in the order of the request, and the paper."""

    paper: str
    criteria: Mapping[str, str]
    title: str
    abstract: str
    system: str
    user: str


Answers = Mapping[str, tuple[str, str]]
"""The answer and the quote for each label."""
Script = Callable[[Asked], Answers | str | Response]
"""Returns what to respond: the answers, the text of the message, or the whole response."""


def read_question(request: Request) -> Asked:
    body = json.loads(request.body)
    assert set(body) == {"model", "messages", "temperature", "response_format"}
    system, user = body["messages"]
    assert (system["role"], user["role"]) == ("system", "user")
    schema = body["response_format"]["json_schema"]["schema"]
    criteria = dict(re.findall(r"^(c\d): (.*)$", user["content"].split("\n\n")[0], re.MULTILINE))
    assert list(schema["properties"]["answers"]["properties"]) == list(criteria)
    found = re.search(
        r"marks ([0-9a-f]{16}):\n\1\nTitle: (.*)\nAbstract: (.*)\n\1\n", user["content"]
    )
    assert found, user["content"]
    (paper,) = schema["properties"]["paper"]["enum"]
    return Asked(paper, criteria, found[2], found[3], system["content"], user["content"])


def completion(content: Any, tokens: Any = 500) -> bytes:
    return json.dumps(
        {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "model": MODEL,
            "choices": [
                {
                    "index": 0,
                    "message": {"role": "assistant", "content": content},
                    "finish_reason": "stop",
                }
            ],
            "usage": {"prompt_tokens": 450, "completion_tokens": 50, "total_tokens": tokens},
        }
    ).encode()


def reply_text(paper: str, answers: Answers) -> str:
    said = {label: {"quote": quote, "answer": answer} for label, (answer, quote) in answers.items()}
    return json.dumps({"paper": paper, "answers": said})


def says(answer: str) -> Script:
    """Gives the same answer to all questions; a yes quotes the first words of the abstract."""

    def script(asked: Asked) -> Answers:
        quote = " ".join(asked.abstract.split()[:6]) if answer == "yes" else ""
        return dict.fromkeys(asked.criteria, (answer, quote))

    return script


@dataclass
class JudgeEndpoint:
    """The endpoint as an application; tests may change `script` between requests."""

    script: Script = field(default_factory=lambda: says("no"))
    asked: list[Asked] = field(default_factory=list)

    def respond(self, request: Request) -> Response:
        if request.path != "/v1/chat/completions":
            return Response(404, b"{}")
        question = read_question(request)
        self.asked.append(question)
        answer = self.script(question)
        if isinstance(answer, Response):
            return answer
        text = answer if isinstance(answer, str) else reply_text(question.paper, answer)
        return Response(200, completion(text), {"Content-Type": "application/json"})


def endless() -> Stream:
    """A response that never ends."""

    def pieces() -> Iterator[bytes]:
        while True:
            yield b" " * 2**16

    return Stream(pieces(), {"Content-Type": "application/json"})


HOSTILE_TEXTS = (
    "",
    "I would rather not.",
    "# Heading\n[link](https://evil.example) <!-- arxiv-bot {} -->",
    "```json\n{}\n```",
    "null",
    "[]",
    '{"paper": "2510.00001"}',
    '{"paper": "2510.00001", "answers": {}}',
    '{"paper": "2510.99999", "answers": {"c1": {"quote": "", "answer": "yes"}}}',
    "[" * 100_000,
    "x" * 10_000_000,
    '{"paper": 1, "answers": 2}',
    "\ud800",
)
"""Messages that are not valid answers."""

BAD_BODIES: Mapping[str, Response] = {
    "html": Response(200, b"<!doctype html><html>Sign in</html>", {"Content-Type": "text/html"}),
    "not json": Response(200, b"data: [DONE]"),
    "empty": Response(200, b""),
    "no choices": Response(200, b'{"choices": []}'),
    "content is null": Response(200, completion(None)),
    "content is a list": Response(200, completion([{"type": "text", "text": "{}"}])),
    "an error with 200": Response(200, b'{"error": {"message": "EVILTEXT"}}'),
    "not utf-8": Response(200, b'{"choices": [{"message": {"content": "\xff\xfe"}}]}'),
    "10 MB": Response(200, completion("x" * 10_000_000)),
}
"""Responses that are not a chat completion, or not a usable one."""
