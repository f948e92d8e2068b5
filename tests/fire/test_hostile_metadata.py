"""Whatever a paper's metadata contains is shown as text and has no effect, wherever it is shown."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot.core.arxiv_id import ArxivId
from bot.core.escaping import clean, unlinked
from bot.core.model import (
    Candidate,
    Coverage,
    Decision,
    Neighbour,
    Outcome,
    OutcomeKind,
    Paper,
    Reason,
    RunReport,
    Topic,
    Verdict,
    Window,
)
from bot.core.titles import plain
from bot.listing.document import verify
from bot.listing.draft import Destination, Draft, Refused, draft
from bot.listing.fields import name_and_rest
from bot.listing.paper_list import PaperList
from bot.listing.parts import Insertion
from bot.proposals.body import render_closed, render_text
from bot.proposals.build import commit_message
from bot.proposals.commits import Commit, papers_of, seal
from bot.proposals.marker import Marker, boxes, compose, parse_marker
from bot.proposals.paper_text import PaperBatch, ProposedPaper
from bot.proposals.propose import _title, commit_line
from bot.proposals.text import DOCS, LIMIT, Addresses
from bot.relevance.phrases import Matcher
from bot.reports.decision import render_decision
from bot.reports.page.render import render_html
from bot.reports.records import outputs, render_json
from bot.reports.summary import render_summary
from bot.reports.terminal import render_terminal
from tests.conftest import thinned
from tests.factories import NOW, paper
from tests.fire.attacks import ATTACK_GROUPS, ATTACKS, FRAGMENTS
from tests.fire.surfaces import ACTIVE, SKIPS, Page, commands, controls, shows
from tests.listing.test_forms import FORMS
from tests.reports.test_page import Reader

BENIGN = "An ordinary text of several words"
IDS = ("2510.00001", "2510.00002", "2510.00003")
TOPICS = (Topic("RLAIF", ("feedback",)),)
RUN = "https://github.test/run/1"
BRIEFLY = settings(phases=(Phase.generate, Phase.shrink))
MIXED = st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=8).map("".join)


def hostile(name: str, text: str) -> Paper:
    """A paper with the text in every field."""
    return paper(
        id=name,
        title=f"RLAIF {text} {name}: part {text}",
        abstract=f"On {text} feedback {text}",
        authors=(text, f"A {text} B", "C D"),
        categories=("cs.CL", text),
        comment=f"{text} https://github.com/good/code",
        journal_ref=text,
        doi=text,
    )


def decision(paper: Paper, verdict: Verdict = Verdict.PROPOSE) -> Decision:
    text = paper.journal_ref
    near = Neighbour(text, 0.9, 7)
    candidate = Candidate(paper, Matcher(TOPICS).match(paper), 0.8, (text,), (text,), (near,))
    reason = Reason.RELEVANT if verdict is Verdict.PROPOSE else Reason.DECLINED
    return Decision(candidate, verdict, reason, text, (near,), ("Papers", text))


def items(*texts: str) -> list[ProposedPaper]:
    return [
        ProposedPaper(
            decision(hostile_paper),
            Draft(
                hostile_paper,
                Insertion(0, b""),
                "",
                Destination("Papers / 2025", 3, ("Papers / 2024",)),
            ),
        )
        for hostile_paper in map(hostile, IDS[:2], cycle(texts))
    ]


def coverage(text: str) -> Coverage:
    return Coverage(
        "search", "export.arxiv.org", "query", read=1, failure=text, note=text, capped=text
    )


def body(*texts: str) -> str:
    """The text of a pull request; of its papers, two to add, one to tick, one declined, each has the next text."""
    text, second, third, fourth = islice(cycle(texts), 4)
    papers = tuple(ArxivId(paper_id) for paper_id in IDS[:2])
    marker = Marker(papers, "README.md", NOW, title=unlinked(text))
    out = ArxivId("2510.00007")
    marker = replace(marker, declined=(out,))
    batch = PaperBatch(
        papers=items(text, second),
        perhaps=[decision(hostile(IDS[2], third), Verdict.PERHAPS)],
        titles={out: fourth},
        coverage=[coverage(third)],
        held=[decision(hostile(IDS[2], fourth), Verdict.HOLD)],
        addresses=Addresses(run=RUN),
    )
    return compose(marker, render_text(marker, batch))


def report(*texts: str) -> RunReport:
    """A report of three papers, each with the next text, and of an outcome and a source with one more."""
    *of_papers, text = islice(cycle(texts), 4)
    verdicts = (Verdict.PROPOSE, Verdict.HOLD, Verdict.REJECT)
    decisions = tuple(map(decision, map(hostile, IDS, of_papers), verdicts))
    outcome = Outcome(
        OutcomeKind.CREATED,
        text,
        3,
        "https://github.test/pull/3",
        failure=f"{text}.",
        detail=f"{text}.",
        body=text,
    )
    at = Window(NOW, NOW)
    return RunReport(
        "0.1.0",
        NOW,
        "owner/name",
        "README.md",
        at,
        (coverage(text),),
        decisions,
        (outcome,),
        (),
        0.3,
    )


def safe(page: Page, *others: str) -> Iterator[str]:
    """Lists what is unsafe in a page."""
    names = (*IDS, "2510.00007")
    allowed = {f"https://arxiv.org/{kind}/{name}" for name in names for kind in ("abs", "pdf")}
    allowed |= {f"{DOCS}/how-to/answer/", *others}
    yield from (f"link {link}" for link in page.links if link not in allowed)
    yield from (f"image {image}" for image in page.images)
    yield from (f"unbalanced {tag}" for tag in page.unbalanced)
    yield from (f"acts: {effect}" for effect in page.acts)
    yield from (
        f"attribute {attribute}" for attribute in page.attributes if attribute.startswith("on")
    )


def check_body(text: str) -> None:
    written = body(text)
    page, ordinary = Page(written), Page(body(BENIGN))

    assert [] == list(safe(page, RUN))
    assert not page.elements - ordinary.elements
    if "would be too long" not in written and clean(text):  # invisible text is not set in italics
        assert ordinary.elements == page.elements
    assert len(ordinary.comments) == len(page.comments)
    assert len(written) <= LIMIT
    assert [] == list(controls(written))
    ticked = {IDS[0]: True, IDS[1]: True, IDS[2]: False, "2510.00007": False}
    assert {ArxivId(name): box for name, box in ticked.items()} == boxes(written)
    marker = parse_marker(written)
    assert marker is not None
    assert marker.items == tuple(ArxivId(paper_id) for paper_id in IDS[:2])
    assert 1 == sum(comment.startswith(" arxiv-bot") for comment in page.comments)
    assert not SKIPS.search(written)
    title = plain(items(text)[0].decision.candidate.paper.title)
    if len(title) < 300:
        assert shows(page.text, title)


@pytest.mark.parametrize("name", ATTACKS)
def test_a_pull_requests_text_shows_it_and_does_nothing(name: str):
    check_body(ATTACKS[name])


@pytest.mark.deep
@BRIEFLY
@given(MIXED)
def test_a_pull_requests_text_shows_any_mix_of_attacks_and_does_nothing(text: str):
    check_body(text)


def check_commit(text: str) -> None:
    title = _title("Add {count}: {title}", items(text))
    papers = tuple(ArxivId(paper_id) for paper_id in IDS[:2])
    marker = Marker(papers, "README.md", NOW, title="Add 2 papers")
    written = commit_message("arxiv-bot/batch-1", marker, list(map(commit_line, items(text))))

    assert "\n" not in title
    assert len(title) <= 200
    for part in (title, written):
        assert [] == list(controls(part))
        assert [] == [found[0] for found in ACTIVE.finditer(part)]
        assert not SKIPS.search(part)
    first, blank, *lines = written.splitlines()
    assert ("Add 2 papers", "") == (first, blank)
    kinds = [line.partition(" ")[0] for line in lines]
    trailers = ["Batch", "List", "Papers", "Text"]
    assert ["*", "*", "", *(f"Arxiv-Bot-{name}:" for name in trailers)] == kinds
    sealed = Commit("1" * 40, seal(written, "2" * 40, ["3" * 40]), "2" * 40, ("3" * 40,))
    assert papers == papers_of(sealed).items


@pytest.mark.parametrize("name", ATTACKS)
def test_a_title_and_a_commit_message_show_it_and_do_nothing(name: str):
    check_commit(ATTACKS[name])


@pytest.mark.deep
@BRIEFLY
@given(MIXED)
def test_a_title_and_a_commit_message_show_any_mix_of_attacks(text: str):
    check_commit(text)


def check_summary(text: str) -> None:
    written = render_summary(report(text))
    like = BENIGN if clean(text) else ""  # invisible text gets no line
    page, ordinary = Page(written), Page(render_summary(report(like)))

    assert ["acts: #3"] == list(safe(page, "https://github.test/pull/3"))
    assert ordinary.elements == page.elements
    assert ordinary.attributes == page.attributes
    assert [] == page.comments
    assert [] == list(controls(written))


@pytest.mark.parametrize("name", ATTACKS)
def test_a_job_summary_shows_it_and_does_nothing(name: str):
    check_summary(ATTACKS[name])


@pytest.mark.deep
@BRIEFLY
@given(MIXED)
def test_a_job_summary_shows_any_mix_of_attacks(text: str):
    check_summary(text)


def check_page(text: str) -> None:
    written, ordinary = render_html(report(f"x {text}")), render_html(report("x y"))
    page, expected = Reader(written), Reader(ordinary)

    assert [] == page.wrong
    assert expected.addresses == page.addresses
    assert _shape(expected) == _shape(page)
    assert [] == list(controls(written))


def _shape(page: Reader) -> tuple[Counter[str], set[str]]:
    """Counts elements with their attributes, except marks and lines of a diff."""
    elements = Counter(tag for tag, _ in page.elements if tag not in {"mark", "span"})
    return elements, {name for _, said in page.elements for name in said}


@pytest.mark.parametrize("name", ATTACKS)
def test_the_html_report_shows_it_and_does_nothing(name: str):
    check_page(ATTACKS[name])


@pytest.mark.deep
@BRIEFLY
@given(MIXED)
def test_the_html_report_shows_any_mix_of_attacks(text: str):
    check_page(text)


STYLES = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;(?:id=[0-9.-]+)?;(?P<link>[^\x1b]*)\x1b\\")


def check_terminal(text: str) -> None:
    run_report = report(text)
    for plain_text in (
        render_terminal(run_report, width=100, colour=False),
        *(render_decision(decision, ()) for decision in run_report.decisions),
    ):
        assert [] == list(controls(plain_text))
        assert [] == list(commands(plain_text))
    coloured = render_terminal(run_report, width=100, colour=True, links=True)
    links = {found["link"] for found in STYLES.finditer(coloured)} - {None, ""}
    assert links <= {f"https://arxiv.org/abs/{paper_id}" for paper_id in IDS} | {
        "https://github.test/pull/3"
    }
    assert [] == list(controls(STYLES.sub("", coloured)))


@pytest.mark.parametrize("name", ATTACKS)
def test_a_terminal_or_log_shows_it_and_obeys_nothing(name: str):
    check_terminal(ATTACKS[name])


@pytest.mark.deep
@BRIEFLY
@given(MIXED)
def test_a_terminal_or_log_obeys_no_mix_of_attacks(text: str):
    check_terminal(text)


def _as_json(text: str) -> str:
    """The text as UTF-8 JSON can represent it: a lone surrogate is not a character."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def check_data(text: str) -> None:
    run_report = report(text)
    written = render_json(run_report)

    assert [] == list(controls(written))
    assert [] == list(commands(written))
    read = json.loads(written)["decisions"]
    assert [_as_json(decision.candidate.paper.title) for decision in run_report.decisions] == [
        shown["title"] for shown in read
    ]
    assert [
        list(map(_as_json, decision.candidate.paper.authors)) for decision in run_report.decisions
    ] == [shown["authors"] for shown in read]
    assert written.encode()
    assert (
        "pull-request-number=3\npull-request-url=https://github.test/pull/3\n"
        f"proposed=1\nheld-back=1\nfailures={len(run_report.failures)}\n"
    ) == outputs(run_report)


