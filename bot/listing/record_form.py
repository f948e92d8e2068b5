"""Makes the record of a new paper in the form of existing records; fields with unknown values stay empty."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.core import escaping, titles
from bot.core.arxiv_id import ArxivId
from bot.core.model import Paper
from bot.listing.dates import find_dates, render_date
from bot.listing.records import TITLES, Record, title_in
from bot.listing.render import code_repository
from bot.listing.yaml_records import Value

_AUTHORS = re.compile(r"authors?", re.IGNORECASE)
_ABSTRACT = re.compile(r"abstract", re.IGNORECASE)
_MOST = 0.8  # the share of records that must have the same value for a new record to get it
_HALF = 0.5
_NOTHING: tuple[Value, ...] = (None, "", [], {})
_TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.+Z-]+")
# Marks for id, code and citation key; the fourth is on both sides of a date format.
_MARKED = re.compile("[\ue000-\ue003]")
_DATE = re.compile("\ue003([^\ue003]*)\ue003")


@dataclass(frozen=True, slots=True)
class RecordSample:
    """A record to learn from, and the id of its paper."""

    record: Record
    paper_id: ArxivId


_Values = Sequence[tuple[Value, ArxivId]]


def fill_record(
    samples: Sequence[RecordSample], paper: Paper, *, todo: bool = False
) -> tuple[Record, tuple[str, ...]]:
    """Makes the new record in the most common order of fields; also returns the empty fields that most samples fill.

    With `todo`, such a field that is a text gets the value `TODO`.
    """
    forms = Counter(tuple(sample.record) for sample in samples)
    usual = max(forms, key=forms.__getitem__, default=())
    filled = {key: _filled(key, _values_of(key, samples), paper, samples) for key in usual}
    record = {
        key: filled[key] for key in usual if filled[key] not in _NOTHING or _is_kept(key, samples)
    }
    unfilled = tuple(key for key in record if record[key] in _NOTHING and _is_usual(key, samples))
    texts = (key for key in unfilled if todo and _is_text(key, samples))
    return record | dict.fromkeys(texts, "TODO"), unfilled


def _is_text(key: str, samples: Sequence[RecordSample]) -> bool:
    return all(isinstance(value, str) for value, _ in _values_of(key, samples) if value is not None)


def _values_of(key: str, samples: Sequence[RecordSample]) -> _Values:
    """The samples' values of a field, each with its paper's id."""
    return [(sample.record[key], sample.paper_id) for sample in samples if key in sample.record]


def _is_kept(key: str, samples: Sequence[RecordSample]) -> bool:
    """Whether a record has the field even if its value is unknown."""
    values = [value for value, _ in _values_of(key, samples)]
    return len(values) == len(samples) or not all(values)


def _is_usual(key: str, samples: Sequence[RecordSample]) -> bool:
    """Whether nearly all records fill the field."""
    return sum(bool(sample.record.get(key)) for sample in samples) >= _MOST * len(samples)


def _filled(key: str, values: _Values, paper: Paper, samples: Sequence[RecordSample]) -> Value:
    """A field's value: the fact that the field is named after, else what the other records' values share."""
    first = next((value for value, _ in values if value), None)
    if isinstance(first, dict):
        return _mapping(values, paper, samples)
    named = _by_name(key, first, values, paper)
    return _shared(values, paper, samples) if named is None else named


def _by_name(key: str, first: Value, values: _Values, paper: Paper) -> Value:
    """The title, authors or abstract if the field is named after it; None for other fields."""
    if TITLES.fullmatch(key) and not _is_address(first):
        return escaping.clean(titles.plain(paper.title))
    if _AUTHORS.fullmatch(key):
        names = [escaping.clean(titles.plain(name)) for name in paper.authors]
        return list(names) if isinstance(first, list) else _separator(values).join(names)
    return (
        escaping.clean(titles.plain_abstract(paper.abstract)) if _ABSTRACT.fullmatch(key) else None
    )


def _is_address(value: Value) -> bool:
    return isinstance(value, str) and "://" in value


def _separator(values: _Values) -> str:
    found = [value for value, _ in values if isinstance(value, str)]
    return max((", ", "; ", " and "), key=lambda part: sum(part in value for value in found))


def _mapping(values: _Values, paper: Paper, samples: Sequence[RecordSample]) -> dict[str, Value]:
    """A nested mapping, with those fields that half of the other records have and whose values are known."""
    inner = [RecordSample(value, paper_id) for value, paper_id in values if isinstance(value, dict)]
    counted = Counter(key for sample in inner for key in sample.record)
    usual = (key for key, times in counted.items() if times >= _HALF * len(inner))
    filled = {key: _filled(key, _values_of(key, inner), paper, samples) for key in usual}
    return {key: value for key, value in filled.items() if value}


def _shared(values: _Values, paper: Paper, samples: Sequence[RecordSample]) -> Value:
    """The most common value, with this paper's facts in place of theirs; an empty value if the values differ."""
    if any(isinstance(value, list) and value for value, _ in values):
        return _shared_list(values)
    if _are_moments(values):
        return paper.submitted.isoformat() if paper.submitted else ""
    given = [(value, paper_id) for value, paper_id in values if value not in (None, "")]
    form = _shared_form(given, len(values), samples)
    text = _with_facts(form, paper) if form else None
    return _empty(values) if text is None else _converted(text, given[0][0])


