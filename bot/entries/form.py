"""An entry's form, learned from an entry that a person wrote: its words stay, its facts become slots.

What can be filled for any paper (title, id, authors, date, abstract, link to code) is a slot; what is particular to
the model entry and not known of another paper (a venue, a tag, a link to a project) is left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from bot import titles
from bot.arxiv_id import ArxivId
from bot.index import Listed


class Slot(Enum):
    """What of a paper goes into a place of an entry."""

    TITLE = "title"
    NAME = "the title's words before its colon"
    REST = "the title's words after its colon"
    ID = "arXiv id"
    AUTHORS = "authors"
    DATE = "date"
    ABSTRACT = "abstract"
    CODE = "link to code"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a form: literal text, or a slot.

    A slot's `text` is a date's format, the link to put code's address into, "html" or "table" for where text goes.
    """

    text: str
    slot: Slot | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """The parts of an entry in order; `most` authors are written out, and only `cut` when there are more."""

    pieces: tuple[Piece, ...]
    most: int = 0
    cut: int = 0
    et_al: str = "et al."

    @property
    def slots(self) -> frozenset[Slot]:
        """Which facts the form has a place for."""
        return frozenset(piece.slot for piece in self.pieces if piece.slot)

    @property
    def shape(self) -> tuple[tuple[str, str], ...]:
        """What two forms of the same shape have in common."""
        return tuple((one.slot.value if one.slot else "", one.text) for one in self.pieces)


_DETAILS = re.compile(
    r"(<details>\s*<summary>.{0,200}?</summary>\s*)(.+?)(\s*</details>)", re.DOTALL | re.IGNORECASE
)
_LABELLED_ABSTRACT = re.compile(
    r"^(\s*[-*+]\s+\**(?:Abstract|TL;?DR)\**:\**\s*)(\S.*?)(\s*)$", re.IGNORECASE
)
_LABELLED_AUTHORS = re.compile(
    r"^(\s*(?:[-*+]\s+)?[*_]*Authors?(?:\(s\))?[*_]*:[*_]*\s*)(\S.*?)(\s*)$", re.IGNORECASE
)
_NESTED = re.compile(r"^(\s+[-*+]\s+)(\S.*?)(\s*)$")
_LABEL = re.compile(r"^\s+[-*+]\s+[*_]*[A-Z][A-Za-z() ]{1,20}[*_]*:")
_UNKNOWN = re.compile(r":[*_]*\s*(?:-|–|—|N/?A|TBD|\?)?\s*$")
_NAME = r"(?:[^\W\d_][\w.'’-]*\.?(?:\s+(?:de|van|von|der|la|le|di|del|bin|al)\b)?)"
_PERSON = rf"{_NAME}(?:\s+{_NAME}){{1,4}}"
_NAMES = re.compile(
    rf"{_PERSON}(?:,\s*(?:and\s+)?{_PERSON}){{0,60}}(?:,?\s*(?:and\s+{_PERSON}|et al\.?,?|etc\.?))?\.?"
)
_ITALIC_AUTHORS = re.compile(r"(?<![*\w])([*_])(?![*_])([^*_\n]{5,600})\1(?![*\w])")
_ET_AL = re.compile(r",?\s*(et al\.?,?|etc\.?)\s*$")
_LINK = re.compile(
    r"\s*(?:\[!?)?\[(?P<label>[^\[\]]{1,80}(?:\]\([^()]{0,300}\))?)\](?:\]?)\((?P<url>[^()\s]{1,500})\)\]?"
)


def learn(text: str, listed: Listed, *, table: bool = False) -> Form | None:
    """The form of one entry; None where its title or id can't be told from the rest of it."""
    if not listed.ids or not listed.title:
        return None
    spans = [*_title_spans(text, listed.title, table=table), *_id_spans(text, listed.ids[0])]
    slots = {slot for _, _, slot, _ in spans}
    if Slot.ID not in slots or not slots & {Slot.TITLE, Slot.REST}:
        return None
    kept = _without_unknown_lines(text, spans)
    if kept is None:
        return None
    authors = next((text[a:b] for a, b, slot, _ in kept if slot is Slot.AUTHORS), "")
    names = split_authors(authors)
    et_al = _ET_AL.search(authors)
    return Form(
        tuple(_pieces(text, kept)),
        most=0 if et_al else len(names),
        cut=len(names) if et_al else 0,
        et_al=et_al[1] if et_al else "et al.",
    )


def vote(forms: Sequence[Form]) -> Form | None:
    """The form that most of the given ones have, the first of equals; authors are cut as in all of them together."""
    if not forms:
        return None
    counted = Counter(form.shape for form in forms)
    best = max(forms, key=lambda form: (counted[form.shape], len(form.slots)))
    most = max(form.most for form in forms)
    cuts = [form.cut for form in forms if form.cut]
    et_al = next((form.et_al for form in forms if form.cut), best.et_al)
    return Form(best.pieces, most=most, cut=min(cuts, default=0), et_al=et_al)


def split_authors(text: str) -> tuple[str, ...]:
    """The names in a list of authors as entries write it."""
    bare = _ET_AL.sub("", text.strip(" *_."))
    return tuple(name for part in re.split(r",|\band\b|;", bare) if (name := part.strip()))


_Span = tuple[int, int, Slot | None, str]


