from bot.core.model import Coverage, Reason, RunReport, Verdict, Window
from bot.listing.draft import Refused
from bot.tools.setup.render import render_month
from tests.factories import NOW, decision, paper


def report(*, failure: str = "") -> RunReport:
    long = paper(title=f"On {'very ' * 30}long titles", id="2510.00002")
    return RunReport(
        version="1",
        started=NOW,
        place="x",
        list_path="README.md",
        window=Window(NOW, NOW),
        coverage=(Coverage("search", "arxiv.org", "q", read=1234, failure=failure),),
        decisions=(
            decision(paper(title="A \x1b[31m{R}ed Paper")),
            decision(long, score=0.25),
            decision(verdict=Verdict.HOLD, reason=Reason.BATCHES_OPEN, detail="2 at most"),
            decision(verdict=Verdict.REJECT, reason=Reason.NO_PHRASE),
        ),
        outcomes=(),
        topics=(),
        threshold=0.3,
    )


def test_each_paper_has_a_line_and_an_entry_is_shown():
    shown = render_month(report(), "- [Red](x)\n  - Authors: A\n").splitlines()

    assert [
        "1,234 papers read from arxiv.org; 2 would be proposed, 1 would wait",
        "  0.80  2510.00001   A [31mRed Paper",
    ] == shown[:2]
    assert shown[2].startswith("  0.25  2510.00002   On very")
    assert shown[2].endswith("very…")
    assert len(shown[2]) < 110
    assert [
        "",
        "Waiting: 2 at most",
        "",
        "An entry would look like this:",
        "",
        "- [Red](x)",
        "  - Authors: A",
    ] == shown[3:]


def test_a_long_entry_is_cut_and_a_failure_reported():
    shown = render_month(report(failure="HTTP 500"), "x\n" * 40)

    assert shown.count("\nx") == 12
    assert shown.endswith("x\n…\n")
    assert "then the source failed: HTTP 500" in shown


def test_the_reason_for_a_missing_entry_does_not_look_like_an_entry():
    why = "line 3: the form of the entries here is not understood; set list.template"
    shown = render_month(report(), Refused(paper(), why))

    assert shown.endswith(f"\n\nNo entry can be written yet: {why}\n")
    assert "would be written" not in shown
