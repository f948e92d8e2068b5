"""`arxiv-bot fleet`: runs the bot for many lists that share one harvest: one plan, many shards, one report."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.options import DryRunOption
from bot.commands.progress import waiting
from bot.core.errors import UsageError

if TYPE_CHECKING:
    from bot.forge.find_repositories import FoundRepository
    from bot.tools.fleet.plan import Discover, Fleet, FleetList
    from bot.tools.fleet.report import FleetReport


class FleetAction(Enum):
    """The steps of a fleet's workflow."""

    PLAN = "plan"
    RUN = "run"
    REPORT = "report"


def fleet(
    action: Annotated[
        FleetAction,
        typer.Argument(
            help="plan: print the jobs; run: run one job's lists; report: merge the jobs' reports.",
            metavar="ACTION",
        ),
    ],
    reports: Annotated[
        list[Path] | None,
        typer.Argument(help="With report: the reports that the jobs wrote.", metavar="REPORTS"),
    ] = None,
    *,
    file: Annotated[
        Path, typer.Option("--fleet", help="The file that names the lists.", metavar="FILE")
    ] = Path("fleet.toml"),
    times: Annotated[
        Path | None,
        typer.Option(
            help="With plan: an earlier report, whose times balance the jobs.", metavar="FILE"
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="With plan: also write the plan.", metavar="FILE")
    ] = None,
    plan: Annotated[
        Path | None,
        typer.Option(help="With run: the plan that `fleet plan --output` wrote.", metavar="FILE"),
    ] = None,
    shard: Annotated[str, typer.Option(help="With run: run job I of N.", metavar="I/N")] = "1/1",
    dry_run: DryRunOption = False,
    report: Annotated[
        list[Path],
        typer.Option(help="Also write the report: .html or .json. Repeatable.", metavar="FILE"),
    ] = [],  # noqa: B006 (typer reads it and does not keep it)
) -> None:
    """Run the bot for many lists that share one harvest."""
    from bot.commands.report_files import check_reports
    from bot.tools.fleet.plan import load_fleet, parse_shard
    from bot.tools.fleet.report import read_reports, render_fleet_html, render_fleet_json
    from bot.tools.fleet.report import render_fleet_terminal as render

    renderers = {".html": render_fleet_html, ".json": render_fleet_json}
    check_reports(report, tuple(renderers))
    if action is FleetAction.REPORT:
        result = read_reports(reports or ())
    else:
        settings = load_fleet(file)
        if action is FleetAction.PLAN:
            _print_plan(settings, file.parent, times, output)
            return
        jobs = _jobs(settings, plan, times)
        lists = jobs[parse_shard(shard, len(jobs))]
        result = _run(settings, lists, file.parent, shard, dry_run=dry_run)
    from bot.core.files import write

    typer.echo(render(result), nl=False)
    for name in report:
        write(name, renderers[name.suffix](result))
    raise typer.Exit(1 if result.failed else 0)


def _print_plan(settings: Fleet, folder: Path, times: Path | None, output: Path | None) -> None:
    """Prints the matrix, and on stderr the repositories that were skipped; writes the plan to `output`."""
    import json

    from bot.core.escaping import printable
    from bot.core.files import check_writable, write
    from bot.tools.fleet.discover import make_plan
    from bot.tools.fleet.plan import matrix

    if output:
        check_writable(output, "--output")
    made = make_plan(
        settings, _seconds(times), find=_find, has_file=lambda path: (folder / path).is_file()
    )
    for repository in made.skipped:
        typer.echo(printable(f"skipped {repository.repo}: {repository.why}"), err=True)
    if output:
        write(output, f"{made.model_dump_json(indent=2)}\n")
    typer.echo(json.dumps(matrix(made.jobs)))


def _find(discover: Discover) -> tuple[FoundRepository, ...]:
    from bot.commands.compose import repository_finder

    with waiting() as wait:
        finder = repository_finder(wait)
        if discover.installation:
            return finder.of_installation()
        return finder.with_topic(discover.owner, discover.topic)


def _jobs(
    settings: Fleet, plan: Path | None, times: Path | None
) -> tuple[tuple[FleetList, ...], ...]:
    """Returns the lists of each job: those of the plan, which never changes, or of fleet.toml."""
    from bot.tools.fleet.plan import read_plan, shards

    if plan:
        return read_plan(plan).jobs
    if settings.discover:
        fix = "run `arxiv-bot fleet plan --output plan.json` once, and add --plan plan.json to each run"
        raise UsageError("lists that are found on GitHub need a plan", where="[discover]", fix=fix)
    return shards(settings, _seconds(times))


def _seconds(times: Path | None) -> dict[str, float]:
    from bot.tools.fleet.report import read_reports

    return read_reports([times]).seconds if times else {}


def _run(
    settings: Fleet, lists: tuple[FleetList, ...], folder: Path, shard: str, *, dry_run: bool
) -> FleetReport:
    """Runs a shard; reads the harvest once, for the categories of all its lists."""
    import time
    from datetime import UTC, datetime

    from bot.commands.compose import RunOptions, forge_of, writing_pause
    from bot.commands.open_judge import judge_of
    from bot.core.config import Config, load
    from bot.core.errors import BotError
    from bot.core.model import RunReport
    from bot.core.version import __version__
    from bot.pipeline import run
    from bot.tools.fleet.report import FleetReport
    from bot.tools.fleet.run import Pacing, run_shard
    from bot.tools.fleet.shared import SharedPapers

    now = datetime.now(UTC)
    known: dict[str, Config] = {}
    for item in lists:
        try:
            known[item.repo] = load(folder / item.config)
        except BotError:
            continue  # reported when this list is run
    categories = {name for config in known.values() for name in config.arxiv.categories}
    with waiting() as wait:
        shared = SharedPapers(folder / settings.snapshot, categories)

        def run_list(item: FleetList) -> RunReport:
            config = known.get(item.repo) or load(folder / item.config)
            options = RunOptions(folder / item.config, "", item.repo, wait, dry_run=dry_run)
            source = shared.snapshot(config.arxiv.categories)
            with judge_of(config, options.config, wait) as judge:
                forge = forge_of(options, config)
                return run(config, sources=[source], forge=forge, now=now, judge=judge)

        pacing = Pacing(time.monotonic, writing_pause(), settings.pause)
        results = run_shard(lists, run_list, pacing, wait)
    return FleetReport(version=__version__, started=now, shards=(shard,), lists=results)
