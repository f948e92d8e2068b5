"""Where a paper was published: by its comment or journal reference, and as the list writes venues.

Only the name and year of a conference or journal that is known here is taken for certain, said in words that claim
publication and nothing less: a workshop, a submission, findings or a challenge is another thing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.core.model import Paper

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
_ADDRESS = re.compile(r"https?:\S+")
_ACCEPTED = re.compile(r"accept|publish|to appear|appear(?:s|ing|ed)|presented", re.IGNORECASE)
_LESS = re.compile(
    r"workshop|\bw/s\b|finding|submi|review|challenge|competition|tutorial|demo|companion|extend|version of|reject"
    r"|withdr|shared task|doctoral|student|abstract|track(?! paper)|short|industry|under |preliminary|previous",
    re.IGNORECASE,
)
_PREPRINT = r"(?:(?:arxiv )?pre-?print|arxiv|corr)(?:[\s,.'’/-]{0,2}(?:20)?\d\d(?:[./-]\d\d?)?)?"
_ARXIV = re.compile(rf"{_PREPRINT}|[-–—]|/|N/?A|TBD|", re.IGNORECASE)
_WRITTEN = rf"(?P<name>{_NAME})(?:(?P<sep>[\s’',-]{{0,2}})(?P<year>20\d\d|\d\d))?"
_ALONE = re.compile(_WRITTEN, re.IGNORECASE)
WITHIN = re.compile(rf"(?<![\w.-])(?:{_WRITTEN}|{_PREPRINT})(?![\w:]|[.’'/-]\w)", re.IGNORECASE)
"""A venue, or that a paper is on arXiv, between other words."""
_DOUBT = re.compile(
    r"submi|(?:under|in) review|workshop|withdr|reject|[\s(]v\d{1,2}\b|\b(?:cs|eess|stat)\.[A-Z]{2}\b",
    re.IGNORECASE,
)
_USUAL = 0.75  # share of the list's venues that must be written alike
_ENOUGH = 3


@dataclass(frozen=True, slots=True)
class Venue:
    """A conference or journal, and a year; `said` are the words that it is known by."""

    name: str
    year: int
    said: str

    def __str__(self) -> str:
        return f"{self.name} {self.year}"


def venue_of(paper: Paper) -> Venue | None:
    """The one venue that the paper's comment or journal reference claims without reservation."""
    found: dict[tuple[str, int], Venue] = {}
    for said in (paper.comment, paper.journal_ref):
        words = _ADDRESS.sub("", said)
        for match in () if _LESS.search(words) else _claims(words):
            name, year = _SPELLED[match["name"].casefold()], int(match["year"])
            if paper.id.year <= year <= paper.id.year + 3:
                found[name, year] = Venue(name, year, said)
    return next(iter(found.values())) if len(found) == 1 else None


def _claims(said: str) -> tuple[re.Match[str], ...]:
    """The venues that are claimed; none where something else is said to have accepted the paper."""
    parts = [part.strip(" ,") for part in re.split(r"[;.,](?=\s|$)", said)]
    claimed = {part: match for part in parts if (match := _CLAIM.fullmatch(part))}
    proceedings = _PROCEEDINGS.search(said)
    others = [part for part in parts if part not in claimed and _ACCEPTED.match(part)]
    if proceedings is not None:
        return (proceedings,) if not claimed and len(others) < 2 else ()
    return () if others else tuple(claimed.values())


def is_doubted(venue: Venue, text: str, end: int) -> bool:
    """Whether an entry names the venue already, or goes on, behind `end`, as of what is unpublished."""
    named = re.search(rf"(?<!\w){venue.name}(?![^\W\d_])", _ADDRESS.sub("", text), re.IGNORECASE)
    line = text[end:].partition("\n")[0]
    return named is not None or _DOUBT.search(_ADDRESS.sub("", line)) is not None


def is_open(written: str) -> bool:
    """Whether what stands in a venue's place says only that the paper is on arXiv, or nothing."""
    return _ARXIV.fullmatch(written) is not None


@dataclass(frozen=True, slots=True)
class Manner:
    """The one way in which a list writes venues; `names` are those it has, as it spells them."""

    separator: str
    digits: int
    names: Mapping[str, str]

    def of(self, venue: Venue) -> str:
        """The venue, written so."""
        name = self.names.get(venue.name.casefold(), venue.name)
        year = str(venue.year)[4 - self.digits :]
        return f"{name}{self.separator}{year}" if self.digits else name


def manner_of(others: Iterable[str]) -> Manner | None:
    """The way in which the list writes the venues of its other entries; None where it has no one way."""
    known = [match for one in others if (match := _ALONE.fullmatch(one))]
    ways = Counter((match["sep"] or "", len(match["year"] or "")) for match in known)
    if len(known) < _ENOUGH:
        return None
    (separator, digits), count = ways.most_common(1)[0]
    if count < _USUAL * len(known):
        return None
    spelled = Counter(match["name"] for match in known)
    names = {name.casefold(): name for name, _ in reversed(spelled.most_common())}
    return Manner(separator, digits, names)
