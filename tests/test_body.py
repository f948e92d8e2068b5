from dataclasses import replace

from markdown_it import MarkdownIt

from bot.batches import Marker, parse_marker
from bot.body import LIMIT, Item, Origin, render_body
from bot.document import Insertion
from bot.entries import Draft, Place
from bot.model import Coverage, Decision, Neighbour, Reason, Verdict
from tests.factories import NOW, candidate, decision, paper


def item(**changes: object) -> Item:
    one = paper(**changes)
    place = Place("Papers / 2025", 3)
    return Item(
        Decision(candidate(one, phrase="Rewards"), Verdict.PROPOSE, Reason.RELEVANT),
        Draft(one, Insertion(0, b""), "", place),
    )


def body(*items: Item, held: int = 0) -> str:
    marker = Marker(tuple(one.draft.paper.id for one in items), "README.md", NOW)
    others = [
        decision(paper(id=f"2510.{n:05}"), verdict=Verdict.HOLD, reason=Reason.BATCH_FULL)
        for n in range(1, held + 1)
    ]
    coverage = Coverage("search", "export.arxiv.org", "query", read=3, matched=3, note="noted")
    return render_body(
        marker, items, [coverage], others, Origin("0.1.0", "https://github.test/run/1")
    )


def test_the_whole_text():
    near = replace(item().decision, looks_like=(Neighbour("A Papers about Rewards", 0.9, 40),))

    assert (
        '<!-- arxiv-bot {"version": 1, "list": "README.md", "papers": ["2510.00001"], "resume": "2025-10-20T06:23:00+00:00"} -->\n'
        "\n"
        "| paper | goes to | why | score |\n"
        "|---|---|---|--:|\n"
        "| [A Paper about Rewards](https://arxiv.org/abs/2510.00001)<br>Ada Lovelace, Alan Turing · 2510.00001 · 2025-10-16 "
        "| Papers / 2025 | Rewards (title)<br>⚠ looks like line 40: A Papers about Rewards | 0.80 |\n"
        "\n"
        "**Merge** to add this paper to the list. **Delete an entry** from the branch before merging, and that paper is not "
        "proposed again. **Close** without merging, and none of them is; reopening takes that back. "
        "Checks of a pull request that the workflow's own token opened wait for your approval.\n"
        "\n"
        "### Abstracts\n"
        "\n"
        "<details><summary>A Paper about Rewards</summary>\n"
        "<p>We reward.</p>\n"
        "</details>\n"
        "\n"
        "### Held back for a later batch\n"
        "\n"
        "- A Paper about Rewards (2510.00001): the batch is full\n"
        "\n"
        "### Coverage\n"
        "\n"
        "- search: 3 of 3 papers read from export.arxiv.org; noted\n"
        "\n"
        "*Made by arxiv-bot 0.1.0 in [this run](https://github.test/run/1).*\n"
    ) == body(replace(item(), decision=near), held=1)


def test_a_text_that_would_be_too_long_loses_its_abstracts_first():
    items = [item(id=f"2510.{n:05}", abstract="long " * 3000) for n in range(1, 11)]
    text = body(*items)

    assert len(text) <= LIMIT
    assert "The abstracts are left out" in text
    assert all(f"2510.{n:05}" in text for n in range(1, 11))


def test_a_text_is_bounded_whatever_the_titles():
    items = [item(id=f"2510.{n:05}", title="T" * 100_000) for n in range(1, 11)]

    assert len(body(*items)) <= LIMIT
    assert parse_marker(body(*items)) is not None


def test_hostile_metadata_does_nothing_in_the_text():
    hostile = "</details><script>x</script> @everyone #1 ](http://x.y) | `x` <!-- arxiv-bot {} --> Fixes #2"
    text = body(item(title=hostile, abstract=hostile, authors=(hostile,)))
    html = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(text)

    assert "<script" not in html
    assert 1 == html.count("</details>")
    assert 'href="http://x.y"' not in html
    for active in ("@everyone", "#1", "#2"):
        assert active not in html
