"""The site as readers use it: search, filters, links and citations, by mouse and keyboard, in light and dark colours."""

import json
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from bot.core.files import write_own
from bot.tools.site.build import build
from bot.tools.site.papers import read
from tests.browser.chromium import Page
from tests.browser.lists import UPDATED, make_list
from tests.conftest import ROOT, thinned

PICTURES = ROOT / "build" / "site-pictures"
TITLES = "Array.from(document.querySelectorAll('#papers > li h3'), element => element.textContent)"
STATUS = "document.querySelector('#status').textContent"
FOCUS = "document.activeElement.id || document.activeElement.textContent"
HOSTILE = b"""# A list <script>window.hit = 1</script>

Words that lead in "><img src=x onerror="window.hit = 1"> and go on and on.

## <svg onload="window.hit = 1"> tags
- [A Paper </h3><script>window.hit = 1</script> of *Note*](https://arxiv.org/abs/2401.00002)
  - Authors: Ada <img src=x onerror="window.hit = 1">, Alan Turing
  - <details> <summary>Abstract</summary> Words <iframe srcdoc="x"></iframe> and feedback </details>
  - [x](javascript:window.hit=1) [code](https://github.com/a/b)
## Other
- [Another Paper of Other Words](https://arxiv.org/abs/2402.00002)
"""


def choose(page: Page, field: str, value: str) -> None:
    """Chooses an option with the same events as a reader would cause."""
    page.run(
        f"(() => {{ const field = document.getElementById('{field}'); field.value = {json.dumps(value)};"
        "field.dispatchEvent(new Event('input', {bubbles: true})) })()"
    )


def ask(page: Page, words: str) -> list[str]:
    """Types into the search; returns the titles that are left."""
    page.run("document.querySelector('#query').select()")
    page.run("document.querySelector('#query').focus()")
    page.type(words)
    page.until(f"{STATUS} !== 'Searching…'")
    found: list[str] = page.run(TITLES)
    return found


def test_a_list_opens_with_its_newest_papers_and_no_errors(page: Page, site: str):
    page.open(site)

    titles = page.run(TITLES)
    assert 100 == len(titles)
    assert "study 8" == titles[0].partition(": ")[2]
    assert "250 papers" == page.run(STATUS)
    assert [] == page.problems


@pytest.mark.parametrize(
    ("words", "left"),
    thinned(
        [
            ("number17", {"17", *(f"17{n}" for n in range(10))}),
            ("STUDY  Number17  17son", {"17"}),
            ("number123son", {"123"}),
            ("xylophone", {"0"}),
            ("2512.00004", {"3"}),
            (
                '"study 24"',
                {"24", "240", "241", "242", "243", "244", "245", "246", "247", "248", "249"},
            ),
            ("nothing of the kind", set()),
        ],
        every=3,
    ),
)
def test_every_keystroke_narrows_the_list(page: Page, site: str, words: str, left: set[str]):
    page.open(site)

    found = ask(page, words)

    assert left == {title.rpartition(" ")[2] for title in found}
    wanted = f"{len(left)} of 250 papers" if left else "No paper matches"
    assert wanted == page.run(STATUS)
    assert [] == page.problems


@pytest.mark.parametrize(
    "words", thinned(["number-17son", "self rewarding", "Self-Rewarding 2024"], every=2)
)
def test_hyphens_are_blanks_and_years_are_found(page: Page, site: str, words: str):
    page.open(site)

    found = ask(page, words)

    assert found
    if "2024" in words:
        assert {"2024"} == set(
            page.run(
                "Array.from(document.querySelectorAll('#papers > li:not(.year)'), element => element.dataset.date.slice(0, 4))"
            )
        )


@pytest.mark.parametrize(
    "slip", thinned(["xylophnoe", "critcs", "Émilie Chatelett", "pritnciples"], every=2)
)
def test_a_search_corrects_one_typo_and_says_so(page: Page, site: str, slip: str):
    page.open(site)

    found = ask(page, slip)

    assert bool(found) is (slip != "xylophnoe")  # a word of an abstract alone is none to go by
    assert ("“" in page.run(STATUS)) is bool(found)


def test_whole_words_come_before_parts_of_words(page: Page, site: str):
    page.open(site)

    found = ask(page, "study 1")

    assert found[0].endswith("study 1")


def test_a_slash_searches_and_escape_clears(page: Page, site: str):
    page.open(site)
    page.run("document.body.focus()")

    page.press("/", 191)
    assert "query" == page.run(FOCUS)
    page.type("zzzz")
    assert not page.run("document.querySelector('#empty').hidden")
    page.press("Escape", 27)

    assert "" == page.run("document.querySelector('#query').value")
    assert "250 papers" == page.run(STATUS)
    assert page.run("document.querySelector('#empty').hidden")


