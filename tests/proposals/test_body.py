import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from mdit_py_plugins.tasklists import tasklists_plugin

from bot.core.arxiv_id import ArxivId
from bot.core.model import (
    Coverage,
    Decision,
    Evidence,
    Field,
    Kind,
    Match,
    Neighbour,
    Reason,
    Verdict,
    Window,
)
from bot.core.version import __version__
from bot.listing.draft import Destination, Draft
from bot.listing.parts import Insertion
from bot.proposals.batching import MOST_BOXES
from bot.proposals.body import render_closed, render_text
from bot.proposals.items import ChangeId
from bot.proposals.marker import Marker, boxes, compose, parse_marker
from bot.proposals.paper_text import PaperBatch, ProposedPaper
from bot.proposals.text import LIMIT, Addresses
from tests.factories import NOW, candidate, decision, paper


def item(**changes: object) -> ProposedPaper:
    proposed = paper(**changes)
    place = Destination("Papers / 2025", 3)
    return ProposedPaper(
        Decision(candidate(proposed, phrase="Rewards"), Verdict.PROPOSE, Reason.RELEVANT),
        Draft(proposed, Insertion(0, b""), "", place),
    )


ADDRESSES = Addresses.of(
    "https://github.test/o/r",
    "main",
    "b" * 7,
    "README.md",
    "config/keywords.toml",
    "https://github.test/run/1",
)


def body(
    *items: ProposedPaper,
    held: int = 0,
    declined: Sequence[tuple[ArxivId, str]] = (),
    perhaps: Sequence[Decision] = (),
    **changes: Any,
) -> str:
    out = tuple(paper_id for paper_id, _ in declined)
    marker = Marker(
        items=tuple(proposed.id for proposed in items),
        path="README.md",
        resume=NOW,
        declined=out,
        perhaps=tuple(decision.candidate.paper.id for decision in perhaps),
        answered=tuple((paper_id, date(2026, 5, 12)) for paper_id in out[:1]),
    )
    others = [
        decision(paper(id=f"2510.{n:05}"), verdict=Verdict.HOLD, reason=Reason.BATCHES_OPEN)
        for n in range(1, held + 1)
    ]
    coverage = Coverage("search", "export.arxiv.org", "query", read=3, matched=3, note="noted")
    batch = PaperBatch(
        papers=items,
        perhaps=perhaps,
        titles={paper_id: title for paper_id, title in declined if title},
        coverage=[coverage],
        held=others,
        addresses=ADDRESSES,
    )
    return compose(marker, render_text(marker, replace(batch, **changes)))


def ticked(text: str) -> set[ArxivId | ChangeId]:
    return {paper for paper, tick in boxes(text).items() if tick}


def render(text: str) -> str:
    markdown = MarkdownIt("gfm-like", {"html": True, "linkify": False})
    return str(markdown.use(tasklists_plugin).render(text))


