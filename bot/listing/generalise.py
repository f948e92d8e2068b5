"""Removes what only one entry has, and keeps the slots and the words that the list's entries share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from bot.listing.fields import Slot
from bot.listing.markup import Group, parse
from bot.listing.samples import MARK, NO_FACT, PREPRINT, Sample, Wanted

HALF, NEARLY_ALL = 0.5, 0.8  # shares of the samples
# Letters, digits, emoji.
_WORD = re.compile("&#?\\w{1,31};|[^\\W_]|[^\\w\\s!-/:-@\\[-`{-~–—’‘“”…·•\ue000-\uf8ff]")
_ADDRESS = re.compile(r"https?://[^\s()\"'<>\ue000-\uf8ff]+(?![\ue000-\uf8ff])")
_LABELS = frozenset(
    "abs abstract arxiv author authors by click code date here link links me official paper pdf preprint published s "
    "summary title tldr year".split()
)


def shared_by(samples: Sequence[Sequence[str]], share: float) -> frozenset[str]:
    """Returns the words, addresses and groups without slots that at least this share of the samples has.

    Each sample is given as its parts. Half of the samples are enough for words that say "preprint", because every paper
    is one. If there is only one sample, only labels count as shared.
    """
    counted = Counter(unit for parts in samples for unit in _distinct_units(parts))
    return frozenset(
        unit
        for unit, count in counted.items()
        if not _has_only_symbols(unit) and _is_shared(unit, count, len(samples), share)
    )


def _distinct_units(parts: Iterable[str]) -> set[str]:
    return {unit for part in parts for unit in _units(parse(part))}


def _is_shared(unit: str, count: int, size: int, share: float) -> bool:
    if size == 1 and _is_label(unit):
        return True
    if PREPRINT.search(unit):
        share = HALF
    elif unit.startswith(
        "!["
    ):  # unless nearly every entry has a badge, it is the curator's judgement of a paper
        share = NEARLY_ALL
    return count >= quorum(size, share)


def is_badge(unit: str) -> bool:
    """Whether it is a picture without "arXiv": the curator's judgement of a paper, unless nearly every entry has it."""
    return unit.startswith("![") and not PREPRINT.search(unit)


def _is_label(unit: str) -> bool:
    return all(word in _LABELS for word in re.findall(r"[^\W_]+", unit.casefold()))


def _has_only_symbols(unit: str) -> bool:
    """Whether the text has only symbols, such as a star or a flame, which express a curator's opinion."""
    return not re.search(r"[^\W_]", unit)


def quorum(size: int, share: float) -> float:
    """Returns how many of `size` samples must have something for it to count as shared."""
    return max(2, share * size)


def _units(parts: Iterable[str | Group]) -> Iterator[str]:
    """Yields the units that samples may share: groups without slots, and runs of words."""
    for part in parts:
        if isinstance(part, Group):
            if MARK.search(str(part)):
                yield from _units(part.inside)
                yield from _ADDRESS.findall(part.opened + part.closed)
            else:
                yield str(part)
        else:
            yield from filter(None, map(_core, MARK.split(part)))


def _core(run: str) -> str:
    """The part of a text from its first word to its last."""
    words = list(_WORD.finditer(run))
    return run[words[0].start() : words[-1].end()] if words else ""


def own_address(text: str, sample: Sample) -> str:
    """Returns the paper's arXiv address as the sample writes it, with a mark for the id; empty if it has none."""
    found = re.search(
        rf"https?://(?:www\.)?arxiv\.org/(?:abs|pdf|html)/[{sample.marks(Slot.ID)}](?:\.pdf)?", text
    )
    return found[0] if found else ""


