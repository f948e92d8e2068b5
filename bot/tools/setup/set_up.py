"""Sets the bot up for a list: finds what the configuration needs, shows a month's papers, and writes the files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from bot.core.categories import doubt
from bot.core.checkout import Origin, read_origin
from bot.core.config import ArxivBlock, Category, Config, TopicBlock, parse
from bot.core.english import count
from bot.core.errors import SourceError, UsageError
from bot.core.files import write_own
from bot.core.model import Paper, RunReport
from bot.core.principles import FILE, parse_principles
from bot.core.version import DOCS, __version__
from bot.forge.local import LocalForge
from bot.listing.draft import Draft, Refused, draft
from bot.listing.self_test import run_self_test
from bot.pipeline import run
from bot.sources.backfill import CollectedHarvest
from bot.sources.search import Search
from bot.sources.snapshot import Snapshot
from bot.tools.check.findings import render_self_test
from bot.tools.doctor.facts import SECRET
from bot.tools.setup.draft_principles import draft_principles
from bot.tools.setup.find_list import FoundList, find, list_files, subject
from bot.tools.setup.render import (
    CONFIG,
    SetupFindings,
    render_config,
    render_findings,
    render_month,
    render_workflows,
)
from bot.tools.setup.suggest_phrases import BackgroundPapers
from bot.tools.setup.survey import Survey, SurveyRequest, survey
from bot.tools.setup.topics import topics_for, topics_of_others

_LEAST_TRIALS = 5  # entries of a test on the list
_COMPARED = 2  # entries that a test on the list shows beside the bot's
_ENOUGH = 100  # the fewest papers of the background that the list can be compared with

PRINCIPLES = f"config/{FILE}"

MakeSource = Callable[[ArxivBlock], Search | Snapshot]
Show = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class SetupOptions:
    """What the user decided; the bot finds the empty values itself.

    `heading` is None to find it, or "" for the whole file. `since` and `until` are UTC.
    """

    folder: Path
    list_path: str = ""
    heading: str | None = None
    categories: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    contact: str = ""
    source: str = "search"
    since: datetime | None = None
    until: datetime | None = None
    force: bool = False


def set_up(
    options: SetupOptions,
    *,
    make_source: MakeSource,
    now: datetime,
    show: Show,
    warn: Show,
    progress: Show,
) -> bool:
    """Sets the bot up in a checkout; returns whether the source could be read completely.

    `make_source` makes the source of papers for a contact and categories, `show` prints results.

    Raises:
        UsageError: an option or the checkout is wrong, or files exist already; nothing was written.
        SourceError: the source failed, and no phrases are given; nothing was written.
    """
    _check_options(options, warn)
    origin = _origin(options.folder)
    workflows = render_workflows(__version__)
    present = _present(options, [CONFIG, *workflows])
    found = find(list_files(options.folder, options.list_path), options.list_path, options.heading)
    contact = _contact(options, origin)
    repository = origin.repository if origin else options.folder.resolve().name
    seen = _survey(options, found, contact, make_source=make_source, now=now, progress=progress)
    name = subject(repository, found.about)
    findings = _findings(options, found, seen, contact, name, warn)
    text = render_config(findings, __version__)
    config = parse(text, where=CONFIG)
    show(render_findings(findings))
    if tested := _self_test(found, seen):
        show(tested)
    report = _first_month(options.folder, config, found, seen, show)
    for path, content in {CONFIG: text, **workflows}.items():
        write_own(options.folder / path, content.encode())
        show(f"{'overwritten' if path in present else 'written':12}{path}")
    show(_next_steps(origin, report))
    return not seen.harvest.coverage.failure


def set_up_judge(options: SetupOptions, *, show: Show) -> None:
    """Drafts the principles for a judge from the list in a checkout; asks nobody.

    Raises:
        UsageError: an option or the checkout is wrong, or the file is there already; nothing was written.
    """
    origin = _origin(options.folder)
    present = _present(options, [PRINCIPLES])
    found = find(list_files(options.folder, options.list_path), options.list_path, options.heading)
    name = subject(origin.repository if origin else options.folder.resolve().name, found.about)
    text = draft_principles(found, name)
    parse_principles(text, where=PRINCIPLES)
    write_own(options.folder / PRINCIPLES, text.encode())
    show(
        f"{'overwritten' if present else 'written':12}{PRINCIPLES}\n\n"
        f"Edit the questions: they are a draft. Then add the block [judge] to {CONFIG}, with base_url and model,\n"
        "and try it on a paper that you know: arxiv-bot explain --judge ID\n"
        f"The workflows need the model's key, and a step that keeps its answers: {DOCS}how-to/judge/"
    )


def _check_options(options: SetupOptions, warn: Show) -> None:
    """Checks options that the configuration would refuse, before any request is sent."""
    for category in options.categories:
        try:
            TypeAdapter(Category).validate_python(category)
        except ValidationError:
            fix = "write a category such as cs.CL, or cs.* for a whole archive"
            what = f"{category!r} is not an arXiv category"
            raise UsageError(what, where="--category", fix=fix) from None
        if found := doubt(category):
            warn("warning: --category: {}\n  fix: {}".format(*found))
    for phrase in options.phrases:
        try:
            TopicBlock(name="given", phrases=(phrase,))
        except ValidationError:
            fix = "write the words to search for, or two phrases with ` + ` between them"
            what = f"{phrase!r} has no word of two or more letters"
            raise UsageError(what, where="--phrase", fix=fix) from None


def _origin(folder: Path) -> Origin | None:
    """Returns the repository that the checkout comes from; None if no remote names one."""
    if not (folder / ".git").exists():
        fix = "name the top folder of a checkout of the list: git clone …, then arxiv-bot init DIRECTORY"
        raise UsageError("this is not a git checkout", where=str(folder), fix=fix)
    return read_origin(folder)


def _present(options: SetupOptions, paths: Sequence[str]) -> list[str]:
    """Returns the files that exist already; refuses to overwrite them without --force."""
    present = [path for path in paths if (options.folder / path).exists()]
    if present and not options.force:
        where = ", ".join(str(options.folder / path) for path in present)
        verb, them = ("exists", "it") if len(present) == 1 else ("exist", "them")
        raise UsageError(f"already {verb}", where=where, fix=f"add --force to overwrite {them}")
    return present


def _contact(options: SetupOptions, origin: Origin | None) -> str:
    contact = options.contact or (f"{origin.page}/issues" if origin else "")
    if not contact:
        fix = "add --contact with a web page or an e-mail address for arXiv's operators"
        what = "this checkout has no remote that names a web page for contact"
        raise UsageError(what, where=str(options.folder), fix=fix)
    return contact


def _survey(
    options: SetupOptions,
    found: FoundList,
    contact: str,
    *,
    make_source: MakeSource,
    now: datetime,
    progress: Show,
) -> Survey:
    """Reads the list's papers and the last 30 days from the source."""
    listed = tuple(
        entry.ids[0] for file in found.open_files for entry in file.papers.listed if entry.ids
    )
    request = SurveyRequest(listed, options.categories, options.since, options.until, now)
    looked_up = count(len(listed), "listed paper")
    progress(f"looking up {looked_up}, then reading a month of arXiv: this takes a minute or two")

    def make(categories: Sequence[str]) -> Search | Snapshot:
        return make_source(ArxivBlock(contact=contact, categories=tuple(categories)))

    seen = survey(make, request)
    if len(seen.harvest.papers) < _ENOUGH and not options.phrases:
        raise _too_few(options, seen)
    return seen