@pytest.mark.parametrize("name", ATTACKS)
def test_json_holds_it_verbatim_and_step_outputs_hold_none_of_it(name: str):
    check_data(ATTACKS[name])


@pytest.mark.deep
@BRIEFLY
@given(MIXED)
def test_json_holds_any_mix_of_attacks(text: str):
    check_data(text)


def _like(title: str) -> str:
    """An ordinary title, with a name before a colon if the other title has one."""
    return (
        "LaSeR word: Learning to Reward" if name_and_rest(title)[0] else "Learning word to Reward"
    )


def check_list(form: str, text: str) -> None:
    """Checks that the entry equals that of an ordinary paper, except for the words (and a code link it may name)."""
    text = text.replace("github.com", "github.example")
    title = f"LaSeR {text}: Learning {text} to Reward"
    pages = {}
    for said in (text, "word"):
        before = FORMS[form][0]
        changed = replace(
            paper(id="2506.07000", title=title if said == text else _like(title)),
            authors=(f"Ada {said} Lovelace", "Alan Turing"),
            abstract=f"We {said} reward {said}.",
            comment=f"{said} {said}",
            submitted=datetime(2025, 6, 4, tzinfo=UTC),
        )
        listing = PaperList.parse(before.encode())
        document = listing.document
        (result,) = draft(listing, [(changed, "")])
        assert isinstance(result, Draft)
        after = verify(document, [result.insertion], added=1).content
        assert [] == list(controls(after.decode().replace("\r", "")))
        pages[said] = Page(after.decode())
    hostile_page, ordinary = pages[text], pages["word"]

    assert ordinary.elements == hostile_page.elements
    assert ordinary.links == hostile_page.links
    assert ordinary.images == hostile_page.images
    assert ordinary.unbalanced == hostile_page.unbalanced
    assert ordinary.comments == hostile_page.comments
    assert ordinary.acts == hostile_page.acts


