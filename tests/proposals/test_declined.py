"""Titles of declined papers are read from the texts that the bot wrote."""

from bot.core.arxiv_id import ArxivId
from bot.core.model import Reason, Verdict
from bot.listing.draft import Destination, Draft
from bot.listing.parts import Insertion
from bot.proposals.body import render_text
from bot.proposals.declined import declined_titles
from bot.proposals.marker import Marker, compose
from bot.proposals.model import Pull, PullState
from bot.proposals.paper_text import PaperBatch, ProposedPaper
from bot.relevance.screening import Known
from tests.factories import NOW, decision, paper

DECLINED = ArxivId("2501.00009")
OTHER = ArxivId("2501.00010")
TITLE = "Feedback_of <Sheep> & [Dogs] by @all #1"
KNOWN = {DECLINED: Known(Verdict.REJECT, Reason.DECLINED, "#1 was closed")}


def pull(text: str, marker: Marker[ArxivId]) -> Pull:
    return Pull(
        number=1,
        url="",
        branch="arxiv-bot/batch-1",
        head_sha="",
        state=PullState.CLOSED,
        title="title",
        body=compose(marker, text),
        labels=(),
        created=NOW,
        marker=marker,
    )


def proposed(paper_id: ArxivId, title: str) -> ProposedPaper:
    item = decision(paper(id=paper_id, title=title))
    return ProposedPaper(
        item, Draft(item.candidate.paper, Insertion(0, b""), "", Destination("Papers", 1))
    )


def test_a_paper_of_a_closed_batch_has_its_title():
    marker = Marker((DECLINED,), "README.md", NOW)
    text = render_text(marker, PaperBatch([proposed(DECLINED, TITLE)]))
    (title,) = declined_titles(KNOWN, [pull(text, marker)]).values()

    assert TITLE == title.replace("\u200b", "")


def test_a_removed_paper_has_its_title():
    marker = Marker((OTHER,), "README.md", NOW, declined=(DECLINED,))
    batch = PaperBatch([proposed(OTHER, "Another")], titles={DECLINED: TITLE})
    text = render_text(marker, batch)
    (title,) = declined_titles(KNOWN, [pull(text, marker)]).values()

    assert TITLE == title.replace("\u200b", "")


def test_a_paper_that_nobody_ticked_has_its_title():
    marker = Marker((OTHER,), "README.md", NOW)
    perhaps = [decision(paper(id=DECLINED, title=TITLE))]
    text = render_text(marker, PaperBatch([proposed(OTHER, "Another")], perhaps=perhaps))
    known = {DECLINED: Known(Verdict.REJECT, Reason.PASSED_OVER, "left unticked in #1")}
    (title,) = declined_titles(known, [pull(text, marker)], Reason.PASSED_OVER).values()

    assert TITLE == title.replace("\u200b", "")
    assert {} == declined_titles(known, [pull(text, marker)])


def test_only_declined_papers_are_named_and_an_unknown_title_is_empty():
    marker = Marker((OTHER,), "README.md", NOW)
    text = render_text(marker, PaperBatch([proposed(OTHER, "Another")]))

    assert {DECLINED: ""} == declined_titles(KNOWN, [pull(text, marker)])


def test_a_title_after_an_id_as_in_earlier_versions_is_read():
    marker = Marker((OTHER,), "README.md", NOW)
    text = f"- [x] <!-- {DECLINED} --> [{DECLINED}](https://arxiv.org/abs/{DECLINED}) Feedback of Sheep"

    assert {DECLINED: "Feedback of Sheep"} == declined_titles(KNOWN, [pull(text, marker)])