def _shared_list(values: _Values) -> Value:
    lists = [tuple(map(str, value)) for value, _ in values if isinstance(value, list)]
    common, times = Counter(lists).most_common(1)[0]
    return list(common) if times >= _MOST * len(values) else []


def _shared_form(given: _Values, size: int, samples: Sequence[RecordSample]) -> str:
    """The most common form of the values given, in a field that `size` records have; empty if too few share it.

    A form with facts of the paper must have half of the values; any other must have nearly all.
    """
    keys = {
        sample.paper_id: _citation_key(sample.record, sample.paper_id.year) for sample in samples
    }
    forms = Counter(_form(value, paper_id, keys.get(paper_id, "")) for value, paper_id in given)
    form, times = forms.most_common(1)[0] if forms else ("", 0)
    least = _HALF * len(given) if _MARKED.search(form) else _MOST * size
    return form if times >= least else ""


def _converted(text: str, like: Value) -> Value:
    """Converts the text to the type of the other values."""
    if isinstance(like, bool):
        return text == "True"
    return int(text) if isinstance(like, int) and text.isdigit() else text


def _empty(values: _Values) -> Value:
    return next((value for value, _ in values if value in (None, "")), "")


def _are_moments(values: _Values) -> bool:
    """Whether most values are a date with a time."""
    moments = sum(
        isinstance(value, str) and _TIME.fullmatch(value) is not None for value, _ in values
    )
    return moments >= _HALF * max(1, len(values))


def _form(value: Value, paper_id: ArxivId, key: str) -> str:
    """A value with marks for its paper's facts: the id, a date, the citation key, the code."""
    text = str(value)
    if key and text == key:
        return "\ue002"
    text = re.sub(rf"{re.escape(str(paper_id))}(?:v\d+)?", "\ue000", text)
    text = re.sub(r"(?<=github\.com/)[\w.-]+/[\w.-]+", "\ue001", text)
    if text.isdigit() and len(text) == 4 and int(text) == paper_id.year:
        return "\ue003%Y\ue003"
    for date in reversed(find_dates(text)):
        if date.agrees(paper_id, within=1):
            text = f"{text[: date.start]}\ue003{date.format}\ue003{text[date.end :]}"
    return text


def _with_facts(form: str, paper: Paper) -> str | None:
    """The form filled with a paper's facts; None if one is unknown."""
    code = code_repository(paper)
    record: Record = {"title": paper.title, "authors": list(paper.authors)}
    if "\ue001" in form and not code:
        return None
    facts = {
        "\ue000": str(paper.id),
        "\ue001": code,
        "\ue002": _citation_key(record, paper.id.year),
    }
    for mark, fact in facts.items():
        form = form.replace(mark, fact)
    dates = {form: render_date(paper, form) for form in _DATE.findall(form)}
    return _DATE.sub(lambda date: dates[date[1]], form) if all(dates.values()) else None


def _citation_key(record: Record, year: int) -> str:
    """The usual key of a citation: the first author's last name, the year, and the title's first word."""
    name = _last_name(next((record[key] for key in record if _AUTHORS.fullmatch(key)), None))
    word = next(iter(title_in(record).split()), "")
    return re.sub(r"[^a-z0-9]", "", f"{titles.key(name)}{year}{titles.key(word)}") if name else ""


def _last_name(authors: Value) -> str:
    """The last name of the first author, from a list or a text separated by commas."""
    first = next(map(str, authors), "") if isinstance(authors, list) else str(authors or "")
    return next(reversed(first.partition(",")[0].split()), "")