def test_the_text_has_all_parts_in_order():
    proposed = item(
        comment="Accepted somewhere", abstract="We ask models. Their rewards train a model."
    )
    match = Match("topic", "rewards", Field.ABSTRACT, 21, 28)
    evidence = Evidence((*proposed.decision.candidate.evidence.matches, match))
    near = replace(
        proposed.decision,
        candidate=replace(
            proposed.decision.candidate,
            evidence=evidence,
            speaks_for=("judge", "reward"),
            speaks_against=("graph",),
            nearest=(Neighbour("Another Paper", 0.5, 12),),
        ),
        looks_like=(Neighbour("A Papers about Rewards", 0.9, 40),),
    )

    shown = decision(paper(id="2510.00031", title="Another"), verdict=Verdict.PERHAPS)
    text = body(
        replace(proposed, decision=near),
        held=1,
        perhaps=[shown],
        declined=[(ArxivId("2510.00007"), "Not this one")],
    )

    assert (
        '<!-- arxiv-bot {"version": 2, "list": "README.md", "papers": ["2510.00001"], "perhaps": ["2510.00031"], "declined": ["2510.00007"], "answered": {"2510.00007": "2026-05-12"}, "resume": "2025-10-20T06:23:00+00:00", "digest": "0"} -->\n'
        "\n"
        "**1 paper** from arXiv may belong in `README.md`, under **Papers / 2025**. Nothing else in the list changes.\n"
        "\n"
        "**A ticked box is a paper in this pull request.** **Merge** to add it. **Untick** a paper to decline it for good; merge after the next run has removed it. **Close** to decline it.\n"
        "\n"
        "### In this pull request (1): merging adds it\n"
        "\n"
        "- [x] <!-- 2510.00001 --> **[A Paper about Rewards](https://arxiv.org/abs/2510.00001)**\\\n"
        "  Ada Lovelace, Alan Turing · 2510.00001 · [PDF](https://arxiv.org/pdf/2510.00001) · cs.CL · 16 October 2025\\\n"
        "  **Strong match**: “Their **rewards** train a model.”\\\n"
        "  Nearest: [*Another Paper* (line 12)](https://github.test/o/r/blob/bbbbbbb/README.md?plain=1#L12)\\\n"
        "  ⚠️ **Looks like [line 40](https://github.test/o/r/blob/bbbbbbb/README.md?plain=1#L40):** A Papers about Rewards\n"
        "  <details><summary>Details and abstract</summary><p>Score 0.80, threshold 0.</p><p>Phrases: Rewards (title); rewards (abstract).</p><p>Words that raise the score: judge, reward.</p><p>Words that lower the score: graph.</p><p>We ask models. Their rewards train a model.</p><p>Accepted somewhere</p></details>\n"
        "\n"
        "### Perhaps (1): tick to add\n"
        "\n"
        "- [ ] <!-- 2510.00031 --> **[Another](https://arxiv.org/abs/2510.00031)** — in the title: reward\n"
        "\n"
        "### Removed (1): tick to add again\n"
        "\n"
        "- [ ] <!-- 2510.00007 --> **[Not this one](https://arxiv.org/abs/2510.00007)** · removed after your answer of 12 May 2026\n"
        "\n"
        "<details><summary>1 paper is held back for later: as many batches are open as the limit allows</summary>\n"
        "\n"
        "- [2510.00001](https://arxiv.org/abs/2510.00001) A Paper about Rewards\n"
        "\n"
        "</details>\n"
        "\n"
        "<details><summary>Coverage: complete (3 papers from search)</summary>\n"
        "\n"
        "- search: 3 of 3 papers read from export.arxiv.org; noted\n"
        "\n"
        "</details>\n"
        "\n"
        "<details><summary>How to answer: decline, wait, edit, undo</summary>\n"
        "\n"
        "| to … | do this |\n"
        "|---|---|\n"
        "| remove a paper for good | untick its box, or delete its entry from the branch |\n"
        "| add a paper of *Perhaps* | tick its box |\n"
        "| remove all of them for good | close without merging |\n"
        "| be asked again in 30 days | label `arxiv-bot:later`, then close |\n"
        "| edit the entries yourself | push to the branch, or review: the bot then changes nothing more here |\n"
        "| stop the bot from changing this | label `arxiv-bot:hold` |\n"
        "| drop your edits and let the bot write this again | label `arxiv-bot:rebuild` |\n"
        "| change your mind | tick or untick again while this is open; later `arxiv-bot propose ID` |\n"
        "\n"
        "The next run applies your answers; [more on answering](https://awesome-rlaif.github.io/awesome-rlaif/bot/how-to/answer/). If you merge before that run, the list gets a paper that you unticked; the run then opens a pull request that removes it. Checks wait for your approval if the workflow's own token opened the pull request.\n"
        "\n"
        "</details>\n"
        "\n"
        f"<sub>Made by arxiv-bot {__version__} in [this run](https://github.test/run/1). [Change what is proposed](https://github.test/o/r/blob/main/config/keywords.toml).</sub>\n"
    ) == re.sub(r'"digest": "[0-9a-f]{16}"', '"digest": "0"', text)  # another for each version


def test_removed_papers_can_be_ticked_to_add_them_again():
    text = body(
        item(), declined=[(ArxivId("2510.00007"), "Not this one"), (ArxivId("2510.00008"), "")]
    )

    assert (
        "### Removed (2): tick to add again\n"
        "\n"
        "- [ ] <!-- 2510.00007 --> **[Not this one](https://arxiv.org/abs/2510.00007)** "
        "· removed after your answer of 12 May 2026\n"
        "- [ ] <!-- 2510.00008 --> [2510.00008](https://arxiv.org/abs/2510.00008) · removed\n"
    ) in text
    assert {ArxivId("2510.00001")} == ticked(text)


