"""Forms of entries: what is learned from neighbours, of every kind of list."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.list_cases import Version
from benchmarks.list_fidelity import broken_law
from bot.core.model import Paper
from bot.listing.document import verify
from bot.listing.draft import Draft, Refused, draft
from bot.listing.index import Listed
from bot.listing.paper_list import PaperList
from tests.factories import paper

FIRST_OF_JUNE = datetime(2025, 6, 1, tzinfo=UTC)
NAMED = paper(id="2506.07000", title="LaSeR: Learning to Reward Itself", submitted=FIRST_OF_JUNE)
WITH_AUTHORS = paper(
    id="2506.07000",
    submitted=FIRST_OF_JUNE,
    title="Learning to Judge",
    authors=("Ada Lovelace", "Alan Turing", "Kurt Gödel"),
)
PLAIN = paper(id="2506.07000", title="Learning to Reward Models Well", submitted=FIRST_OF_JUNE)
CODED = paper(
    id="2506.07000",
    submitted=FIRST_OF_JUNE,
    title="LaSeR: Learning to Reward Itself",
    comment="Code: https://github.com/laser/laser",
)


def drafted(text: str, item: Paper, section: str = "") -> Draft | Refused:
    listing = PaperList.parse(text.encode())
    (result,) = draft(listing, [(item, section)])
    if isinstance(result, Draft):
        verify(listing.document, [result.insertion], added=1)
    return result


def written(text: str, item: Paper) -> str:
    result = drafted(text, item)
    assert isinstance(result, Draft), result
    return result.text


def lines(*entries: str) -> str:
    return "## Papers\n\n" + "\n".join(entries) + "\n"


def table(head: str, *rows: str) -> str:
    rule = "|" + "---|" * (head.count("|") - 1)
    return "\n".join(["## Papers", "", head, rule, *rows]) + "\n"


NAMES = [
    f"* [250{month}] [Net{month}] [Net{month}: A Long Title of Paper {month}](https://arxiv.org/pdf/250{month}.0100{month}) ({who})"
    for month, who in ((5, "MIT"), (4, "THU"), (3, "PKU"))
]
FORMS: dict[str, tuple[str, Paper, str]] = {
    "a short name is taken from the title, an institution is left out": (
        lines(*NAMES),
        NAMED,
        "* [2506] [LaSeR] [LaSeR: Learning to Reward Itself](https://arxiv.org/pdf/2506.07000)\n",
    ),
    "without a short name there is no place for one": (
        lines(*NAMES),
        PLAIN,
        "* [2506] [Learning to Reward Models Well](https://arxiv.org/pdf/2506.07000)\n",
    ),
    "a name in bold and the rest of the title after it": (
        lines(
            "- **NetA**: The First of Many Papers [[Preprint'25]](https://arxiv.org/abs/2505.00001)",
            "- **NetB**: The Second of Many Papers [[Preprint'25]](https://arxiv.org/abs/2504.00001) [[Code]](https://github.com/a/b)",
            "- **NetC**: The Third of Many Papers [[Preprint'25]](https://arxiv.org/abs/2503.00001) [[Code]](https://github.com/c/d)",
            "- **NetD**: The Fourth of Many Papers [[Preprint'25]](https://arxiv.org/abs/2502.00001) [[Code]](https://github.com/e/f)",
        ),
        CODED,
        "- **LaSeR**: Learning to Reward Itself [[Preprint'25]](https://arxiv.org/abs/2506.07000) [[Code]](https://github.com/laser/laser)\n",
    ),
    "a citation, its authors first": (
        lines(
            '- Ann Gong, Bo Wu. "Judges that Learn from Feedback." ICLR 2025. https://arxiv.org/abs/2505.00011',
            '- Carl Dee, Eve Fu, Gil Hay. "Learning to Judge Well." ACL 2025. https://arxiv.org/abs/2504.00012',
            '- Ian Jay. "Models and Their Principles." NeurIPS 2025. https://arxiv.org/abs/2503.00013',
        ),
        paper(id="2506.07000", title="Learning to Reward", authors=("Ada Lovelace", "Alan Turing")),
        '- Ada Lovelace, Alan Turing. "Learning to Reward." https://arxiv.org/abs/2506.07000\n',
    ),
    "code that is not known is left out with its separator": (
        lines(
            "- First Title of All, [[pdf](https://arxiv.org/pdf/2505.00001)], [[code](https://github.com/a/b)], 2025.05.",
            "- Second Title of All, [[pdf](https://arxiv.org/pdf/2504.00001)], [[code](https://github.com/c/d)], 2025.04.",
            "- Third Title of All, [[pdf](https://arxiv.org/pdf/2503.00001)], [[code](https://github.com/e/f)], 2025.03.",
        ),
        PLAIN,
        "- Learning to Reward Models Well, [[pdf](https://arxiv.org/pdf/2506.07000)], 2025.06.\n",
    ),
    "a venue is not guessed, that it is a preprint is known": (
        lines(
            "- Title of One Paper. *CVPR, 2025*. [[Paper](https://arxiv.org/abs/2505.00001)]",
            "- Title of Two Papers. *arXiv, 2025*. [[Paper](https://arxiv.org/abs/2504.00001)]",
            "- Title of Three Papers. *arXiv, 2025*. [[Paper](https://arxiv.org/abs/2503.00001)]",
            "- Title of Four Papers. *arXiv, 2025*. [[Paper](https://arxiv.org/abs/2502.00001)]",
        ),
        PLAIN,
        "- Learning to Reward Models Well. *arXiv, 2025*. [[Paper](https://arxiv.org/abs/2506.07000)]\n",
    ),
    "a venue and its year are left out where no entry is a preprint": (
        lines(
            "- Title of One Paper. *CVPR, 2025*. [[Paper](https://arxiv.org/abs/2505.00001)]",
            "- Title of Two Papers. *ICML, 2025*. [[Paper](https://arxiv.org/abs/2504.00001)]",
            "- Title of Three Papers. *ACL, 2025*. [[Paper](https://arxiv.org/abs/2503.00001)]",
        ),
        PLAIN,
        "- Learning to Reward Models Well. [[Paper](https://arxiv.org/abs/2506.07000)]\n",
    ),
    "stars and flames are a curator's": (
        lines(
            "- 🔥 [One More Title](https://arxiv.org/abs/2405.00001) ⭐️⭐️",
            "- 🔥 [Two More Titles](https://arxiv.org/abs/2404.00001) ⭐️⭐️",
            "- 🔥 [Three More Titles](https://arxiv.org/abs/2403.00001) ⭐️⭐️",
        ),
        PLAIN,
        "- [Learning to Reward Models Well](https://arxiv.org/abs/2506.07000)\n",
    ),
    "authors in italics, cut after the first, on a line of their own": (
        lines(
            "- **One More Title**  \n  *Ann Smith, et al.* [[pdf](https://arxiv.org/abs/2405.00001)]",
            "- **Two More Titles**  \n  *Bob Jones, et al.* [[pdf](https://arxiv.org/abs/2404.00001)]",
        ),
        paper(id="2506.07000", title="B", authors=("Ada Lovelace", "Alan Turing", "Kurt Gödel")),
        "- **B**  \n  *Ada Lovelace, et al.* [[pdf](https://arxiv.org/abs/2506.07000)]\n",
    ),
    "authors cut after the first, in plain words after a link": (
        lines(
            "- [One More Title](https://arxiv.org/abs/2405.00001) - Ann Smith et al.",
            "- [Two More Titles](https://arxiv.org/abs/2404.00001) - Bob Jones et al.",
        ),
        WITH_AUTHORS,
        "- [Learning to Judge](https://arxiv.org/abs/2506.07000) - Ada Lovelace et al.\n",
    ),
    "authors cut after the first, in plain words before a year and a link": (
        lines(
            "- Ann Smith et al. (2024). [One More Title](https://arxiv.org/abs/2405.00001)",
            "- Bob Jones et al. (2024). [Two More Titles](https://arxiv.org/abs/2404.00001)",
        ),
        WITH_AUTHORS,
        "- Ada Lovelace et al. (2025). [Learning to Judge](https://arxiv.org/abs/2506.07000)\n",
    ),
    "authors cut after the first, in plain words after a short title in bold": (
        lines(
            "- **One More Title** Ann Smith et al. [[pdf](https://arxiv.org/abs/2405.00001)]",
            "- **Two More Titles** Bob Jones et al. [[pdf](https://arxiv.org/abs/2404.00001)]",
        ),
        WITH_AUTHORS,
        "- **Learning to Judge** Ada Lovelace et al. [[pdf](https://arxiv.org/abs/2506.07000)]\n",
    ),
    "a preprint in italics is no author": (
        lines(
            *(
                f"- **Title Number {n} of Some**. *ArXiv preprint* (2025) [[Paper]](https://arxiv.org/abs/250{n}.00001)"
                for n in (5, 4, 3)
            )
        ),
        WITH_AUTHORS,
        "- **Learning to Judge**. *ArXiv preprint* (2025) [[Paper]](https://arxiv.org/abs/2506.07000)\n",
    ),
    "tags in lower case are no authors": (
        lines(
            *(
                f"- [Title Number {n} of Some](https://arxiv.org/abs/250{n}.00001)\n  - {tag}, tree search"
                for n, tag in ((5, "reward models"), (4, "self play"), (3, "policy gradients"))
            )
        ),
        WITH_AUTHORS,
        "- [Learning to Judge](https://arxiv.org/abs/2506.07000)\n",
    ),
    "a hundred authors": (
        lines(
            *(
                f"- [Title Number {n} of Some](https://arxiv.org/abs/250{n}.00001) _{', '.join(['Ann Smith', 'Bo Li'] * 50)}._"
                for n in "543"
            )
        ),
        WITH_AUTHORS,
        "- [Learning to Judge](https://arxiv.org/abs/2506.07000) _Ada Lovelace, Alan Turing, Kurt Gödel._\n",
    ),
    "a line that only a curator can write is left out": (
        lines(
            "- [One More Title](https://arxiv.org/abs/2405.00001)\n  - Keyword: tables, chairs\n  - Code: [official](https://github.com/a/b)",
            "- [Two More Titles](https://arxiv.org/abs/2404.00001)\n  - Keyword: lamps\n  - Code: [official](https://github.com/c/d)",
        ),
        CODED,
        "- [LaSeR: Learning to Reward Itself](https://arxiv.org/abs/2506.07000)\n  - Code: [official](https://github.com/laser/laser)\n",
    ),
    "of a single entry only labels are taken over": (
        lines(
            "- [One More Title](https://arxiv.org/abs/2405.00001) [[Paper](https://arxiv.org/pdf/2405.00001)], *ICML 2024*\n"
            "  - Authors: Ann Smith, Bo Li\n  - Keyword: tables, chairs\n  - Venue: -"
        ),
        PLAIN,
        (
            "- [Learning to Reward Models Well](https://arxiv.org/abs/2506.07000) [[Paper](https://arxiv.org/pdf/2506.07000)]\n"
            "  - Authors: Ada Lovelace, Alan Turing\n  - Venue: -\n"
        ),
    ),
    "numbers go on": (
        lines(
            "1. [**One More Title.**](https://arxiv.org/abs/2403.00001) *Ann Smith, Bo Li.* Arxiv 2024.",
            "2. [**Two More Titles.**](https://arxiv.org/abs/2404.00001) *Ann Smith, Cy Young.* Arxiv 2024.",
            "3. [**Three More Titles.**](https://arxiv.org/abs/2405.00001) *Dee Dee, Cy Young.* Arxiv 2024.",
        ),
        PLAIN,
        "4. [**Learning to Reward Models Well.**](https://arxiv.org/abs/2506.07000) *Ada Lovelace, Alan Turing.* Arxiv 2025.\n",
    ),
    "a description is not known, nor what leads to it": (
        lines(
            "- [One More Title](https://arxiv.org/abs/2505.00001) - Rewards by the word.",
            "- [Two More Titles](https://arxiv.org/abs/2504.00001) - Of moths and men.",
            "- [Three More Titles](https://arxiv.org/abs/2503.00001) - What judges see.",
        ),
        PLAIN,
        "- [Learning to Reward Models Well](https://arxiv.org/abs/2506.07000)\n",
    ),
    "nor after a colon": (
        lines(
            "- [One More Title](https://arxiv.org/abs/2505.00001): Rewards by the word.",
            "- [Two More Titles](https://arxiv.org/abs/2504.00001): Of moths and men.",
            "- [Three More Titles](https://arxiv.org/abs/2503.00001): What judges see.",
        ),
        PLAIN,
        "- [Learning to Reward Models Well](https://arxiv.org/abs/2506.07000)\n",
    ),
    "an id before each title": (
        lines(
            *(
                f"- [**240{n}.00001** Title Number {n} of Some](https://arxiv.org/abs/240{n}.00001)"
                for n in (5, 4, 3)
            )
        ),
        PLAIN,
        "- [**2506.07000** Learning to Reward Models Well](https://arxiv.org/abs/2506.07000)\n",
    ),
    "a heading for each paper": (
        "## Papers\n\n"
        + "".join(
            f"### [Title Number {n} of Some](https://arxiv.org/abs/240{n}.00001)\n- **Metrics:** m{n}\n\n"
            for n in (5, 4, 3)
        ),
        PLAIN,
        "### [Learning to Reward Models Well](https://arxiv.org/abs/2506.07000)\n",
    ),
    "paragraphs with blank lines between": (
        "## Papers\n\n"
        + "".join(
            f"**Title Number {n} of Some** \\\n[[Website](https://arxiv.org/abs/240{n}.00001)]\n[[Project](https://p{n}.org)]\n\n"
            for n in (5, 4, 3)
        ),
        PLAIN,
        "**Learning to Reward Models Well** \\\n[[Website](https://arxiv.org/abs/2506.07000)]\n",
    ),
    "the year of a preprint beside a date": (
        table(
            "| Date | Title | Venue |",
            "| 2024-05 | [**One More Title**](https://arxiv.org/abs/2405.00001) | arXiv 2024 |",
            "| 2024-04 | [**Two More Titles**](https://arxiv.org/abs/2404.00001) | arXiv 2024 |",
            "| 2024-03 | [**Three More Titles**](https://arxiv.org/abs/2403.00001) | ICML 2024 |",
            "| 2024-02 | [**Four More Titles**](https://arxiv.org/abs/2402.00001) | arXiv 2024 |",
        ),
        PLAIN,
        "| 2025-06 | [**Learning to Reward Models Well**](https://arxiv.org/abs/2506.07000) | arXiv 2025 |\n",
    ),
    "a table: unknown cells as the list leaves them": (
        table(
            "| Title | Venue | Date | Code | Demo |",
            "| [**One More Title**](https://arxiv.org/abs/2505.00001) | arXiv | 2025-05-01 | [Github](https://github.com/a/b) | [Demo](https://x.org) |",
            "| [**Two More Titles**](https://arxiv.org/abs/2504.00001) | arXiv | 2025-04-01 | - | - |",
            "| [**Three More Titles**](https://arxiv.org/abs/2503.00001) | ICML | 2025-03-01 | - | - |",
            "| [**Four More Titles**](https://arxiv.org/abs/2502.00001) | arXiv | 2025-02-01 | - | - |",
        ),
        PLAIN,
        "| [**Learning to Reward Models Well**](https://arxiv.org/abs/2506.07000) | arXiv | 2025-06-01 | - | - |\n",
    ),
    "a tag in a cell is not guessed, though all rows have it": (
        table(
            "| Kind | Title |",
            "| **SVG** | [One More Title](https://arxiv.org/abs/2505.00001) |",
            "| **SVG** | [Two More Titles](https://arxiv.org/abs/2504.00001) |",
            "| **SVG** | [Three More Titles](https://arxiv.org/abs/2503.00001) |",
        ),
        PLAIN,
        "| | [Learning to Reward Models Well](https://arxiv.org/abs/2506.07000) |\n",
    ),
    "rows of an HTML table": (
        "## Papers\n<table>\n"
        + "".join(
            f'  <tr>\n    <td> <a href="https://arxiv.org/abs/240{n}.00001">Title Number {n} of Some</a> </td>\n    <td> V{n} </td>\n  </tr>\n'
            for n in (3, 4, 5)
        )
        + "</table>\n",
        PLAIN,
        '  <tr>\n    <td> <a href="https://arxiv.org/abs/2506.07000">Learning to Reward Models Well</a> </td>\n    <td> </td>\n  </tr>\n',
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_an_entry_looks_as_if_the_curator_had_typed_it(name: str):
    text, form, wanted = FORMS[name]

    assert wanted == written(text, form)


def test_rows_that_a_cell_spans_are_left_alone():
    rows = "".join(
        f'<tr>\n<td{" rowspan=3" if n == 5 else ""}>x</td><td><a href="https://arxiv.org/abs/240{n}.00001">Title Number {n} of Some</a></td>\n</tr>\n'
        for n in (5, 7, 9)
    )
    item = paper(id="2408.00001", title="Learning to Reward Models Well")
    result = drafted(f"## Papers\n<table>\n{rows}</table>\n", item)

    assert isinstance(result, Refused)
    assert "line 3: a cell spans the rows here; add this paper by hand" == result.why


def above(entries: Sequence[str], item: Paper) -> list[str]:
    """The entries above the new one, in a list of these."""
    text = lines(*entries)
    result = drafted(text, item)
    assert isinstance(result, Draft)
    before = text.encode()[: result.insertion.offset].decode()
    return [entry for entry in entries if entry in before]


def entry(number: str, title: str) -> str:
    return f"- [{title}](https://arxiv.org/abs/{number})"


def ordered(*numbers: str) -> list[str]:
    words = ("Moths", "Zebras", "Ants", "Newts", "Crows", "Yaks")
    return [entry(number, f"On {word}") for number, word in zip(numbers, words, strict=False)]


ORDERS = {
    "newest first": (["2505.00005", "2504.00002", "2502.00007", "2501.00001"], "2503.00001", 2),
    "oldest first": (["2501.00001", "2502.00007", "2504.00002", "2505.00005"], "2503.00001", 2),
    "top regardless": (
        ["2504.1", "2401.1", "2503.1", "2312.1", "2502.1", "2306.1"],
        "2402.00001",
        0,
    ),
    "bottom regardless": (
        ["2306.1", "2502.1", "2312.1", "2503.1", "2401.1", "2504.1"],
        "2402.1",
        6,
    ),
}


@pytest.mark.parametrize("name", ORDERS)
def test_a_paper_goes_where_the_curator_would_put_it(name: str):
    numbers, new, wanted = ORDERS[name]
    full = [f"{n[:5]}{int(n[5:]):05}" for n in numbers]
    found = above(ordered(*full), paper(id=f"{new[:5]}{int(new[5:]):05}", title="New"))

    assert wanted == len(found)


def test_titles_in_alphabetical_order_stay_so():
    titles = ["Apes", "Bears", "Cats", "Eagles", "Foxes", "Geese"]
    numbers = ["2401.00001", "2312.00001", "2405.00001", "2301.00001", "2404.00001", "2403.00001"]
    entries = [
        entry(number, f"{title} and Their Models")
        for number, title in zip(numbers, titles, strict=True)
    ]

    assert entries[:3] == above(entries, paper(id="2506.07000", title="Dogs and Their Models"))


SUBJECTS = (
    "## Robots\n"
    "- [Walking Robots with Legs](https://arxiv.org/abs/2501.00001)\n"
    "- [Robots that Grasp and Walk](https://arxiv.org/abs/2502.00001)\n"
    "## Language\n### 2024\n"
    "- [Language Models Write Poems](https://arxiv.org/abs/2401.00001)\n"
    "### 2025\n"
    "- [Poems by Language Models](https://arxiv.org/abs/2501.00002)\n"
    "## Vision\n"
    "- [Seeing Images of Cats](https://arxiv.org/abs/2501.00003)\n"
)


def test_a_subject_is_found_by_the_most_similar_entries_and_then_the_year():
    item = paper(id="2506.07000", title="How Language Models Write Better Poems")
    result = drafted(SUBJECTS, item)

    assert isinstance(result, Draft)
    assert "Language / 2025" == result.destination.section
    assert 2 == len(result.destination.alternatives)


def test_months_may_be_headings():
    text = "## 2025-05\n- [One Title](https://arxiv.org/abs/2505.00001)\n\n## 2025-04\n- [Two Titles](https://arxiv.org/abs/2504.00001)\n"
    listing = PaperList.parse(text.encode())
    (result,) = draft(listing, [(PLAIN, "")])

    assert isinstance(result, Draft)
    assert (
        "## 2025-06\n- [Learning to Reward Models Well](https://arxiv.org/abs/2506.07000)\n\n"
        == result.insertion.content.decode()
    )


HOSTILE = st.text(
    st.sampled_from("ab *_[]()<>|#@`$\\!\n\t&;:/-+~=.\u202e\ue000\uf8ff"), min_size=1, max_size=30
)


def test_a_form_has_no_unpaired_quotation_mark():
    text = lines(
        '- Lab7. "Judges that Learn from Feedback." ICLR 2025. https://arxiv.org/abs/2505.00011',
        '- Models.org. "Learning to Judge Well." ACL 2025. https://arxiv.org/abs/2504.00012',
        '- Team 9. "Models and Their Principles." NeurIPS 2025. https://arxiv.org/abs/2503.00013',
    )

    assert isinstance(drafted(text, PLAIN), Refused)


@given(st.sampled_from(sorted(FORMS)), HOSTILE, HOSTILE, HOSTILE)
def test_whatever_the_paper_one_entry_is_added_and_nothing_else_changes(
    name: str, title: str, author: str, abstract: str
):
    """In every form, and as an independent parser of CommonMark sees it."""
    text, _, _ = FORMS[name]
    item = paper(
        id="2506.07000",
        title=f"T {title}",
        authors=(f"A {author}", "B C"),
        abstract=f"X {abstract} github.com/a/b{author}",
    )
    before = Version.read(text)
    (result,) = draft(before.listing, [(item, "")])
    assert isinstance(result, Draft)
    content = verify(before.document, [result.insertion], added=1).content
    after = Version.read(content.decode("utf-8", "surrogateescape"))

    start, size = result.insertion.offset, len(result.insertion.content)
    assert text.encode() == content[:start] + content[start + size :]
    ours = after.index.find(item)

    assert isinstance(ours, Listed)
    assert "" == broken_law(before, after, ours, result.text)


def test_a_table_without_outer_bars():
    text = (
        "## Papers\n\nTitle | Paper\n--- | ---\n"
        "One More Title | [pdf](https://arxiv.org/abs/2505.00001)\n"
        "Two More Titles | [pdf](https://arxiv.org/abs/2504.00001)\n"
        "Three More Titles | [pdf](https://arxiv.org/abs/2503.00001)\n"
    )

    wanted = "Learning to Reward Models Well | [pdf](https://arxiv.org/abs/2506.07000)\n"
    assert wanted == written(text, PLAIN)


HOSTILE_TITLE = "Rewards' \"end\" <b onmouseover='x'> | cell"


@pytest.mark.parametrize(
    "entry",
    [
        '- <a title="{t}" href="https://arxiv.org/abs/{i}">{t}</a>',
        "- <a title='{t}' href='https://arxiv.org/abs/{i}'>{t}</a>",
        "- ![{t}](https://x.example/{i}.png) [{t}](https://arxiv.org/abs/{i})",
        '- [{t}](https://arxiv.org/abs/{i} "{t}")',
    ],
)
def test_an_entry_with_its_title_inside_of_markup_is_no_example(entry: str):
    entries = [entry.format(t=f"A Long Title of Paper {n}", i=f"2505.0000{n}") for n in range(1, 6)]
    result = drafted(lines(*entries), paper(id="2506.07000", title=HOSTILE_TITLE))

    assert isinstance(result, Refused)
    assert "set list.template" in result.why


def test_a_title_that_appears_twice_is_replaced_twice():
    entries = [
        f"- **A Long Title of Paper {n}** [A Long Title of Paper {n}](https://arxiv.org/abs/2505.0000{n})"
        for n in range(1, 6)
    ]

    assert (
        "- **Learning to Reward Models Well** [Learning to Reward Models Well]"
        "(https://arxiv.org/abs/2506.07000)\n"
    ) == written(lines(*entries), PLAIN)


def test_quotes_of_both_kinds_are_escaped_in_a_row_of_html():
    row = "<tr>\n<td>A Long Title of Paper {n}</td><td><a href='https://arxiv.org/abs/2505.0000{n}'>pdf</a></td>\n</tr>"
    text = (
        "## Papers\n\n<table>\n" + "\n".join(row.format(n=n) for n in range(1, 5)) + "\n</table>\n"
    )
    result = written(text, paper(id="2506.07000", title='It\'s "End" to End'))

    assert "It&#x27;s &quot;End&quot; to End</td>" in result


def test_what_only_a_person_knows_and_all_neighbours_say_is_an_open_field():
    rows = [
        f"| 2025.05 | MIT {n} | [A Long Title of Paper {n}](https://arxiv.org/abs/2505.0000{n}) | - |"
        for n in range(1, 6)
    ]
    result = drafted(table("| Date | Institute | Paper | Code |", *rows), PLAIN)

    assert isinstance(result, Draft)
    assert ("Institute",) == result.open_fields

    entries = [
        f"- [A Long Title of Paper {n}](https://arxiv.org/abs/2505.0000{n})\n  - Keyword: word {n}\n  - Code: -"
        for n in range(1, 6)
    ]
    result = drafted(lines(*entries), PLAIN)

    assert isinstance(result, Draft)
    assert ("Keyword",) == result.open_fields
    assert "Keyword" not in result.text


@pytest.mark.parametrize(
    ("head", "entry", "new"),
    [
        (
            "| Date | Institute | Paper | Code |\n|---|---|---|---|\n",
            "| 2025.05 | MIT {n} | [A Long Title of Paper {n}](https://arxiv.org/abs/2505.0000{n}) | - |\n",
            "| 2025.06 | TODO | [Learning to Reward Models Well](https://arxiv.org/abs/2506.07000) | - |\n",
        ),
        (
            "",
            (
                "- [A Long Title of Paper {n}](https://arxiv.org/abs/2505.0000{n})\n"
                "  - **Keyword:** word {n}\n  - Code: -\n"
            ),
            (
                "- [Learning to Reward Models Well](https://arxiv.org/abs/2506.07000)\n"
                "  - **Keyword:** TODO\n  - Code: -\n"
            ),
        ),
    ],
)
def test_a_field_that_only_a_person_can_fill_says_todo_if_asked(head: str, entry: str, new: str):
    listing = PaperList.parse(
        ("# Papers\n\n" + head + "".join(entry.format(n=n) for n in range(1, 6))).encode()
    )
    (plain,) = draft(listing, [(PLAIN, "")])
    (asked,) = draft(listing, [(PLAIN, "")], todo=True)

    assert isinstance(plain, Draft)
    assert isinstance(asked, Draft)
    assert new == asked.text
    assert "TODO" not in plain.text
    assert plain.open_fields == asked.open_fields

    after = PaperList.parse(verify(listing.document, [asked.insertion], added=1).content)
    (next_one,) = draft(after, [(NAMED, "")])
    assert isinstance(next_one, Draft)
    assert plain.open_fields == next_one.open_fields


KEYWORDS = [
    "[framework], [planning], [{name}]",
    "[framework], [{name}]",
    "[benchmark], [{name}], [GPT-4o]",
    "[framework], [dataset], [{name}]",
    "[framework], [memory], [{name}]",
]


def test_a_field_that_names_the_paper_among_other_words_is_left_open():
    entries = [
        (
            f"- [Net{n}: A Long Title of Paper {n}](https://arxiv.org/abs/2505.0000{n})\n"
            f"    - 🏛️ Institutions: Lab {n}\n"
            "    - 📑 Publisher: arXiv\n"
            f"    - 🔑 Key: {keywords.format(name=f'Net{n}')}"
        )
        for n, keywords in enumerate(KEYWORDS, 1)
    ]
    result = drafted(lines(*entries), NAMED)

    assert isinstance(result, Draft)
    assert (
        "- [LaSeR: Learning to Reward Itself](https://arxiv.org/abs/2506.07000)\n"
        "    - 📑 Publisher: arXiv\n"
    ) == result.text
    assert ("Institutions", "Key") == result.open_fields


def test_a_field_for_the_name_alone_is_filled():
    entries = [
        f"- [Net{n}: A Long Title of Paper {n}](https://arxiv.org/abs/2505.0000{n})\n  - 🔑 Name: [Net{n}]"
        for n in range(1, 6)
    ]

    assert written(lines(*entries), NAMED).endswith("\n  - 🔑 Name: [LaSeR]\n")


def test_an_enumeration_whose_first_item_is_unknown_starts_with_the_next():
    entries = [
        (
            f"- [A Long Title of Paper {n}](https://arxiv.org/abs/2505.0000{n})\n"
            f"  - Links: [Lab {n}](https://lab{n}.org), [pdf](https://arxiv.org/pdf/2505.0000{n})"
        )
        for n in range(1, 6)
    ]

    assert written(lines(*entries), PLAIN).endswith(
        "\n  - Links: [pdf](https://arxiv.org/pdf/2506.07000)\n"
    )


@pytest.mark.parametrize(("tagged", "copied"), [(4, False), (5, True)])
def test_a_badge_is_copied_if_nearly_all_neighbours_have_it(tagged: int, copied: bool):
    badge = " ![](https://img.shields.io/badge/Steering-green)"
    entries = [
        f"- [A Long Title of Paper {n}](https://arxiv.org/abs/2505.0000{n}){badge * (n > 6 - tagged)}"
        for n in range(1, 7)
    ]

    assert copied == (badge in written(lines(*entries), PLAIN))


DESCRIBED = {
    "a project's page of a neighbour": (
        "+ [A Long Title of Paper {n}](https://page{n}.github.io/) (Apr., 2025) [[pdf](https://arxiv.org/abs/2504.0000{n})]",
        (
            "+ [Learning to Reward Models Well](https://arxiv.org/abs/2506.07000) (Jun., 2025) "
            "[[pdf](https://arxiv.org/abs/2506.07000)]\n"
        ),
    ),
    "a date in angle brackets": (
        "1. **A Long Title of Paper {n}** <2025.05> [[Paper]](https://arxiv.org/abs/2505.0000{n})",
        "1. **Learning to Reward Models Well** <2025.06> [[Paper]](https://arxiv.org/abs/2506.07000)\n",
    ),
    "a sentence about the paper with its name in it": (
        (
            "- [Net{n}: A Long Title of Paper {n}](https://arxiv.org/abs/2505.0000{n})\n"
            "  - Note: This work, **Net{n}**, shows with {n} data sets how judges learn to be better than they were"
        ),
        "- [Learning to Reward Models Well](https://arxiv.org/abs/2506.07000)\n",
    ),
    "an address alone": (
        "- https://arxiv.org/abs/2505.0000{n}",
        "- https://arxiv.org/abs/2506.07000\n",
    ),
    "www in a link to GitHub": (
        "- [A Long Title of Paper {n}](https://arxiv.org/abs/2505.0000{n}) (2025-05) [Code](https://www.github.com/a/b{n})",
        "- [Learning to Reward Models Well](https://arxiv.org/abs/2506.07000) (2025-06)\n",
    ),
    "an HTML entity between facts": (
        "- [A Long Title of Paper {n}](https://arxiv.org/abs/2505.0000{n})&nbsp;`2025.05`",
        "- [Learning to Reward Models Well](https://arxiv.org/abs/2506.07000)&nbsp;`2025.06`\n",
    ),
}


@pytest.mark.parametrize("name", DESCRIBED)
def test_nothing_of_a_neighbour_is_copied(name: str):
    entry, wanted = DESCRIBED[name]

    assert wanted == written(lines(*(entry.format(n=n) for n in range(1, 6))), PLAIN)


def test_a_month_other_than_that_of_the_id_is_left_out():
    months = ["2025.09", "2025.11", "2025.07", "2025.10", "2025.12"]
    entries = [
        f"- [A Long Title of Paper {n}](https://arxiv.org/abs/2505.0000{n}) ({months[n - 1]})"
        for n in range(1, 6)
    ]

    assert "- [Learning to Reward Models Well](https://arxiv.org/abs/2506.07000)\n" == written(
        lines(*entries), PLAIN
    )


@pytest.mark.parametrize(
    ("may", "june"),
    [
        ("25.05", "25.06"),
        ("25-05", "25-06"),
        ("2025-05", "2025-06"),
        ("2025/05", "2025/06"),
        ("2025.5", "2025.6"),
        ("05/2025", "06/2025"),
        ("May 2025", "June 2025"),
        ("May., 2025", "June., 2025"),
        ("2025 May", "2025 June"),
        ("3rd May 2025", "1st June 2025"),
        ("03 May 2025", "01 June 2025"),
        ("May 3, 2025", "June 1, 2025"),
        ("May 03, 2025", "June 01, 2025"),
        ("May 3rd, 2025", "June 1st, 2025"),
        ("2025-05-03", "2025-06-01"),
        ("25-05-03", "25-06-01"),
    ],
)
def test_a_date_is_written_in_the_format_of_the_list(may: str, june: str):
    entries = [
        f"- {may} [A Long Title of Paper {n}](https://arxiv.org/abs/2505.0000{n})"
        for n in range(1, 6)
    ]
    wanted = f"- {june} [Learning to Reward Models Well](https://arxiv.org/abs/2506.07000)\n"

    assert wanted == written(lines(*entries), PLAIN)


UNSUBMITTED = paper(id="2506.07000", title=PLAIN.title, submitted=None, announced=date(2025, 7, 1))


@pytest.mark.parametrize(
    ("entry", "older", "wanted"),
    [
        ("- [{title}]({url})\n  - 📅 Date: May {n}, 2025", "", "- [{title}]({url})\n"),
        (
            "- [{title}]({url})\n  - 📅 Date: May {n}, 2025",
            "- [{title}]({url})\n  - 📅 Date: May 2024",
            "- [{title}]({url})\n  - 📅 Date: June 2025\n",
        ),
        (
            "- [{title}]({url})\n  - Date: 2025-05-0{n}",
            "- [{title}]({url})\n  - Date: ?",
            "- [{title}]({url})\n  - Date: ?\n",
        ),
        ("- [{title}]({url}) (2025-05-0{n})", "", "- [{title}]({url})\n"),
        ("- [{title}]({url}), 3 May 2025", "", "- [{title}]({url})\n"),
    ],
)
def test_a_day_that_is_not_known_is_left_out_or_written_as_the_month(
    entry: str, older: str, wanted: str
):
    entries = [
        form.format(
            n=n, title=f"A Long Title of Paper {n}", url=f"https://arxiv.org/abs/2505.0000{n}"
        )
        for n, form in enumerate([entry] * 5 + [older] * 3 * bool(older), 1)
    ]

    assert wanted.format(title=PLAIN.title, url=PLAIN.id.url) == written(
        lines(*entries), UNSUBMITTED
    )


def test_a_cell_for_a_day_that_is_not_known_is_left_open():
    rows = [
        f"| [A Long Title of Paper {n}](https://arxiv.org/abs/2505.0000{n}) | 2025-05-0{n} |"
        for n in range(1, 6)
    ]
    result = drafted(table("| Paper | Date |", *rows), UNSUBMITTED)

    assert isinstance(result, Draft)
    assert f"| [{PLAIN.title}]({PLAIN.id.url}) | |\n" == result.text
    assert ("Date",) == result.open_fields


@pytest.mark.parametrize(
    ("may", "june"),
    [
        ("abs-2025.05-red", "abs-2025.06-red"),
        ("arXiv-25.05-b31b1b.svg", "arXiv-25.06-b31b1b.svg"),
        ("Date-May%202025-blue", "Date-June%202025-blue"),
    ],
)
def test_a_date_in_a_badge_is_computed(may: str, june: str):
    entry = "- [A Long Title of Paper {n}](https://arxiv.org/abs/2505.0000{n}) ![](https://img.shields.io/badge/{may})"
    entries = [entry.format(n=n, may=may) for n in range(1, 6)]

    assert written(lines(*entries), PLAIN).endswith(f"![](https://img.shields.io/badge/{june})\n")


def test_rows_named_by_their_code_get_the_code_or_else_the_papers_name():
    rows = [
        f"| [net{n}](https://github.com/lab/net{n}) | 2025.5 | Org {n} | [paper](https://arxiv.org/abs/2505.0000{n}) |"
        for n in range(1, 6)
    ]
    text = table("| Github Repo | Date | Org | Paper Link |", *rows)

    assert (
        "| [laser](https://github.com/laser/laser) | 2025.6 | | [paper](https://arxiv.org/abs/2506.07000) |\n"
    ) == written(text, CODED)
    assert "| LaSeR | 2025.6 | | [paper](https://arxiv.org/abs/2506.07000) |\n" == written(
        text, NAMED
    )


def test_paragraphs_keep_the_text_and_the_rule_between_them():
    entry = "[A Long Title of Paper {n}](https://arxiv.org/abs/2505.0000{n})\n\n- Net{n}: does {n}.\n\n---\n\n"
    text = "## Papers\n\n" + "".join(entry.format(n=n) for n in range(5, 0, -1))
    listing = PaperList.parse(text.encode())
    (result,) = draft(listing, [(PLAIN, "")])

    assert isinstance(result, Draft)
    after = verify(listing.document, [result.insertion], added=1).content.decode()
    assert after.startswith(
        "## Papers\n\n[Learning to Reward Models Well](https://arxiv.org/abs/2506.07000)\n\n---\n\n[A Long"
    )


def test_the_newest_entries_count_more_where_a_curator_changed_the_form():
    old = [
        f"- [A Long Title of Paper {n}](https://arxiv.org/pdf/2401.0000{n})" for n in range(1, 5)
    ]
    new = [
        f"- [A Long Title of Paper {n}](https://arxiv.org/abs/2505.0000{n})" for n in range(5, 8)
    ]

    assert "- [Learning to Reward Models Well](https://arxiv.org/abs/2506.07000)\n" == written(
        lines(*new, *old), PLAIN
    )


def test_a_title_that_ends_in_a_question_mark_gets_no_full_stop():
    entries = [
        f"- **A Long Title of Paper {n}.** [[Paper](https://arxiv.org/abs/2505.0000{n})]"
        for n in range(1, 6)
    ]

    assert "- **Do Judges Learn?** [[Paper](https://arxiv.org/abs/2506.07000)]\n" == written(
        lines(*entries), paper(id="2506.07000", title="Do Judges Learn?")
    )


def test_an_item_has_the_indent_of_the_one_beside_it():
    entry = "- **[Arxiv, 2025.05]** A Long Title of Paper {n} [Paper](https://arxiv.org/abs/2505.0000{n})"
    deep = "\n".join(f"     {entry.format(n=n)}" for n in range(4, 9))
    flat = "\n".join(entry.format(n=n) for n in range(1, 3))
    text = f"# L\n\n## Old\n\n- Subject\n{deep}\n\n## Papers\n\n{flat}\n"
    before = Version(PaperList.parse(text.encode()))
    (result,) = draft(before.listing, [(PLAIN, "Papers")])

    assert isinstance(result, Draft)
    assert result.text.startswith("- **[Arxiv, 2025.06]** Learning to Reward")
    after = Version(PaperList.parse(verify(before.document, [result.insertion], added=1).content))
    listed = after.index.find_id(PLAIN.id)
    assert isinstance(listed, Listed)
    assert not broken_law(before, after, listed, result.text)


SQUARED = paper(
    id="2506.07000", title="$\\gamma^2$-Judge: Learning to Reward", submitted=FIRST_OF_JUNE
)


@pytest.mark.parametrize(
    ("listed", "wanted"),
    [
        ("Net{n}: A Long Title of Paper {n}", "γ²-Judge: Learning to Reward"),
        ("$\\beta^{n}$-Net: A Long Title of Paper {n}", "$\\gamma^2$-Judge: Learning to Reward"),
        ("β²-Net: A Long Title of Paper {n}", "γ²-Judge: Learning to Reward"),
    ],
)
def test_a_title_keeps_tex_where_the_list_writes_tex(listed: str, wanted: str):
    entries = [f"- [{listed.format(n=n)}](https://arxiv.org/abs/2505.0000{n})" for n in range(1, 6)]

    assert f"- [{wanted}](https://arxiv.org/abs/2506.07000)\n" == written(lines(*entries), SQUARED)


@pytest.mark.parametrize(
    ("contents", "line"),
    [("", 0), ("- [Papers](#papers)\n", 0), ("- [Papers](#papers)\n  - [📚 2025](#-2025)\n", 4)],
)
def test_a_new_heading_is_named_with_the_table_of_contents_that_lacks_it(contents: str, line: int):
    years = "".join(
        f"\n### 📚 {year}\n\n- [A Long Title of Papers](https://arxiv.org/abs/{year - 2000}05.00001)\n"
        for year in (2025, 2024)
    )
    result = drafted(
        f"# List\n\n{contents}\n## Papers\n{years}",
        paper(id="2601.00001", title=PLAIN.title),
    )

    assert isinstance(result, Draft)
    assert "List / Papers / 📚 2026" == result.destination.section
    assert result.destination.is_new
    assert line == result.destination.contents


def test_a_heading_of_the_list_is_not_new():
    result = drafted(lines(*NAMES), PLAIN)

    assert isinstance(result, Draft)
    assert not result.destination.is_new


def test_an_entry_links_the_page_that_the_newest_entries_of_the_list_link():
    old = [
        f"- [Paper {n} Has an Old Title](https://arxiv.org/pdf/2401.000{n})" for n in range(10, 25)
    ]
    new = [
        f"- [Paper {n} Has a New Title](https://arxiv.org/abs/2505.0000{n})" for n in range(1, 9)
    ]
    text = "\n".join(["## Papers", "", "### Sheep", "", *old, "", "### Goats", "", *new, ""])
    (result,) = draft(PaperList.parse(text.encode()), [(PLAIN, "Sheep")])

    assert isinstance(result, Draft)
    assert "- [Learning to Reward Models Well](https://arxiv.org/abs/2506.07000)\n" == result.text


def test_a_link_that_is_called_pdf_stays_one_to_the_pdf():
    old = [
        f"- Paper {n} Has an Old Title [[pdf]](https://arxiv.org/pdf/2401.000{n})"
        for n in range(10, 25)
    ]
    new = [
        f"- [Paper {n} Has a New Title](https://arxiv.org/abs/2505.0000{n})" for n in range(1, 9)
    ]
    text = "\n".join(["## Papers", "", "### Sheep", "", *old, "", "### Goats", "", *new, ""])
    (result,) = draft(PaperList.parse(text.encode()), [(PLAIN, "Sheep")])

    assert isinstance(result, Draft)
    assert result.text.endswith("[[pdf]](https://arxiv.org/pdf/2506.07000)\n")