@pytest.mark.parametrize("form", thinned(sorted(FORMS), every=4))
@pytest.mark.parametrize("texts", thinned(ATTACK_GROUPS, every=4))
def test_a_lists_entry_shows_it_and_does_nothing(form: str, texts: list[str]):
    for text in texts:
        check_list(form, text)


@pytest.mark.deep
@BRIEFLY
@given(st.sampled_from(sorted(FORMS)), MIXED)
def test_a_lists_entry_shows_any_mix_of_attacks(form: str, text: str):
    check_list(form, text)


def test_a_megabyte_of_title_and_three_thousand_authors_stay_within_bounds():
    for text in ("x" * 10**6, "[a](b) " * 150_000, "<b>*" * 250_000):
        attack = replace(
            hostile(IDS[0], "y"),
            title=text,
            authors=tuple(f"Author {n} {text[:40]}" for n in range(3000)),
        )
        item = ProposedPaper(
            decision(attack), Draft(attack, Insertion(0, b""), "", Destination("Papers", 3))
        )
        marker = Marker((attack.id,), "README.md", NOW)
        written = compose(
            marker,
            render_text(
                marker, PaperBatch([item], coverage=[coverage("z")], addresses=Addresses(run=RUN))
            ),
        )
        assert len(written) <= LIMIT
        assert {attack.id: True} == boxes(written)
        assert len(_title("{title}", [item])) <= 200
        run_report = replace(report("y"), decisions=(decision(attack),))
        assert len(render_summary(run_report)) < 250_000
        assert attack.title == json.loads(render_json(run_report))["decisions"][0]["title"]


