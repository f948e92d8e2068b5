"""A headless Chromium, driven through its own protocol on a pair of pipes: no driver, no port, no package.

https://chromedevtools.github.io/devtools-protocol
"""

import base64
import itertools
import json
import os
import select
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PROGRAM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
FLAGS = (
    "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update "
    "--disable-sync --hide-scrollbars --force-device-scale-factor=1 --remote-debugging-pipe"
).split()
PATIENCE = 60.0  # seconds for an answer, on a machine that has other work


class BrowserError(Exception):
    """The browser did not do what the test asked."""


class Page:
    """A tab. `problems` are the errors and warnings in its console, `events` what has happened since it was opened."""

    def __init__(self, write: int, read: int) -> None:
        self._write, self._read = write, read
        self._numbers = itertools.count(1)
        self._buffer = b""
        self.events: list[dict[str, Any]] = []
        self._session = ""
        self.problems: list[str] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)[
            "sessionId"
        ]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Calls a method of the protocol and waits for its answer."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == number:
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error']['message']}")
                result: dict[str, Any] = answer["result"]
                return result

    def _receive(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._read], [], [], PATIENCE)
            part = os.read(self._read, 1 << 20) if ready else b""
            if not part:
                raise BrowserError("no answer")
            self._buffer += part
        message, _, self._buffer = self._buffer.partition(b"\0")
        event: dict[str, Any] = json.loads(message)
        if "id" not in event:
            self.events.append(event)
            self._note(event["method"], event["params"])
        return event

    def _note(self, method: str, details: dict[str, Any]) -> None:
        if method == "Runtime.exceptionThrown":
            self.problems.append(json.dumps(details["exceptionDetails"]))
        elif method == "Runtime.consoleAPICalled" and details["type"] in {"error", "warning"}:
            self.problems.append(json.dumps(details["args"]))
        elif method == "Log.entryAdded" and details["entry"]["level"] in {"error", "warning"}:
            self.problems.append(details["entry"]["text"])

    def open(self, url: str) -> None:
        """Goes to an address and waits until it is loaded."""
        self.events.clear()
        failed = self.call("Page.navigate", url=url).get("errorText")
        if failed:
            raise BrowserError(f"{url}: {failed}")
        self._wait("Page.loadEventFired")

    def _wait(self, method: str) -> None:
        while not any(event["method"] == method for event in self.events):
            self._receive()

    def run(self, script: str) -> Any:
        """The value of an expression; for a promise, the value that it resolves to."""
        answer = self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in answer:
            raise BrowserError(json.dumps(answer["exceptionDetails"]))
        return answer["result"].get("value")

    def until(self, script: str) -> None:
        """Waits until an expression is true."""
        self.run(
            f"new Promise(done => {{ const look = () => ({script}) ? done() : setTimeout(look, 10); look() }})"
        )

    def type(self, text: str) -> None:
        """Types into the focused element, one key at a time."""
        for char in text:
            self.call("Input.dispatchKeyEvent", type="keyDown", text=char, key=char)
            self.call("Input.dispatchKeyEvent", type="keyUp", key=char)

    def press(self, key: str, code: int) -> None:
        """Presses Enter, or a key that writes no character."""
        text = {"text": "\r"} if key == "Enter" else {}
        for kind in ("keyDown", "keyUp"):
            details = {"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code}
            self.call("Input.dispatchKeyEvent", **details, **(text if kind == "keyDown" else {}))

    def click(self, selector: str) -> None:
        """Clicks into the middle of an element, as a mouse would.

        Lines that come into view get their real height, which moves what is below them, and a mouse hits what is painted:
        so the element is scrolled to until it stays where it is from one frame to the next.
        """
        place = self.run(
            f"(async () => {{ const e = document.querySelector({json.dumps(selector)}); let r, y;"
            "do { y = r?.y; e.scrollIntoView({block: 'center'});"
            "for (let n = 0; n < 2; n++) await new Promise(requestAnimationFrame);"
            "r = e.getBoundingClientRect() } while (r.y !== y);"
            "return [r.x + r.width / 2, r.y + r.height / 2] })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.call(
                "Input.dispatchMouseEvent",
                type=kind,
                x=place[0],
                y=place[1],
                button="left",
                clickCount=1,
            )

    def look(self, *, width: int = 1100, height: int = 900, dark: bool = False) -> None:
        """Sets the size of the window and the colours that the reader prefers."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=2 if width < 600 else 1,
            mobile=width < 600,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])

    def scripts(self, *, on: bool) -> None:
        """Whether pages opened from now on run scripts."""
        self.call("Emulation.setScriptExecutionDisabled", value=not on)

    def photograph(self, file: Path) -> None:
        """Takes a picture of the window."""
        data = self.call("Page.captureScreenshot", format="png")["data"]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(base64.b64decode(data))


@contextmanager
def chromium(profile: Path) -> Iterator[Callable[[], Page]]:
    """Starts the browser with a profile of its own; yields a function that opens tabs."""
    if PROGRAM is None:
        raise BrowserError("there is no chromium")
    # The browser reads from 3 and writes to 4: a shell makes its own input and output those.
    shell = ["/bin/sh", "-c", 'exec "$@" 3<&0 4>&1 </dev/null >/dev/null 2>&1', "sh"]
    process = subprocess.Popen(
        [*shell, PROGRAM, *FLAGS, f"--user-data-dir={profile}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    to, back = process.stdin, process.stdout
    if to is None or back is None:  # never, as pipes were asked for
        raise BrowserError("no pipes")
    try:
        yield lambda: Page(to.fileno(), back.fileno())
    finally:
        to.close()  # at which it ends by itself
        try:
            process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        back.close()
