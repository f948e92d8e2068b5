"""Dates as entries write them, each with the format that would write another date the same way."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

from bot.core.arxiv_id import ArxivId
from bot.core.english import MONTHS, SHORT_MONTHS
from bot.core.model import Paper

_YEAR = r"(?P<Y>(?:19|20)\d\d)"
_MONTH = r"(?P<m>0[1-9]|1[0-2])"
_DAY = r"(?P<d>0[1-9]|[12]\d|3[01])"
_NAME = rf"(?P<B>{'|'.join(MONTHS)})|(?P<b>{'|'.join(SHORT_MONTHS)})"
_FREE = r"(?<![\w.:/-])"  # not inside a word, a number or an address
_ENDS = r"(?![\w]|[.:/-]\d)"

# From the most telling to the least; `_` stands for a separator that is kept as it is.
_PATTERNS = (
    (rf"{_FREE}{_YEAR}(?P<s>[-./]){_MONTH}(?P<t>[-./]?){_DAY}{_ENDS}", "%Y{s}%m{t}%d"),
    (rf"{_FREE}(?:{_NAME})(?P<s>\.? )(?P<e>\d\d?)(?P<t>,? ){_YEAR}{_ENDS}", "%B{s}%-d{t}%Y"),
    (rf"{_FREE}{_YEAR}(?P<s>[-./]?){_MONTH}{_ENDS}", "%Y{s}%m"),
    (rf"{_FREE}{_YEAR}(?P<s>[-./])(?P<n>[1-9]|1[0-2]){_ENDS}", "%Y{s}%-m"),
    (rf"{_FREE}(?P<m>0[1-9]|1[0-2])(?P<s>[-/]){_YEAR}{_ENDS}", "%m{s}%Y"),
    (rf"{_FREE}(?:{_NAME})(?P<s>[., ]{{0,2}} ?){_YEAR}{_ENDS}", "%B{s}%Y"),
    (
        rf"(?:(?<=[\[(`])|(?<=arXiv )|(?<=arxiv ))(?P<y>[0-3]\d)(?P<s>[-./]?){_MONTH}(?=[\])`\s|,]|$)",
        "%y{s}%m",
    ),
    (rf"(?<![\w./-]){_YEAR}(?![\w/-]|\.\d)", "%Y"),
    (r"(?<=['’])(?P<y>[0-3]\d)(?!\w)", "%y"),
)
_NUMBERS = {name: number for number, name in enumerate(SHORT_MONTHS, 1)}
_ANNOUNCED_WITHIN = 5  # days after which a paper is announced, over a weekend and a holiday
_DATES = tuple((re.compile(pattern), form) for pattern, form in _PATTERNS)
_ADDRESS = re.compile(r"\]\([^()\s]{0,2000}|https?://[^\s)\]>|]{1,2000}|<[^<>]{1,1000}>")


@dataclass(frozen=True, slots=True)
class Written:
    """A date at characters `start` to `end` of a text, to the year, the month or the day, and its `format`."""

    start: int
    end: int
    year: int
    month: int | None
    day: int | None
    format: str

    def agrees(self, paper_id: ArxivId, within: int = 0) -> bool:
        """Whether it is the year of the id, and where it has a month, that month or one `within` so many of it."""
        if self.month is None:
            return self.year == paper_id.year
        months = (self.year - paper_id.year) * 12 + self.month - paper_id.month
        return abs(months) <= within


def find_dates(text: str) -> tuple[Written, ...]:
    """The dates of the most telling kind that occurs in the text outside of addresses, in order."""
    bare = _ADDRESS.sub(lambda match: "\0" * len(match[0]), text)
    for pattern, form in _DATES:
        if found := tuple(_written(match, form) for match in pattern.finditer(bare)):
            return found
    return ()


def _written(match: re.Match[str], form: str) -> Written:
    year = int(_group(match, "Yy"))
    month = _NUMBERS.get(_group(match, "Bb")[:3]) or int(_group(match, "mn") or 0)
    day = int(_group(match, "de") or 0)
    form = form.replace("%B", "%b") if _group(match, "b") else form
    form = form.format(s=_group(match, "s"), t=_group(match, "t"))
    century = 0 if year > 99 else 2000
    return Written(match.start(), match.end(), century + year, month or None, day or None, form)


def _group(match: re.Match[str], names: str) -> str:
    """What the first of these groups matched; empty where none did, or the pattern has none of them."""
    groups = match.groupdict()
    return next((groups[name] for name in names if groups.get(name)), "")


def render_date(paper: Paper, form: str) -> str:
    """The date of the first version, where it is known and asked to the day; else the month of the id."""
    year, month, day = paper.id.year, paper.id.month, _day(paper)
    parts = {
        "%Y": f"{year:04}",
        "%y": f"{year % 100:02}",
        "%m": f"{month:02}",
        "%-m": str(month),
        "%B": MONTHS[month - 1],
        "%b": SHORT_MONTHS[month - 1],
        "%d": f"{day:02}",
        "%-d": str(day),
    }
    return re.sub(r"%-?[A-Za-z]", lambda code: parts[code[0]], form)


def _day(paper: Paper) -> int:
    """The day of the paper in the month of its id, 1 where it is not known.

    A paper of a month's last days may be known by its announcement only, some days into the next.
    """
    known = paper.submitted or paper.announced
    if known is None:
        return 1
    year, month = paper.id.year, paper.id.month
    if (known.year, known.month) == (year, month):
        return known.day
    last = date(year, month, calendar.monthrange(year, month)[1])
    late = (date(known.year, known.month, known.day) - last).days
    return last.day if 0 < late <= _ANNOUNCED_WITHIN else 1
