"""Every risk says what holds it: tests there are, or in words that none does."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "hardware/RISKS.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.split("|")[1:-1]] for line in PAGE.splitlines() if line.startswith("| ")][1:]
# The hazards a brace that is watched must think of first: a word of each.
HAZARDS = (
    *("fibular head", "no events", "wrong unit", "swapped", "another day", "sore foot", "walks faster", "burn"),
    *("strap pulled tighter", "decline hides", "lost among prompts", "two people's data"),
)


def test_each_risk_names_tests_there_are_or_says_that_none_holds_it() -> None:
    tests = {
        name for path in (ROOT / "tests").rglob("test_*.py") for name in re.findall(r"def (test_\w+)", path.read_text())
    }
    assert len(ROWS) >= 15
    for row in ROWS:
        assert len(row) == 4 and all(row), row[0]
        named = re.findall(r"`(\w+)`", row[3])
        assert named or "no test here" in row[3], row[0]
        assert [name for name in named if name not in tests] == [], row[0]


def test_the_first_hazards_are_all_there() -> None:
    told = " ".join(row[0] for row in ROWS)
    assert [word for word in HAZARDS if word not in told] == []


def test_the_page_of_use_says_what_it_is_not() -> None:
    use = (ROOT / "hardware/INTENDED_USE.md").read_text(encoding="utf-8")
    for words in ("diagnoses nothing", "no alarm", "emergency services", "does not mean that the skin is well"):
        assert words in use
