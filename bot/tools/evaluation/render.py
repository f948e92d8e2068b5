"""Reports an evaluation: as text for a terminal, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from bot.core.english import count, shorten
from bot.core.escaping import clean
from bot.relevance.examples import ENOUGH
from bot.reports.json_record import JsonRecord, Share, Text, as_json, at, is_none
from bot.tools.evaluation.evaluate import Evaluation
from bot.tools.evaluation.judge import ConfusionRecord, JudgeEvaluation, render_judge
from bot.tools.evaluation.measures import (
    BUDGETS,
    BinRecord,
    PassingRecord,
    RankOrder,
    YieldRecord,
)

_MISSED = 10  # titles shown; the JSON report has all
_FEW = 5  # listed papers; shares of fewer papers mean nothing


def render_text(found: Evaluation, width: int = 80, judged: JudgeEvaluation | None = None) -> str:
    """Renders the evaluation for a maintainer, the most important first, in at most `width` columns."""
    parts = [list(_about(found))]
    if found.belonging < _FEW:
        parts.append(list(_too_few(found)))
    else:
        parts += [list(_order(found)), list(_thresholds(found)), list(_reliability(found))]
    phrases = _yields("Phrases", "papers", found.phrases, width)
    excludes = _yields("Excludes", "kept out", found.excludes, width) if found.excludes else ()
    parts += [list(phrases), list(excludes), list(_missed(found, width))]
    if judged:
        parts.append(list(render_judge(judged)))
    return "\n".join("".join(f"{line}\n" for line in part) for part in parts if part)


def _about(found: Evaluation) -> Iterator[str]:
    learned = f"{count(found.entries, 'entry')} and {count(found.background, 'earlier paper')}"
    yield f"Cut on {found.cut}: learned from {learned},"
    ranked = f"{count(found.stream, 'paper')} up to {found.until}"
    yield f"ranked {ranked}, of which the curator listed {found.belonging:,}."
    if found.entries == 0:
        yield "The list had no entry then, so nothing could be learned: both rankings use the phrases alone."
        yield "Try a later --cut."
    elif found.background < ENOUGH:
        few = f"{count(found.background, 'paper')} from before the cut"
        yield f"With {few} nothing could be learned: both rankings use the phrases alone."
        yield "Try a later --cut, or a source that begins earlier."
    if found.unseen:
        lost = f"{found.unseen:,} of {found.later:,} later entries are not among these papers"
        yield f"{lost}: they appeared before the cut, or the source does not have them."
    if found.dated_by_history:
        dated = count(found.dated_by_history, "later entry")
        yield f"The list's own history has the day of {dated}."
    else:
        yield "The list's history does not reach back to the cut, so the papers' own dates are used."
    yield "Curators miss papers: a paper that is not listed is not always wrong."


def _too_few(found: Evaluation) -> Iterator[str]:
    papers = "1 listed paper is" if found.belonging == 1 else f"{found.belonging} listed papers are"
    yield f"{papers} too few to measure a ranking or a threshold: at least {_FEW} are needed."
    yield "Try an earlier --cut, or a source with more of the later entries."


def _order(found: Evaluation) -> Iterator[str]:
    heads = "".join(f"{f'{read}x':>6}" for read in BUDGETS)
    yield f"{'Found when reading':20}{heads}{'loss':>9}{'for 80 %':>11}"
    for name, order in (("by learned score", found.learned), ("by phrases alone", found.words)):
        shares = "".join(f"{share:>6.0%}" for share in order.recalls)
        week = f"{order.depth / found.weeks:,.0f}/week"
        yield f"  {name:18}{shares}{order.loss:>9.4f}{week:>11}"
    yield "  5x: five papers read for each that belongs"
    yield "  loss: the mean share of papers above a paper that belongs; 0 is perfect"


def _thresholds(found: Evaluation) -> Iterator[str]:
    yield f"{'Threshold':9}{'by phrases alone':>24}{'by learned score':>28}"
    yield f"{'':9}{'papers a week':>14}{'found':>10}{'papers a week':>18}{'found':>10}"
    for words, learned in zip(found.by_words, found.by_learned, strict=True):
        here = "← configured" if words.threshold == found.threshold else ""
        row = (
            f"  {words.threshold:<7.2f}{_pass(words, found, 14)}{_pass(learned, found, 18)}  {here}"
        )
        yield row.rstrip()


def _pass(passing: PassingRecord, found: Evaluation, wide: int) -> str:
    return f"{passing.papers / found.weeks:>{wide}.1f}{passing.listed / found.belonging:>10.0%}"


def _yields(heading: str, brings: str, rows: Sequence[YieldRecord], width: int) -> Iterator[str]:
    wide = min(52, width - 36)
    yield f"{heading:{wide}}{brings:>8}{'listed':>8}{'only it':>10}{'listed':>8}"
    topic = ""
    for row in rows:
        if row.topic != topic:
            topic = row.topic
            yield f"  {shorten(clean(topic), wide)}"
        if row.papers:
            numbers = f"{row.papers:>8,}{row.listed:>8,}{row.alone or '–':>10}{row.alone_listed or '–':>8}"
            yield f"    {shorten(clean(row.phrase), wide - 5):{wide - 4}}{numbers}"
    if nothing := [row.phrase for row in rows if not row.papers]:
        yield f"  no papers: {', '.join(f'“{clean(phrase)}”' for phrase in nothing)}"


def _missed(found: Evaluation, width: int) -> Iterator[str]:
    if not found.missed:
        return
    yield f"Listed papers that no phrase matches: {len(found.missed):,} of {found.belonging:,}"
    for paper in found.missed[:_MISSED]:
        yield f"  {paper.id!s:16}{shorten(clean(paper.title), width - 18)}"
    if len(found.missed) > _MISSED:
        yield f"  … and {len(found.missed) - _MISSED} more (--json has all)"


def _reliability(found: Evaluation) -> Iterator[str]:
    yield f"{'Learned score':16}{'papers':>8}{'mean score':>12}{'listed':>8}{'share':>8}"
    for bar in found.bins:
        span = f"{bar.low:g} to {bar.high:g}"
        share = bar.listed / bar.papers
        yield f"  {span:14}{bar.papers:>8,}{bar.mean:>12.4f}{bar.listed:>8,}{share:>8.4f}"


class RankingRecord(JsonRecord):
    """The quality of a ranking of the papers."""

    recall: dict[str, float]
    """The share found when as many papers are read as belong (`1x`), twice as many (`2x`), and so on."""
    loss: float
    """The mean share of the papers that rank above a paper that belongs: 0 is perfect, 0.5 is chance."""
    papers_for_80_percent: int
    """How many papers must be read to find four of five that belong."""
    papers_a_week_for_80_percent: float
    """The same number per week."""
    places: tuple[int, ...]
    """The ranks of the papers that belong, from 1."""

    @classmethod
    def of(cls, order: RankOrder, weeks: float) -> RankingRecord:
        """Makes the record of a ranking of papers that appeared in `weeks` weeks."""
        shares = zip(BUDGETS, order.recalls, strict=True)
        return cls(
            recall={f"{read}x": round(share, 4) for read, share in shares},
            loss=round(order.loss, 6),
            papers_for_80_percent=order.depth,
            papers_a_week_for_80_percent=round(order.depth / weeks, 1),
            places=order.places,
        )


class OrdersRecord(JsonRecord):
    """The two rankings that are compared."""

    learned: RankingRecord
    """The ranking by the score learned from the list."""
    words: RankingRecord
    """The ranking by the phrases alone."""


class PassingsRecord(JsonRecord):
    """The papers that reach each threshold."""

    words: tuple[PassingRecord, ...] = at("by_words")
    """By the score of the phrases alone."""
    learned: tuple[PassingRecord, ...] = at("by_learned")
    """By the learned score."""


class MissedRecord(JsonRecord):
    """A listed paper that no phrase matches."""

    id: Text
    """The arXiv id, without a version."""
    url: Text = at("id", "url")
    """The address of the abstract page."""
    title: Text
    """Its title."""


class JudgeRecord(JsonRecord):
    """The result of testing a judge."""

    asked: int = at("report", "asked")
    """How many papers the judge was asked about."""
    answered: int = at("report", "answered")
    """How many of these papers got usable answers."""
    by_list: tuple[ConfusionRecord, ...]
    """The judge's answers about papers that the list added later (`listed`) and about others (`not listed`)."""
    by_labels: tuple[ConfusionRecord, ...]
    """The judge's answers by the verdict of the labels; empty without labels."""
    lost: tuple[Text, ...]
    """The ids of the papers that the list added although the judge is against them."""
    false_quotes: int = at("report", "false_quotes")
    """How many quotes were not in the paper."""
    requests: int = at("report", "requests")
    """How many requests were sent."""
    tokens: int = at("report", "tokens")
    """How many tokens the requests took."""
    tokens_a_paper: float
    """The mean number of tokens for one paper, both passes together."""
    tokens_a_month: int
    """The estimated number of tokens for 30 papers a day in 30 days."""
    learned_from: int
    """How many answers the ranker learned from."""
    ranked: int
    """How many later papers were ranked, with and without the judge's answers."""
    recall_before: tuple[Share, ...] = at("before", "recalls")
    """The share of the listed ones among these papers found at `1x` to `20x` without the judge; empty if none is."""
    recall_after: tuple[Share, ...] = at("after", "recalls")
    """The same share after learning from the judge."""
    failure: Text = at("report", "failure")
    """Why the judge did not answer about all papers; empty otherwise."""


