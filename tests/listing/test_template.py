"""A maintainer's own template: each value is escaped for its place, and what it may compute is bounded."""

import pytest

from bot.core.errors import ConfigError
from bot.listing.template import compile_template, fill_template
from tests.factories import paper

HOSTILE = paper(id="2506.07000", title="A < 2 | cell ' \" [b](c) `d", authors=("Ada | L", "T <b>"))


def filled(source: str, *, table: bool = False) -> str:
    return fill_template(compile_template(source), HOSTILE, table=table)


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("- [{{ title }}]({{ url }})", "\\[b\\](c)"),
        ("- {{ title | upper }} {{ url }}", "\\[B\\](C)"),
        ("| {{ title }} | [pdf]({{ url }}) |", "A < 2 \\| cell"),
        ("| {{ authors | join('; ') }} |", "Ada \\| L; T "),
        ("<tr><td>{{ title }}</td></tr>", "A &lt; 2 | cell &#x27; &quot; [b](c) `d</td>"),
        (
            '- <a title="{{ title }}" href="{{ url }}">x</a>',
            'title="A &lt; 2 | cell &#x27; &quot; ',
        ),
        ('- [x]({{ url }} "{{ title }}")', "&#124; cell &#x27; &quot; [b]&#40;c&#41;"),
        ("- [x](https://x.example/?q={{ title }}) {{ url }}", "q=A%20%3C%202"),
    ],
)
def test_a_value_is_escaped_for_its_place(source: str, wanted: str):
    text = filled(source)

    assert wanted in text


def test_a_row_without_an_outer_bar_is_one_where_the_list_has_rows():
    assert "A < 2 \\| cell" in filled("{{ title }} | {{ url }}", table=True)


def test_an_address_of_the_paper_may_be_changed_by_a_filter():
    assert "- https://arxiv.org/pdf/2506.07000\n" == filled("- {{ url | replace('abs', 'pdf') }}")


def test_a_title_that_is_an_address_does_not_become_a_link():
    hostile = paper(id="2506.07000", title="https://x.example/a")
    text = fill_template(compile_template("- {{ title }} {{ url }}"), hostile)

    assert "https://x.example" not in text


@pytest.mark.parametrize("mark", ["\ue000", "\ue001"])
def test_private_characters_in_metadata_do_not_prevent_escaping(mark: str):
    link = f"{mark}[b](https://x.example)"
    hostile = paper(id="2506.07000", title=link, authors=(link,), abstract=f"We show {link}.")
    source = "- {{ title }} {{ authors | join(', ') }} {{ abstract }} {{ url }}"
    text = fill_template(compile_template(source), hostile)

    assert "https://x.example" not in text
    assert "[b]" in text.replace("\\", "")


@pytest.mark.parametrize(
    "source",
    [
        "{% for n in range(10**9) %}x{% endfor %}",
        "{% for n in range(1000000000) %}x{% endfor %}",
        "{{ 'a' * 10**9 }}",
        "{{ 'a' * 1000000000 }}",
        "{{ [1] * 1000000000 }}",
        "{% for a in range(999) %}{% for b in range(999) %}{{ title }}{% endfor %}{% endfor %}",
        "{{ title | center(1000000000) }}",
        "{{ 1 // 0 }}",
        "{{ title + 1 }}",
        "{{ authors[99] }}",
    ],
)
def test_a_template_that_computes_too_much_or_fails_is_reported(source: str):
    with pytest.raises(ConfigError, match=r"list\.template"):
        filled(source)


@pytest.mark.parametrize(
    "source", ["{{ '%d-%02d' % (year, month) }}", "{{ '{}-{:02}'.format(year, month) }}"]
)
def test_a_template_may_pad_a_number(source: str):
    assert filled(source).startswith("2025-06")


@pytest.mark.parametrize(
    "source",
    [
        "{{ '%1000d' % 1 }}",
        "{{ '%*d' % (1000, 1) }}",
        "{{ '{:>1000}'.format(1) }}",
        "{{ '{:>{}}'.format(1, 1000) }}",
        "{{ '{0:>{w}}'.format_map({'w': 1000}) }}",
    ],
)
def test_a_template_may_not_pad_to_any_width(source: str):
    with pytest.raises(ConfigError, match="pads to a width of more than 999 characters"):
        filled(source)
