"""An evaluation as text for a terminal, and as JSON for machines. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.core.english import count
from bot.core.escaping import clean, to_json
from bot.relevance.ranker import ENOUGH
from bot.tools.evaluation.evaluate import Evaluation
from bot.tools.evaluation.measures import BUDGETS, Bin, Order, Passing, Yield
from bot.tools.evaluation.plot import draw
from bot.tools.evaluation.shapes import (
    BinRecord,
    EvaluationRecord,
    PassingRecord,
    RankingRecord,
    YieldRecord,
)

_MISSED = 10  # titles shown; JSON has all


def render_text(found: Evaluation) -> str:
    """What a maintainer wants to know, the most telling first."""
    parts = (
        _about(found),
        _order(found),
        draw(found).splitlines(),
        _thresholds(found),
        _phrases(found),
    )
    more = (_excludes(found), _missed(found), _reliability(found))
    told = [tuple(part) for part in (*parts, *more)]
    return "\n".join("".join(f"{line}\n" for line in part) for part in told if part)


def _about(found: Evaluation) -> Iterator[str]:
    learned = f"{count(found.entries, 'entry')} and {count(found.background, 'earlier paper')}"
    yield f"Cut on {found.cut}: learned from {learned},"
    ranked = f"{count(found.stream, 'paper')} up to {found.until}"
    yield f"ranked {ranked}, of which the curator listed {found.belonging:,}."
    if found.entries == 0:
        yield "The list had no entry then, so nothing could be learned: both rows go by the words. Try a later --cut."
    elif found.background < ENOUGH:
        few = f"{count(found.background, 'paper')} from before the cut"
        yield f"With {few} there is nothing to learn from: both rows go by the words."
        yield "Try a later --cut, or a source that begins earlier."
    if found.unseen:
        lost = f"{found.unseen:,} of {found.later:,} later entries are not among them"
        yield f"{lost}: they appeared before the cut, or the source does not have them."
    if found.told:
        yield f"The list's own history tells the day of {count(found.told, 'later entry')}."
    else:
        yield "The list's own history tells nothing of that time: entries are dated by when their papers appeared."
    yield "Curators miss papers: what is not listed is not always wrong."


def _order(found: Evaluation) -> Iterator[str]:
    heads = "".join(f"{f'{read}x':>7}" for read in BUDGETS)
    yield f"{'Found when reading':20}{heads}{'loss':>9}{'for 80 %':>10}"
    for name, order in (("what was learned", found.learned), ("the words alone", found.words)):
        shares = "".join(f"{share:>7.0%}" for share in order.recalls)
        week = f"{order.depth / found.weeks:,.0f}/week"
        yield f"  {name:18}{shares}{order.loss:>9.4f}{week:>10}"
    yield "  5x: five papers read for each that belongs; loss: the share of papers above one that belongs"


def _thresholds(found: Evaluation) -> Iterator[str]:
    yield f"{'Papers that pass':20}{'by the words':>16}{'listed':>12}{'by what was learned':>23}{'listed':>12}"
    for words, learned in zip(found.by_words, found.by_learned, strict=True):
        here = "← configured" if words.threshold == found.threshold else ""
        row = f"  threshold {words.threshold:<8.2f}{_pass(words, found, 16)}{_pass(learned, found, 23)}  {here}"
        yield row.rstrip()


def _pass(one: Passing, found: Evaluation, width: int) -> str:
    week = f"{one.papers} ({one.papers / found.weeks:.1f}/week)"
    return f"{week:>{width}}{f'{one.listed} ({one.listed / found.belonging:.0%})':>12}"


def _phrases(found: Evaluation) -> Iterator[str]:
    yield f"{'Phrases':52}{'papers':>8}{'listed':>8}{'only by it':>12}{'listed':>8}"
    yield from _yields(found.phrases)


def _excludes(found: Evaluation) -> Iterator[str]:
    if found.excludes:
        yield f"{'Excludes':52}{'kept out':>8}{'listed':>8}{'only by it':>12}{'listed':>8}"
        yield from _yields(found.excludes)


def _yields(rows: Sequence[Yield]) -> Iterator[str]:
    topic = ""
    for one in rows:
        if one.topic != topic:
            topic = one.topic
            yield f"  {clean(topic)}"
        if one.papers:
            numbers = f"{one.papers:>8,}{one.listed:>8,}{one.alone or '–':>12}{one.alone_listed or '–':>8}"
            yield f"    {_cut(one.phrase, 48):48}{numbers}"
    if nothing := [one.phrase for one in rows if not one.papers]:
        yield f"  nothing by {', '.join(f'“{clean(phrase)}”' for phrase in nothing)}"


def _missed(found: Evaluation) -> Iterator[str]:
    if not found.missed:
        return
    yield f"Listed, and matched by no phrase: {len(found.missed):,} of {found.belonging:,}"
    for paper in found.missed[:_MISSED]:
        yield f"  {paper.id!s:16}{_cut(paper.title, 80)}"
    if len(found.missed) > _MISSED:
        yield f"  … and {len(found.missed) - _MISSED} more (--json has all)"


def _reliability(found: Evaluation) -> Iterator[str]:
    yield f"{'Scores learned':16}{'papers':>8}{'mean score':>12}{'listed':>8}{'share':>8}"
    for one in found.bins:
        span = f"{one.low:g} to {one.high:g}"
        share = one.listed / one.papers
        yield f"  {span:14}{one.papers:>8,}{one.mean:>12.4f}{one.listed:>8,}{share:>8.4f}"


def _cut(text: str, width: int) -> str:
    text = clean(text)
    return text if len(text) <= width else f"{text[: width - 1]}…"


def render_json(found: Evaluation) -> str:
    """Everything, for machines."""
    data: EvaluationRecord = {
        "cut": found.cut.isoformat(),
        "until": found.until.isoformat(),
        "entries": found.entries,
        "background": found.background,
        "stream": found.stream,
        "belonging": found.belonging,
        "later": found.later,
        "told_by_history": found.told,
        "unseen": found.unseen,
        "threshold": found.threshold,
        "orders": {
            "learned": _ranking(found.learned, found),
            "words": _ranking(found.words, found),
        },
        "reliability": [_bin(one) for one in found.bins],
        "passing": {
            "words": [_passing(one) for one in found.by_words],
            "learned": [_passing(one) for one in found.by_learned],
        },
        "phrases": [_yield(one) for one in found.phrases],
        "excludes": [_yield(one) for one in found.excludes],
        "missed": [
            {"id": str(one.id), "url": one.id.url, "title": one.title} for one in found.missed
        ],
    }
    return to_json(data)


def _ranking(order: Order, found: Evaluation) -> RankingRecord:
    return {
        "recall": {
            f"{read}x": round(share, 4) for read, share in zip(BUDGETS, order.recalls, strict=True)
        },
        "loss": round(order.loss, 6),
        "papers_for_80_percent": order.depth,
        "papers_a_week_for_80_percent": round(order.depth / found.weeks, 1),
        "places": list(order.places),
    }


def _bin(one: Bin) -> BinRecord:
    return {
        "low": one.low,
        "high": one.high,
        "papers": one.papers,
        "mean": one.mean,
        "listed": one.listed,
    }


def _passing(one: Passing) -> PassingRecord:
    return {"threshold": one.threshold, "papers": one.papers, "listed": one.listed}


def _yield(one: Yield) -> YieldRecord:
    return {
        "topic": one.topic,
        "phrase": one.phrase,
        "papers": one.papers,
        "listed": one.listed,
        "alone": one.alone,
        "alone_listed": one.alone_listed,
    }