def test_a_closed_batchs_text_does_nothing():
    for text in ATTACKS.values():
        marker: Marker[ArxivId] = Marker((), "README.md", NOW)
        out = ArxivId("2510.00007")
        marker = replace(marker, declined=(out,))
        page = Page(compose(marker, render_closed(marker, {out: text}, Addresses(run=RUN))))
        assert [] == list(safe(page, RUN))


def test_real_records_with_hazards_show_as_they_are(shared: Path):
    records = json.loads((shared / "arxiv" / "hazard_records_oai_dc_real.json").read_text())
    classes = json.loads((shared / "arxiv" / "hazard_titles_real.json").read_text())["classes"]
    papers = [_real(record) for record in records["records"].values()]
    papers += [
        paper(id=IDS[0], title=record["title"]) for group in classes.values() for record in group
    ]
    for real in papers:
        item = ProposedPaper(
            decision(real), Draft(real, Insertion(0, b""), "", Destination("Papers", 3))
        )
        marker = Marker((real.id,), "README.md", NOW)
        written = compose(
            marker, render_text(marker, PaperBatch([item], addresses=Addresses(run=RUN)))
        )
        page = Page(written)
        assert [] == list(safe(page, RUN))
        assert shows(page.text, plain(real.title)[:290])
        assert {real.id: True} == boxes(written)

    assert len(papers) >= 300


def _real(record: dict[str, list[str]]) -> Paper:
    return paper(
        id=IDS[0],
        title=" ".join(record["title"]),
        abstract=" ".join(record["description"]),
        authors=tuple(record["creator"]),
    )


BESIDE = "# L\n\n## Papers\n\n" + "".join(
    f"- {name} of All Titles[[paper]](https://arxiv.org/abs/250{number}.00001)\n"
    for number, name in ((5, "First"), (4, "Second"), (3, "Third"))
)


def test_an_exclamation_mark_does_not_turn_a_link_into_an_image():
    wow = paper(id="2506.00001", title="Wow!")
    (made,) = draft(PaperList.parse(BESIDE.encode()), [(wow, "")])

    assert isinstance(made, Draft)
    assert [] == Page(made.text).images
    assert ["https://arxiv.org/abs/2506.00001"] == Page(made.text).links
    assert shows(Page(made.text).text, "Wow!")


@pytest.mark.parametrize("title", ["\u3164", "<b></b>", "{}", "", "\u200b \ufe0f"])
def test_a_paper_with_an_invisible_title_is_refused(title: str):
    blank = paper(id="2506.00001", title=title)
    (made,) = draft(PaperList.parse(BESIDE.encode()), [(blank, "")])

    assert Refused(blank, "its title has no visible characters") == made
