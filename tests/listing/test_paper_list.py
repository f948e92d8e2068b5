from bot.listing.paper_list import ListSize, PaperList

LIST = b"""\
# Things
[![arXiv](https://x.example/b.svg)](https://arxiv.org/abs/2401.00009)

## News
- [Not this](https://arxiv.org/abs/2401.00008)

## Papers
- [One Paper of Note](https://arxiv.org/abs/2401.00001)
- [The Same Paper Again](https://arxiv.org/pdf/2401.00001)
- [A Paper That Is Elsewhere](https://openreview.net/forum?id=1)
- **A paper that is elsewhere** [[pdf](https://example.org/x.pdf)]
- [pdf](https://example.org/y.pdf)

## More
- [Another Paper of Note](https://arxiv.org/abs/2401.00002)
"""


def size(heading: str) -> ListSize:
    return PaperList.parse(LIST, heading).size


def test_entries_and_their_papers_are_counted():
    assert ListSize(entries=5, papers=2, on_arxiv=1) == size("Papers")
    assert ListSize(entries=6, papers=3, on_arxiv=2) == size("")


def test_the_size_says_what_it_counts():
    assert "5 entries of 2 papers (1 on arXiv)" == str(size("Papers"))
    assert "1 paper (1 on arXiv)" == str(size("More"))
    assert "0 papers (0 on arXiv)" == str(ListSize(0, 0, 0))