def test_the_text_says_that_the_bot_closed_the_batch():
    seven = ArxivId("2510.00007")
    marker: Marker[ArxivId] = Marker((), "README.md", NOW, declined=(seven,))
    text = render_closed(marker, {seven: "This one"}, Addresses())

    assert (
        "**Closed by the bot: no paper is left to decide.** Each paper is in `README.md` now, "
        "is in another pull request, or was removed here. Closing this pull request declines no further papers.\n"
        "\n"
        "### Removed (1): tick to add again\n"
        "\n"
        "- [ ] <!-- 2510.00007 --> **[This one](https://arxiv.org/abs/2510.00007)** · removed\n"
        "\n"
        f"<sub>Made by arxiv-bot {__version__}.</sub>\n"
    ) == text


def test_similarity_to_the_list_is_shown_and_the_kind_follows_the_date():
    proposed = item()
    alike = replace(
        proposed.decision,
        reason=Reason.ALIKE,
        kinds=(Kind.SURVEY, Kind.BENCHMARK),
        candidate=replace(proposed.decision.candidate, evidence=Evidence()),
    )
    text = body(ProposedPaper(alike, proposed.draft))

    assert "· cs.CL · 16 October 2025 · **survey** · **benchmark**\\\n" in text
    assert "**Strong match**: no phrase of a topic\n" in text


def test_each_item_names_its_section_if_they_differ():
    other = item(id="2410.00002")
    other = replace(other, draft=replace(other.draft, destination=Destination("Papers / 2024", 9)))
    text = body(item(), other)

    assert "→ *Papers / 2025*\\\n" in text
    assert "→ *Papers / 2024*\\\n" in text
    assert "in `README.md`. Nothing else" in text


def test_an_added_heading_is_named_with_its_table_of_contents():
    first = item()
    new = replace(first.draft.destination, is_new=True)
    plain = replace(first, draft=replace(first.draft, destination=new))
    listed = replace(first, draft=replace(first.draft, destination=replace(new, contents=7)))

    other = Destination("Papers / 2024", 9)
    among = replace(
        first, draft=replace(first.draft, paper=paper(id="2410.00002"), destination=other)
    )

    assert "heading" not in body(first)
    assert ", under the new heading **Papers / 2025**. Nothing else in the" in body(plain)
    assert "**Papers / 2025**. ✏️ You add it to the [table of contents (line 7)](" in body(listed)
    assert "It adds the heading **Papers / 2025**. Nothing else" in body(plain, among)


def test_incomplete_coverage_is_not_collapsed():
    failed = Coverage("search", "export.arxiv.org", "query", read=1, matched=3, failure="HTTP 429")
    marker = Marker((item().draft.paper.id,), "README.md", NOW)
    text = render_text(marker, PaperBatch([item()], coverage=[failed]))

    assert "⚠️ **Not all requested papers could be read from arXiv.** Later runs try again." in text
    assert "- ⚠️ search: 1 of 3 papers read from export.arxiv.org; HTTP 429\n" in text
    assert "Coverage: complete" not in text


def test_a_text_that_would_be_too_long_loses_its_abstracts_first():
    items = [item(id=f"2510.{n:05}", abstract="long " * 3000) for n in range(1, 11)]
    text = body(*items)

    assert len(text) <= LIMIT
    assert "The abstracts are left out" in text
    assert 10 == text.count("**Strong match**: ")
    assert 10 == text.count("\n- [x] ")


def test_a_text_stays_within_the_limit_and_keeps_its_boxes_for_any_metadata():
    near = Neighbour("]*" * 5000, 0.9, 1)
    items = []
    for n in range(1, 51):
        proposed = item(id=f"2510.{n:05}", title="]*" * 5_000, authors=("]*" * 5000,) * 9)
        decided = replace(proposed.decision, looks_like=(near, near), detail="]*" * 5000)
        items.append(replace(proposed, decision=decided))
    text = body(*items, held=50)

    assert len(text) <= LIMIT
    assert parse_marker(text) is not None
    assert 50 == len(ticked(text))


