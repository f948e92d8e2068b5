from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

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
from bot.listing.draft import Destination, Draft
from bot.listing.parts import Insertion
from bot.proposals.batching import MOST_BOXES
from bot.proposals.body import LIMIT, ProposedPaper, render_closed, render_text
from bot.proposals.items import ChangeId
from bot.proposals.marker import Marker, boxes, compose, parse_marker
from tests.factories import NOW, candidate, decision, paper


def item(**changes: object) -> ProposedPaper:
    one = paper(**changes)
    place = Destination("Papers / 2025", 3)
    return ProposedPaper(
        Decision(candidate(one, phrase="Rewards"), Verdict.PROPOSE, Reason.RELEVANT),
        Draft(one, Insertion(0, b""), "", place),
    )


def body(*items: ProposedPaper, held: int = 0, declined: Sequence[tuple[ArxivId, str]] = ()) -> str:
    marker = Marker(tuple(one.draft.paper.id for one in items), "README.md", NOW)
    others = [
        decision(paper(id=f"2510.{n:05}"), verdict=Verdict.HOLD, reason=Reason.BATCHES_OPEN)
        for n in range(1, held + 1)
    ]
    coverage = Coverage("search", "export.arxiv.org", "query", read=3, matched=3, note="noted")
    run_url = "https://github.test/run/1"
    return compose(marker, render_text(marker, items, declined, [coverage], others, run_url))


def ticked(text: str) -> set[ArxivId | ChangeId]:
    return {paper for paper, tick in boxes(text).items() if tick}


def render(text: str) -> str:
    markdown = MarkdownIt("gfm-like", {"html": True, "linkify": False})
    return str(markdown.use(tasklists_plugin).render(text))


def test_the_whole_text():
    one = item(comment="Accepted somewhere", abstract="We ask models. Their rewards train a model.")
    match = Match("topic", "rewards", Field.ABSTRACT, 21, 28)
    evidence = Evidence((*one.decision.candidate.evidence.matches, match))
    near = replace(
        one.decision,
        candidate=replace(
            one.decision.candidate,
            evidence=evidence,
            speaks_for=("judge", "reward"),
            speaks_against=("graph",),
            nearest=(Neighbour("Another Paper", 0.5, 12),),
        ),
        looks_like=(Neighbour("A Papers about Rewards", 0.9, 40),),
    )

    assert (
        '<!-- arxiv-bot {"version": 1, "list": "README.md", "papers": ["2510.00001"], "resume": "2025-10-20T06:23:00+00:00", "digest": "80be5b976a230919"} -->\n'
        "\n"
        "**1 paper** from arXiv looks as if it belongs in `README.md`, under **Papers / 2025**. Nothing else in the file changes.\n"
        "\n"
        "**Merge** to add it. **Tick its box**, or **close**, to decline it for good.\n"
        "\n"
        "- [ ] <!-- 2510.00001 --> **[A Paper about Rewards](https://arxiv.org/abs/2510.00001)**\\\n"
        "  Ada Lovelace, Alan Turing · 2510.00001 · cs.CL · 2025-10-16\\\n"
        "  Score **0.80** for Rewards (title); rewards (abstract)\\\n"
        "  “We ask models. Their **rewards** train a model.”\\\n"
        "  Speaks for it: judge, reward; against it: graph\\\n"
        "  Nearest in the list: line 12, Another Paper\\\n"
        "  ⚠️ **Looks like line 40:** A Papers about Rewards\n"
        "  <details><summary>Abstract</summary><p>We ask models. Their rewards train a model.</p><p>Accepted somewhere</p></details>\n"
        "\n"
        "<details><summary>1 paper is held back for later: as many batches are open as the limit allows</summary>\n"
        "\n"
        "- [2510.00001](https://arxiv.org/abs/2510.00001) A Paper about Rewards\n"
        "\n"
        "</details>\n"
        "\n"
        "<details><summary>Everything asked of arXiv was read: search 3</summary>\n"
        "\n"
        "- search: 3 of 3 papers read from export.arxiv.org; noted\n"
        "\n"
        "</details>\n"
        "\n"
        "<details><summary>How to answer: not now, hands off, undo</summary>\n"
        "\n"
        "| to … | do this |\n"
        "|---|---|\n"
        "| take one paper out, for good | tick its box, or delete its entry from the branch |\n"
        "| take all of them out, for good | close without merging |\n"
        "| be asked again in 30 days | label `arxiv-bot:later`, then close |\n"
        "| edit the entries yourself | push to the branch, or review: the bot does not touch it any more |\n"
        "| keep the bot off this branch | label `arxiv-bot:hold` |\n"
        "| have your edits dropped and this written anew | label `arxiv-bot:rebuild` |\n"
        "| take a decline back | untick the box, reopen the pull request, or `arxiv-bot propose ID` |\n"
        "\n"
        "Checks that wait for approval: GitHub holds them on a pull request that the workflow's own token opened, "
        "until you approve them.\n"
        "\n"
        "</details>\n"
        "\n"
        "<sub>Made by arxiv-bot 0.1.0 in [this run](https://github.test/run/1).</sub>\n"
    ) == body(replace(one, decision=near), held=1)


