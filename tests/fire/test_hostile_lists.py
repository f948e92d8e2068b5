"""Lists that imitate the bot's marks, have endless lines, or nest without bounds are read correctly."""

import pytest

from bot.core.arxiv_id import ArxivId
from bot.core.errors import ListError
from bot.listing.document import Document, apply, verify
from bot.listing.draft import Draft, Refused, draft
from bot.listing.index import ListIndex
from bot.listing.paper_list import PaperList
from bot.proposals.anchors import anchors, hold
from bot.tools.check.audit import audit, repair
from tests import samples
from tests.conftest import thinned
from tests.factories import paper
from tests.fire.lists import HOSTILE, ORDINARY

NEW = paper(id="2510.00001", title="LaSeR: Learning to Reward Itself")


@pytest.mark.parametrize("name", thinned(HOSTILE, every=3))
def test_a_hostile_list_keeps_every_byte_and_gets_at_most_one_entry(name: str):
    content = (ORDINARY + HOSTILE[name](20_000)).encode()
    listing = PaperList.parse(content)
    document, index = listing.document, listing.index
    findings = audit(listing)

    assert content == apply(document, ())
    assert ArxivId("2309.00267") in {paper_id for listed in index.listed for paper_id in listed.ids}
    try:
        repair(listing, findings)
        (result,) = draft(listing, [(NEW, "")])
    except ListError:
        return
    if isinstance(result, Draft):
        offset, size = result.insertion.offset, len(result.insertion.content)
        after = verify(document, [result.insertion], added=1).content
        assert content == after[:offset] + after[offset + size :]
        assert ListIndex.build(Document.parse(after)).find_id(NEW.id) is not None
        assert len(result.text) < 5_000
        assert hold(content, anchors(content, [(0, 0)])) in {True, False}
    else:
        assert isinstance(result, Refused)
        assert result.why


def test_an_overlong_entry_is_no_example():
    text = samples.LIST + "- [Long](https://arxiv.org/abs/2301.00001) " + "word " * 10_000 + "\n"
    (result,) = draft(PaperList.parse(text.encode()), [(NEW, "")])

    assert isinstance(result, Draft)
    assert "word word" not in result.text


def test_a_long_text_that_is_no_list_of_authors_is_recognised_quickly():
    authors = ", ".join(["A. B."] * 50)
    text = f"## Papers\n- **Title of Some Paper**\n  *{authors}!* [pdf](https://arxiv.org/abs/2405.00001)\n"
    (result,) = draft(PaperList.parse(text.encode()), [(NEW, "")])

    assert isinstance(result, Draft)
