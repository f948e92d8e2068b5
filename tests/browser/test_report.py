"""The report's page as a reviewer uses it: filters and folds, by mouse and keyboard, light, dark and printed."""

import base64
import os
import subprocess
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from bot.core.arxiv_id import ArxivId
from bot.core.model import RunReport
from bot.proposals.marker import box, boxes
from bot.reports.page.papers import LINES
from bot.reports.page.render import render_html
from tests.browser.chromium import Page
from tests.conftest import ROOT, thinned
from tests.fire.attacks import ATTACK_GROUPS
from tests.fire.test_hostile_metadata import report as hostile_run
from tests.reports.runs import make_run

PICTURES = ROOT / "build" / "report-pictures"
STATUS = "document.querySelector('#status').textContent"
SHOWN = "Array.from(document.querySelectorAll('.group:not([hidden]) li a'), element => element.textContent)"
FOCUS = "document.activeElement.id || document.activeElement.textContent"
GROUPS = "document.querySelectorAll('.group:not([hidden])').length"
BARRIERS = "axe.run().then(found => found.violations.map(violation => [violation.id, violation.impact, violation.nodes[0].html]))"


@pytest.fixture(scope="session")
def show(tmp_path_factory: pytest.TempPathFactory) -> Callable[[RunReport], str]:
    """Writes the page of a run; returns its address."""

    def write(run: RunReport) -> str:
        file = tmp_path_factory.mktemp("report") / "report.html"
        file.write_text(render_html(run), encoding="utf-8")
        return file.as_uri()

    return write


@pytest.fixture(scope="session")
def run(show: Callable[[RunReport], str]) -> str:
    """The address of the page of a run that left 300 papers out."""
    return show(make_run(300))


def ask(page: Page, words: str) -> list[str]:
    """Types into the filter; returns the titles that are left."""
    page.run("document.querySelector('#words').select()")
    page.run("document.querySelector('#words').focus()")
    page.type(words)
    found: list[str] = page.run(SHOWN)
    return found


def choose(page: Page, number: int) -> None:
    """Chooses the reason at this position in the menu."""
    page.run(
        f"(() => {{ const field = document.querySelector('#reason'); field.selectedIndex = {number};"
        "field.dispatchEvent(new Event('input', {bubbles: true})) })()"
    )


def test_the_page_opens_without_errors_and_loads_nothing(page: Page, run: str):
    page.open(run)

    sent = [
        event["params"]["request"]["url"]
        for event in page.events
        if event["method"] == "Network.requestWillBeSent"
    ]
    assert {run} == {request for request in sent if not request.startswith("data:,")}
    assert [] == page.problems
    assert 9 == page.run("document.querySelectorAll('.cards > li').length")
    assert "" == page.run(STATUS)


@pytest.mark.parametrize(
    ("words", "left"),
    thinned(
        [
            ("number 299", 2),
            ("NUMBER  xylophone", 0),
            ("2510.00012", 1),
            ("theoremes", 53),
            ("below constitution", 2),
        ],
        every=2,
    ),
)
def test_every_keystroke_narrows_what_is_not_proposed(page: Page, run: str, words: str, left: int):
    page.open(run)

    found = ask(page, words)

    assert left == len(found)
    assert (f"{left} of 307 papers" if left else "No paper matches") == page.run(STATUS)
    assert [] == page.problems


def test_a_reason_narrows_too_and_both_together(page: Page, run: str):
    page.open(run)
    assert 4 == page.run(GROUPS)

    choose(page, 1)
    assert 2 == len(page.run(SHOWN))
    assert "2 of 307 papers" == page.run(STATUS)
    choose(page, 4)
    assert all("proteins" in title for title in ask(page, "proteins"))
    assert "50 of 307 papers" == page.run(STATUS)
    choose(page, 1)
    assert "No paper matches" == page.run(STATUS)
    ask(page, "\b")


def test_a_button_shows_more_papers_and_moves_the_focus_to_them(page: Page, run: str):
    page.open(run)
    button = ".group:last-of-type button"
    before = page.run(SHOWN)

    assert "Show 50 more of 250" == page.run(f"document.querySelector('{button}').textContent")
    page.click(button)

    after = page.run(SHOWN)
    assert len(before) + 50 == len(after)
    assert after[len(before)] == page.run(FOCUS)


