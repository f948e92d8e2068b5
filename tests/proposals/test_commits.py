from dataclasses import replace

import pytest

from bot.core.arxiv_id import ArxivId
from bot.proposals.commits import Commit, Trailers, is_sealed, papers_of, render_trailers, seal
from bot.proposals.marker import VERSION

PAPERS = (ArxivId("2510.00001"), ArxivId("cs/0112017"))
MESSAGE = (
    f"Add 2 papers\n\n* Title\n\n{render_trailers('arxiv-bot/batch-1', 'docs/A LIST.md', PAPERS)}"
)
COMMIT = Commit("sha", seal(MESSAGE, "tree", ["one", "two"]), "tree", ("one", "two"))


def test_a_commit_as_it_was_made_is_sealed_and_tells_its_papers():
    assert is_sealed(COMMIT)
    assert is_sealed(replace(COMMIT, message=COMMIT.message.rstrip("\n")))
    assert Trailers("docs/A LIST.md", PAPERS, version=VERSION) == papers_of(COMMIT)


def test_a_commit_tells_what_was_declined():
    message = f"A\n\n{render_trailers('b', 'c', PAPERS[:1], declined=PAPERS[1:])}"
    commit = Commit("sha", seal(message, "tree", ()), "tree", ())

    assert Trailers("c", PAPERS[:1], PAPERS[1:], VERSION) == papers_of(commit)


@pytest.mark.parametrize(
    "changed",
    [
        replace(COMMIT, tree="amended"),
        replace(COMMIT, parents=("rebased", "two")),
        replace(COMMIT, parents=("one",)),
        replace(COMMIT, message=COMMIT.message.replace("Add", "Fix")),
        replace(COMMIT, message=MESSAGE),
        replace(COMMIT, message=""),
        replace(COMMIT, message="\nArxiv-Bot-Seal: "),
    ],
)
def test_what_anybody_changed_is_not_sealed(changed: Commit):
    assert not is_sealed(changed)
    with pytest.raises(ValueError):
        papers_of(changed)


def test_a_commit_of_the_first_version_says_that_a_tick_declined():
    message = "A\n\nArxiv-Bot-Batch: b\nArxiv-Bot-List: c\nArxiv-Bot-Papers: 2510.00001"
    commit = Commit("sha", seal(message, "tree", ()), "tree", ())

    assert Trailers("c", PAPERS[:1], version=1) == papers_of(commit)


def test_a_batch_of_papers_to_tick_alone_names_none():
    message = f"A\n\n{render_trailers('b', 'c', ())}"
    commit = Commit("sha", seal(message, "tree", ()), "tree", ())

    assert Trailers("c", (), version=VERSION) == papers_of(commit)
