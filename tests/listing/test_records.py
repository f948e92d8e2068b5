"""Lists kept as data: records are read, and a new one is written as its neighbours are."""

import csv
import io
import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.listing.document import apply, verify
from bot.listing.draft import Draft, Refused, draft
from bot.listing.paper_list import PaperList
from bot.listing.records import RecordFormat
from tests.factories import paper

NEW = paper(
    id="2506.07000",
    title="NewNet: It's the # 1, of 2",
    authors=("Ada Lovelace", "Alan O'Turing"),
    abstract="We show: it works. Code: https://github.com/ada/new",
)
TITLES = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=40)


def flat(n: int) -> str:
    return (
        f"- id: lovelace2025long{n}\n"
        f"  title: 'Long{n}: a Title\n    of Two Lines'\n"
        f"  authors: Ada Lovelace, Jane Doe\n"
        f"  year: '2025'\n"
        f"  project_page: null\n"
        f"  paper: https://arxiv.org/pdf/2505.0{n}000.pdf\n"
        f"  code: https://github.com/ada/long{n}\n"
        f"  tags:\n  - Tag{n}\n"
    )


def nested(n: int) -> str:
    return (
        f"  - title: A Long Title of Paper {n}\n"
        f"    authors:\n      - Ada Lovelace\n      - Jane Doe\n"
        f"    date: 2025-05\n"
        f"    tldr: |-\n      It does {n}.\n"
        f'    arxiv_id: "2505.0{n}000"\n'
        f"    sources:\n      arxiv: https://arxiv.org/abs/2505.0{n}000\n      page: https://a.org/{n}\n"
        f"    checked: false\n"
    )


def written(text: str) -> tuple[str, Draft]:
    """The file with a record for `NEW`, and the draft."""
    listing = PaperList.parse(text.encode())
    (result,) = draft(listing, [(NEW, "")])
    assert isinstance(result, Draft), result
    return verify(listing.document, [result.insertion], added=1).content.decode(), result


def test_a_record_of_yaml_gets_its_facts_in_the_style_of_its_neighbours_and_is_on_top():
    text = "# Papers, newest first\n" + "".join(flat(n) for n in range(5, 0, -1))
    after, result = written(text)

    assert after == text.replace("- id", result.text + "- id", 1)
    assert ("tags",) == result.open_fields
    assert (
        "- id: lovelace2025newnet\n"
        "  title: 'NewNet: It''s the # 1, of 2'\n"
        "  authors: Ada Lovelace, Alan O'Turing\n"
        "  year: '2025'\n"
        "  project_page: null\n"
        "  paper: https://arxiv.org/pdf/2506.07000.pdf\n"
        "  code: https://github.com/ada/new\n"
        "  tags: []\n"
    ) == result.text
    assert yaml.safe_load(text) == yaml.safe_load(after)[1:]


def test_a_text_that_only_a_person_can_write_says_todo_if_asked():
    text = "papers:\n" + "\n".join(nested(n) for n in range(1, 6))
    (result,) = draft(PaperList.parse(text.encode()), [(NEW, "")], todo=True)

    assert isinstance(result, Draft)
    assert ("tldr",) == result.open_fields
    (record,) = yaml.safe_load(result.text)
    assert "TODO" == record["tldr"]


def test_a_record_may_have_lists_and_mappings():
    text = "papers:\n" + "\n".join(nested(n) for n in range(1, 6)) + "\nversion: 2\n"
    after, result = written(text)
    new = yaml.safe_load(after)["papers"][-1]

    assert after == text.replace("\nversion", "\n" + result.text + "\nversion")
    assert ("tldr",) == result.open_fields
    assert {
        "title": "NewNet: It's the # 1, of 2",
        "authors": ["Ada Lovelace", "Alan O'Turing"],
        "date": "2025-06",
        "tldr": "",
        "arxiv_id": "2506.07000",
        "sources": {"arxiv": "https://arxiv.org/abs/2506.07000"},
        "checked": False,
    } == new


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_an_object_of_json(newline: str):
    records = [
        {
            "title": f"A Long Title of Paper {n}",
            "authors": ["Ada Lovelace"],
            "year": 2025,
            "url": f"https://arxiv.org/abs/2505.0{n}000",
            "venue": None,
        }
        for n in range(5, 0, -1)
    ]
    text = json.dumps({"about": "wool", "papers": records}, indent=2).replace("\n", newline)
    after, result = written(text)
    new = {
        **records[0],
        "title": NEW.title,
        "authors": list(NEW.authors),
        "url": "https://arxiv.org/abs/2506.07000",
    }

    assert {"about": "wool", "papers": [new, *records]} == json.loads(after)
    assert after == json.dumps(json.loads(after), indent=2).replace("\n", newline)
    assert () == result.open_fields