def test_what_was_declined_stays_with_its_box_ticked_and_can_be_unticked():
    text = body(
        item(), declined=[(ArxivId("2510.00007"), "Not this one"), (ArxivId("2510.00008"), "")]
    )

    assert (
        "**Declined here, and taken out.** Untick a box to take that back.\n"
        "\n"
        "- [x] <!-- 2510.00007 --> [2510.00007](https://arxiv.org/abs/2510.00007) Not this one\n"
        "- [x] <!-- 2510.00008 --> [2510.00008](https://arxiv.org/abs/2510.00008)\n"
    ) in text
    assert {ArxivId("2510.00007"), ArxivId("2510.00008")} == ticked(text)


def test_a_batch_that_the_bot_closes_says_so():
    marker: Marker[ArxivId] = Marker((), "README.md", NOW)
    text = render_closed(marker, [(ArxivId("2510.00007"), "This one")], "")

    assert (
        "**Closed by the bot: no paper is left to decide on.** Each of them is in `README.md` by now, "
        "in another pull request, or was declined here. That this is closed declines nothing more.\n"
        "\n"
        "**Declined here, and taken out.** Untick a box to take that back.\n"
        "\n"
        "- [x] <!-- 2510.00007 --> [2510.00007](https://arxiv.org/abs/2510.00007) This one\n"
        "\n"
        "<sub>Made by arxiv-bot 0.1.0.</sub>\n"
    ) == text


def test_a_paper_like_the_list_says_so_and_its_kind_stands_beside_its_date():
    one = item()
    alike = replace(
        one.decision,
        reason=Reason.ALIKE,
        kinds=(Kind.SURVEY, Kind.BENCHMARK),
        candidate=replace(one.decision.candidate, evidence=Evidence()),
    )
    text = body(ProposedPaper(alike, one.draft))

    assert "· cs.CL · 2025-10-16 · **survey** · **benchmark**\\\n" in text
    assert "Score **0.80**: like the list's papers, though no phrase matches" in text


def test_each_item_names_its_section_where_they_differ():
    other = item(id="2410.00002")
    other = replace(other, draft=replace(other.draft, place=Destination("Papers / 2024", 9)))
    text = body(item(), other)

    assert "under **Papers / 2025**\\\n" in text
    assert "under **Papers / 2024**\\\n" in text
    assert "in `README.md`. Nothing else" in text


def test_what_could_not_be_read_is_not_folded_away():
    failed = Coverage("search", "export.arxiv.org", "query", read=1, matched=3, failure="HTTP 429")
    marker = Marker((item().draft.paper.id,), "README.md", NOW)
    text = render_text(marker, [item()], [], [failed], [], "")

    assert "⚠️ **Not everything asked of arXiv could be read.** Later runs ask again." in text
    assert "- ⚠️ search: 1 of 3 papers read from export.arxiv.org; HTTP 429\n" in text
    assert "Everything asked" not in text


def test_a_text_that_would_be_too_long_loses_its_abstracts_first():
    items = [item(id=f"2510.{n:05}", abstract="long " * 3000) for n in range(1, 11)]
    text = body(*items)

    assert len(text) <= LIMIT
    assert "The abstracts are left out" in text
    assert 10 == text.count("Score **0.80**")
    assert 10 == text.count("\n- [ ] ")