def test_abstracts_fold_all_at_once(page: Page, run: str):
    page.open(run)
    opened = "document.querySelectorAll('.abstract[open]').length"
    assert 9 == page.run(opened)

    page.click("#fold")
    assert 0 == page.run(opened)
    page.until("document.querySelector('#fold').textContent === 'Unfold all abstracts'")
    page.click("#fold")
    assert 9 == page.run(opened)


def test_the_keyboard_reaches_every_control(page: Page, run: str):
    page.open(run)

    reached = []
    for _ in range(60):
        page.press("Tab", 9)
        reached.append(page.run(FOCUS))
        assert "none" != page.run("getComputedStyle(document.activeElement).outlineStyle")

    assert "Skip to the papers" == reached[0]
    assert reached.index("fold") < reached.index("words") < reached.index("reason")
    page.run("document.querySelector('.diff summary').focus()")
    page.press("Enter", 13)
    assert page.run("document.querySelector('.diff pre').checkVisibility()")


def test_without_scripts_the_page_is_complete(page: Page, run: str):
    page.scripts(on=False)
    page.open(run)
    page.scripts(on=True)

    assert 307 == len(page.run(SHOWN))
    assert page.run("document.querySelector('#filter').hidden")
    assert page.run("document.querySelector('#fold').hidden")
    assert page.run(
        "document.querySelector('.group:last-of-type li:last-child a').checkVisibility()"
    )
    assert [] == page.problems


@pytest.mark.parametrize(("width", "dark"), thinned(product([1100, 375], [False, True]), every=3))
def test_axe_finds_nothing(page: Page, run: str, axe: str, width: int, *, dark: bool):
    page.look(width=width, height=844, dark=dark)
    page.open(run)
    ask(page, "study")
    page.run("for (const element of document.querySelectorAll('details')) element.open = true")

    page.run(axe)

    assert [] == page.run(BARRIERS)
    assert width >= page.run("document.documentElement.scrollWidth")


def test_thousands_of_papers_are_filtered_quickly(page: Page, show: Callable[[RunReport], str]):
    page.open(show(make_run(LINES)))

    took = page.run(
        "(() => { const field = document.querySelector('#words'); const once = text => {"
        "const start = performance.now(); field.value = text;"
        "field.dispatchEvent(new Event('input', {bubbles: true})); document.body.offsetHeight;"
        "return performance.now() - start };"
        "const best = text => Math.min(once(text), once(text), once(text));"
        "return Math.max(...['p', 'pr', 'proteins', 'zzz', ''].map(best)) })()"
    )

    assert took < 100  # milliseconds
    assert [] == page.problems


@pytest.mark.parametrize("texts", thinned(ATTACK_GROUPS, every=4))
def test_a_hostile_run_executes_and_sends_nothing(
    page: Page, show: Callable[[RunReport], str], texts: list[str]
):
    ordinary = show(hostile_run("Words and an ordinary text of several words"))
    page.open(ordinary)
    wanted = page.run(INVENTORY)
    for text in texts:
        address = show(hostile_run(f"Words {text}"))
        page.open(address)

        assert wanted == page.run(INVENTORY), text
        ask(page, "script")
        page.run("for (const element of document.querySelectorAll('details')) element.open = true")
        sent = {
            event["params"]["request"]["url"]
            for event in page.events
            if event["method"] == "Network.requestWillBeSent"
        }
        assert {address} == {request for request in sent if not request.startswith("data:,")}, text
        assert [] == page.problems, text


# How many of which element there are, where links lead, and which attributes could act.
INVENTORY = """
(() => {
  const all = Array.from(document.querySelectorAll('body *')).filter(element => !element.closest('.group ol'));
  const count = {};
  for (const element of all) if (!['MARK', 'SPAN'].includes(element.tagName)) count[element.tagName] = (count[element.tagName] ?? 0) + 1;
  const links = Array.from(document.links, link => link.href).filter(link => !link.startsWith('file:'));
  const acting = all.flatMap(element => element.getAttributeNames()).filter(name => name.startsWith('on') || name === 'style' || name === 'src');
  return [count, [...new Set(links)].sort(), acting, document.scripts.length];
})()
"""


