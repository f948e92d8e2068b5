import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.core.arxiv_id import ArxivId
from bot.core.errors import ConfigError, ListError
from bot.core.model import Paper
from bot.listing.dates import render_date
from bot.listing.document import Document, verify
from bot.listing.draft import Draft, Refused, draft
from bot.listing.headings import papers_part
from bot.listing.index import ListIndex
from bot.listing.paper_list import PaperList
from bot.listing.sections import Inbox
from tests import samples
from tests.factories import paper

ENTRY_B = (
    "- [B](https://arxiv.org/abs/2405.00002)\n  - Authors: Ada Lovelace, Alan Turing\n"
    "  - <details> <summary>Abstract (click me)</summary> We reward. </details>\n"
)


def insert(
    text: str,
    papers: Sequence[Paper],
    template: str | None = None,
    section: str = "",
    heading: str = "Papers",
) -> str:
    listing = PaperList.parse(text.encode("utf-8", "surrogateescape"), heading)
    document = listing.document
    drafts = draft(listing, [(item, section) for item in papers], template)
    assert all(isinstance(item, Draft) for item in drafts), drafts
    insertions = [item.insertion for item in drafts if isinstance(item, Draft)]
    return verify(document, insertions, added=len(papers)).content.decode(
        "utf-8", "surrogateescape"
    )


B = paper(id="2405.00002", title="B")


def test_a_missing_year_is_created_in_its_place():
    wanted = samples.LIST.replace("### 2023\n", f"### 2024\n{ENTRY_B}\n### 2023\n")

    assert wanted == insert(samples.LIST, [B])


def test_a_missing_year_may_be_the_last():
    old = paper(id="1706.03741", title="B")
    wanted = ENTRY_B.replace("2405.00002", "1706.03741")

    assert f"Paper)\n\n### 2017\n{wanted}\n## Contributing" in insert(samples.LIST, [old])


def test_papers_of_a_year_go_newest_first():
    papers = [paper(id=f"2309.{number:05}", title=f"T{number}") for number in (1, 90_000, 500)]
    text = insert(samples.LIST, papers)

    ids = ["2309.90000", "2309.00500", "2309.00267", "2309.00001"]
    assert ids == sorted(ids, key=text.index)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("final", [True, False])
def test_line_endings_and_a_missing_final_newline_stay(ending: str, final: bool):
    text = (
        "## Papers\n- [Z](https://arxiv.org/abs/2401.00001)\n- [A](https://arxiv.org/abs/2402.00001)"
        + ("\n" if final else "")
    )
    text = text.replace("\n", ending)
    changed = insert(text, [paper(id="2403.00001", title="New")])

    assert changed == text + (
        ending if not final else ""
    ) + "- [New](https://arxiv.org/abs/2403.00001)" + (ending if final else "")


RELATIVES = {
    "link at the end": (
        "- One Thing [[Paper]](https://arxiv.org/pdf/2401.00001)\n- Another [[Paper]](https://arxiv.org/pdf/2401.00002)\n",
        "- B [[Paper]](https://arxiv.org/pdf/2405.00002)\n",
    ),
    "date first, versions and code": (
        "* [2401] **One Thing** [pdf](https://arxiv.org/abs/2401.00001v2) [[Code](https://github.com/a/b)]\n",
        "* [2405] **B** [pdf](https://arxiv.org/abs/2405.00002)\n",
    ),
    "authors in italics, cut": (
        "- [One Thing](https://www.arxiv.org/abs/2401.00001), *Jane Doe, John Roe, et al.*, 2024.01\n",
        "- [B](https://www.arxiv.org/abs/2405.00002), *Ada Lovelace, Alan Turing*, 2024.05\n",
    ),
    "an unknown is written as the list writes it": (
        "- [One Thing](https://arxiv.org/abs/2401.00001)\n  - Author(s): Jane Doe, John Roe\n  - Date: 2024-01\n  - Venue: -\n",
        "- [B](https://arxiv.org/abs/2405.00002)\n  - Author(s): Ada Lovelace, Alan Turing\n  - Date: 2024-05\n  - Venue: -\n",
    ),
    "a table": (
        "| Date | Title |\n|---|---|\n| 2024.01 | [One Thing](https://arxiv.org/abs/2401.00001) |\n",
        "| 2024.05 | [B](https://arxiv.org/abs/2405.00002) |\n",
    ),
}


@pytest.mark.parametrize("name", RELATIVES)
def test_the_form_is_that_of_the_neighbours(name: str):
    text, wanted = RELATIVES[name]
    changed = insert(f"## Papers\n{text}", [B])

    assert (
        f"## Papers\n{text}".replace("- One Thing", f"{wanted}- One Thing", 1) == changed
        or wanted in changed
    )
    assert len(f"## Papers\n{text}") + len(wanted) == len(changed)


