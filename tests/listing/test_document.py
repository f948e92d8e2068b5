import json
import lzma
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.arxiv_id import find_ids
from bot.core.errors import ListError
from bot.listing.document import Document, apply, verify
from bot.listing.index import ListIndex
from bot.listing.parts import EntryForm, Insertion
from tests import samples
from tests.conftest import thinned

LINES = st.lists(
    st.sampled_from(
        [
            "# A",
            "## 2024",
            "### [T](https://arxiv.org/abs/2401.00001)",
            "- [P](https://arxiv.org/abs/2401.00002)",
            "  - nested",
            "* x",
            "1. [Q](https://arxiv.org/abs/2401.00003)",
            "",
            " ",
            "\t",
            "text",
            "```",
            "<!--",
            "-->",
            "| a | b |",
            "|---|---|",
            "| [R](https://arxiv.org/abs/2401.00004) | x |",
            "<table>",
            "<tr>",
            "</tr>",
            "</table>",
            "---",
            "===",
            "**S** [[p](https://arxiv.org/abs/2401.00005)]",
            "<details>",
            "\xff",
            "\ufeff",
            "> quote",
        ]
    ),
    max_size=25,
)
ENDINGS = st.sampled_from(["\n", "\r\n", "\r"])


def check_structure(document: Document) -> None:
    """Sections and entries are in order, on line boundaries, nested and without overlap."""
    size = len(document.content)
    for section in document.sections:
        assert 0 <= section.start < section.body <= section.end <= size
    ends = 0
    for entry in document.entries:
        assert ends <= entry.start < entry.end <= size
        ends = entry.end
        before = document.content[: entry.start]
        assert not before or before.endswith((b"\n", b"\r")) or before == b"\xef\xbb\xbf"
        if entry.section is not None:
            section = document.sections[entry.section]
            assert section.start <= entry.start < section.end
    blocks = [entry.block for entry in document.entries]
    assert blocks == sorted(blocks)


@given(LINES, ENDINGS, st.booleans())
def test_any_list_is_read_into_a_sound_structure(lines: list[str], ending: str, final: bool):
    content = (ending.join(lines) + (ending if final else "")).encode()
    document = Document.parse(content)

    check_structure(document)
    assert content == apply(document, ())


@given(st.binary(max_size=300))
def test_any_bytes_are_read(content: bytes):
    check_structure(Document.parse(content))


def cases(shared: Path) -> Iterator[str]:
    for path in sorted((shared / "lists").glob("*.jsonl.xz")):
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            yield from lines


UNFOUND = {("Xnhyacinth/Awesome-LLM-Long-Context-Modeling", "2503.17407")}
"""Papers listed where no list of papers is recognised."""


@pytest.mark.parametrize("part", thinned(range(PARTS := 16), every=PARTS))
def test_in_real_commits_the_added_paper_is_absent_before_and_present_after(
    shared: Path, part: int
):
    """665 commits to 22 lists, each in one of the parts."""
    for number, case in enumerate(map(json.loads, islice(cases(shared), part, None, PARTS))):
        before, after = (
            Document.parse(case[when].encode("utf-8", "surrogateescape"))
            for when in ("before", "after")
        )
        if number % 10 == 0:
            check_structure(after)
            assert case["after"].encode("utf-8", "surrogateescape") == apply(after, ())

        def named(document: Document, wanted: str) -> bool:
            return any(
                mention.id.value == wanted
                for entry in document.entries
                for mention in find_ids(document.text(entry))
            )

        added = (case["list"], case["arxiv_id"])
        assert not named(before, case["arxiv_id"]), added
        assert named(after, case["arxiv_id"]) or added in UNFOUND, added


def test_a_heading_in_html_says_what_a_reader_sees():
    document = Document.parse(b'<h1 align="center">A <b>List</b></h1>\n\n<h2>Papers</h2>\n')

    assert [("A List", 1), ("Papers", 2)] == [
        (section.title, section.level) for section in document.sections
    ]


def test_sections_have_their_paths_and_ranges():
    document = Document.parse(b"# A\n\n## B\ntext\n### C\n## [D](#d) \xf0\x9f\x94\xa5\nE\n===\n")

    assert [
        (("A",), 1),
        (("A", "B"), 3),
        (("A", "B", "C"), 5),
        (("A", "D 🔥"), 6),
        (("E",), 7),
    ] == [(section.path, section.line) for section in document.sections]
    assert (
        b"## B\ntext\n### C\n"
        == document.content[document.sections[1].start : document.sections[1].end]
    )


