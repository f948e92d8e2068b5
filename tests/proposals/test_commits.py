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


def test_an_unchanged_commit_is_sealed_and_names_its_papers():
    assert is_sealed(COMMIT)
    assert is_sealed(replace(COMMIT, message=COMMIT.message.rstrip("\n")))
    assert Trailers("docs/A LIST.md", PAPERS, version=VERSION) == papers_of(COMMIT)


def test_a_commit_names_the_declined_papers():
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
def test_a_changed_commit_is_not_sealed(changed: Commit):
    assert not is_sealed(changed)
    with pytest.raises(ValueError):
        papers_of(changed)


def test_a_version_1_commit_says_that_a_tick_declined():
    message = "A\n\nArxiv-Bot-Batch: b\nArxiv-Bot-List: c\nArxiv-Bot-Papers: 2510.00001"
    commit = Commit("sha", seal(message, "tree", ()), "tree", ())

    assert Trailers("c", PAPERS[:1], version=1) == papers_of(commit)


def test_a_batch_with_only_papers_to_tick_names_none():
    message = f"A\n\n{render_trailers('b', 'c', ())}"
    commit = Commit("sha", seal(message, "tree", ()), "tree", ())

    assert Trailers("c", (), version=VERSION) == papers_of(commit)