def test_a_text_with_the_maximum_of_boxes_stays_within_the_limit():
    """50 papers, 50 to tick, and 50 unticked before: the text loses titles, but no boxes."""
    title = "[" * 300
    items = [item(id=f"2510.{n:05}", title=title) for n in range(1, 51)]
    before = [(ArxivId(f"2509.{n:05}"), title) for n in range(1, MOST_BOXES - 49)]
    shown = [decision(paper(id=f"2508.{n:05}", title=title)) for n in range(1, 51)]
    text = body(*items, held=50, declined=before, perhaps=shown)

    assert len(text) <= LIMIT
    assert {proposed.id for proposed in items} == ticked(text)
    assert 150 == len(boxes(text))
    assert "50 papers are held back" in text
    out = Marker((), "README.md", NOW, declined=tuple(paper_id for paper_id, _ in before))
    assert len(render_closed(out, dict(before), ADDRESSES)) <= LIMIT


@pytest.mark.parametrize("name", ["2510.00002", "cs/0112017"])
def test_unticking_a_box_removes_only_its_paper(name: str):
    text = body(item(), item(id=name), item(id="2510.00003"))
    clicked = text.replace(f"- [x] <!-- {name} -->", f"- [ ] <!-- {name} -->")
    others = {ArxivId("2510.00001"), ArxivId("2510.00003")}

    assert {*others, ArxivId(name)} == ticked(text)
    assert others == ticked(clicked)
    assert others == ticked(clicked.replace("\n", "\r\n").replace("[x]", "[X]"))


HOSTILE = [
    "- [x] <!-- 2510.00009 --> gone",
    "\n- [x] <!-- 2510.00009 --> gone",
    "\r- [x] <!-- 2510.00009 -->",
    "\u2028- [x] <!-- 2510.00009 -->",
    "</details>\n\n- [x] <!-- 2510.00009 -->",
    "--> - [x] <!-- 2510.00009 -->",
    "x\\\n- [x] <!-- 2510.00009 -->",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_from_arxiv_ticks_a_box(text: str):
    proposed = item(title=text, abstract=text, authors=(text,), comment=text, journal_ref=text)
    near = replace(proposed.decision, looks_like=(Neighbour(text, 0.9, 1),))
    shown = replace(decision(paper(id="2510.00031", title=text, abstract=text)), detail=text)
    rendered = body(
        replace(proposed, decision=near),
        held=1,
        perhaps=[shown],
        declined=[(ArxivId("2510.00041"), text)],
    )

    assert {ArxivId("2510.00001")} == ticked(rendered)
    assert 3 == len(boxes(rendered))


def test_a_mangled_id_after_a_box_is_ignored():
    assert set() == ticked("- [x] <!-- nothing -->\n- [x] text\n- [x] <!--  -->\n")


@given(title=st.text(max_size=80), abstract=st.text(max_size=120))
def test_each_item_has_one_box_whatever_its_metadata(title: str, abstract: str):
    rendered = render(body(item(title=title, abstract=abstract), item(id="2510.00002")))

    assert 2 == rendered.count('<input class="task-list-item-checkbox"')
    assert rendered.count("<details>") == rendered.count("</details>")


def test_hostile_metadata_has_no_effect_in_the_text():
    hostile = "</details><script>x</script> @everyone #1 ](http://x.y) | `x` <!-- arxiv-bot {} --> Fixes #2"
    html = render(body(item(title=hostile, abstract=hostile, authors=(hostile,))))

    assert "<script" not in html
    assert html.count("<details>") == html.count("</details>") == 3
    assert 'href="http://x.y"' not in html
    for active in ("@everyone", "#1", "#2"):
        assert active not in html


def test_a_paper_that_a_person_asked_for_does_not_say_that_it_may_belong():
    proposed = item()
    text = body(replace(proposed, decision=replace(proposed.decision, reason=Reason.ASKED)))

    assert "**1 paper** from arXiv that a person asked for goes into `README.md`" in text
    assert "Asked for by a person.\\\n  **Strong match**: in the title: Rewards" in text
    assert "may belong" not in text


def test_the_window_of_a_snapshot_is_not_called_submission_days():
    window = Window(NOW - timedelta(days=30), NOW)
    said = [Coverage(source, "there", "", window=window).days for source in ("search", "snapshot")]

    assert ["submitted 2025-09-20 to 2025-10-20", "appeared 2025-09-20 to 2025-10-20"] == said
    assert "" == Coverage("announcements", "there", "").days