def _too_few(options: SetupOptions, seen: Survey) -> SourceError:
    failure, live = seen.harvest.coverage.failure, options.source == "search"
    few = count(len(seen.harvest.papers), "paper")
    what = failure or f"there are only {few} to compare the list's papers with"
    fix = "try again later" if live else "name a source with more days"
    if failure and not live:
        fix = "correct the file"
    fix = f"{fix}, or give the phrases with --phrase; nothing was written"
    return SourceError(what, where=options.source, fix=fix)


def _findings(
    options: SetupOptions, found: FoundList, seen: Survey, contact: str, name: str, warn: Show
) -> SetupFindings:
    weeks = (seen.window.until - seen.window.since) / timedelta(weeks=1)
    background = BackgroundPapers(seen.harvest.papers, weeks)
    routed = {} if options.phrases else topics_of_others(found, seen.known, background)
    taken = {phrase.text for topic in routed.values() for phrase in topic.phrases}
    topics = topics_for(found, seen.known, background, name, options.phrases, taken)
    if not topics:
        titles = count(len(found.papers.listed), "title")
        warn(
            f"warning: {found.path}: no phrase sets its {titles} apart from other papers; the only phrase is {name!r}\n"
            "  fix: replace it in the configuration, or run again with --phrase"
        )
        topics = topics_for(found, seen.known, background, name, (name,))
    return SetupFindings(found, seen, contact, topics, routed)


def _self_test(found: FoundList, seen: Survey) -> str:
    """What the bot would have written for the newest entries that were looked up; empty if they are too few."""
    known = {paper.id: paper for paper in seen.known}
    result = run_self_test(found.papers, known, heading=found.heading)
    if len(result.trials) < _LEAST_TRIALS:
        return ""
    return f"\nA test on the list itself: {render_self_test(result, _COMPARED)}"


def _first_month(
    folder: Path, config: Config, found: FoundList, seen: Survey, show: Show
) -> RunReport | None:
    """Shows a dry run on the papers of the surveyed days, which are already read."""
    coverage, window = seen.harvest.coverage, seen.window
    show(f"\nA trial run on {window.since:%Y-%m-%d} to {window.until:%Y-%m-%d}:\n")
    if coverage.failure and not seen.harvest.papers:
        show(f"No papers to show: {coverage.source}: {coverage.failure}\n")
        return None
    report = run(
        config,
        sources=[CollectedHarvest(coverage.source, seen.harvest)],
        forge=LocalForge(folder, *config.paths()),
        now=window.until,
        since=window.since,
        until=window.until,
    )
    shown = (*report.proposed, *report.held)
    show(render_month(report, _example(found, shown[0].candidate.paper) if shown else ""))
    return report


def _example(found: FoundList, paper: Paper) -> str | Refused:
    """Returns the entry that the bot would write for a paper, or why it can't write one."""
    (written,) = draft(found.papers, [(paper, "")])
    return written.text if isinstance(written, Draft) else written


def _next_steps(origin: Origin | None, report: RunReport | None) -> str:
    page, name = (origin.page, origin.name) if origin else ("the repository's page", "OWNER/NAME")
    shown = "" if report is None else " (arxiv-bot run --dry-run shows the full entries)"
    return (
        f"\nNext:\n"
        f"1. Read config/keywords.toml, and remove or add phrases{shown}.\n"
        f"2. Let Actions open pull requests: {page}/settings/actions → Allow GitHub Actions to create…\n"
        f"   To start their checks without approval, save your own token as the secret {SECRET}.\n"
        f"3. Commit and push the four files; arxiv-bot doctor --repo {name} reports what is missing."
    )
