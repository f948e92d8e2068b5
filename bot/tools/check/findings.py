"""Reports an audit's findings as text, as JSON, and as GitHub workflow annotations, and a list's self-test. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.check_rules import CheckRule
from bot.core.config import Doubt
from bot.core.english import count
from bot.core.escaping import clean, printable
from bot.listing.paper_list import ListSize
from bot.listing.self_test import SelfTest, Trial
from bot.reports.json_record import JsonRecord, Text, as_json
from bot.tools.check.audit import ListFinding

_SHOWN = 10  # findings shown for each rule
_COMPARED = 5  # entries that a self-test shows beside the bot's
# If at least this share of the tested entries differs in form, a template is suggested.
_OFTEN = 0.5


class FindingRecord(JsonRecord):
    """One thing that is wrong with the list."""

    rule: CheckRule
    """The rule that found it."""
    path: Text
    """Its file."""
    line: int
    """Its line in the file, from 1."""
    what: Text
    """What is wrong."""
    fix: Text
    """What to do about it."""
    fixable: bool
    """Whether `arxiv-bot check --fix` fixes it."""


class DoubtRecord(JsonRecord):
    """A doubtful setting: valid, but probably not what was meant."""

    where: Text
    """Its key."""
    what: Text
    """What is doubtful."""
    fix: Text
    """What to do about it."""


class TrialRecord(JsonRecord):
    """One of the newest entries that the bot would have written differently."""

    paper_id: Text
    """The paper's arXiv id."""
    line: int
    """The entry's line in the list, from 1."""
    differs: tuple[Text, ...]
    """What differs: `section`, `place`, `form`, a field's name, or `refused`."""
    theirs: Text
    """The entry as the list has it."""
    mine: Text
    """The entry as the bot would have written it; empty if it would have refused."""


class SelfTestRecord(JsonRecord):
    """How many of the list's newest entries the bot would have written as the curator did."""

    tried: int
    """How many entries were written again."""
    exact: int
    """How many of them are the same byte for byte, in the same place."""
    right: int
    """How many of them need no edit, but perhaps an addition."""
    differing: tuple[TrialRecord, ...]
    """The entries that need an edit."""


class CheckRecord(JsonRecord):
    """What is wrong with a list."""

    list: Text
    """The list's file, the first if there are several."""
    entries: int
    """How many entries its files have in the parts with the papers."""
    papers: int
    """How many different papers these entries name."""
    on_arxiv: int
    """How many of the papers are on arXiv."""
    doubts: tuple[DoubtRecord, ...]
    """What is doubtful in the configuration."""
    findings: tuple[FindingRecord, ...]
    """What is wrong, in order of the lines."""
    form: SelfTestRecord | None = None
    """The result of `--form`; null without it."""


def render_doubts(config: str, doubts: Sequence[Doubt]) -> str:
    """Renders the doubts about the configuration, each with its fix below it."""
    lines = (
        f"{config}: warning: {doubt.where}: {clean(doubt.what)}\n    fix: {clean(doubt.fix)}\n"
        for doubt in doubts
    )
    return printable("".join(lines), newlines=True)


def render_text(findings: Sequence[ListFinding]) -> str:
    """Renders the findings by rule, most serious first, as `FILE:LINE:` for editors, each with its fix below it.

    Shows only the first findings of a rule, and the number of the others.
    """
    lines: list[str] = []
    for rule in CheckRule:
        found = [finding for finding in findings if finding.rule is rule]
        lines += [
            f"{finding.path}:{finding.line}: {rule.value}: {clean(finding.what)}\n    fix: {finding.fix}\n"
            for finding in found[:_SHOWN]
        ]
        if more := len(found[_SHOWN:]):
            lines.append(f"{more:,} more: {rule.value} (--json lists all)\n")
    return printable("".join(lines), newlines=True)


def render_json(
    path: str,
    size: ListSize,
    findings: Sequence[ListFinding],
    doubts: Sequence[Doubt],
    form: SelfTest | None = None,
) -> str:
    """Renders the findings for machines; `fixable` says whether `check --fix` fixes a finding."""
    counts = {"entries": size.entries, "papers": size.papers, "on_arxiv": size.on_arxiv}
    tested = form and SelfTestRecord(
        tried=len(form.trials),
        exact=form.exact,
        right=form.right,
        differing=tuple(
            TrialRecord.model_validate(trial) for trial in form.trials if trial.differs
        ),
    )
    fields = {"list": path, **counts, "doubts": doubts, "findings": findings, "form": tested}
    return as_json(CheckRecord.model_validate(fields))


def render_github(findings: Sequence[ListFinding], config: str, doubts: Sequence[Doubt]) -> str:
    """Renders workflow commands that annotate the list's lines and the configuration in a pull request.

    Escapes text so that no title can inject a command
    (https://docs.github.com/actions/reference/workflow-commands-for-github-actions).
    """
    return "".join(
        f"::warning file={_property(config)},title={_property(doubt.where)}::"
        f"{_data(f'{clean(doubt.what)}; fix: {clean(doubt.fix)}')}\n"
        for doubt in doubts
    ) + "".join(
        f"::warning file={_property(finding.path)},line={finding.line},title={_property(finding.rule.value)}::"
        f"{_data(f'{clean(finding.what)}; fix: {finding.fix}')}\n"
        for finding in findings
    )


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def render_self_test(result: SelfTest, shown: int = _COMPARED) -> str:
    """Renders the result in a sentence, and the first entries that differ: the list's text, then the bot's."""
    wrong = [trial for trial in result.trials if trial.differs]
    blocks = [f"{result}\n", *map(_compared, wrong[:shown])]
    if len(wrong) > shown:
        blocks.append(f"{count(len(wrong) - shown, 'more entry')} would need an edit\n")
    odd = sum("form" in trial.differs or "refused" in trial.differs for trial in wrong)
    if odd and odd >= _OFTEN * len(result.trials):
        blocks.append(
            f"{odd} of them differ in form: a template of your own (list.template) may fit the list better\n"
        )
    return "\n".join(blocks)


def _compared(trial: Trial) -> str:
    mine = trial.mine or "nothing, since the bot does not understand the entry's form\n"
    return (
        f"line {trial.line}, {trial.paper_id}: {', '.join(trial.differs)}\n"
        f"{_indented('list', trial.theirs)}{_indented('bot', mine)}"
    )


def _indented(name: str, text: str) -> str:
    lines = printable(text.replace("\r\n", "\n").rstrip("\n"), newlines=True).split("\n")
    return "".join(f"  {name if not n else '':5}{line}\n" for n, line in enumerate(lines))
