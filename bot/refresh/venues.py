"""Finds where a paper was published, and where its entry says "arXiv" although other entries name a venue there.

The paper's comment or journal reference on arXiv must claim publication at one of the conferences or journals below.
A workshop, a submission, findings or a challenge does not count.

The place in the entry is a labelled field, or a position within the line. A position is identified by the text around
it: the markup between the title or the authors and the venue, and the markup after it. Two entries have the same
position if both texts are equal.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.core.model import Paper
from bot.listing.fields import Slot
from bot.listing.line_form import UNKNOWN
from bot.listing.parts import EntryForm
from bot.proposals.items import Fact
from bot.refresh.entry_text import EntryText
from bot.refresh.labelled import LabelledFields

_NAMES = (
    "AAAI ACCV ACL AISTATS ASRU BMVC CHI COLING COLM CVPR CoLLAs CoNLL CoRL EACL ECAI ECCV ECML EMNLP FAccT FSE "
    "ICASSP ICCV ICDE ICDM ICLR ICML ICRA ICSE IJCAI IJCNLP INLG INTERSPEECH IROS ISSTA JMLR KDD LREC LREC-COLING "
    "MICCAI MLSys NAACL NeurIPS NIPS OSDI RSS RecSys SIGGRAPH SIGIR SLT TACL TMLR UAI UIST USENIX VLDB WACV WSDM WWW"
).split()
_SPELLED = {name.casefold(): name for name in _NAMES}
_NAME = "|".join(sorted(map(re.escape, _NAMES), key=len, reverse=True))
_CLAIM = re.compile(
    rf"(?:(?:is |was |has been |been )?(?:accepted|published|to appear|appear(?:s|ing|ed)?|presented)"
    rf"(?: as (?:an? )?(?:\w+ ){{0,3}}(?:paper|article))?(?: for publication)?(?: to| at| by| in| for)?(?: the)?\s+)?"
    rf"(?P<name>{_NAME})(?P<sep>[\s,’']{{0,2}})(?P<year>20\d\d)"
    rf"(?:\s+(?:main(?: conference| track)?|conference|camera[ -]ready(?: version)?))?"
    rf"\s*(?:[(\[]?(?:oral|spotlight|poster|highlight|main)[)\]]?)?[.!]?",
    re.IGNORECASE,
)
_PROCEEDINGS = re.compile(
    rf"(?:accepted|published|appear|proceedings)[^.;]{{0,120}}"
    rf"\((?P<name>{_NAME})(?P<sep>[\s’']?)(?P<year>20\d\d)\)",
    re.IGNORECASE,
)
_ANY_ADDRESS = re.compile(r"https?:\S+")
_ACCEPTED = re.compile(r"accept|publish|to appear|appear(?:s|ing|ed)|presented", re.IGNORECASE)
_LESS = re.compile(
    r"workshop|\bw/s\b|finding|submi|review|challenge|competition|tutorial|demo|companion|extend|version of|reject"
    r"|withdr|shared task|doctoral|student|abstract|track(?! paper)|short|industry|under |preliminary|previous",
    re.IGNORECASE,
)
_PREPRINT = r"(?:(?:arxiv )?pre-?print|arxiv|corr)(?:[\s,.'’/-]{0,2}(?:20)?\d\d(?:[./-]\d\d?)?)?"
_ONLY_PREPRINT = re.compile(_PREPRINT, re.IGNORECASE)
_WRITTEN = rf"(?P<name>{_NAME})(?:(?P<sep>[\s’',-]{{0,2}})(?P<year>20\d\d|\d\d))?"
_ALONE = re.compile(_WRITTEN, re.IGNORECASE)
WITHIN = re.compile(rf"(?<![\w.-])(?:{_WRITTEN}|{_PREPRINT})(?![\w:]|[.’'/-]\w)", re.IGNORECASE)
"""A venue, or a remark that the paper is on arXiv, between other words."""
_DOUBT = re.compile(
    r"submi|(?:under|in) review|workshop|withdr|reject|[\s(]v\d{1,2}\b|\b(?:cs|eess|stat)\.[A-Z]{2}\b",
    re.IGNORECASE,
)
_MIN_SHARE = 0.75  # of the list's venues must have the same style
_ENOUGH = 3


_AROUND = " \t*_`[]()"
_ADDRESS = re.compile(r"https?://(?:[^\s()<>\[\]\"']|\([^\s()]{0,200}\)){1,2000}")
_NUMBER = re.compile(r"\d+")
_SLOTS = frozenset({Slot.TITLE, Slot.NAME, Slot.REST, Slot.AUTHORS})
_FACTS = frozenset({"\n", *(f"<{slot.name}>" for slot in _SLOTS)})
_ARXIV, _LINK = "<arXiv>", "<link>"
_OWN = _FACTS | {_LINK, _ARXIV}
_NEAR = 60  # tokens
_ROWS = frozenset({EntryForm.TABLE_ROW, EntryForm.HTML_ROW})
_WORD = re.compile(r"[^\W_]|<number>")


@dataclass(frozen=True, slots=True)
class Venue:
    """A conference or journal and a year; `said` is the text on arXiv that claims it."""

    name: str
    year: int
    said: str

    def __str__(self) -> str:
        return f"{self.name} {self.year}"


def venue_of(paper: Paper) -> Venue | None:
    """The venue that the paper's comment or journal reference claims; None if there is none, or more than one."""
    found: dict[tuple[str, int], Venue] = {}
    for said in (paper.comment, paper.journal_ref):
        words = _ANY_ADDRESS.sub("", said)
        for match in () if _LESS.search(words) else _claims(words):
            name, year = _SPELLED[match["name"].casefold()], int(match["year"])
            if paper.id.year <= year <= paper.id.year + 3:
                found[name, year] = Venue(name, year, said)
    return next(iter(found.values())) if len(found) == 1 else None


