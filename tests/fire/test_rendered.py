"""Untrusted text stays text when GitHub's renderer (cmark-gfm) shows it in a list, a pull request or a summary."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from random import Random

import pytest

from bot.core.escaping import clean, html, inline
from bot.core.model import Paper
from bot.core.titles import plain
from bot.listing.document import verify
from bot.listing.draft import Draft, draft
from bot.listing.fields import name_and_rest
from bot.listing.paper_list import PaperList
from bot.listing.render import code_repository
from bot.reports.summary import render_summary
from tests.factories import paper
from tests.fire.generated import text
from tests.fire.surfaces import Page
from tests.fire.test_hostile_metadata import BENIGN, RUN, body, report, safe
from tests.listing.test_forms import FORMS

DEEP = 20_000
"""Generated texts in the deep tests: so many alone, so many in entries, and so many in whole pages."""
TEXTS = 3
"""Generated texts in a paper: two in its title, one in both its author and its abstract."""
MARKDOWN = (
    *(
        "{}",
        "- {}",
        " {}",
        "> {}",
        "({})",
        "`a` {}",
        "x\n{}\n\ny",
        "x | y\n{}",
        "{}\n{}",
        "{}\\\n{}",
        "{}<br>{}",
    ),
    *(
        "- [{}](u) end",
        "**[{}](u)** x",
        "*{}*. **{}**",
        "_{}_",
        "- {}. *{}*",
        "1. **{}**: {} [[pdf]](u)",
        "{}: {}",
    ),
    *("- [ ] <!-- 1 --> {}", "- [ ] [{}](u)", '"{}", {}, [[pdf](u)]', "[{}] {}", "- a\n  {}\n  b"),
)
"""Where a list or the bot writes escaped text: `{}` is the place of one."""
CELLS = ("| a | {} |\n", "| [{}](u) | x |\n", "{} | {}\n")
ELEMENTS = (
    "<p>{}</p>",
    "- <details><summary>x</summary>{}</details>",
    "- [ ] x\n  <details><p>{}</p></details>",
)


def act(page: Page) -> tuple[object, ...]:
    """Everything that a page does besides showing text."""
    return (
        page.elements,
        page.links,
        page.images,
        page.unbalanced,
        page.ticked,
        page.comments,
        page.acts,
    )


def texts(seed: int, count: int) -> list[str]:
    """Generated texts that are visible."""
    random, made = Random(seed), list[str]()
    while len(made) < count:
        if clean(plain(candidate := text(random))):
            made.append(candidate)
    return made


def check_contexts(seed: int, count: int) -> None:
    found = texts(seed, 2 * count)
    for pair in zip(found[::2], found[1::2], strict=True):
        for around in MARKDOWN:
            check_in(around, "", pair, inline)
        for around in CELLS:
            check_in(around, "| a | b |\n|---|---|\n", pair, lambda word: inline(word, table=True))
        for around in ELEMENTS:
            check_in(around, "", pair, html)


def check_in(around: str, above: str, pair: Sequence[str], escape: Callable[[str], str]) -> None:
    made = above + around.format(*map(escape, pair[: around.count("{}")]))

    assert ordinary_in(above + around) == act(Page(made)), made


@cache
def ordinary_in(around: str) -> tuple[object, ...]:
    return act(Page(around.format("word", "word")))


def test_escaped_text_does_nothing_in_any_place():
    check_contexts(1, 60)


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(10, 14))
def test_escaped_text_renders_without_markup(seed: int):
    check_contexts(seed, DEEP // 8)


def papers(seed: int, count: int) -> Iterator[tuple[Paper, Paper]]:
    """Papers with generated titles, authors, abstracts and comments, each with an ordinary paper of the same shape."""
    made = iter(texts(seed, TEXTS * count))
    for number in range(1, count + 1):
        title = (
            f"LaSeR {next(made)}: Learning {next(made)}"
            if number % 2
            else f"{next(made)} {next(made)}"
        )
        ordinary = paper(
            id=f"2506.{number:05}",
            title="LaSeR word: Learning" if name_and_rest(title)[0] else "Learning word",
            authors=("word", "Alan Turing"),
            abstract="word",
            submitted=datetime(2025, 6, 4, tzinfo=UTC),
        )
        author = next(made)
        hostile = replace(
            ordinary, title=title, authors=(author, "Alan Turing"), abstract=f"We {author}."
        )
        if code := code_repository(hostile):  # values that a paper can choose
            ordinary = replace(ordinary, comment=f"https://github.com/{code}")
        yield hostile, ordinary


def listed(form: str, added: Sequence[Paper]) -> Page:
    """The list with the papers' entries."""
    listing = PaperList.parse(FORMS[form][0].encode())
    made = draft(listing, [(paper, "") for paper in added])
    insertions = [entry.insertion for entry in made if isinstance(entry, Draft)]
    assert len(added) == len(insertions)
    return Page(verify(listing.document, insertions, added=len(added)).content.decode())


def check_form(form: str, seed: int, count: int) -> None:
    """Checks all at once, which is quick; if they differ, one by one, to show which paper differs."""
    pairs = list(papers(seed, count))
    if act(listed(form, [paper for paper, _ in pairs])) == act(
        listed(form, [paper for _, paper in pairs])
    ):
        return
    for hostile, ordinary in pairs:
        assert act(listed(form, [ordinary])) == act(listed(form, [hostile])), hostile
    raise AssertionError("only together they do something")


@pytest.mark.parametrize("form", sorted(FORMS))
def test_an_entry_of_any_form_shows_it_and_does_nothing(form: str):
    check_form(form, 1, 12)


@pytest.mark.deep
@pytest.mark.parametrize("form", sorted(FORMS))
def test_an_entry_renders_without_foreign_markup(form: str):
    for seed in range(10, 10 + DEEP // (100 * TEXTS * len(FORMS)) + 1):
        check_form(form, seed, 100)


def check_texts(seed: int, count: int) -> None:
    ordinary, summary = Page(body(BENIGN)), Page(render_summary(report(BENIGN)))
    made = iter(texts(seed, count))
    while generated := tuple(islice(made, 4)):
        page = Page(written := body(*generated))
        assert [] == list(safe(page, RUN)), generated
        assert (ordinary.ticked, len(ordinary.comments)) == (page.ticked, len(page.comments)), (
            generated
        )
        assert "would be too long" in written or ordinary.elements == page.elements, generated
        page = Page(render_summary(report(*generated)))
        assert ["acts: #3"] == list(safe(page, "https://github.test/pull/3")), generated
        assert summary.elements == page.elements, generated


def test_a_pull_request_and_a_summary_show_it_and_do_nothing():
    check_texts(1, 60)


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(10, 14))
def test_no_text_does_anything_in_a_pull_request_or_summary(seed: int):
    check_texts(seed, DEEP // 4)
