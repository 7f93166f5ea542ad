"""What the page of the mechanics shows is there: every part with its picture, every check that held."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOM = ROOT / "hardware/mechanics"
MADE = ROOT / "hardware/made/mechanics"
PAGE = (ROOM / "README.md").read_text()


def parts() -> set[str]:
    return set(re.findall(r'Part\(\s*"([a-z_]+)"', (ROOM / "parts.py").read_text()))


def test_every_part_has_a_file_a_picture_and_its_row_in_the_page() -> None:
    assert len(parts()) == 8
    for name in parts():
        assert (ROOM / f"{name}.py").exists() and (MADE / f"{name}.png").exists(), name
        assert f"| `{name}` | ![{name.replace('_', ' ')}](../made/mechanics/{name}.png) |" in PAGE


def test_every_picture_that_is_kept_is_shown_and_every_one_shown_is_kept() -> None:
    shown = set(re.findall(r"\(\.\./made/mechanics/([a-z_]+\.png)\)", PAGE))
    assert shown == {path.name for path in MADE.glob("*.png")}


def test_the_kept_table_has_every_part_in_every_size_and_no_failure() -> None:
    text = (MADE / "checks.md").read_text()
    assert "| part | check | small | medium | large | has to be |" in text
    assert "**fails**" not in text
    for name in parts():
        assert text.count(f"| {name} | least wall, mm |") == 1, name


def test_what_the_page_quotes_of_the_table_stands_in_it() -> None:
    """The page repeats four figures for the reader; the table is where they come from."""
    text = (MADE / "checks.md").read_text()
    rows = {tuple(cells[:2]): cells[2:] for line in text.splitlines() if (cells := line.strip("| ").split(" | "))[2:]}
    assert rows[("hinge", "air gap, mm")][:3] == ["1.50"] * 3 and "1.5 mm from the magnet" in PAGE
    assert rows[("hinge", "magnet off centre at worst, mm")][:3] == ["0.22"] * 3 and "0.22 mm off centre" in PAGE
    assert rows[("lever_jig", "stress, 4 kg on one bar, MPa")][0] == "5.6" and "5.6 MPa under 4 kg" in PAGE
    assert rows[("pod_body", "longest bridge, mm")][0] == "13.0" and "one bridge of 13 mm" in PAGE