def test_the_chosen_theme_stays(page: Page, site: str):
    page.look(width=1100, height=800, dark=False)
    page.open(site)
    light = page.run("getComputedStyle(document.body).backgroundColor")
    page.click("#theme")
    page.click("#theme")
    dark = page.run("getComputedStyle(document.body).backgroundColor")
    page.open("about:blank")
    page.open(site)

    assert "Theme: dark" == page.run("document.querySelector('#theme').textContent")
    assert dark == page.run("getComputedStyle(document.body).backgroundColor") != light
    page.click("#theme")
    assert light == page.run("getComputedStyle(document.body).backgroundColor")


def test_related_papers_are_linked(page: Page, site: str):
    page.open(site)
    page.run("document.querySelector('.related').open = true")

    wanted = page.run("document.querySelector('.related a').getAttribute('href').slice(1)")
    page.click(".related a")

    page.until(f"document.querySelector('#papers .found')?.id === {json.dumps(wanted)}")


def test_a_topic_has_a_page_that_searches_too(page: Page, site: str):
    page.open(f"{site}topic/critiques/")

    assert "50 papers" == page.run(STATUS)
    assert 1 == len(ask(page, "study 101"))
    assert [] == page.problems


def test_reference_managers_find_every_paper_that_is_shown(page: Page, site: str):
    page.open(site)

    coins = page.run("Array.from(document.querySelectorAll('.Z3988'), element => element.title)")

    assert 100 == len(coins)
    assert all("rft.title=" in coin and "rft.au=" in coin and "rft.date=" in coin for coin in coins)


def test_years_head_the_papers_until_they_are_searched(page: Page, site: str):
    years = "Array.from(document.querySelectorAll('#papers .year h2'), element => element.firstChild.data.trim())"
    page.open(site)

    assert "2025" == page.run(years)[0]
    ask(page, "critics")
    assert [] == page.run(years)


def test_accents_don_t_matter(page: Page, site: str):
    page.open(site)

    assert ask(page, "emilie muller")
    assert "250 of 250 papers" != page.run(STATUS)


def test_titles_come_before_abstracts(page: Page, site: str):
    page.open(site)

    found = ask(page, "critics")

    inside = ["critics" in title for title in found]
    assert inside == sorted(inside, reverse=True)
    assert any(inside)


def test_the_passage_of_an_abstract_is_shown_where_nothing_else_matches(page: Page, site: str):
    page.open(site)

    ask(page, "xylophone")

    assert "There is a xylophone in it." in page.run(
        "document.querySelector('.passage').textContent"
    )
    ask(page, "study 17")
    assert page.run("document.querySelector('.passage')") is None


def test_year_topic_and_words_narrow_together(page: Page, site: str):
    page.open(site)

    choose(page, "year", "2024")
    choose(page, "tag", "Critiques")
    titles = ask(page, "learning")

    dates = page.run(
        "Array.from(document.querySelectorAll('#papers > li:not(.year)'), element => element.dataset.date)"
    )
    assert titles
    assert all(date.startswith("2024") for date in dates)
    assert all("Learning" in title for title in titles)
    assert all(int(title.rpartition(" ")[2]) % 5 == 1 for title in titles)
    page.click("#clear")
    assert "250 papers" == page.run(STATUS)
    assert "query" == page.run(FOCUS)


def test_topics_of_the_configuration_narrow_too(page: Page, site: str):
    page.open(site)

    choose(page, "tag", "Constitutional AI")

    texts = page.run(
        "Array.from(document.querySelectorAll('#papers > li:not(.year)'), element => element.textContent)"
    )
    assert texts
    assert all("principles" in text for text in texts)


@pytest.mark.parametrize(
    ("order", "first"),
    [("oldest", "2023-09"), ("added", f"{UPDATED}"), ("", "2025-12")],
)
def test_each_order_has_its_first_paper(page: Page, site: str, order: str, first: str):
    page.open(site)

    choose(page, "sort", order)

    data = page.run("Object.values(document.querySelector('#papers > li:not(.year)').dataset)")
    assert any(value.startswith(first) for value in data)


def test_titles_from_a_to_z_and_the_lists_own_order(page: Page, site: str):
    page.open(site)

    choose(page, "sort", "title")
    titles = page.run(TITLES)
    assert titles == sorted(titles)
    choose(page, "sort", "list")
    lines = page.run(
        "Array.from(document.querySelectorAll('#papers > li:not(.year)'), element => +element.dataset.line)"
    )
    assert lines == sorted(lines)


def test_a_tag_is_a_button_that_filters(page: Page, site: str):
    page.open(site)

    page.click("#papers .tags a")

    chosen = page.run("document.querySelector('#tag').value")
    assert chosen
    assert "tag" == page.run(FOCUS)
    assert all(
        chosen in text
        for text in page.run(
            "Array.from(document.querySelectorAll('#papers .tags'), element => element.textContent)"
        )
    )


def test_a_button_shows_more_papers_and_moves_the_focus_to_them(page: Page, site: str):
    page.open(site)

    page.click("#further")

    assert 200 == len(page.run(TITLES))
    assert page.run(TITLES)[100] == page.run(FOCUS)
    assert "Show 50 more of 50" == page.run("document.querySelector('#further').textContent")
    page.click("#further")
    assert page.run("document.querySelector('#further').hidden")