def test_a_text_is_bounded_whatever_the_metadata_and_keeps_its_boxes():
    near = Neighbour("]*" * 5000, 0.9, 1)
    items = []
    for n in range(1, 51):
        one = item(id=f"2510.{n:05}", title="]*" * 5_000, authors=("]*" * 5000,) * 9)
        decided = replace(one.decision, looks_like=(near, near), detail="]*" * 5000)
        items.append(replace(one, decision=decided))
    text = body(*items, held=50)

    assert len(text) <= LIMIT
    assert parse_marker(text) is not None
    assert 50 == len(ticked(text.replace("- [ ]", "- [x]")))


def test_a_text_with_as_many_boxes_as_there_may_be_is_bounded_too():
    """50 papers, 50 ticked before: what they are called goes before their boxes do."""
    title = "[" * 300
    items = [item(id=f"2510.{n:05}", title=title) for n in range(1, 51)]
    before = [(ArxivId(f"2509.{n:05}"), title) for n in range(1, MOST_BOXES - 49)]
    text = body(*items, held=50, declined=before)

    assert len(text) <= LIMIT
    assert {paper for paper, _ in before} == ticked(text)
    assert 100 == len(boxes(text))
    assert "50 papers are held back" in text
    assert len(render_closed(Marker((), "README.md", NOW), before * 2, "")) <= LIMIT


@pytest.mark.parametrize("name", ["2510.00002", "cs/0112017"])
def test_a_ticked_box_declines_its_paper_alone(name: str):
    text = body(item(), item(id=name), item(id="2510.00003"))
    clicked = text.replace(f"- [ ] <!-- {name} -->", f"- [x] <!-- {name} -->")

    assert set() == ticked(text)
    assert {ArxivId(name)} == ticked(clicked)
    assert {ArxivId(name)} == ticked(clicked.replace("\n", "\r\n").replace("[x]", "[X]"))


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
    one = item(title=text, abstract=text, authors=(text,), comment=text, journal_ref=text)
    near = replace(one.decision, looks_like=(Neighbour(text, 0.9, 1),))
    rendered = body(replace(one, decision=near), held=1)

    assert set() == ticked(rendered)
    clicked = rendered.replace("- [ ] <!-- 2510.00001 -->", "- [x] <!-- 2510.00001 -->")
    assert {ArxivId("2510.00001")} == ticked(clicked)


def test_a_mangled_id_behind_a_tick_is_passed_over():
    assert set() == ticked("- [x] <!-- nothing -->\n- [x] text\n- [x] <!--  -->\n")


@given(title=st.text(max_size=80), abstract=st.text(max_size=120))
def test_each_item_is_one_box_whatever_its_texts(title: str, abstract: str):
    rendered = render(body(item(title=title, abstract=abstract), item(id="2510.00002")))

    assert 2 == rendered.count('<input class="task-list-item-checkbox"')
    assert rendered.count("<details>") == rendered.count("</details>")


def test_hostile_metadata_does_nothing_in_the_text():
    hostile = "</details><script>x</script> @everyone #1 ](http://x.y) | `x` <!-- arxiv-bot {} --> Fixes #2"
    html = render(body(item(title=hostile, abstract=hostile, authors=(hostile,))))

    assert "<script" not in html
    assert html.count("<details>") == html.count("</details>") == 3
    assert 'href="http://x.y"' not in html
    for active in ("@everyone", "#1", "#2"):
        assert active not in html


def test_a_paper_that_a_person_asked_for_is_not_said_to_look_as_if_it_belongs():
    one = item()
    text = body(replace(one, decision=replace(one.decision, reason=Reason.ASKED)))

    assert "**1 paper** from arXiv that a person asked for goes into `README.md`" in text
    assert "Asked for by a person. Score **0.80** for Rewards" in text
    assert "looks as if" not in text


def test_the_days_of_a_snapshot_are_not_said_to_be_those_of_submission():
    window = Window(NOW - timedelta(days=30), NOW)
    said = [Coverage(source, "there", "", window=window).days for source in ("search", "snapshot")]

    assert ["submitted 2025-09-20 to 2025-10-20", "appeared 2025-09-20 to 2025-10-20"] == said
    assert "" == Coverage("announcements", "there", "").days
