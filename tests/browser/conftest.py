"""A browser, and sites served to it."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bot.core.files import write_own
from bot.tools.site.build import build
from bot.tools.site.papers import read
from tests.browser.chromium import PROGRAM, Page, chromium
from tests.browser.lists import ADDED, TOPICS, UPDATED, make_list
from tests.browser.serving import served

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"


def need(*, there: bool, what: str) -> None:
    """Skips a test where something is not installed; under CI=true it fails instead."""
    if not there and os.environ.get("CI") == "true":
        pytest.fail(f"needs {what}")
    if not there:
        pytest.skip(f"needs {what}")


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A tab of a browser that all tests of a process share."""
    need(there=PROGRAM is not None, what="Chromium (Debian's package chromium)")
    with chromium(tmp_path_factory.mktemp("profile")) as tab:
        yield tab()


@pytest.fixture
def page(browser: Page) -> Page:
    """The tab, reset to the state of a new one."""
    browser.open("about:blank")
    browser.scripts(on=True)
    browser.look()
    browser.problems.clear()
    return browser


@pytest.fixture(scope="session")
def axe() -> str:
    """The accessibility checker's own script."""
    need(there=AXE.exists(), what="axe-core (npm ci --prefix tests/browser)")
    return AXE.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[bytes], str]]:
    """Makes the site of a list and serves it; returns its address."""
    with ExitStack() as stack:

        def start(content: bytes) -> str:
            folder = tmp_path_factory.mktemp("site")
            listing = read(
                content, name="a-list", heading="", topics=TOPICS, days=ADDED, updated=UPDATED
            )
            for name, made in build(listing).items():
                write_own(folder / name, made)
            return stack.enter_context(served(folder))

        yield start


@pytest.fixture(scope="session")
def site(serve: Callable[[bytes], str]) -> str:
    """The address of a site of 250 papers."""
    return serve(make_list(250))
