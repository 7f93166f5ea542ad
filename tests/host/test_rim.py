"""Where Talus speaks to people: a number is never cut short, unknown is never a zero."""

import math

import pytest

from talus_host.verbs.rim import number, print_table


@pytest.mark.parametrize("columns", ["40", "80", "200"])
def test_a_table_is_whole_whatever_the_terminal(
    columns: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    cells = ["2026-11-19", "left", *(f"{value:.1f}" for value in range(1000, 12000, 1000))]
    print_table("title", ["day", "side", *("worn\nhours" for _ in cells[2:])], [cells], left=2)
    told = capsys.readouterr().out
    assert "…" not in told
    for cell in cells:
        assert cell in told


def test_a_table_of_days_fits_eighty_columns() -> None:
    """Names, gaps of one and the widest values a day can have."""
    from talus_host.verbs.show import COLUMNS

    widest = {"worn_h": "24.0", "not_worn_h": "24.0", "unknown_h": "24.0", "steps": "99999", "cadence_spm": "173"}
    widest |= {"heel_first_pct": "100", "swing_dorsiflexion_deg": "-90.0", "assist_impulse_nms": "65.53"}
    width = len("2026-11-19") + len("unknown") + len("missing")
    for column, heading, _ in COLUMNS:
        width += 1 + max(len(word) for word in [widest[column], *heading.split("\n")])
    assert width + 2 <= 80


def test_unknown_is_a_dash() -> None:
    assert [number(value) for value in (None, math.nan, 0.0, 1.25)] == ["–", "–", "0.0", "1.2"]
