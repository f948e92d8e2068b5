"""Lists that imitate the bot's marks, have no end of a line, or nest without bounds, are read as the lists they are."""

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
from tests.factories import paper
from tests.fire.lists import HOSTILE, ORDINARY

NEW = paper(id="2510.00001", title="LaSeR: Learning to Reward Itself")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_list_is_kept_to_the_byte_and_gets_one_entry_or_none(name: str):
    content = (ORDINARY + HOSTILE[name](20_000)).encode()
    listing = PaperList.parse(content)
    document, index = listing.document, listing.index
    findings = audit(listing)

    assert content == apply(document, ())
    assert ArxivId("2309.00267") in {one for listed in index.listed for one in listed.ids}
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


def test_an_entry_longer_than_any_is_no_example():
    text = samples.LIST + "- [Long](https://arxiv.org/abs/2301.00001) " + "word " * 10_000 + "\n"
    (result,) = draft(PaperList.parse(text.encode()), [(NEW, "")])

    assert isinstance(result, Draft)
    assert "word word" not in result.text


def test_a_long_list_of_authors_that_is_none_is_told_at_once():
    authors = ", ".join(["A. B."] * 50)
    text = f"## Papers\n- **Title of Some Paper**\n  *{authors}!* [pdf](https://arxiv.org/abs/2405.00001)\n"
    (result,) = draft(PaperList.parse(text.encode()), [(NEW, "")])

    assert isinstance(result, Draft)