def _claims(said: str) -> tuple[re.Match[str], ...]:
    """The venues that a text claims; none if it also says that something else accepted the paper."""
    parts = [part.strip(" ,") for part in re.split(r"[;.,](?=\s|$)", said)]
    claimed = {part: match for part in parts if (match := _CLAIM.fullmatch(part))}
    proceedings = _PROCEEDINGS.search(said)
    others = [part for part in parts if part not in claimed and _ACCEPTED.match(part)]
    if proceedings is not None:
        return (proceedings,) if not claimed and len(others) < 2 else ()
    return () if others else tuple(claimed.values())


def is_doubted(venue: Venue, text: str, end: int) -> bool:
    """Whether the entry already names the venue, or the text after `end` says that the paper is unpublished."""
    named = re.search(
        rf"(?<!\w){venue.name}(?![^\W\d_])", _ANY_ADDRESS.sub("", text), re.IGNORECASE
    )
    line = text[end:].partition("\n")[0]
    return named is not None or _DOUBT.search(_ANY_ADDRESS.sub("", line)) is not None


def is_open(written: str) -> bool:
    """Whether the text of a venue field says only "arXiv" or "unknown"."""
    return (_ONLY_PREPRINT.fullmatch(written) or UNKNOWN.fullmatch(written)) is not None


@dataclass(frozen=True, slots=True)
class VenueStyle:
    """How a list writes venues: the separator before the year, the year's digits, and the list's spelling of names."""

    separator: str
    digits: int
    names: Mapping[str, str]

    def write(self, venue: Venue) -> str:
        """Writes a venue in this style."""
        name = self.names.get(venue.name.casefold(), venue.name)
        year = str(venue.year)[4 - self.digits :]
        return f"{name}{self.separator}{year}" if self.digits else name


def style_of(written: Iterable[str]) -> VenueStyle | None:
    """The style that most of these venues have; None if there are too few, or no style is common."""
    known = [match for text in written if (match := _ALONE.fullmatch(text))]
    styles = Counter((match["sep"] or "", len(match["year"] or "")) for match in known)
    ((separator, digits), number) = next(iter(styles.most_common(1)), (("", 0), 0))
    if number < _MIN_SHARE * len(known) or len(known) < _ENOUGH:
        return None
    return VenueStyle(separator, digits, _usual_spellings(match["name"] for match in known))