def _title_spans(text: str, title: str, *, table: bool) -> list[_Span]:
    how = "table" if table else ""
    at = text.find(title)
    if at >= 0:
        return [(at, at + len(title), Slot.TITLE, how)]
    name, colon, rest = title.partition(": ")
    named = (
        re.search(rf"{re.escape(name)}([*_\])]*:?[*_\])]*:?\s*[*_]*){re.escape(rest)}", text)
        if colon
        else None
    )
    if named:
        middle = named.end() - len(rest)
        return [
            (named.start(), named.start() + len(name), Slot.NAME, how),
            (middle, named.end(), Slot.REST, how),
        ]
    loose = r"[\s*_\\`{}]*".join(re.escape(word) for word in title.split()[:60])
    found = re.search(loose, text)
    return [(found.start(), found.end(), Slot.TITLE, how)] if found else []


def _id_spans(text: str, paper_id: ArxivId) -> list[_Span]:
    pattern = rf"{re.escape(str(paper_id))}(?:v\d{{1,2}})?(?!\d)"
    spans: list[_Span] = [(m.start(), m.end(), Slot.ID, "") for m in re.finditer(pattern, text)]
    return spans + [span for span in _date_spans(text, paper_id) if not _overlaps(span, spans)]


def _date_spans(text: str, paper_id: ArxivId) -> Iterator[_Span]:
    """Dates that agree with the id's month (or year, where only a year is given), outside of links."""
    year, month = f"{paper_id.year:04}", f"{paper_id.month:02}"
    taken = 0
    for pattern, fmt in (
        (rf"\b{year}(?P<a>[-./]){month}(?P<b>[-./]?)(?:0[1-9]|[12]\d|3[01])\b", "%Y{a}%m{b}%d"),
        (rf"\b{year}(?P<a>[-./]?){month}\b", "%Y{a}%m"),
        (rf"\b{year}(?P<a>[-./]){int(month)}\b", "%Y{a}%-m"),
        (rf"\b{year[2:]}(?P<a>[-./]){month}\b", "%y{a}%m"),
        (rf"(?<=[\[(]){year[2:]}{month}(?=[\])])", "%y%m"),
        (rf"(?<=[ '’`(\[|]){year}(?=[ `*)\]|,.]|$)", "%Y"),
        (rf"(?<=['’]){year[2:]}\b", "%y"),
    ):
        for match in re.finditer(pattern, text, re.MULTILINE):
            if "://" not in text[text.rfind(" ", 0, match.start()) + 1 : match.start()]:
                groups = match.groupdict()
                yield (
                    match.start(),
                    match.end(),
                    Slot.DATE,
                    fmt.format(a=groups.get("a", ""), b=groups.get("b", "")),
                )
                taken += 1
        if taken:
            return


def _overlaps(span: _Span, others: Sequence[_Span]) -> bool:
    return any(span[0] < b and a < span[1] for a, b, _, _ in others)


def _without_unknown_lines(text: str, known: list[_Span]) -> list[_Span] | None:
    """Adds slots for authors and abstracts, and spans (without slot) for what is to be left out, line by line."""
    spans = list(known)
    offset = 0
    for number, line in enumerate(text.splitlines(keepends=True)):
        here = (offset, offset + len(line))
        inside = [span for span in known if here[0] <= span[0] < here[1]]
        offset = here[1]
        if line.strip() and not inside:
            spans += _nested_line(line.rstrip("\r\n"), here, first=number == 0)
        elif inside:
            spans += [span for span in _left_out(line, here[0]) if not _overlaps(span, spans)]
            spans += [span for span in _italic_authors(line, here[0]) if not _overlaps(span, spans)]
    return sorted(spans, key=lambda span: (span[0], span[1]))


def _nested_line(line: str, here: tuple[int, int], *, first: bool) -> list[_Span]:
    start = here[0]
    if found := _DETAILS.search(line):
        return [(start + found.start(2), start + found.end(2), Slot.ABSTRACT, "html")]
    if found := _LABELLED_ABSTRACT.match(line):
        return [(start + found.start(2), start + found.end(2), Slot.ABSTRACT, "")]
    if found := _LABELLED_AUTHORS.match(line):
        return [(start + found.start(2), start + found.end(2), Slot.AUTHORS, "")]
    if found := _NESTED.match(line):
        if _NAMES.fullmatch(found[2]) and "," in found[2]:
            return [(start + found.start(2), start + found.end(2), Slot.AUTHORS, "")]
        if _LABEL.match(line) and _UNKNOWN.search(line):
            return []
    return [] if first else [(*here, None, "")]


def _left_out(line: str, start: int) -> Iterator[_Span]:
    """Links to other things than the paper: their targets are not known of another paper."""
    for link in _LINK.finditer(line):
        if "arxiv" not in link["url"].casefold():
            code = "github" in link["url"] and re.search(
                r"code|github", link["label"], re.IGNORECASE
            )
            if code and "shields" not in link["label"]:
                before, after = link[0].split(link["url"], maxsplit=1)
                yield (start + link.start(), start + link.end(), Slot.CODE, f"{before}{{}}{after}")
            else:
                yield (start + link.start(), start + link.end(), None, "")


def _italic_authors(line: str, start: int) -> Iterator[_Span]:
    for match in _ITALIC_AUTHORS.finditer(line):
        if _NAMES.fullmatch(match[2]) and ("," in match[2] or "et al" in match[2]):
            yield (start + match.start(2), start + match.end(2), Slot.AUTHORS, "")


def _pieces(text: str, spans: Sequence[_Span]) -> Iterator[Piece]:
    position = 0
    for start, end, slot, how in spans:
        if start < position:
            continue
        if start > position:
            yield Piece(text[position:start])
        if slot is not None:
            yield Piece(how, slot)
        position = end
    if position < len(text):
        yield Piece(text[position:])


def name_and_rest(title: str) -> tuple[str, str]:
    """A title's name before its first colon ("LaSeR") and what follows; the name is empty where it has none."""
    name, colon, rest = titles.plain(title).partition(": ")
    return (name, rest) if colon and len(name.split()) <= 3 else ("", titles.plain(title))