@pytest.mark.parametrize(
    "decoy",
    [
        "- [RLAIF](#rlaif)\n- [Papers](#papers)\n",
        "```\n- [x](https://arxiv.org/abs/2401.00001)\n```\n",
        "<!--\n- [x](https://arxiv.org/abs/2401.00001)\n-->\n",
        "## News\n- 2024: our paper [x](https://arxiv.org/abs/2401.00001) is out\n",
        "## Citation\n- see [x](https://arxiv.org/abs/2401.00001)\n",
        "## Related lists\n- [awesome](https://github.com/a/b)\n",
        "We build on [x](https://arxiv.org/abs/2401.00001), a paper.\n",
    ],
)
def test_what_only_looks_like_an_entry_is_none(decoy: str):
    assert () == Document.parse(decoy.encode()).entries


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (
            "- [A](https://arxiv.org/abs/2401.00001)\n  - Authors\n\n- [B](https://arxiv.org/abs/2401.00002)\n",
            2,
        ),
        (
            "| t | l |\n|---|---|\n| A | [p](https://arxiv.org/abs/2401.00001) |\n| B | [p](https://arxiv.org/abs/2401.00002) |\n",
            2,
        ),
        (
            "### [A](https://arxiv.org/abs/2401.00001)\n- x\n### [B](https://arxiv.org/abs/2401.00002)\n- y\n",
            2,
        ),
        (
            "**A** \\\n[[p](https://arxiv.org/abs/2401.00001)]\n\n**B** \\\n[[p](https://arxiv.org/abs/2401.00002)]\n",
            2,
        ),
        (
            "1. A [p](https://arxiv.org/abs/2401.00001)\n2. B [p](https://openreview.net/forum?id=x)\n",
            2,
        ),
        (
            "<table>\n<tr>\n<td>A <a href='https://arxiv.org/abs/2401.00001'>p</a></td>\n</tr>\n</table>\n",
            1,
        ),
        (
            "- Topic\n  - [A](https://arxiv.org/abs/2401.00001)\n  - [B](https://arxiv.org/abs/2401.00002)\n",
            2,
        ),
    ],
)
def test_entries_of_every_form_are_found(text: str, count: int):
    for ending in ("\n", "\r\n"):
        document = Document.parse(text.replace("\n", ending).encode())
        assert count == len(document.entries)
        assert [2401] == sorted(
            {int(str(item.ids[0])[:4]) for item in ListIndex.build(document).listed if item.ids}
        )


def test_a_heading_that_is_a_link_is_an_entry_if_most_of_its_level_name_papers():
    papers = "".join(f"### [T{n}](https://arxiv.org/abs/2401.0000{n})\n- x\n\n" for n in (1, 2))
    text = f"## Papers\n\n### [U](https://journal.example/u)\n- y\n\n{papers}"
    document = Document.parse(text.encode())

    assert ["Papers"] == [section.title for section in document.sections]
    assert [(EntryForm.HEADING, 0)] * 3 == [
        (entry.form, entry.section) for entry in document.entries
    ]


@pytest.mark.parametrize(
    "heading",
    [
        "### Judges",
        "### [Judges](#judges)",
        "### [Judges](https://x.example) and more",
        "## [Judges](https://x.example)",
    ],
)
def test_a_heading_unlike_those_of_papers_starts_a_section(heading: str):
    papers = "".join(f"### [T{n}](https://arxiv.org/abs/2401.0000{n})\n- x\n\n" for n in (1, 2))
    document = Document.parse(f"## Papers\n\n{papers}{heading}\n\n{papers}".encode())

    assert ["Papers", "Judges"] == [section.title.split()[0] for section in document.sections]


def test_linked_headings_that_outnumber_those_of_papers_are_sections():
    text = "".join(f"## [Part {n}](https://x.example/{n})\n\n" for n in (1, 2))
    document = Document.parse(f"{text}## [T](https://arxiv.org/abs/2401.00001)\n- x\n".encode())

    assert ["Part 1", "Part 2"] == [section.title for section in document.sections]
    assert 1 == len(document.entries)


def test_verify_refuses_an_insertion_that_is_swallowed():
    document = Document.parse(samples.LIST.encode())
    end = len(document.content)
    with pytest.raises(ListError, match="instead of 1"):
        verify(document, [Insertion(end, b"just words\n")], added=1)
    inside = document.entries[0].start + 5
    with pytest.raises(ListError, match="alter the entry"):
        verify(
            document, [Insertion(inside, b"\n- [x](https://arxiv.org/abs/2401.00001)\n")], added=1
        )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"words\n\n", "no entry instead of 1"),
        (b"- [C](https://arxiv.org/abs/2401.00003)\n" * 2, "2 entries instead of 1"),
    ],
)
def test_an_edit_that_adds_another_number_of_entries_says_how_many(content: bytes, said: str):
    document = Document.parse(b"## Papers\n\n- [A](https://arxiv.org/abs/2401.00001)\n")
    at = document.entries[0].start

    with pytest.raises(ListError, match=f"would gain {said}"):
        verify(document, [Insertion(at, content)], added=1)
