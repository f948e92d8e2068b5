"""Takes out of an entry what is its own: what stays is what the list's entries share, and their facts' places."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from bot.listing.fields import Slot
from bot.listing.markup import Group, parse
from bot.listing.samples import MARK, PREPRINT, Sample, Wanted

HALF, NEARLY_ALL = 0.5, 0.8  # shares of the samples
_DROPPED = "\uf8ff"
_WORD = re.compile(
    "&#?\\w{1,31};|[^\\W_]|[^\\w\\s!-/:-@\\[-`{-~–—’‘“”…·•\ue000-\uf8ff]"
)  # letters, digits, emoji
_ADDRESS = re.compile(r"https?://[^\s()\"'<>\ue000-\uf8ff]+(?![\ue000-\uf8ff])")
_LABELS = frozenset(
    "abs abstract arxiv author authors by click code date here link links me official paper pdf preprint published s "
    "summary title tldr year".split()
)


def shared_by(samples: Sequence[Sequence[str]], share: float) -> frozenset[str]:
    """The words, addresses and groups without slots that this share of the samples (each given in parts) has.

    That a paper is a preprint is known of every paper: half of them are enough for it. Of one sample alone
    only labels count as the list's own words.
    """
    counted = Counter(unit for parts in samples for unit in _distinct_units(parts))
    return frozenset(
        unit
        for unit, count in counted.items()
        if not _is_mark(unit) and _is_shared(unit, count, len(samples), share)
    )


def _distinct_units(parts: Iterable[str]) -> set[str]:
    return {unit for part in parts for unit in _units(parse(part))}


def _is_shared(unit: str, count: int, size: int, share: float) -> bool:
    if size == 1 and _is_label(unit):
        return True
    return count >= quorum(size, HALF if PREPRINT.search(unit) else share)


def _is_label(unit: str) -> bool:
    return all(word in _LABELS for word in re.findall(r"[^\W_]+", unit.casefold()))


def _is_mark(unit: str) -> bool:
    """Whether it is only symbols: a star or a flame is a curator's judgement."""
    return not re.search(r"[^\W_]", unit)


def quorum(size: int, share: float) -> float:
    """How many of so many samples must have something for it to be shared."""
    return max(2, share * size)


def _units(parts: Iterable[str | Group]) -> Iterator[str]:
    """What may be shared: groups without slots, each as a whole, and runs of words."""
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
    """A run of text from its first word to its last."""
    words = list(_WORD.finditer(run))
    return run[words[0].start() : words[-1].end()] if words else ""


def own_address(text: str, sample: Sample) -> str:
    """The address of the paper on arXiv as the sample's entry has it, its id a mark; empty without one."""
    found = re.search(
        rf"https?://(?:www\.)?arxiv\.org/(?:abs|pdf|html)/[{sample.marks(Slot.ID)}](?:\.pdf)?", text
    )
    return found[0] if found else ""


def reduce(text: str, shared: frozenset[str], dates: str, address: str = "") -> str:
    """The text without the words and groups that are not shared, and without what only joined them to the rest.

    A link around a fact whose own address is not shared, such as a project's page, leads to the paper's `address`.
    """
    reduced = "".join(_reduced(parse(text), shared, dates, address))
    reduced = re.sub(
        rf"(?<!\s)(?<!<br>)(?<!<br/>)(?<!<br />)(?:\s*<br ?/?>)+\s*{_DROPPED}(?=\s*$)|{_DROPPED}\s*<br ?/?>\s*",
        "",
        reduced,
    )
    reduced = re.sub(rf"(?<=[.!?])\s*{_DROPPED}\s*[,;.](?=\s)", "", reduced)
    reduced = re.sub(
        rf"(?:(?<=\))[ \t]*:[ \t]+|(?<=\S)[ \t]+[-–—][ \t]+"  # what leads to a description
        rf"|(?<![ \t])(?:[ \t]*[,;|/&+·][ \t]*|[ \t]+))?{_DROPPED}(?=[ \t]*(?:[,;.)\]|]|$))",
        "",
        reduced,
    )
    reduced = re.sub(rf"{_DROPPED}[ \t]*(?:[,;:|/&+·][ \t]*)?", "", reduced)
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
        # a year beside words that are not known is that of a venue
        yield (
            re.sub(rf"{_DROPPED}\s*[{dates}]|[{dates}]\s*{_DROPPED}", _DROPPED, text)
            if dates
            else text
        )


def _reduced_group(group: Group, shared: frozenset[str], dates: str, address: str) -> str:
    if not MARK.search(str(group)):
        return str(group) if str(group) in shared else _DROPPED
    inside = "".join(_reduced(group.inside, shared, dates, address))
    if MARK.search(group.opened + group.closed):
        kept = inside.replace(_DROPPED, "").strip()
        return group.opened + (inside if kept else "".join(map(str, group.inside))) + group.closed
    if not MARK.search(inside):
        return _DROPPED
    opened = _with_own_addresses(group.opened, shared, address)
    return opened + inside + _with_own_addresses(group.closed, shared, address)


def _with_own_addresses(text: str, shared: frozenset[str], address: str) -> str:
    """The text with the paper's address, where that is known, in place of those that are not shared."""
    if not address:
        return text
    return _ADDRESS.sub(lambda found: found[0] if found[0] in shared else address, text)


def _drop(run: str) -> str:
    """A run less its words: what stands before the first and the white space at its end."""
    words = list(_WORD.finditer(run))
    return run[: words[0].start()] + _DROPPED + run[len(run.rstrip(" \t")) :]


def without_unknown(text: str, sample: Sample, wanted: Wanted) -> str:
    """The text less the groups that hold only what is not known of the paper: a name, code."""
    known = (
        (Slot.NAME, wanted.named),
        (Slot.REPOSITORY, wanted.code),
        (Slot.REPOSITORY_NAME, wanted.code),
        (Slot.DATE, wanted.dated),
    )
    marks = set(sample.marks(*(slot for slot, is_known in known if not is_known)))
    return "".join(_without(marks, parse(text))) if marks & set(text) else text


def _without(marks: set[str], parts: Iterable[str | Group]) -> Iterator[str]:
    """The parts less the groups that hold only these marks."""
    for part in parts:
        found = set(MARK.findall(str(part)))
        if not isinstance(part, Group) or not found & marks:
            yield str(part)
        elif found <= marks:
            yield _DROPPED
        else:
            yield part.opened + "".join(_without(marks, part.inside)) + part.closed
