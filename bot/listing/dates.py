"""Finds the dates in entries, and the format that writes another date in the same way."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.core.arxiv_id import ArxivId
from bot.core.english import MONTHS, SHORT_MONTHS
from bot.core.model import Paper

_YEAR = r"(?P<Y>(?:19|20)\d\d)"
_MONTH = r"(?P<m>0[1-9]|1[0-2])"
_DAY = r"(?P<d>0[1-9]|[12]\d|3[01])"
_NAME = rf"(?P<B>{'|'.join(MONTHS)})|(?P<b>Sept|{'|'.join(SHORT_MONTHS)})"
_NTH = r"(?P<o>st|nd|rd|th)?"
_FREE = r"(?<![\w.:/-])"  # not within a word, a number or an address
_ENDS = r"(?![\w]|[.:/-]\d)"
_SHORT_YEAR = r"(?P<y>[0-3]\d)"
# Two digits are a year only at the start of an item, a cell or brackets, or after "arXiv".
_OPENED = r"(?:(?<=[\[(`|<])|(?<=[|*+-] )|(?<=\d\. )|(?<=arXiv )|(?<=arxiv ))"
_CLOSED = r"(?=[\])`>\s|,:]|$)"

# From the most precise to the least; `s` and `t` are separators, which are kept unchanged.
_PATTERNS = (
    (rf"{_FREE}{_YEAR}(?P<s>[-./]){_MONTH}(?P<t>[-./]?){_DAY}{_ENDS}", "%Y{s}%m{t}%d"),
    (rf"{_OPENED}{_SHORT_YEAR}(?P<s>[-./]){_MONTH}(?P<t>[-./]){_DAY}{_CLOSED}", "%y{s}%m{t}%d"),
    (rf"{_FREE}(?:{_NAME})(?P<s>\.? )(?P<e>\d\d?){_NTH}(?P<t>,? ){_YEAR}{_ENDS}", "%B{s}{e}{t}%Y"),
    (rf"{_FREE}(?P<e>\d\d?){_NTH}(?P<s> )(?:{_NAME})(?P<t>[.,]? ){_YEAR}{_ENDS}", "{e}{s}%B{t}%Y"),
    (rf"{_FREE}{_YEAR}(?P<s>[-./]?){_MONTH}{_ENDS}", "%Y{s}%m"),
    (rf"{_FREE}{_YEAR}(?P<s>[-./])(?P<n>[1-9]|1[0-2]){_ENDS}", "%Y{s}%-m"),
    (rf"{_FREE}(?P<m>0[1-9]|1[0-2])(?P<s>[-/.]){_YEAR}{_ENDS}", "%m{s}%Y"),
    (rf"{_FREE}(?:{_NAME})(?P<s>[-., ]{{0,2}} ?){_YEAR}{_ENDS}", "%B{s}%Y"),
    (rf"{_FREE}{_YEAR}(?P<s>[-., ]{{1,2}})(?:{_NAME})(?![\w])", "%Y{s}%B"),
    (rf"{_OPENED}{_SHORT_YEAR}(?P<s>[-./]){_MONTH}{_CLOSED}", "%y{s}%m"),
    (
        rf"(?:(?<=[\[(`])|(?<=arXiv )|(?<=arxiv )){_SHORT_YEAR}(?P<s>[-./]?){_MONTH}{_CLOSED}",
        "%y{s}%m",
    ),
    (rf"(?<![\w./-]){_YEAR}(?![\w/-]|\.\d)", "%Y"),
    (r"(?<=['’])(?P<y>[0-3]\d)(?!\w)", "%y"),
)
_BADGE_PATTERNS = (
    (rf"(?<!\d){_YEAR}(?P<s>[._-]|--|%20){_MONTH}(?!\d)", "%Y{s}%m"),
    (rf"(?:{_NAME})(?P<s>[._-]|--|%20){_YEAR}(?!\d)", "%B{s}%Y"),
    (rf"(?<![\d.]){_SHORT_YEAR}(?P<s>[._]){_MONTH}(?!\d)", "%y{s}%m"),
)
_FULL_YEAR = re.compile(_YEAR)
_NUMBERS = {name: number for number, name in enumerate(SHORT_MONTHS, 1)}
_DATES = tuple((re.compile(pattern), form) for pattern, form in _PATTERNS)
_BADGE_DATES = tuple((re.compile(pattern), form) for pattern, form in _BADGE_PATTERNS)
_ADDRESS = re.compile(r"\]\([^()\s]{0,2000}|https?://[^\s)\]>|]{1,2000}|</?[A-Za-z!][^<>]{0,1000}>")
_BADGE = re.compile(r"img\.shields\.io/badge/[^\s)\"'?<>]{1,200}")


@dataclass(frozen=True, slots=True)
class Written:
    """A date in characters `start` to `end` of a text, and its `format`; `month` and `day` are None if missing."""

    start: int
    end: int
    year: int
    month: int | None
    day: int | None
    format: str

    def agrees(self, paper_id: ArxivId, within: int = 0) -> bool:
        """Whether the date has the year of the id, or, if it has a month, is at most `within` months from the id's."""
        if self.month is None:
            return self.year == paper_id.year
        months = (self.year - paper_id.year) * 12 + self.month - paper_id.month
        return abs(months) <= within