def _usual_spellings(names: Iterable[str]) -> dict[str, str]:
    """The most common spelling of each name, by the name in lower case."""
    spelled = Counter(names).most_common()
    return {name.casefold(): name for name, _ in reversed(spelled)}


class _Token(NamedTuple):
    """A character of an entry, or a placeholder for several characters: a field, a URL, or a number."""

    text: str
    at: int


class _Mention(NamedTuple):
    """A range of the plain text that names a venue or says "arXiv"; `position` identifies its place in the line."""

    position: tuple[str, str]
    start: int
    end: int


class VenueFields:
    """The places for venues in the entries of one list, and the style of the venues in each."""

    def __init__(self, entries: Collection[EntryText], fields: LabelledFields) -> None:
        self._fields = fields
        written: dict[tuple[str, str], list[str]] = defaultdict(list)
        for entry in entries:
            for mention in self._mentions(entry):
                written[mention.position].append(entry.plain[mention.start : mention.end])
        self._styles = {position: style_of(texts) for position, texts in written.items()}

    def published(self, entry: EntryText, paper: Paper) -> tuple[int, int, str, Venue] | None:
        """The edit (start, end, new text) that adds the paper's venue to an entry without one, and the venue."""
        if (venue := venue_of(paper)) is None:
            return None
        mentions = list(self._mentions(entry))
        open_mentions = [
            mention for mention in mentions if is_open(entry.plain[mention.start : mention.end])
        ]
        edits = [
            (mention.start, mention.end, style.write(venue), venue)
            for mention in open_mentions
            if (style := self._styles[mention.position])
            and not is_doubted(venue, entry.plain, mention.end)
        ]
        return edits[0] if len(edits) == 1 and len(open_mentions) == len(mentions) else None

    def _mentions(self, entry: EntryText) -> Iterator[_Mention]:
        if field := self._fields.of(entry, Fact.VENUE):
            if core := field.value.strip(_AROUND):
                start = field.start + field.value.index(core)
                yield _Mention((field.name, ""), start, start + len(core))
        elif entry.entry.form not in _ROWS and not entry.is_long:
            yield from _within_lines(entry)


def _within_lines(entry: EntryText) -> Iterator[_Mention]:
    """The venues that the entry's lines name outside of its fields and URLs."""
    tokens = tuple(_tokens(entry))
    texts = [token.text for token in tokens]
    for match in WITHIN.finditer(entry.words):
        first = bisect_right(tokens, match.start(), key=lambda token: token.at) - 1
        last = bisect_left(tokens, match.end(), key=lambda token: token.at)
        if not _OWN & set(texts[first:last]):
            before = _since_field(texts[max(0, first - _NEAR) : first])
            yield _Mention((before, _to_word(texts[last : last + _NEAR])), *match.span())


def _tokens(entry: EntryText) -> Iterator[_Token]:
    text, position = entry.words, 0
    fields = {
        span.start: (f"<{span.slot.name}>", span.end)
        for span in entry.spans
        if span.slot in _SLOTS and span.end <= len(text)
    }
    while position < len(text):
        token, following = fields.get(position) or _token_at(text, position)
        yield _Token(token, position)
        position = following


def _token_at(text: str, position: int) -> tuple[str, int]:
    """The token that starts at an offset outside of fields, and the offset of its end."""
    if match := _ADDRESS.match(text, position):
        return _ARXIV if "arxiv.org" in match[0] else _LINK, match.end()
    if match := _NUMBER.match(text, position):
        return "<number>", match.end()
    return text[position], position + 1


def _since_field(before: Sequence[str]) -> str:
    """The last tokens, from the title, the authors or the start of the line on."""
    stop = (n for n in range(len(before), 0, -1) if before[n - 1] in _FACTS)
    return "".join(before[next(stop, 1) - 1 :])


def _to_word(after: Sequence[str]) -> str:
    """The first tokens, up to a word or the end of the line."""
    stop = (n for n, text in enumerate(after) if text == "\n" or _WORD.fullmatch(text))
    return "".join(after[: next(stop, len(after))])
