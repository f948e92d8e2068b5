"""Finds arXiv ids in text and normalises them: one value per paper, in whatever form its id is written.

An id counts only after a prefix (an arXiv-like host, `arXiv:`, the DOI prefix, a badge, a BibTeX `eprint`), because
bare numbers of that form also occur in DOIs, prices and version numbers.
The rules of the two id schemes are at https://info.arxiv.org/help/arxiv_identifier.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

# Every archive that ever issued ids of the old scheme, including those that were merged into others since
# (https://arxiv.org/category_taxonomy).
_OLD_ARCHIVES = frozenset(
    (
        "acc-phys adap-org alg-geom ao-sci astro-ph atom-ph bayes-an chao-dyn chem-ph cmp-lg comp-gas cond-mat cs "
        "dg-ga funct-an gr-qc hep-ex hep-lat hep-ph hep-th math math-ph mtrl-th nlin nucl-ex nucl-th patt-sol "
        "physics plasm-ph q-alg q-bio q-fin quant-ph solv-int supr-con"
    ).split()
)

_NUMBER = (
    r"(?:(?P<yymm>\d{4})\.(?P<number>\d{4,5})"
    r"|(?P<archive>[a-z]{2,8}(?:-[a-z]{2,5})?)(?:\.[a-z]{2}(?:-[a-z]{2,4})?)?/(?P<old>\d{7}))"
    r"(?:v(?P<version>[1-9]\d{0,2}))?(?!\d)"
)
_PREFIXED = re.compile(
    r"(?:"
    # a page of arXiv or of a site that uses arXiv's ids in its paths
    r"(?:arxiv\.org|ar5iv\.org|alphaxiv\.org|scirate\.com|papers\.cool)(?:/+[\w.-]{1,40}){0,4}?/+"
    r"|huggingface\.co/papers/+"
    r"|semanticscholar\.org/arxiv/+"
    r"|10\.48550/arxiv\."
    r"|arxiv\.org:"  # oai:arXiv.org:ID
    r"|\barxiv(?:\s{0,2}[:_-]\s{0,2}|%3a|%20|\s{1,2})"  # arXiv:ID, badges, `arXiv ID`
    r"|\beprint\s{0,3}=\s{0,3}[{\"]?"
    r")" + _NUMBER + r"|\bcorr/abs-(?P<dblp_yymm>\d{4})-(?P<dblp_number>\d{4,5})(?!\d)",
    re.IGNORECASE | re.ASCII,
)
_PREFIXED_LOWER = re.compile(_PREFIXED.pattern, re.ASCII)
_PREFIXES = "arxiv ar5iv. alphaxiv scirate papers.cool huggingface semanticscholar 10.48550 eprint corr/".split()
"""The start of each prefix, in lower case: ten calls of `str.find` are faster than one regular expression."""
_BARE = re.compile(r"\s*(?:arxiv:)?" + _NUMBER + r"\s*", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class ArxivId:
    """The normalised id of a paper; ids that differ only in their version are equal.

    `value` is `YYMM.NNNN`, `YYMM.NNNNN` or `archive/YYMMNNN`, in lower case and without subject class.
    """

    value: str
    version: int | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return self.value

    @property
    def url(self) -> str:
        """The URL of the abstract page of the newest version."""
        return f"https://arxiv.org/abs/{self.value}"

    @property
    def pdf_url(self) -> str:
        """The URL of the PDF of the newest version."""
        return f"https://arxiv.org/pdf/{self.value}"

    @property
    def year(self) -> int:
        """The year in which arXiv issued the id."""
        return self.order[0]

    @property
    def month(self) -> int:
        """The month, 1 to 12, in which arXiv issued the id."""
        return self.order[1]

    @property
    def order(self) -> tuple[int, int, str, int]:
        """A sort key for the order in which arXiv issued ids: by month, then by number."""
        return _order(self.value)

    @classmethod
    def parse(cls, text: str) -> ArxivId:
        """Reads a bare id (`2401.00001v2`, `math.GT/0309136`, `arXiv:…`) or one in a form that `find_ids` knows.

        Raises:
            ValueError: `text` contains no id, or more than one.
        """
        if bare := _BARE.fullmatch(text):
            found = {bare_id} if (bare_id := _from_match(bare)) else set()
        else:
            found = {mention.id for mention in find_ids(text)}
        if len(found) != 1:
            raise ValueError(f"{text!r} contains {'no' if not found else 'more than one'} arXiv id")
        return found.pop()


@lru_cache(1 << 14)
def _order(value: str) -> tuple[int, int, str, int]:
    archive, _, number = value.rpartition("/")
    year = int(number[:2])
    century = 1900 if year > 90 else 2000
    return (century + year, int(number[2:4]), archive, int(number[4:].lstrip(".")))


class Mention(NamedTuple):  # no dataclass, because a run makes tens of thousands
    """An id found in a text, with the half-open range of its characters, including the prefix."""

    id: ArxivId
    start: int
    end: int


def find_ids(text: str) -> Iterator[Mention]:
    """Finds every arXiv id after a prefix in `text`, in order, with repeats."""
    lower = text.lower()
    if len(lower) != len(text):  # some characters are longer in lower case
        yield from _mentions(_PREFIXED.finditer(text))
        return
    present = [prefix for prefix in _PREFIXES if prefix in lower]
    starts = sorted(start for prefix in present for start in _offsets(lower, prefix))
    yield from _mentions(filter(None, (_PREFIXED_LOWER.match(lower, start) for start in starts)))


def _offsets(text: str, wanted: str) -> Iterator[int]:
    start = text.find(wanted)
    while start >= 0:
        yield start
        start = text.find(wanted, start + 1)


def _mentions(matches: Iterable[re.Match[str]]) -> Iterator[Mention]:
    end = 0
    for match in matches:
        if match.start() >= end and (found := _from_match(match)):
            end = match.end()
            yield Mention(found, match.start(), end)


def _from_match(match: re.Match[str]) -> ArxivId | None:
    version = int(match["version"]) if match["version"] else None
    if match["old"]:
        return _old(match["archive"].lower(), match["old"], version)
    if match["yymm"] or match.re is _BARE:
        return _new(match["yymm"], match["number"], version)
    return _new(match["dblp_yymm"], match["dblp_number"], version)


def _new(yymm: str, number: str, version: int | None) -> ArxivId | None:
    """An id of the new scheme: four digits until 1412, five since; like arXiv, pads four digits to five."""
    if not 1 <= int(yymm[2:]) <= 12 or yymm < "0704" or int(number) == 0:
        return None
    if yymm >= "1501":
        number = number.zfill(5)
    elif len(number) != 4:
        return None
    return ArxivId(f"{yymm}.{number}", version)


def _old(archive: str, digits: str, version: int | None) -> ArxivId | None:
    yymm = digits[:4]
    in_time = yymm >= "9107" or yymm <= "0703"
    if archive not in _OLD_ARCHIVES or not 1 <= int(yymm[2:]) <= 12 or not in_time:
        return None
    return ArxivId(f"{archive}/{digits}", version) if int(digits[4:]) else None
