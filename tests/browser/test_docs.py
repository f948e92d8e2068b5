"""The documentation's site as a reader sees it: complete, from one host, on a phone too. `make docs` makes it."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from docs.making.pages import sources
from tests.browser.chromium import Page
from tests.browser.conftest import need
from tests.browser.serving import served
from tests.conftest import ROOT, thinned

SITE = ROOT / "build" / "docs-site"
PICTURES = ROOT / "build" / "docs-pictures"
ADDRESSES = sorted(
    page.removesuffix(".md").removesuffix("index").rstrip("/") for page in sources(ROOT).values()
)


@pytest.fixture(scope="module")
def docs() -> Iterator[str]:
    need(there=(SITE / "index.html").exists(), what="the documentation's site (make docs)")
    with served(SITE) as address:
        yield address


@pytest.mark.parametrize("address", thinned(ADDRESSES, every=8))
def test_a_page_is_complete_and_fits_a_phone(page: Page, docs: str, address: str):
    name = address.replace("/", "-") or "index"
    for width, dark in ((1400, False), (1400, True), (390, False)):
        page.look(width=width, height=900, dark=dark)
        page.open(f"{docs}{address}/" if address else docs)
        kind = "phone" if width < 600 else "dark" if dark else "light"
        page.photograph(PICTURES / f"{name}-{kind}.png")

        loaded = page.run("performance.getEntriesByType('resource').map(file => file.name)")
        assert loaded
        assert [] == [file for file in loaded if not file.startswith(docs)]
        assert width >= page.run("document.documentElement.scrollWidth")
    assert 1 == page.run("document.querySelectorAll('h1').length")
    assert [] == page.problems
    assert Path(PICTURES / f"{name}-light.png").stat().st_size > 10_000


@pytest.mark.parametrize(
    "address",
    thinned(["guarantees/", "project/security/", "regular-expressions/", "dependencies/"], every=2),
)
def test_no_column_of_a_table_is_too_narrow_to_read_on_a_phone(page: Page, docs: str, address: str):
    page.look(width=390, height=844)
    page.open(docs + address)
    texts = page.run(
        "[...document.querySelectorAll('td')].filter(cell => cell.textContent.length > 40)"
        ".map(cell => [cell.textContent, cell.offsetWidth, cell.closest('tr').cells.length])"
    )

    assert texts
    assert [] == [text for text, width, columns in texts if width < (200 if columns < 4 else 90)]


@pytest.mark.parametrize(
    ("address", "dark"),
    thinned(
        product(["", "reference/commands/", "how-to/server/", "guarantees/"], [False, True]),
        every=3,
    ),
)
def test_axe_finds_nothing_serious(page: Page, docs: str, axe: str, address: str, *, dark: bool):
    page.look(width=1400, height=900, dark=dark)
    page.open(docs + address)
    page.run(axe)
    found = page.run(
        "axe.run().then(found => found.violations.map(violation => [violation.id, violation.impact, violation.nodes[0].html]))"
    )

    assert [] == [violation for violation in found if violation[1] in {"serious", "critical"}]


def test_the_search_finds_a_page(page: Page, docs: str):
    found = "document.activeElement.shadowRoot"
    page.look(width=1400)
    page.open(docs)
    page.click(".md-search__button")
    page.until(f"{found} && {found}.activeElement")
    page.type("snoozed")
    page.until(f"{found}.querySelector('a[href*=\"reference/decisions\"]')")

    assert [] == page.problems