def test_an_anchor_shows_its_paper_wherever_it_is(page: Page, site: str):
    page.open(site)
    choose(page, "sort", "oldest")
    oldest = page.run("document.querySelector('#papers > li:nth-child(40)').id")

    page.open("about:blank")
    page.open(f"{site}?q=xylophone#{oldest}")

    assert oldest == page.run("document.querySelector('#papers .found').id")
    form = page.run("document.querySelector('#search').getBoundingClientRect().bottom")
    top = page.run("document.querySelector('#papers .found').getBoundingClientRect().top")
    assert form <= top < form + 60
    assert "250 papers" == page.run(STATUS)


def test_the_address_contains_the_search_and_restores_it(page: Page, site: str):
    page.open(site)
    choose(page, "year", "2024")
    ask(page, "study 17")

    page.until("location.search.includes('17')")
    address = page.run("location.href")
    page.open("about:blank")
    page.open(address)

    assert f"{site}?q=study+17&year=2024" == address
    assert "study 17" == page.run("document.querySelector('#query').value")
    page.until(f"{STATUS}.endsWith('of 250 papers')")
    page.open(f"{site}?year=<script>&topic=none&sort=__proto__#100%")
    assert "250 papers" == page.run(STATUS)
    assert [] == page.problems


def test_a_citation_unfolds_by_keyboard_and_can_be_copied(page: Page, site: str):
    page.open(site)
    page.run("document.querySelector('.cite summary').focus()")

    page.press("Enter", 13)

    assert page.run("document.querySelector('.cite').open")
    assert page.run("document.querySelector('.cite pre').checkVisibility()")
    page.until("document.querySelector('.cite button') !== null")
    page.click(".cite button")
    page.until(f"/^Citation (copied|selected)$/.test({STATUS})")
    assert [] == page.problems


def test_the_keyboard_reaches_every_control_in_order(page: Page, site: str):
    page.open(site)

    reached = []
    for _ in range(40):
        page.press("Tab", 9)
        reached.append(page.run(FOCUS))

    assert "Skip to the papers" == reached[0]
    assert ["query", "year", "tag", "sort"] == [
        control for control in reached if control in {"query", "year", "tag", "sort"}
    ]
    outlined = page.run("getComputedStyle(document.activeElement).outlineStyle")
    assert "none" != outlined


def test_the_page_works_from_a_folder_too(page: Page, tmp_path: Path):
    listing = read(make_list(20), name="a-list", heading="", topics=(), days={}, updated=None)
    for name, content in build(listing).items():
        write_own(tmp_path / name, content)

    page.open((tmp_path / "index.html").as_uri())

    assert 1 == len(ask(page, "xylophone"))
    assert [] == page.problems


def test_without_scripts_the_page_is_the_whole_list(page: Page, site: str):
    page.scripts(on=False)
    page.open(site)
    page.scripts(on=True)

    assert 250 == len(page.run(TITLES))
    assert page.run("document.querySelector('#search').hidden")
    assert page.run("document.querySelector('#papers > li:nth-child(200) h3').checkVisibility()")
    assert [] == page.problems


@pytest.mark.parametrize(("width", "dark"), thinned(product([1100, 390], [False, True]), every=3))
def test_axe_finds_nothing(page: Page, site: str, axe: str, width: int, *, dark: bool):
    page.look(width=width, height=844, dark=dark)
    page.open(site)
    ask(page, "critics")
    page.run("for (const element of document.querySelectorAll('details')) element.open = true")

    page.run(axe)
    found = page.run(
        "axe.run().then(found => found.violations.map(violation => [violation.id, violation.impact, violation.nodes[0].html]))"
    )

    assert [] == found
    assert width >= page.run("document.documentElement.scrollWidth")


def test_a_hostile_list_executes_nothing(page: Page, serve: Callable[[bytes], str]):
    page.open(serve(HOSTILE))

    ask(page, "script")
    page.run("document.querySelectorAll('details').forEach(element => element.open = true)")
    page.click("#papers .tags a")

    assert page.run("window.hit") is None
    assert 1 == page.run("document.querySelectorAll('script[src]').length")
    assert 0 == page.run("document.querySelectorAll('main img, main iframe, #papers svg').length")
    assert [] == page.problems


@pytest.mark.parametrize(
    ("name", "width", "dark", "words"),
    thinned(
        [("light", 1100, False, ""), ("dark", 1100, True, "critics"), ("phone", 390, False, "")],
        every=3,
    ),
)
def test_pictures_are_taken(
    page: Page, site: str, name: str, width: int, words: str, *, dark: bool
):
    page.look(width=width, height=900, dark=dark)
    page.open(site)
    if words:
        ask(page, words)

    page.photograph(PICTURES / f"{name}.png")

    assert Path(PICTURES / f"{name}.png").stat().st_size > 20_000