def test_a_topic_may_name_its_section():
    text = "## Papers\n### Old\n- [One](https://arxiv.org/abs/2401.00001)\n### New ones\n- [Two](https://arxiv.org/abs/2402.00001)\n"

    assert "### Old\n- [B](" in insert(text, [B], section="old")


def test_only_the_papers_of_a_topic_with_a_missing_section_are_refused():
    listing = PaperList.parse(samples.LIST.encode(), "Papers")
    other = paper(id="2405.00003", title="C")
    refused, written = draft(listing, [(other, "Papers / Unknown"), (B, "")])

    assert isinstance(refused, Refused)
    assert "the list has no heading 'Papers / Unknown'" in refused.why
    assert isinstance(written, Draft)


def test_a_misspelt_section_is_refused_with_the_most_similar():
    text = "## Papers\n### Old\n- [One](https://arxiv.org/abs/2401.00001)\n### New ones\n- [Two](https://arxiv.org/abs/2402.00001)\n"
    (refused,) = draft(PaperList.parse(text.encode()), [(B, "New once")])

    assert isinstance(refused, Refused)
    assert "did you mean 'New ones'" in refused.why


def test_an_entry_that_can_not_be_read_again_is_refused_and_the_others_are_added():
    template = "{% if title == 'B' %}just words{% else %}- [{{ title }}]({{ url }}){% endif %}"
    listing = PaperList.parse(samples.LIST.encode(), "Papers")
    other = paper(id="2405.00003", title="C")
    results = draft(listing, [(B, ""), (other, "")], template)
    by_title = {result.paper.title: result for result in results}
    refused = by_title["B"]

    assert isinstance(refused, Refused)
    assert "add this paper by hand" in refused.why
    assert isinstance(by_title["C"], Draft)


@pytest.mark.parametrize(
    ("wanted", "fix"),
    [
        ("papers", "did you mean '📄 Papers & Research'?"),
        ("Papers and Reserch", "did you mean '📄 Papers & Research'?"),
        ("Articles", "the headings with the most entries are 'A List', '📄 Papers & Research'"),
    ],
)
def test_a_wrong_papers_heading_is_reported_with_the_most_similar(wanted: str, fix: str):
    text = "# A List\n- [A](https://arxiv.org/abs/2401.00001)\n## 📄 Papers & Research\n- [B](https://arxiv.org/abs/2401.00002)\n"
    with pytest.raises(ListError) as error:
        papers_part(Document.parse(text.encode()), wanted)

    assert error.value.fix.startswith(fix)
    assert 'heading = "" takes the whole file' in error.value.fix


def test_a_heading_that_is_a_sentence_is_not_suggested_for_one_of_its_words():
    text = "# What We Have Read of Tools in the Last Few Years\n- [A](https://arxiv.org/abs/2401.00001)\n"
    with pytest.raises(ListError) as error:
        papers_part(Document.parse(text.encode()), "Tools")

    assert error.value.fix.startswith("the headings with the most entries are 'What We Have Read")


def test_a_missing_papers_heading_names_the_similar_ones():
    with pytest.raises(ListError, match=r"did you mean 'Papers'\?"):
        insert(samples.LIST, [B], heading="Paper")


def test_a_list_without_entries_says_what_to_do():
    (refused,) = draft(PaperList.parse(b"# L\n## Papers\n", "Papers"), [(B, "")])

    assert isinstance(refused, Refused)
    assert "add a first entry by hand" in refused.why


def test_a_template_replaces_the_learned_form():
    template = "- **{{ title }}** ({{ year }}) {{ authors | join('; ') }} <{{ url }}>"

    assert (
        "- **B** (2024) Ada Lovelace; Alan Turing <https://arxiv.org/abs/2405.00002>\n"
        in insert(samples.LIST, [B], template)
    )


@pytest.mark.parametrize("template", ["{% if %}", "{{ venue }}", "{{ title.__class__.__mro__ }}"])
def test_a_wrong_template_is_reported(template: str):
    with pytest.raises(ConfigError, match=r"list\.template"):
        insert(samples.LIST, [B], template)


HOSTILE = st.text(
    st.sampled_from("ab *_[]()<>|#@`$\\!\n\t&;:/-+\u202e\x00"), min_size=1, max_size=40
)