def test_an_object_of_json_on_one_line_below_the_last():
    records = [
        {"title": f"A Long Title of Paper {n}", "url": f"https://arxiv.org/abs/2505.0{n}000"}
        for n in range(1, 6)
    ]
    after, _ = written("[\n" + ",\n".join(map(json.dumps, records)) + "\n]\n")

    assert records == json.loads(after)[:-1]
    assert after.count("\n") == 8


def test_a_row_of_csv_keeps_the_delimiter_and_the_columns_order():
    rows = "".join(
        f"A Long; Title {n};2025-05;;https://arxiv.org/abs/2505.0{n}000\n" for n in "54321"
    )
    text = "title;date;venue;link\n" + rows.replace("A Long; Title", '"A Long; Title').replace(
        ";2025-05", '";2025-05'
    )
    after, _ = written(text)
    read = list(csv.reader(io.StringIO(after), delimiter=";"))

    assert [NEW.title, "2025-06", "", "https://arxiv.org/abs/2506.07000"] == read[1]
    assert "A Long; Title 5" == read[2][0]


def test_a_listed_paper_is_found_and_one_in_an_abstract_is_not():
    text = (
        "".join(flat(n) for n in range(1, 4)) + "  abstract: see https://arxiv.org/abs/2401.00001\n"
    )
    listing = PaperList.parse(text.encode())

    assert RecordFormat.YAML == (listing.document.records and listing.document.records.format)
    assert [f"2505.0{n}000" for n in range(1, 4)] == [str(item.ids[0]) for item in listing.listed]
    assert "Long1: a Title of Two Lines" == listing.listed[0].title
    assert listing.index.find(paper(id="2505.02000", title="Another"))
    assert not listing.index.find(paper(id="2401.00001", title="Another"))


@pytest.mark.parametrize(
    "text",
    [
        "# Papers\n\n- [A Long Title](https://arxiv.org/abs/2505.00001)\n",
        "- Authors: [A](https://arxiv.org/abs/2505.00001)\n",
        "- title: see below\n\n## Papers\n\n- [A](https://arxiv.org/abs/2505.00001)\n- B: c\n",
        '{"name": "a-package", "version": 1}',
        "[A Long Title, of commas](https://arxiv.org/abs/2505.00001)\n",
        "",
    ],
)
def test_other_files_are_no_files_of_records(text: str):
    assert PaperList.parse(text.encode()).document.records is None


def test_a_list_of_data_without_an_id_is_refused():
    listing = PaperList.parse(
        b"- title: A Long Title\n  url: https://a.org\n- title: B\n  url: c\n"
    )
    (result,) = draft(listing, [(NEW, "")])

    assert isinstance(result, Refused)


@given(title=TITLES, name=TITLES)
def test_any_title_is_written_as_yaml_and_nothing_else_changes(title: str, name: str):
    text = "".join(flat(n) for n in range(3, 0, -1)) + nested(1).replace("    ", "  ").replace(
        "  - title", "- title"
    ).replace("  - Ada", "- Ada").replace("  - Jane", "- Jane")
    listing = PaperList.parse(text.encode())
    odd = paper(id="2506.07000", title=title, authors=(name,))
    (result,) = draft(listing, [(odd, "")])
    if isinstance(result, Draft):
        records = yaml.safe_load(apply(listing.document, [result.insertion]).decode())
        assert yaml.safe_load(text) == records[1:]
        assert isinstance(records[0]["title"], str)
        assert isinstance(records[0]["authors"], str)


@pytest.mark.parametrize(
    "title",
    [
        "yes",
        "1e3",
        "null",
        "2025-01-01",
        "- a",
        "#x y",
        "'q",
        '"q" r',
        "[a], b",
        "a: b",
        "a #b",
        "%a",
        "@a",
    ],
)
def test_a_title_that_yaml_would_read_as_something_else_is_quoted(title: str):
    text = (
        "".join(flat(n) for n in range(3, 0, -1))
        .replace("'Long", "Long")
        .replace(": a Title\n    of Two Lines'", " a Title")
    )
    listing = PaperList.parse(text.encode())
    (result,) = draft(listing, [(paper(id="2506.07000", title=title), "")])

    assert isinstance(result, Draft)
    assert title == yaml.safe_load(result.text)[0]["title"]