def test_on_paper_the_papers_stay_and_the_controls_go(page: Page, run: str):
    page.open(run)
    page.call("Emulation.setEmulatedMedia", media="print")

    assert "none" == page.run("getComputedStyle(document.querySelector('#filter')).display")
    assert page.run("document.querySelector('.abstract p').checkVisibility()")
    data = page.call("Page.printToPDF")["data"]
    page.call("Emulation.setEmulatedMedia", media="")

    assert base64.b64decode(data).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("name", "width", "dark", "place"),
    thinned(
        [
            ("light", 1100, False, "body"),
            ("light-pictures", 1100, False, "#pictures"),
            ("dark", 1100, True, "#candidates"),
            ("dark-others", 1100, True, "#others"),
            ("phone", 375, False, "#candidates"),
            ("phone-pictures", 375, True, "#pictures"),
        ],
        every=5,
    ),
)
def test_pictures_are_taken(page: Page, run: str, name: str, width: int, place: str, *, dark: bool):
    page.look(width=width, height=900, dark=dark)
    page.open(run)
    page.run(f"document.querySelector('{place}').scrollIntoView()")

    page.photograph(PICTURES / f"{name}.png")

    assert Path(PICTURES / f"{name}.png").stat().st_size > 20_000


ANSWER = "(globalThis.copied = null, navigator.clipboard.writeText = async text => { globalThis.copied = text })"


def test_papers_are_answered_by_keyboard_and_the_answer_is_copied_as_commands(
    page: Page, show: Callable[[RunReport], str], tmp_path: Path
):
    page.open(show(make_run(30)))
    page.run(ANSWER)
    page.run("document.body.focus()")
    for key in "jyjnjnn":
        page.press(key, ord(key.upper()))
    page.run("document.querySelector('.group a').focus()")
    first, second = page.run(
        "Array.from(document.querySelectorAll('.cards > li'), element => element.dataset.paper).slice(0, 2)"
    )
    held = page.run("document.querySelector('.group [data-paper]').dataset.paper")
    for _ in range(7):
        page.press("j", 74)
    page.press("y", 89)
    page.click("#copy")
    page.until("globalThis.copied !== null")

    copied = page.run("globalThis.copied")
    assert f"arxiv-bot propose {held} --repo curator/list\n" in copied
    assert f"#   {second} " in copied
    assert f"# Keep: {first}\n" in copied
    assert "2 yes, 1 no" in page.run("document.querySelector('#counts').textContent")
    assert [] == page.problems
    text = f"{box(ArxivId(first), ticked=True)} One\n{box(ArxivId(second), ticked=True)} Two\n"
    edited, calls = type_into_a_shell(copied, text, tmp_path)
    assert {ArxivId(first): True, ArxivId(second): False} == boxes(edited)
    pull = "https://github.com/curator/list/pull/12"
    assert [f"propose {held} --repo curator/list", f"pr edit {pull} --body-file -"] == calls


def type_into_a_shell(commands: str, body: str, folder: Path) -> tuple[str, list[str]]:
    """Runs commands against a pull request with this text; returns its new text, and the commands that changed it."""
    programs = folder / "bin"
    programs.mkdir()
    log = 'echo "$@" >> ../calls'
    for name, script in {
        "arxiv-bot": log,
        "gh": f'case "$2" in view) cat ../body ;; edit) {log}; cat > ../edited ;; esac',
    }.items():
        (programs / name).write_text(f'#!/bin/sh\ncd "{programs}"\n{script}\n')
        (programs / name).chmod(0o755)
    (folder / "body").write_text(body)
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(["sh", "-e"], input=commands, text=True, check=True, env={"PATH": path})
    return (folder / "edited").read_text(), (folder / "calls").read_text().splitlines()


def test_keys_in_the_filter_are_letters(page: Page, run: str):
    page.open(run)

    ask(page, "jyn")

    assert "jyn" == page.run("document.querySelector('#words').value")
    assert page.run("document.querySelector('#copy').disabled")
