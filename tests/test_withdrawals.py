"""Ticked papers and the list without them."""

from dataclasses import replace

import pytest

from bot.arxiv_id import ArxivId
from bot.document import Document, verify
from bot.entries import Draft, ListRules, draft
from bot.index import ListIndex
from bot.withdrawals import find_withdrawals, take_out
from tests import samples
from tests.factories import paper
from tests.test_batches import PULL, state

NEW = [paper(id=f"2309.{number:05}", title=f"Title {number}") for number in (1, 2, 500)]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("gone", [1, 2, 500])
def test_taking_out_is_the_inverse_of_putting_in(ending: str, gone: int):
    before = samples.LIST.replace("\n", ending).encode()

    def added(numbers: list[int]) -> bytes:
        document = Document.parse(before)
        papers = [(one, "") for one in NEW if one.id.order[3] in numbers]
        drafts = draft(document, ListIndex.build(document), papers, ListRules("Papers"))
        insertions = [one.insertion for one in drafts if isinstance(one, Draft)]
        return verify(document, insertions, added=len(papers)).content

    rest = [number for number in (1, 2, 500) if number != gone]
    assert added(rest) == take_out(added([1, 2, 500]), [ArxivId(f"2309.{gone:05}")])


def test_a_paper_that_is_not_there_changes_nothing():
    content = samples.LIST.encode()

    assert content == take_out(content, [ArxivId("2401.00001")])


def test_only_ticked_papers_of_open_batches_are_withdrawn():
    body = f"{PULL.body}\n\n- [x] <!-- 2510.00001 --> **T**\n- [x] <!-- 2401.99999 --> **forged**\n"
    (found,) = find_withdrawals(state(replace(PULL, body=body)))

    assert (ArxivId("2510.00001"),) == found.papers
    assert (
        "Take 1 ticked paper out\n\nArxiv-Bot-Batch: arxiv-bot/batch-1\nArxiv-Bot-Declined: 2510.00001\n"
        == found.message
    )
    held = replace(PULL, body=body, labels=("arxiv-bot:hold",))
    assert () == find_withdrawals(state(held, PULL, replace(PULL, body=body, ours=False)))