def reduce(text: str, shared: frozenset[str], dates: str, address: str = "") -> str:
    """Removes words and groups that are not shared, and the separators that joined them to the rest.

    If a fact is in a link whose address is not shared, such as a project page, the link gets the paper's `address`.
    """
    reduced = "".join(_reduced(parse(text), shared, dates, address))
    reduced = re.sub(
        rf"(?<!\s)(?<!<br>)(?<!<br/>)(?<!<br />)(?:\s*<br ?/?>)+\s*{NO_FACT}(?=\s*$)|{NO_FACT}\s*<br ?/?>\s*",
        "",
        reduced,
    )
    reduced = re.sub(rf"(?:(?<=[.!?])|(?<=[.!?][\"”]))\s*{NO_FACT}\s*[,;.](?=\s)", "", reduced)
    reduced = re.sub(  # the first items of an enumeration
        rf"(?<=[:(\[{{])([ \t]*)(?:{NO_FACT}[ \t]*[,;|/&+·][ \t]*)+", r"\1", reduced
    )
    reduced = re.sub(
        rf"(?:(?<=\))[ \t]*:[ \t]+|(?<=\S)[ \t]+[-–—][ \t]+"  # the separator before a description
        rf"|(?<![ \t])(?:[ \t]*[,;|/&+·][ \t]*|[ \t]+))?{NO_FACT}(?=[ \t]*(?:[,;.)\]|]|$))",
        "",
        reduced,
    )
    reduced = re.sub(rf"{NO_FACT}[ \t]*(?:[,;:|/&+·][ \t]*)?", "", reduced)
    return reduced.rstrip(" \t") if text.rstrip(" \t") == text else reduced


def _reduced(
    parts: Iterable[str | Group], shared: frozenset[str], dates: str, address: str
) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Group):
            yield _reduced_group(part, shared, dates, address)
            continue
        text = "".join(
            run if MARK.match(run) or not (core := _core(run)) or core in shared else _drop(run)
            for run in re.split("([\ue000-\uf0ff])", part)
        )
        # A year next to removed words is that of a venue.
        yield (
            re.sub(rf"{NO_FACT}\s*[{dates}]|[{dates}]\s*{NO_FACT}", NO_FACT, text)
            if dates
            else text
        )


def _reduced_group(group: Group, shared: frozenset[str], dates: str, address: str) -> str:
    if not MARK.search(str(group)):
        return str(group) if str(group) in shared else NO_FACT
    content = "".join(_reduced(group.inside, shared, dates, address))
    if MARK.search(group.opened + group.closed):
        kept = content.replace(NO_FACT, "").strip()
        return group.opened + (content if kept else "".join(map(str, group.inside))) + group.closed
    if not MARK.search(content):
        return NO_FACT
    opened = _with_own_addresses(group.opened, shared, address)
    return opened + content + _with_own_addresses(group.closed, shared, address)


def _with_own_addresses(text: str, shared: frozenset[str], address: str) -> str:
    """The text with addresses that are not shared replaced by the paper's address, if that is known."""
    if not address:
        return text
    return _ADDRESS.sub(lambda found: found[0] if found[0] in shared else address, text)


def _drop(run: str) -> str:
    """The text before the first word, and the white space at the end, with a marker for the words removed."""
    words = list(_WORD.finditer(run))
    return run[: words[0].start()] + NO_FACT + run[len(run.rstrip(" \t")) :]


def without_unknown(text: str, sample: Sample, wanted: Wanted) -> str:
    """Removes the groups that hold only facts that are unknown for the paper, such as a short name or code."""
    known = (
        (Slot.NAME, wanted.named),
        (Slot.REPOSITORY, wanted.code),
        (Slot.REPOSITORY_NAME, wanted.code),
        (Slot.DATE, wanted.dated),
    )
    marks = set(sample.marks(*(slot for slot, is_known in known if not is_known)))
    return "".join(_without(marks, parse(text))) if marks & set(text) else text


def _without(marks: set[str], parts: Iterable[str | Group]) -> Iterator[str]:
    """The parts without the groups that hold only these marks."""
    for part in parts:
        found = set(MARK.findall(str(part)))
        if not isinstance(part, Group) or not found & marks:
            yield str(part)
        elif found <= marks:
            yield NO_FACT
        else:
            yield part.opened + "".join(_without(marks, part.inside)) + part.closed
