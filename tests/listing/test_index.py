"""The papers that an index finds, and the texts that it reads as titles."""

import pytest

from bot.core.arxiv_id import ArxivId
from bot.core.model import Paper
from bot.listing.document import Document
from bot.listing.entry_title import title_of
from bot.listing.index import ListIndex
from bot.listing.parts import EntryForm

BADGES = """\
# Awesome Things
[![Awesome](https://awesome.re/badge.svg)](https://awesome.re) [![arXiv](https://img.shields.io/badge/arXiv-2401.00001-b31b1b.svg)](https://arxiv.org/abs/2401.00001)
![](https://img.shields.io/badge/PRs-Welcome-red)

[<a href="https://arxiv.org/abs/2401.00002">Paper</a>] [[Project Page](https://example.org)]

## Papers
- [On Things](https://arxiv.org/abs/2402.00003)
"""


def test_badges_above_a_list_are_no_entries_but_their_papers_are_known():
    document = Document.parse(BADGES.encode())
    index = ListIndex.build(document)

    assert ["On Things"] == [item.title for item in index.listed]
    assert [2, 5] == [badge.line for badge in document.badges]
    for name, line in (("2401.00001", 2), ("2401.00002", 5)):
        found = index.find(Paper(ArxivId(name), "The Survey of These Things"))
        assert found is not None
        assert line == found.line


def test_a_badged_paper_that_is_listed_too_is_listed_once_and_repeats_nothing():
    index = ListIndex.build(Document.parse(BADGES.replace("2402.00003", "2401.00001").encode()))

    assert [] == list(index.repeated())
    assert 8 == getattr(index.find_id(ArxivId("2401.00001")), "line", 0)


@pytest.mark.parametrize(
    "paragraph",
    [
        "[A Survey of Things](https://arxiv.org/abs/2401.00001)",
        "**A Survey of Things** [[Paper](https://arxiv.org/abs/2401.00001)]",
        "[![arXiv](https://x.example/b.svg)](https://arxiv.org/abs/2401.00001) A Survey of Things",
    ],
)
def test_a_paragraph_that_names_a_title_is_an_entry(paragraph: str):
    document = Document.parse(f"# Things\n\n{paragraph}\n".encode())

    assert 1 == len(document.entries)
    assert () == document.badges


def test_a_paragraph_of_links_below_a_heading_that_is_a_title_is_an_entry():
    papers = "".join(
        f"### {title}\n\n[Paper](https://arxiv.org/abs/{name}) [Code](https://example.org)\n\n"
        for title, name in (("On Things", "2402.00003"), ("On Others", "2402.00004"))
    )
    document = Document.parse(f"# Things\n\n{papers}".encode())

    assert [5, 9] == [entry.line for entry in document.entries]
    assert () == document.badges


def test_badges_below_an_entry_belong_to_the_entry():
    text = f"# Things\n- [On Things](https://arxiv.org/abs/2402.00003)\n{BADGES}"

    assert () == Document.parse(text.encode()).badges


@pytest.mark.parametrize(
    ("entry", "title"),
    [
        (
            (
                "- [**DreamerV2**] Mastering Atari with Discrete World Models. **`ICLR 2021`** "
                "[[Paper](https://arxiv.org/abs/2010.02193)] [[TF Code](https://example.org)]"
            ),
            "Mastering Atari with Discrete World Models",
        ),
        (
            "- OffsetBias: Leveraging Debiased Data `2024` [[EMNLP Findings](https://aclanthology.org/x)]",
            "OffsetBias: Leveraging Debiased Data",
        ),
        ("- [[A Title of Some Words](https://arxiv.org/abs/2010.02193)]", "A Title of Some Words"),
        ("- [R1-V](https://arxiv.org/abs/2010.02193)", "R1-V"),
    ],
)
def test_a_label_in_brackets_of_its_own_is_no_title(entry: str, title: str):
    assert title == title_of(entry, EntryForm.BULLET)


@pytest.mark.parametrize(
    "title",
    [
        "**2401.10020** Self-Rewarding Models",
        "2401.10020v2: Self-Rewarding Models",
        "2401.10020 - Self-Rewarding Models",
        "[2401.10020] Self-Rewarding Models",
    ],
)
def test_an_id_before_a_title_is_no_part_of_it(title: str):
    entry = f"- [{title}](https://arxiv.org/abs/2401.10020)"

    assert "Self-Rewarding Models" == title_of(entry, EntryForm.BULLET)


