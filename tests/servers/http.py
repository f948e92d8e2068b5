"""A small HTTP server on loopback for the test services; it logs requests and can inject a fault into each."""

from __future__ import annotations

import os
import socket
import struct
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol, Self
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Request:
    """A logged request; `number` counts from 1."""

    number: int
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Response:
    """A response; `stated_length` is a wrong Content-Length to send."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    stated_length: int | None = None


class Fault(Enum):
    """A fault of the connection or of a gateway."""

    DROP_BEFORE = "the connection drops before the request is processed"
    DROP_AFTER = "the connection drops after the request is processed"
    BAD_GATEWAY_AFTER = "502 after the request is processed"
    BAD_GATEWAY_BEFORE = "502 before the request is processed"
    RESET = "the connection is reset before the request is processed"


@dataclass(frozen=True)
class After:
    """Something that happens after the request is processed and before the response is sent."""

    act: Callable[[Request], None]


@dataclass(frozen=True)
class Stream:
    """A response of unknown length, sent in pieces until there are no more or the client stops reading."""

    pieces: Iterable[bytes]
    headers: Mapping[str, str] = field(default_factory=dict)


Misfortune = Fault | Response | Stream | After
"""A fault, a response in place of the real one, or something that happens after the processing."""

Trouble = Misfortune | Callable[[Request], Misfortune | None]
"""What goes wrong with a request, or a function that is called before the processing and may return that."""


class Application(Protocol):
    """Something that responds to requests."""

    def respond(self, request: Request) -> Response: ...


class Server:
    """Runs an application on 127.0.0.1; `troubles` maps the number of a request to what goes wrong with it."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.requests: list[Request] = []
        self.troubles: dict[int, Trouble] = {}
        self.always: Trouble | None = None
        self._lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = (
                1 << 16
            )  # send header and body in one segment; otherwise every response takes 40 ms
            disable_nagle_algorithm = True

            def handle_one(self) -> None:
                outer._handle(self)

            do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = handle_one

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                del format, args

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: object, client_address: object) -> None:
                del request, client_address

        self._http = Quiet(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def _handle(self, handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers.get("Content-Length") or 0)
        body = handler.rfile.read(length)
        parts = urlsplit(handler.path)
        with self._lock:
            request = Request(
                number=len(self.requests) + 1,
                method=handler.command,
                path=parts.path,
                query={k: v[-1] for k, v in parse_qs(parts.query, keep_blank_values=True).items()},
                headers={k.lower(): v for k, v in handler.headers.items()},
                body=body,
            )
            self.requests.append(request)
            answer = self._answer(request)
        if not isinstance(answer, Response):
            handler.close_connection = True
            if isinstance(answer, Stream):
                _stream(handler, answer)
            elif answer is Fault.RESET:
                at_once = struct.pack("ii", 1, 0)
                handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
                os.close(handler.connection.detach())
            else:
                handler.connection.shutdown(socket.SHUT_RDWR)
            return
        handler.send_response(answer.status)
        for name, value in answer.headers.items():
            handler.send_header(name, value)
        length = len(answer.body) if answer.stated_length is None else answer.stated_length
        handler.send_header("Content-Length", str(length))
        handler.end_headers()
        handler.wfile.write(answer.body)
        if answer.stated_length is not None:
            handler.wfile.flush()
            handler.close_connection = True
            handler.connection.shutdown(socket.SHUT_RDWR)

    def _answer(self, request: Request) -> Response | Stream | Fault:
        trouble = self.troubles.get(request.number, self.always)
        if callable(trouble):
            trouble = trouble(request)
        if trouble is Fault.DROP_BEFORE or trouble is Fault.RESET or isinstance(trouble, Stream):
            return trouble
        if trouble is Fault.BAD_GATEWAY_BEFORE:
            return Response(502, b"<html>Bad Gateway</html>")
        if isinstance(trouble, Response):
            return trouble
        answer = self.application.respond(request)
        if isinstance(trouble, After):
            trouble.act(request)
        if trouble is Fault.DROP_AFTER:
            return trouble
        if trouble is Fault.BAD_GATEWAY_AFTER:
            return Response(502, b"<html>Bad Gateway</html>")
        return answer


def _stream(handler: BaseHTTPRequestHandler, stream: Stream) -> None:
    handler.send_response(200)
    for name, value in stream.headers.items():
        handler.send_header(name, value)
    handler.send_header("Connection", "close")
    handler.end_headers()
    for piece in stream.pieces:
        handler.wfile.write(piece)
        handler.wfile.flush()
