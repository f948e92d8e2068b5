"""Learns the form of a list's entries from existing ones: shared text is kept, and facts become slots.

Every entry is split into slots, groups (a link, a badge, brackets, emphasis) and the words between them. Words and
groups that the entries share belong to the form. Those of a single entry (a venue, a tag, a link to a project) are not
known for a new paper. They are left out, or replaced by the list's own notation for unknown values.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.listing.fields import Slot, split_authors
from bot.listing.line_form import learn_lines, open_labels
from bot.listing.parts import EntryForm
from bot.listing.pieces import Pieces
from bot.listing.row_form import learn_row, open_columns
from bot.listing.samples import Sample, Wanted, alike, writes_months_of_ids

_TITLES = frozenset({Slot.TITLE, Slot.REST, Slot.NAME})


@dataclass(frozen=True, slots=True)
class Form:
    """The parts of an entry, in order, and how to write its authors and title.

    Up to `most` authors are written in full; of more authors, the first `cut` are written. `tex` is whether titles keep
    math in TeX.
    """

    pieces: Pieces
    most: int = 0
    cut: int = 0
    et_al: str = ", et al."
    tex: bool = False

    @property
    def slots(self) -> frozenset[Slot]:
        """The facts for which the form has a slot."""
        return frozenset(piece.slot for piece in self.pieces if piece.slot)

    def open_fields(
        self, text: str, samples: Sequence[Sample], heads: Sequence[str]
    ) -> tuple[str, ...]:
        """Returns the fields that nearly all samples fill and the entry leaves open; a maintainer must fill them in.

        Args:
            text: the new entry.
            samples: the entries that the form was learned from.
            heads: the heads of a table's columns; empty for entries that are not in a table.
        """
        if samples[0].form is EntryForm.TABLE_ROW:
            return tuple(open_columns(text, heads, samples))
        return () if samples[0].form is EntryForm.HTML_ROW else open_labels(text, samples)


def learn(samples: Sequence[Sample], wanted: Wanted) -> Form | None:
    """Learns the form for a paper from entries (given nearest first); None if there are none or the form is incomplete.

    Entries of papers with the same known facts are preferred, because they show how the list writes unknown ones.
    """
    if not samples:
        return None
    chosen = alike(samples, wanted)
    wanted = replace(wanted, dated=writes_months_of_ids(chosen))
    form = samples[0].form
    if form in (EntryForm.TABLE_ROW, EntryForm.HTML_ROW):
        pieces = learn_row(chosen, samples, html=form is EntryForm.HTML_ROW, wanted=wanted)
    else:
        pieces = learn_lines(chosen, samples, wanted)
    return with_authors(Form(pieces), samples) if _is_complete(pieces, samples[0]) else None


def _is_complete(pieces: Pieces, nearest: Sample) -> bool:
    """Whether the form has an id, a title if the nearest entry has one, and both marks of each quotation."""
    slots = {piece.slot for piece in pieces}
    titled = not nearest.marks(*_TITLES) or bool(slots & _TITLES)
    text = "".join(piece.text for piece in pieces if piece.slot is None)
    halved = text.count('"') % 2 == 1 or text.count("“") != text.count("”")
    return Slot.ID in slots and titled and not halved


def with_authors(form: Form, samples: Sequence[Sample]) -> Form:
    """Returns the form with the number of authors that the list writes, and its way to shorten longer lists."""
    found = [split_authors(text) for sample in samples for text in sample.given(Slot.AUTHORS)]
    cut = [(len(names), et_al) for names, et_al in found if et_al]
    most = max((len(names) for names, et_al in found if not et_al), default=0)
    if not cut or len(cut) * 4 < len(found):
        return replace(form, most=most)
    (size, et_al), _ = Counter(cut).most_common(1)[0]
    return replace(form, most=most if len(cut) < len(found) else 0, cut=size, et_al=et_al)