@given(HOSTILE, HOSTILE, st.lists(HOSTILE, min_size=1, max_size=3))
def test_hostile_metadata_stays_in_its_entry(title: str, abstract: str, authors: list[str]):
    """One list item more and nothing else, as an independent parser of CommonMark sees it."""
    item = paper(
        id="2405.00002", title=f"T {title}", abstract=f"A {abstract}", authors=("A B", *authors)
    )
    listing = PaperList.parse(samples.LIST.encode(), "Papers")
    document = listing.document
    found = draft(listing, [(item, "")])
    (result,) = found
    assert isinstance(result, Draft)
    after = verify(document, [result.insertion], added=1).content.decode()

    def outline(text: str) -> list[str]:
        kinds = (
            "heading_open",
            "list_item_open",
            "fence",
            "table_open",
            "hr",
            "blockquote_open",
            "code_block",
        )
        return [token.type for token in MarkdownIt("commonmark").parse(text) if token.type in kinds]

    before = outline(samples.LIST)
    extra = ["heading_open", "list_item_open", "list_item_open", "list_item_open"]
    assert sorted(before + extra) == sorted(outline(after))


def test_real_records_with_hazards_each_become_one_entry(shared: Path):
    """Control characters, HTML entities, Markdown links in titles, 2,832 authors."""
    records = json.loads((shared / "arxiv" / "hazard_records_oai_dc_real.json").read_text())[
        "records"
    ]

    assert 40 == len(records)
    for name, record in records.items():
        item = paper(
            id=ArxivId.parse(name),
            title=" ".join(record["title"][0].split()),
            abstract=" ".join(record["description"][0].split()),
            authors=tuple(record["creator"]),
        )
        text = insert(samples.LIST, [item])
        added = set(text.splitlines()) - set(samples.LIST.splitlines())
        assert len(added) in (3, 4), name  # the entry's three lines, and perhaps a year's heading
        assert not any(char < " " or char == "\x7f" for line in added for char in line), name
        assert max(len(line) for line in added) < 20_000, name


def test_a_paper_inserted_twice_is_found_as_a_duplicate():
    document = Document.parse(insert(samples.LIST, [B]).encode())

    assert ListIndex.build(document).find(paper(id="2405.00002", title="Another Title")) is not None


def test_the_day_of_an_announcement_is_not_written_as_the_papers():
    announced = Paper(ArxivId("2511.22943"), "On Puns", announced=date(2025, 12, 2))

    assert "" == render_date(announced, "%Y-%m-%d")
    assert "November 2025" == render_date(announced, "%B %Y")


def test_the_day_of_the_first_version_is_written_in_its_own_month():
    before = Paper(
        ArxivId("2511.00001"), "On Puns", submitted=datetime(2025, 10, 31, 21, 0, tzinfo=UTC)
    )

    assert "2025-10-31" == render_date(before, "%Y-%m-%d")
    assert "2025-11" == render_date(before, "%Y-%m")


def test_an_entry_of_an_uncertain_section_goes_to_the_inbox_and_the_guesses_are_named():
    kinds = {"Wool": "Spinning Wool by Hand", "Silk": "Weaving Silk at Night"}
    text = "# L\n\n## Unsorted\n" + "".join(
        f"\n## {name}\n"
        + "".join(
            f"- [{title} {n}](https://arxiv.org/abs/2505.{n:03}{ord(name[0])})\n"
            for n in range(1, 6)
        )
        for name, title in kinds.items()
    )
    listing = PaperList.parse(text.encode())
    unlike = paper(id="2506.00001", title="Quantum Gravity", abstract="Loops.")
    alike = paper(id="2506.00002", title="Spinning Wool by Hand and Foot", abstract="Wool.")
    results = draft(listing, [(unlike, ""), (alike, "")], None, Inbox("unsorted", 0.8))
    places = {
        str(entry.paper.id): entry.destination for entry in results if isinstance(entry, Draft)
    }

    assert "L / Unsorted" == places["2506.00001"].section
    assert {"L / Wool", "L / Silk"} == set(places["2506.00001"].alternatives)
    assert "L / Wool" == places["2506.00002"].section
    (missing,) = draft(listing, [(unlike, "")], None, Inbox("Nowhere", 0.8))
    assert "no heading 'Nowhere'" in str(missing)


def test_a_section_is_found_by_meaning_if_no_word_is_shared():
    topics = {
        "Sight": ["Object Detection", "Semantic Segmentation", "Recognising Faces in Photos"],
        "Sound": ["Automatic Speech Recognition", "Voice Conversion", "Music Transcription"],
    }
    text = "# L\n" + "".join(
        f"\n## {heading}\n\n"
        + "".join(
            f"- [{title}](https://arxiv.org/abs/250{n}.0000{len(heading)})\n"
            for n, title in enumerate(titles, 1)
        )
        for heading, titles in topics.items()
    )
    seen = paper(id="2506.00001", title="Depth Estimation for Images", abstract="")
    heard = paper(id="2506.00002", title="Singing Synthesis with Acoustic Codecs", abstract="")
    found = draft(PaperList.parse(text.encode()), [(seen, ""), (heard, "")])
    sections = {
        str(entry.paper.id): entry.destination.section
        for entry in found
        if isinstance(entry, Draft)
    }

    assert {"2506.00001": "L / Sight", "2506.00002": "L / Sound"} == sections