@pytest.mark.parametrize(
    ("entry", "title"),
    [
        ('- Ann Gong, Bo Wu. "Judges that Learn." ICLR. https://a.example', "Judges that Learn"),
        (
            "- A. Gong et al., “What Do Judges Learn?” 2024. [pdf](https://a.example)",
            "What Do Judges Learn?",
        ),
        (
            '- Rewards, "the good" and the bad of them: [pdf](https://a.example)',
            'Rewards, "the good" and the bad of them',
        ),
    ],
)
def test_a_citation_has_its_title_in_quotation_marks(entry: str, title: str):
    assert title == title_of(entry, EntryForm.BULLET)


@pytest.mark.parametrize(
    ("link", "title"),
    [
        ("Agent 57", "Agent 57"),
        ("GPT-4o 128", "GPT-4o 128"),
        ("ICML 2024", "Judges that Learn"),
        ("NeurIPS'24 Spotlight", "Judges that Learn"),
    ],
)
def test_a_short_name_with_a_number_is_a_venue_only_if_the_number_is_a_year(link: str, title: str):
    entry = f"- **Judges that Learn** [{link}](https://arxiv.org/abs/2401.10020)"

    assert title == title_of(entry, EntryForm.BULLET)


HIDING = {
    "an id in a title": "- [A Reply to arXiv:2406.55556](https://arxiv.org/abs/2501.00001)",
    "an address in a title": "- [See https://arxiv.org/abs/2406.55556](https://arxiv.org/abs/2501.00001)",
    "an id in a labelled abstract": (
        "- [A Title](https://arxiv.org/abs/2501.00001)\n"
        "  - Abstract: We extend arXiv:2406.55556 and https://arxiv.org/abs/2406.55556."
    ),
    "an id in a folded abstract": (
        "- [A Title](https://arxiv.org/abs/2501.00001)\n"
        "  <details><summary>Abstract</summary>We extend https://arxiv.org/abs/2406.55556</details>"
    ),
    "an id in words": "- [A Title](https://arxiv.org/abs/2501.00001), extends arXiv:2406.55556",
    "an id in an escaped title": r"- [On \[it\] \] arXiv:2406.55556](https://arxiv.org/abs/2501.00001)",
    "an id before the link": "- Reply to arXiv:2406.55556 [[Paper]](https://arxiv.org/abs/2501.00001)",
}


@pytest.mark.parametrize("text", HIDING.values(), ids=HIDING)
def test_papers_that_an_entry_only_mentions_are_not_listed(text: str):
    index = ListIndex.build(Document.parse(f"## Papers\n\n{text}\n".encode()))
    own, other = ArxivId("2501.00001"), ArxivId("2406.55556")

    assert (own,) == index.listed[0].ids
    assert index.find_id(own) is not None
    assert index.find_id(other) is None
    mentioning = index.mentioning(other)
    assert mentioning is not None
    assert 3 == mentioning.line


def test_a_doi_in_words_does_not_make_its_paper_listed():
    text = (
        "- [Comment on 10.1145/1234567](https://arxiv.org/abs/2501.00001)\n"
        "  - Abstract: As 10.1145/7654321 says.\n"
        "  - [Published](https://doi.org/10.1145/1111111)\n"
    )
    (listed,) = ListIndex.build(Document.parse(f"## Papers\n\n{text}".encode())).listed

    assert ("10.1145/1111111",) == listed.dois


@pytest.mark.parametrize(
    "text",
    [
        "- A Title of Words. [code](https://github.com/a/b) arXiv:2406.00001",
        "| arXiv:2406.00001 | [A Title of Words](https://example.org/a.pdf) |",
        "- [A Title of Words](https://example.org/a.pdf) ![](https://img.shields.io/badge/arXiv-2406.00001-red)",
        "- A Title of Words [page](https://example.org), arXiv:2406.00001, beside arXiv:2406.00002",
    ],
)
def test_an_entry_without_a_link_to_arxiv_is_of_the_first_paper_it_names(text: str):
    head = "| id | title |\n|---|---|\n" if text[0] == "|" else ""
    (listed,) = ListIndex.build(Document.parse(f"## Papers\n\n{head}{text}\n".encode())).listed

    assert (ArxivId("2406.00001"),) == listed.ids


def test_a_row_without_a_title_is_named_by_its_repository_and_not_by_its_authors():
    table = (
        "| Github Repo | Date | Org | Paper Link |\n|---|---|---|---|\n"
        "| [siiRL](https://github.com/sii-research/siiRL) | 2025.7 | Shanghai Innovation Institute "
        "| [Paper](https://arxiv.org/abs/2507.13833) |\n"
    )
    (listed,) = ListIndex.build(Document.parse(f"## Papers\n\n{table}".encode())).listed

    assert "siiRL" == listed.title
