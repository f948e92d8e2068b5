"""Papers that a maintainer ticked in an open batch: which, and what the list is without them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.arxiv_id import ArxivId
from bot.batches import parse_marker, ticked
from bot.document import Document, Replacement, replace_all
from bot.errors import ListError
from bot.index import ListIndex
from bot.labels import HOLD
from bot.pulls import ForgeState, Pull, PullState


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """An open batch and those of its papers to take out of its branch."""

    pull: Pull
    papers: tuple[ArxivId, ...]
    path: str

    @property
    def message(self) -> str:
        """The commit's message; its trailer tells that the commit is the bot's."""
        names = " ".join(map(str, self.papers))
        count = "1 ticked paper" if len(self.papers) == 1 else f"{len(self.papers)} ticked papers"
        return f"Take {count} out\n\nArxiv-Bot-Batch: {self.pull.branch}\nArxiv-Bot-Declined: {names}\n"


def find_withdrawals(state: ForgeState) -> tuple[Withdrawal, ...]:
    """The open batches of this list with ticked papers; one labelled to be held is left alone."""
    found = []
    for pull in state.pulls:
        marker = parse_marker(pull.body) if pull.ours and pull.state is PullState.OPEN else None
        if marker is None or marker.path != state.base.path or HOLD.name in pull.labels:
            continue
        ticks = ticked(pull.body)
        if papers := tuple(paper for paper in marker.papers if paper in ticks):
            found.append(Withdrawal(pull, papers, state.base.path))
    return tuple(found)


def take_out(content: bytes, papers: Iterable[ArxivId]) -> bytes:
    """The list without the entries whose own paper is one of these; the same bytes where there is none.

    A heading that the batch had made for a year stays, empty; a person takes it out if it is not wanted.

    Raises:
        ListError: another entry would change with them.
    """
    document = Document.parse(content)
    wanted = set(papers)
    listed = ListIndex.build(document).listed
    gone = [one for one in listed if one.ids and one.ids[0] in wanted]
    edits = []
    for one in gone:
        entry = document.entries[one.entry]
        following = document.entries[one.entry + 1 :][:1]
        together = bool(following) and following[0].block == entry.block
        end = following[0].start if together else entry.end
        edits.append(Replacement(entry.start, end, b""))
    after = replace_all(document, edits)
    left = [one.ids for one in listed if one not in gone]
    if left != [one.ids for one in ListIndex.build(Document.parse(after)).listed]:
        raise ListError(
            "the ticked papers can't be taken out without changing other entries",
            fix="delete their entries from the branch by hand",
        )
    return after
