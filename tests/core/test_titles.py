"""Titles as plain text, and the keys by which they are compared."""

import pytest

from bot.core.titles import key, plain, plain_abstract, without_markup

MATH = {
    "GRAM-R$^2$": "GRAM-R²",
    "Icon$^{2}$": "Icon²",
    "H$_{2}$OT": "H₂OT",
    "Trans${^2}$-CBCT": "Trans²-CBCT",
    "$γ$-Quant": "γ-Quant",
    "$\\tau^2$-Bench": "τ²-Bench",
    "LLM$\\times$MapReduce": "LLM×MapReduce",
    "A $\\neq$ B": "A ≠ B",
    "A $\\ne$ B": "A ≠ B",
    "SAM$^{*}$: A Title": "SAM*: A Title",
    "Models $\\textit{that}$ Think": "Models that Think",
    "$\\mathbf{\\texttt{D}}$ual": "Dual",
    "$\\mathcal{O}(T)$ Complexity": "O(T) Complexity",
    "A$^\\text{T}$A": "AᵀA",
    "360$^\\circ$ Scenes": "360° Scenes",
    "$top$-$K$": "top-K",
    "A$_{1}$ and B$_{2}$": "A₁ and B₂",
}


@pytest.mark.parametrize("title", MATH)
def test_math_is_written_in_unicode(title: str):
    assert MATH[title] == plain(title)
    assert key(MATH[title]) == key(title)
    assert MATH[title] == plain(plain(title))


def test_an_escaped_dollar_of_an_older_entry_counts_as_math():
    assert "GRAM-R²" == plain("GRAM-R\\$^2\\$")


@pytest.mark.parametrize("title", ["$(0, 2^q)$-Sequences", "$π^q_0$", "$A_{1:t}$", "$\\foo{x}$"])
def test_math_that_unicode_lacks_is_unchanged(title: str):
    assert title == plain(title)


@pytest.mark.parametrize("title", ["From $5 to $10", "$5-$10 for a Label", "A Cost of $5"])
def test_prices_are_no_math(title: str):
    assert title == plain(title)


@pytest.mark.parametrize("other", ["GRAM-R$^2$", "GRAM-R$^{2}$", "GRAM-R²", "GRAM-R^2", "GRAM-R2"])
def test_a_power_has_one_key_in_every_notation(other: str):
    assert "gram r2" == key(other)


@pytest.mark.parametrize("other", ["$\\beta$-DPO", "$β$-DPO", "β-DPO", "Beta-DPO"])
def test_a_greek_letter_has_one_key_in_every_notation(other: str):
    assert "beta dpo" == key(other)


def test_a_listed_title_keeps_its_math():
    assert "AR$^2$: A Title" == without_markup("**AR$^2$**: A  Title")


def test_an_abstract_has_no_tex_and_keeps_its_estimates():
    text = "\\textbf{H}armful models~(LLMs) cost ~10\\% less for R$^2$ if p < 0.1 *here*."

    assert "Harmful models (LLMs) cost ~10% less for R² if p < 0.1 *here*." == plain_abstract(text)
