"""Which words claim a publication, and which claim less."""

import pytest

from bot.refresh.venues import is_open, style_of, venue_of
from tests.refresh.lists import NAMES, paper


@pytest.mark.parametrize(
    ("comment", "venue"),
    [
        ("ICLR 2025", "ICLR 2025"),
        ("Accepted to ICML2024", "ICML 2024"),
        ("15 pages, 3 figures. Accepted at the NeurIPS 2024 (Oral)", "NeurIPS 2024"),
        ("To appear in EMNLP 2024; code at https://example.org", "EMNLP 2024"),
        ("Published as a conference paper at ICLR 2025", "ICLR 2025"),
        ("Accepted to ACL 2024 main conference.", "ACL 2024"),
        ("Accepted by the 33rd Conference on Things (CIKM-like) (KDD 2024)", "KDD 2024"),
        ("accepted by interspeech 2024", "INTERSPEECH 2024"),
        ("", ""),
        ("10 pages", ""),
        ("Submitted to ICLR 2025", ""),
        ("Under review at ICML 2024", ""),
        ("ICML 2024 Workshop on Models", ""),
        ("Findings of ACL 2024", ""),
        ("Accepted at Models at Small Scale (MOSS), ICML 2024, Vienna", ""),
        ("Winner of the CVPR 2024 challenge", ""),
        ("Extended version of our AAAI 2024 paper", ""),
        ("Rejected from ICLR 2025", ""),
        ("ICLR 2024 and ICML 2024", ""),
        ("ICLR 2024. ICML 2024", ""),
        ("We compare with all papers of ICLR 2024", ""),
        ("ICLR 2012", ""),
        ("ICLR 2048", ""),
        ("Accepted to the Journal of Judges", ""),
    ],
)
def test_a_venue_is_found_if_it_is_claimed_without_reservation(comment: str, venue: str):
    found = venue_of(paper(NAMES[0], comment=comment))

    assert venue == (str(found) if found else "")


@pytest.mark.parametrize(
    "text", ["arXiv", "arXiv 2024", "arXiv'24.05", "Preprint", "-", "N/A", "", "None", "❌"]
)
def test_a_place_that_says_arxiv_or_unknown_is_open(text: str):
    assert is_open(text)


@pytest.mark.parametrize("text", ["ICLR 2024", "arXiv and ICLR", "Nature", "TBA soon"])
def test_a_place_that_says_more_is_not_open(text: str):
    assert not is_open(text)


@pytest.mark.parametrize(
    ("others", "written"),
    [
        (["ICLR 2023", "ACL 2024", "arXiv", "Findings of ACL"], None),
        (["ICLR 2023", "ACL 2024", "EMNLP 2023"], "NeurIPS 2024"),
        (["ICLR'23", "ACL'24", "EMNLP'23"], "NeurIPS'24"),
        (["NEURIPS 23", "ACL 24", "EMNLP 23"], "NEURIPS 24"),
        (["ICLR", "ACL", "EMNLP 2023", "EMNLP"], "NeurIPS"),
        (["NeurIPS 2020", "NEURIPS 2021", "NEURIPS 2022", "neurips 2023"], "NEURIPS 2024"),
        (["ICLR 2023", "ACL'24", "EMNLP", "KDD-2020"], None),
    ],
)
def test_a_venue_is_written_like_the_others(others: list[str], written: str | None):
    venue = venue_of(paper(NAMES[0], comment="NeurIPS 2024"))
    assert venue is not None

    style = style_of(others)
    assert written == (style and style.write(venue))