class EvaluationRecord(JsonRecord):
    """The configuration, tested against papers that were added later."""

    cut: date
    """The day at which the list was split: the bot learned from what came before."""
    until: date
    """The day of the last addition."""
    entries: int
    """How many entries were learned from."""
    background: int
    """How many earlier papers were learned from."""
    stream: int
    """How many papers were ranked."""
    belonging: int
    """How many of these papers the curator listed."""
    later: int
    """How many entries were added after the cut."""
    told_by_history: int = at("dated_by_history")
    """How many of the later entries have their day from the list's history."""
    unseen: int
    """How many of the later entries are not among the ranked papers."""
    threshold: float
    """The configured threshold."""
    orders: OrdersRecord
    """The quality of the rankings."""
    reliability: tuple[BinRecord, ...] = at("bins")
    """Papers by learned score, to compare the scores with the share that was listed."""
    passing: PassingsRecord
    """The papers that reach each threshold."""
    phrases: tuple[YieldRecord, ...]
    """What each phrase finds."""
    excludes: tuple[YieldRecord, ...]
    """What each exclude keeps out."""
    judge: JudgeRecord | SkipJsonSchema[None] = Field(None, exclude_if=is_none)
    """The results of the judge; omitted without `--judge`."""
    missed: tuple[MissedRecord, ...]
    """The papers that the curator listed but no phrase matches."""


def render_json(found: Evaluation, judged: JudgeEvaluation | None = None) -> str:
    """Renders the evaluation for machines."""
    fields = {name: getattr(found, name) for name in Evaluation.__slots__}
    orders = {
        "learned": RankingRecord.of(found.learned, found.weeks),
        "words": RankingRecord.of(found.words, found.weeks),
    }
    fields |= {"orders": orders, "passing": found, "judge": judged}
    return as_json(EvaluationRecord.model_validate(fields))
