import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.arxiv_id import ArxivId, find_ids

new_ids = st.builds(
    lambda year, month, number: (
        f"{year:02}{month:02}.{number:05}"
        if year >= 15
        else f"{year:02}{month:02}.{number % 9999 + 1:04}"
    ),
    st.integers(8, 40),
    st.integers(1, 12),
    st.integers(1, 99999),
)
old_ids = st.builds(
    lambda archive, year, month, number: f"{archive}/{year:02}{month:02}{number:03}",
    st.sampled_from(["hep-th", "math", "cond-mat", "cs", "quant-ph"]),
    st.sampled_from([92, 95, 99, 0, 3, 6]),
    st.integers(1, 12),
    st.integers(1, 999),
)
FORMS = (
    "https://arxiv.org/abs/{}",
    "http://www.arxiv.org/pdf/{}v7.pdf",
    "[[Paper]](https://arxiv.org/pdf/{})",
    "arXiv:{}v2 [cs.CL]",
    "https://doi.org/10.48550/arXiv.{}",
    "https://ar5iv.labs.arxiv.org/html/{}",
)


def test_reads_every_form_observed_in_real_lists(shared: Path):
    cases = json.loads((shared / "arxiv" / "arxiv_id_cases.json").read_text())

    for text, value, version in cases["positive"]:
        found = {(mention.id.value, mention.id.version) for mention in find_ids(text)}
        assert {(value, version)} == found, text


def test_ignores_everything_that_is_not_an_id(shared: Path):
    cases = json.loads((shared / "arxiv" / "arxiv_id_cases.json").read_text())

    assert [] == [text for text in cases["negative"] if list(find_ids(text))]


@given(st.one_of(new_ids, old_ids), st.sampled_from(FORMS))
def test_an_id_is_read_back_from_every_form(value: str, form: str):
    assert [value] == [mention.id.value for mention in find_ids(form.format(value))]
    assert value == ArxivId.parse(value).value
    assert value == ArxivId.parse(ArxivId.parse(value).url).value


@given(st.one_of(new_ids, old_ids), st.integers(1, 99), st.integers(1, 99))
def test_the_version_is_kept_and_does_not_count(value: str, version: int, other: int):
    first, second = ArxivId.parse(f"{value}v{version}"), ArxivId.parse(f"{value}v{other}")

    assert first == second
    assert hash(first) == hash(second)
    assert (version, other) == (first.version, second.version)


@given(st.text())
def test_any_text_is_read_without_error(text: str):
    for mention in find_ids(text):
        assert mention.id == ArxivId.parse(text[mention.start : mention.end])


def test_a_mention_has_its_position():
    text = "see https://arxiv.org/abs/2309.00267v3."
    (mention,) = find_ids(text)

    assert "arxiv.org/abs/2309.00267v3" == text[mention.start : mention.end]


def test_order_is_the_order_of_announcement_across_schemes():
    values = [
        "hep-th/9901001",
        "math/0309136",
        "0704.0002",
        "1412.6980",
        "1501.00001",
        "2309.00267",
    ]
    ids = [ArxivId.parse(value) for value in reversed(values)]

    assert values == [str(known) for known in sorted(ids, key=lambda known: known.order)]


@pytest.mark.parametrize(
    "text", ["", "2401", "2413.00001", "2401.00001 2401.00002", "nonsense/0309136"]
)
def test_text_without_exactly_one_id_is_refused(text: str):
    with pytest.raises(ValueError, match="arXiv id"):
        ArxivId.parse(text)


def test_year_and_month_come_from_the_id():
    assert (1999, 1) == (ArxivId("hep-th/9901001").year, ArxivId("hep-th/9901001").month)
    assert (2023, 9) == (ArxivId("2309.00267").year, ArxivId("2309.00267").month)
