"""Every threat that is said to be covered names a probe or a test there is."""

import re
from pathlib import Path

from twin.probes import PROBES

ROOT = Path(__file__).parents[2]


def test_each_threat_names_what_covers_it() -> None:
    text = (ROOT / "firmware/SECURITY.md").read_text()
    rows = [line.split("|")[1:-1] for line in text.splitlines() if line.startswith("| ")][1:]
    assert len(rows) >= 12
    tests = {
        name for path in (ROOT / "tests").rglob("test_*.py") for name in re.findall(r"def (test_\w+)", path.read_text())
    }
    known = tests | {name for name, *_ in PROBES}
    for threat, _, covered in rows:
        named = re.findall(r"`([^`]+)`", covered)
        assert named or covered.strip() == "none", threat
        assert [name for name in named if name not in known] == [], threat


def test_no_probe_is_left_out_of_the_page() -> None:
    text = (ROOT / "firmware/SECURITY.md").read_text()
    meant_for_friends = {"reads after the owner", "writes where none may"}
    assert [name for name, *_ in PROBES if f"`{name}`" not in text and name not in meant_for_friends] == []
