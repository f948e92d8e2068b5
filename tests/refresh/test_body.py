"""The whole text of a pull request of changes."""

from datetime import UTC, date, datetime

from bot.core.arxiv_id import ArxivId
from bot.core.model import Coverage
from bot.core.version import __version__
from bot.listing.index import Listed
from bot.listing.parts import Replacement
from bot.proposals.items import ChangeId, Fact
from bot.proposals.marker import Contents, Marker, boxes, compose
from bot.proposals.text import LIMIT, Addresses
from bot.refresh.body import render_closed, render_text
from bot.refresh.model import EntryChange, Note

NOW = datetime(2025, 10, 20, 6, 23, tzinfo=UTC)
ORIGIN = Addresses(run="https://github.test/run/1")
COVERAGE = Coverage("look-up", "arXiv", "9 ids", read=8, matched=9)


def change(fact: Fact, number: int, value: str, old: str = "", why: str = "") -> EntryChange:
    paper = ArxivId(f"2402.{number:05}")
    listed = Listed((paper,), (), f"A *Paper*, Part {number}", 10 * number, number)
    name = ChangeId(paper, fact, f"{number:08x}")
    return EntryChange(name, listed, Replacement(number, number, b""), value, old, why)


CHANGES = (
    change(Fact.TITLE, 1, "New", "Old", "an older version had that"),
    change(Fact.AUTHORS, 2, "Ada Lovelace, Alan Turing"),
    change(Fact.ABSTRACT, 3, "We study. " * 60),
    change(Fact.VENUE, 4, "ICLR 2025", "arXiv", "Accepted to ICLR 2025"),
    change(Fact.WITHDRAWAL, 5, "", "- entry", "withdrawn by the authors"),
)
NOTE = Note(
    ArxivId("2402.00009"), Listed((ArxivId("2402.00009"),), (), "Nine", 90, 9), "published: J. 3"
)


def marker(*changes: EntryChange, declined: tuple[ChangeId, ...] = ()) -> Marker[ChangeId]:
    items = tuple(change.id for change in changes)
    answered = tuple((change, date(2026, 5, 12)) for change in declined)
    return Marker(items, "README.md", NOW, declined, contents=Contents.CHANGES, answered=answered)


def test_each_change_has_a_box_its_old_and_new_value_and_the_evidence():
    gone = ChangeId(ArxivId("2402.00007"), Fact.TITLE, "0" * 8)
    text = render_text(marker(*CHANGES, declined=(gone,)), CHANGES, (NOTE,), COVERAGE, 2, ORIGIN)
    start, _, rest = text.partition("<details><summary>How to answer")

    assert (
        "**5 changes** to entries of `README.md`, from arXiv's current data. "
        "Nothing else in the list changes.\n"
        "\n"
        "**A ticked box is a change in this pull request.** **Merge** to make the ticked changes. **Untick** a change to "
        "decline it: the next run removes it, and proposes it again only with another value. Merge after that run. "
        "**Close** to decline all changes.\n"
        "\n"
        "- [x] <!-- 2402.00001/title/00000001 --> **Title** of [A Paper, Part 1](https://arxiv.org/abs/2402.00001), line 10\\\n"
        "  “Old” becomes “New”: an older version had that\n"
        "- [x] <!-- 2402.00002/authors/00000002 --> **Authors** of [A Paper, Part 2](https://arxiv.org/abs/2402.00002), line 20\\\n"
        "  Missing here: Ada Lovelace, Alan Turing\n"
        "- [x] <!-- 2402.00003/abstract/00000003 --> **Abstract** of [A Paper, Part 3](https://arxiv.org/abs/2402.00003), line 30\\\n"
        f"  Missing here: {('We study. ' * 60)[:239]}…\n"
        "- [x] <!-- 2402.00004/venue/00000004 --> **Venue** of [A Paper, Part 4](https://arxiv.org/abs/2402.00004), line 40\\\n"
        "  “arXiv” becomes “ICLR 2025”\\\n"
        "  arXiv says: “Accepted to ICLR 2025”\n"
        "- [x] <!-- 2402.00005/withdrawal/00000005 --> **Withdrawal** of [A Paper, Part 5](https://arxiv.org/abs/2402.00005), line 50\\\n"
        "  The entry is removed: arXiv's comment on the paper is “withdrawn by the authors”\n"
        "\n"
        "<details><summary>1 note: facts without a place in the entry, and doubts for a person to decide</summary>\n"
        "\n"
        "- line 90, [2402.00009](https://arxiv.org/abs/2402.00009) Nine: published: J. 3\n"
        "\n"
        "</details>\n"
        "\n"
        "### Removed (1): tick to add again\n"
        "\n"
        "- [ ] <!-- 2402.00007/title/00000000 --> title of [2402.00007](https://arxiv.org/abs/2402.00007) "
        "· removed after your answer of 12 May 2026\n"
        "\n"
        "2 more changes wait for the next pull request, which opens once this one is merged or closed.\n"
        "\n"
        "Looked up at arXiv: 8 of 9 listed papers were found there.\n"
        "\n"
    ) == start
    assert "| remove a change | untick its box |" in rest
    assert "| change your mind | tick or untick again while this is open |" in rest
    assert rest.endswith(
        f"<sub>Made by arxiv-bot {__version__} in [this run](https://github.test/run/1).</sub>\n"
    )


def test_fifty_changes_of_any_size_stay_within_githubs_limit():
    many = tuple(
        change(Fact.TITLE, n, "[x](y) " * 900, "*a* " * 900, "_b_ " * 900) for n in range(1, 51)
    )
    notes = (NOTE,) * 1000
    text = compose(marker(*many), render_text(marker(*many), many, notes, COVERAGE, 9, ORIGIN))

    assert len(text) <= LIMIT
    assert {change.id: True for change in many} == boxes(text)


def test_a_closed_pull_request_states_that_it_is_closed_and_keeps_the_declined_changes():
    declined = (CHANGES[0].id,)
    text = render_closed(marker(declined=declined), ORIGIN)

    assert "no change is left to decide" in text
    assert {declined[0]: False} == boxes(text)
