import json

from bot.tools.doctor.findings import Diagnosis, Status, render_json, render_text, summary

FOUND = (
    Diagnosis("list", Status.OK, "README.md: 2 papers"),
    Diagnosis("branch rules", Status.PROBLEM, "a rule\x1b[31m", "here\nand there"),
    Diagnosis("token", Status.UNKNOWN, "not stated", "look"),
)


def test_findings_are_written_as_text():
    assert (
        "✓ list          README.md: 2 papers\n"
        "✗ branch rules  a rule[31m\n"
        "                fix: here\n"
        "                     and there\n"
        "? token         not stated\n"
        "                fix: look\n"
        "\n"
        "1 ok, 1 problem, 1 not checked\n"
    ) == render_text(FOUND)


def test_findings_are_counted():
    problem = Diagnosis("x", Status.PROBLEM, "")

    assert "2 problems" == summary((problem, problem))


def test_findings_are_written_as_json():
    data = json.loads(render_json(FOUND))

    assert 1 == data["problems"]
    assert {
        "name": "token",
        "status": "unknown",
        "found": "not stated",
        "fix": "look",
    } == data["findings"][2]
