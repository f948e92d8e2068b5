"""The findings of an audit, and their automatic fixes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.check_rules import CheckRule
from bot.core.config import Doubt
from bot.listing.document import Document
from bot.listing.index import ListIndex
from bot.listing.paper_list import ListSize, PaperList
from bot.tools.check.audit import ListFinding, audit, repair
from bot.tools.check.findings import render_doubts, render_github, render_json, render_text

LINK = "https://arxiv.org/abs"


DOUBTS = (Doubt("arxiv.categories", "no category 'cs.ZZ' is known", "see there"),)


def found(text: str) -> list[tuple[CheckRule, int]]:
    return [(finding.rule, finding.line) for finding in findings(text)]


def findings(text: str) -> tuple[ListFinding, ...]:
    return audit(PaperList.parse(text.encode("utf-8", "surrogateescape")))


def repaired(text: str) -> str:
    listing = PaperList.parse(text.encode("utf-8", "surrogateescape"))
    return repair(listing, audit(listing)).decode("utf-8", "surrogateescape")


def entries(*numbers: str) -> str:
    words = "Moths Zebras Ants Newts Crows Yaks Bats Eels Owls Pigs Rats Cows".split()
    return "".join(
        f"- [On {word} and Others]({LINK}/{number})\n"
        for word, number in zip(words, numbers, strict=False)
    )


GOOD = entries("2505.00001", "2504.00001", "2503.00001", "2502.00001", "2501.00001")
WRONG = {
    "the same id twice": (
        GOOD + f"- [On Moths and others!]({LINK}/2505.00001)\n",
        [(CheckRule.REPEATED, 6)],
    ),
    "the same title twice": (
        GOOD + "- [On Moths and Others](https://x.org/moths)\n",
        [(CheckRule.REPEATED, 6)],
    ),
    "one id under a title and its short form": (
        GOOD + f"- [On Moths]({LINK}/2505.00001)\n",
        [(CheckRule.REPEATED, 6)],
    ),
    "one id under two titles": (
        GOOD + f"- [A Study of Volcanoes]({LINK}/2501.00001)\n",
        [(CheckRule.TWO_TITLES, 6)],
    ),
    "a link with a version": (
        GOOD.replace("2503.00001", "2503.00001v2"),
        [(CheckRule.VERSION, 3)],
    ),
    "a link without encryption": (
        GOOD.replace("https://arxiv.org/abs/2503", "http://arxiv.org/abs/2503"),
        [(CheckRule.HTTP, 3)],
    ),
    "an id that can't be": (GOOD.replace("2503.00001", "2513.00001"), [(CheckRule.MALFORMED, 3)]),
    "no link": (GOOD + "- On Snails without a Link\n", [(CheckRule.NO_LINK, 6)]),
}


def test_a_paper_also_named_above_the_papers_is_reported_only_if_it_is_listed_twice():
    above = f"# Judges\n\n- [On Moths and Others]({LINK}/2505.00001)\n\n## Papers\n\n{GOOD}"
    twice = above + f"- [On Moths and Others]({LINK}/2505.00001)\n"

    def repetitions(text: str) -> list[str]:
        found = audit(PaperList.parse(text.encode(), "Papers"))
        return [item.what for item in found if item.rule is CheckRule.REPEATED]

    assert [] == repetitions(above)
    assert ["'On Moths and Others' is already at line 7"] == repetitions(twice)


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_found_at_its_line(name: str):
    text, wanted = WRONG[name]

    assert [] == found(GOOD)
    assert wanted == found(text)


def test_a_paper_in_several_sections_is_wrong_only_if_that_is_rare_in_the_list():
    again = f"# Rewards\n{GOOD}# Judges\n{{}}# Taken back\n- [Loose Ends]({LINK}/2406.00001)\n"
    once, habit = again.format(GOOD.splitlines()[0] + "\n"), again.format(GOOD)
    volcanoes = f"- [A Study of Volcanoes]({LINK}/2501.00001)\n"

    assert [(CheckRule.REPEATED, 8)] == found(once)
    assert [] == found(habit)
    assert [(CheckRule.REPEATED, 13)] == found(
        habit.replace("# Taken", GOOD.splitlines()[0] + "\n# Taken")
    )
    assert [(CheckRule.TWO_TITLES, 15)] == found(habit + volcanoes), "a wrong link is no habit"


def test_a_pdf_is_wrong_only_if_the_list_links_to_abstracts():
    numbers = [f"25{month:02}.00001" for month in range(12, 0, -1)]
    replace = entries(*numbers).replace("abs/2506.00001", "pdf/2506.00001v1.pdf")
    pdfs = GOOD.replace("/abs/", "/pdf/")

    assert [(CheckRule.PDF, 7), (CheckRule.VERSION, 7)] == found(replace)
    assert entries(*numbers) == repaired(replace)
    assert [] == found(pdfs)


def test_an_entry_out_of_order_is_found_if_all_others_are_in_order():
    numbers = [f"25{month:02}.00001" for month in range(12, 0, -1)]
    numbers[6], numbers[7] = "2505.00001", "2506.00001"

    assert [(CheckRule.ORDER, 8)] == found(entries(*numbers))


def test_a_paper_under_another_year_than_its_own():
    years = "".join(
        f"## 20{year}\n"
        + entries(*(f"{year}{month:02}.{year:05}" for month in range(11, 0, -1))).replace(
            "On ", f"In 20{year} On "
        )
        for year in (25, 24)
    )
    wrong = years.replace("2403.00024", "2203.00024")

    assert [] == found(years)
    assert (CheckRule.YEAR, 22) in found(wrong)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_repair_changes_only_the_links(ending: str):
    text = (
        "\ufeff# L\xa0é"
        "\n"
        + GOOD.replace("https://arxiv.org/abs/2503.00001", "http://arxiv.org/abs/2503.00001v3")
        + "tail \udcff"
    )
    text = text.replace("\n", ending)

    assert text.replace("http://arxiv.org/abs/2503.00001v3", f"{LINK}/2503.00001") == repaired(text)


@given(
    st.lists(
        st.sampled_from(
            [
                "## 2024",
                "- [A](http://arxiv.org/pdf/2401.00001v2.pdf)",
                "- [B](https://arxiv.org/abs/2402.00002v11)",
                "- [C](https://arxiv.org/abs/2402.00003) http://arxiv.org/abs/2402.00003v1",
                "- [D](http://www.arxiv.org/abs/hep-th/9901001v1)",
                "- [E](http://arxiv.org/abs/9999.99999)",
                "  - http://arxiv.org/abs/2402.00004v1 \xe9",
                "",
                "| t | p |",
                "|---|---|",
                "| F | [p](http://arxiv.org/pdf/2402.00005v1) |",
            ]
        ),
        max_size=14,
    )
)
def test_a_repaired_list_needs_no_repair_and_has_the_same_papers(lines: list[str]):
    text = "\n".join(lines)
    after = repaired(text)
    document = Document.parse(after.encode())

    assert not any(item.edit for item in audit(PaperList.parse(after.encode())))
    assert [item.line for item in ListIndex.build(Document.parse(text.encode())).listed] == [
        item.line for item in ListIndex.build(document).listed
    ]


def test_findings_are_written_as_text_json_and_annotations():
    output = (
        ListFinding(
            CheckRule.REPEATED,
            7,
            "'A,\n::error::b 100%' is already at line 3",
            "remove one of them",
            path="a,b.md",
        ),
    )

    assert (
        "a,b.md:7: repeated: 'A, ::error::b 100%' is already at line 3\n    fix: remove one of them\n"
        == render_text(output)
    )
    assert (
        "::warning file=a%2Cb.md,line=7,title=repeated::'A, ::error::b 100%25' is already at line 3; "
        "fix: remove one of them\n" == render_github(output, "c.toml", ())
    )
    data = json.loads(render_json("README.md", ListSize(3, 2, 1), output, DOUBTS))
    assert (3, 2, 1) == (data["entries"], data["papers"], data["on_arxiv"])
    assert [False] == [finding["fixable"] for finding in data["findings"]]
    assert ["arxiv.categories"] == [doubt["where"] for doubt in data["doubts"]]


def test_doubts_are_reported_with_the_findings():
    assert (
        "c.toml: warning: arxiv.categories: no category 'cs.ZZ' is known\n    fix: see there\n"
        == render_doubts("c.toml", DOUBTS)
    )
    assert (
        "::warning file=c.toml,title=arxiv.categories::no category 'cs.ZZ' is known; fix: see there\n"
        == render_github((), "c.toml", DOUBTS)
    )


def test_a_doubt_can_not_inject_a_workflow_command():
    doubt = Doubt("x,y", "50%\n::error::a", "::error::b\r\n::error::c")
    output = render_github((), "c:d,e.toml", (doubt,))

    assert output.startswith("::warning file=c%3Ad%2Ce.toml,title=x%2Cy::50%25")
    assert 1 == len(output.splitlines())
    assert "\n::error" not in render_doubts("c.toml", (doubt,))


def versions(with_version: int, without: int) -> str:
    links = [f"{LINK}/2401.{n:05}v1" for n in range(1, with_version + 1)]
    links += [f"{LINK}/2402.{n:05}" for n in range(1, without + 1)]
    return "".join(f"- [Paper Number {n} of Many]({link})\n" for n, link in enumerate(links))


def test_a_version_is_a_finding_if_most_links_have_none():
    assert [CheckRule.VERSION] == [rule for rule, _ in found("## P\n" + versions(1, 9))]


def test_versions_are_no_finding_if_most_links_have_one():
    assert [] == found("## P\n" + versions(9, 1))


def test_http_is_no_finding_if_most_links_use_it():
    assert [] == found("## P\n" + versions(0, 9).replace("https:", "http:"))


def dated(*months: str) -> str:
    """Entries with dates in their text that need not agree with their ids."""
    return "## P\n" + "".join(
        f"- [{month}] [Paper Number {n} of Many]({LINK}/{2501 + n % 3}.000{n + 10})\n"
        for n, month in enumerate(months)
    )


def test_the_order_follows_the_dates_in_the_lists_text():
    falling = "2025.09 2025.08 2025.07 2025.06 2025.05 2025.04 2025.03".split()
    swapped = [*falling, "2025.02", "2025.01", "2024.12", "2024.11", "2025.10"]

    assert [] == found(dated(*falling))
    assert [(CheckRule.ORDER, 13)] == found(dated(*swapped))


def test_two_ids_in_an_entry_are_a_finding_if_other_entries_have_one():
    other = f"- [On Ids and Others]({LINK}/2401.00001) [[2]]({LINK}/2401.00002)\n"
    alone = "## P\n" + versions(0, 40)

    assert [(CheckRule.TWO_IDS, 42)] == found(alone + other)
    assert [] == found(alone + other.replace("2401.00002", "2401.00001"))
    assert [] == found("## P\n" + versions(0, 3) + other)


def test_a_rule_that_is_switched_off_finds_nothing():
    listing = PaperList.parse(("## P\n" + versions(1, 9)).encode())

    assert () == audit(listing, off=(CheckRule.VERSION,))
    assert 1 == len(audit(listing, off=(CheckRule.ORDER,)))


@pytest.mark.parametrize(
    ("comment", "left"),
    [
        ("<!-- arxiv-bot: ignore version -->", []),
        ("<!-- arxiv-bot: ignore order, version -->", []),
        ("<!-- arxiv-bot: ignore order -->", [CheckRule.VERSION]),
        ("<!-- arxiv-bot: ignore everything -->", [CheckRule.VERSION]),
    ],
)
def test_a_comment_switches_a_rule_off_for_its_entry(comment: str, left: list[CheckRule]):
    text = "## P\n" + versions(1, 9).replace("v1)\n", f"v1) {comment}\n", 1)

    assert left == [rule for rule, _ in found(text)]


def test_many_findings_of_a_rule_are_cut_and_the_most_serious_come_first():
    version = [ListFinding(CheckRule.VERSION, n, f"link {n}", "leave it out") for n in range(1, 31)]
    ids = ListFinding(CheckRule.TWO_IDS, 40, "ids", "fix", path="README.md")
    output = render_text([*version, ids])
    lines = [line for line in output.splitlines() if not line.startswith("    fix")]

    assert lines[0] == "README.md:40: two-ids: ids"
    assert 12 == len(lines)
    assert lines[-1] == "20 more: version (--json lists all)"


def test_a_repeat_in_another_section_may_be_intended():
    text = f"## A\n{versions(0, 9)}## B\n- [Paper Number 1 of Many]({LINK}/2402.00002)\n"
    (finding,) = findings(text)

    assert "remove one of them, unless it belongs to both sections" == finding.fix