def find_dates(text: str) -> tuple[Written, ...]:
    """Returns the dates of the most precise kind in the text, in order.

    Dates in badges count only if no other date has a month.
    """
    bare = _ADDRESS.sub(lambda match: "\0" * len(match[0]), text)
    has_year = _FULL_YEAR.search(bare)
    for pattern, form in _DATES:
        if not has_year and "Y" in pattern.groupindex:
            continue
        if found := tuple(_written(match, form) for match in pattern.finditer(bare)):
            return found if found[0].month else find_badge_dates(text) or found
    return find_badge_dates(text)


def find_badge_dates(text: str) -> tuple[Written, ...]:
    """Returns the months that addresses of shields.io badges contain, in order."""
    if "shields.io" not in text:
        return ()
    badges = [match.span() for match in _BADGE.finditer(text)]
    for pattern, form in _BADGE_DATES:
        found = tuple(
            _written(match, form)
            for start, end in badges
            for match in pattern.finditer(text, start, end)
        )
        if found:
            return found
    return ()


def _written(match: re.Match[str], form: str) -> Written:
    year = int(_group(match, "Yy"))
    month = _NUMBERS.get(_group(match, "Bb")[:3]) or int(_group(match, "mn") or 0)
    day = int(_group(match, "de") or 0)
    century = 0 if year > 99 else 2000
    return Written(
        match.start(),
        match.end(),
        century + year,
        month or None,
        day or None,
        _format(match, form),
    )


def _format(match: re.Match[str], form: str) -> str:
    """The format with the separators of the match, its short or full month name, and its notation of the day."""
    form = form.replace("%B", "%b") if _group(match, "b") else form
    day = "%d" if _group(match, "de").startswith("0") else "%-d"
    day += "%o" if _group(match, "o") else ""
    return form.format(s=_group(match, "s"), t=_group(match, "t"), e=day)


def _group(match: re.Match[str], names: str) -> str:
    """The text of the first of these groups that matched; empty if none did."""
    groups = match.groupdict()
    return next((groups[name] for name in names if groups.get(name)), "")


_DAY_CODE = re.compile(r"%-?d(?:%o)?")


def has_day(form: str) -> bool:
    """Whether a date's format writes the day."""
    return _DAY_CODE.search(form) is not None


def without_day(form: str) -> str:
    """The format for the month alone: "%B %Y" of "%B %-d, %Y", "%Y-%m" of "%Y-%m-%d"."""
    return re.sub(rf"[-./]?{_DAY_CODE.pattern}$|{_DAY_CODE.pattern}[.,]? ?", "", form)


def render_date(paper: Paper, form: str) -> str:
    """Writes the month of the paper's id or, in a format with a day, the day of its first version; empty if unknown.

    The day of an announcement is no substitute: it is one to five days after that of the first version.
    """
    year, month, day = paper.id.year, paper.id.month, 0
    if has_day(form):
        if paper.submitted is None:
            return ""
        year, month, day = paper.submitted.year, paper.submitted.month, paper.submitted.day
    parts = {
        "%Y": f"{year:04}",
        "%y": f"{year % 100:02}",
        "%m": f"{month:02}",
        "%-m": str(month),
        "%B": MONTHS[month - 1],
        "%b": SHORT_MONTHS[month - 1],
        "%d": f"{day:02}",
        "%-d": str(day),
        "%o": "th" if 10 < day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th"),
    }
    return re.sub(r"%-?[A-Za-z]", lambda code: parts[code[0]], form)
