from bot.tools.site.chart import Chart, chart
from bot.tools.site.papers import read


def of(*ids: str) -> Chart | None:
    text = "".join(f"- [Paper {n} of Some](https://arxiv.org/abs/{n})\n" for n in ids)
    return chart(
        read(text.encode(), name="a-list", heading="", topics=(), days={}, updated=None).items
    )


def test_bars_are_as_high_as_there_are_papers():
    found = of("2401.00001", "2401.00002", "2401.00003", "2401.00004", "2412.00001")

    assert found is not None
    assert [("0.000", "80.0", "Jan 2024: 4"), ("91.667", "20.0", "Dec 2024: 1")] == [
        (bar.x, bar.height, bar.says) for bar in found.bars
    ]
    assert (
        "5 papers by the month they appeared, Jan 2024 to Dec 2024; the most in Jan 2024: 4"
        == found.says
    )
    assert ((2024, (4, *(0,) * 10, 1)),) == found.rows


def test_a_single_month_makes_no_chart():
    assert of("2401.00001", "2401.00002") is None
    assert of() is None


def test_old_papers_are_in_the_table_and_years_stay_apart():
    found = of("0801.0001", "2401.00001", "2501.00001")

    assert found is not None
    assert [2025, 2024, 2008] == [year for year, _ in found.rows]
    assert ["Jan 2024: 1", "Jan 2025: 1"] == [bar.says for bar in found.bars]
    assert [2014, 2016, 2018, 2020, 2022, 2024] == [year for _, year in found.years]


def test_one_paper_is_no_peak():
    found = of("2401.00001", "2402.00001")

    assert found is not None
    assert 20 == found.height
