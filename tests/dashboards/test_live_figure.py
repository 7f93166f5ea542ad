"""The live figure shows the samples it was given at their own times: a hole is a hole, what is absent says so."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from dashboards import made_samples as made
from dashboards.speaking import en

from talus.wire import kinds
from talus_dashboards.figures import live
from talus_dashboards.figures.drawing import UNKNOWN_FILL, Drawing
from talus_host.watching import COLUMNS, TIME


def drawn(table: pd.DataFrame, silent_s: float = 0.05, sites: tuple[str, ...] = made.SITES) -> Drawing:
    return live.panels(table, made.STEP_MS, silent_s, sites=sites, words=en)


def trace(one: Drawing, name: str):
    assert one.figure is not None
    return next(trace for trace in one.figure.data if trace.name == name)


def lines(one: Drawing) -> list[str]:
    assert one.figure is not None
    return [trace.name for trace in one.figure.data if trace.type == "scatter"]


def spans(one: Drawing, axis: str = "y") -> list[tuple[float, float]]:
    """What is hatched in a panel, in seconds."""
    bars = trace(one, f"unknown {axis}")
    return [(begin, begin + width) for begin, width in zip(bars.x, bars.width, strict=True)]


def test_every_sample_stands_at_its_time_before_now() -> None:
    one = trace(drawn(made.samples(20_000, 30_000), silent_s=0.25), "ankle_angle_deg")
    # The newest is of 29.99 s and came 0.25 s ago; what is older than 10 s is not shown.
    assert one.x[-1] == pytest.approx(-0.25) and one.y[-1] == pytest.approx(299.9)
    assert -10 <= one.x[0] < -9.98
    assert np.allclose(np.diff(one.x), 0.01, atol=1e-5)
    assert np.allclose(one.y, 10 * (one.x + 0.25) + 299.9, atol=1e-3)


def test_a_hole_breaks_every_line_and_is_hatched() -> None:
    """27.00 to 27.29 s are missing: thirty samples. Now is 30.04 s."""
    one = drawn(made.samples(21_000, 30_000, ((27_000, 27_300),)))
    for name in lines(one):
        line = trace(one, name)
        assert line.connectgaps is False
        (at,) = np.flatnonzero(np.isnan(line.x) | np.isnan(line.y))
        before, behind = line.x[at - 1], line.x[at + 1]
        assert before == pytest.approx(26.99 - 30.04, abs=1e-4) and behind == pytest.approx(27.30 - 30.04, abs=1e-4)
        assert np.isnan(line.x[at]) and np.isnan(line.y[at])
    assert spans(one) == [pytest.approx((26.99 - 30.04, 27.30 - 30.04), abs=1e-4)]
    assert trace(one, "unknown y").marker.pattern.bgcolor == UNKNOWN_FILL
    assert "In these 10 s 30 samples are missing, in 1 gap." in one.text


def test_one_missing_sample_is_a_gap_and_none_is_none() -> None:
    assert "1 sample is missing, in 1 gap" in drawn(made.samples(21_000, 30_000, ((27_000, 27_010),))).text
    whole = drawn(made.samples(21_000, 30_000))
    assert spans(whole) == [] and "missing" not in whole.text
    assert not any(np.isnan(trace(whole, name).y).any() for name in lines(whole))


def test_a_link_that_is_lost_leaves_the_right_hatched_and_what_is_old_moves_away() -> None:
    table = made.samples(20_000, 30_000)
    one = drawn(table, silent_s=4.0)
    assert trace(one, "moment_nm").x[-1] == pytest.approx(-4.0) and trace(one, "moment_nm").x[0] >= -10
    assert spans(one) == [pytest.approx((-4.0, 0.0))]
    assert "The newest sample is 4 s old." in one.text
    gone = drawn(table, silent_s=10.5)
    assert gone.figure is None and gone.text == "No sample came in the last 10 s." and gone.rows == []


def test_before_the_first_sample_there_is_no_figure() -> None:
    assert drawn(made.samples(0, 0), silent_s=float("nan")).figure is None


def test_an_absent_channel_has_no_line_and_says_so() -> None:
    one = drawn(made.samples(21_000, 30_000, ankle_angle_deg=made.NAN))
    assert sorted(lines(one)) == sorted(set(COLUMNS) - {"ankle_angle_deg", "pressure_4_kpa"})
    assert one.figure is not None
    heads = [note.text for note in one.figure.layout.annotations]
    assert heads[0] == "<b>Ankle angle</b> · not measured" and heads[5] == "<b>Pressure: Heel</b> · not measured"
    assert heads[2] == "<b>Pressure: Fibular head</b> (mmHg)"
    assert one.figure.layout.yaxis.visible is False and one.figure.layout.yaxis2.visible is True
    rows = {row[0]: row[1:] for row in one.rows}
    assert rows["Ankle angle (deg)"] == ["not measured", ""]
    assert rows["Pressure: Heel (mmHg)"] == ["not measured", ""]
    assert one.text.startswith("Mean of the newest second: Ankle angle: not measured, Moment: 1.50 N·m.")


def test_a_channel_that_fails_on_the_way_is_a_gap_of_its_own() -> None:
    table = made.samples(21_000, 30_000)
    table.loc[100:199, "moment_nm"] = made.NAN
    one = drawn(table)
    assert np.isnan(trace(one, "moment_nm").y).sum() == 100 and not np.isnan(trace(one, "ankle_angle_deg").y).any()
    assert spans(one) == []


def test_the_table_is_of_the_newest_second_in_the_pages_units() -> None:
    """The angle is the time in tenths: of 29.00 to 29.99 s the mean is 294.95. 4 kPa are 30.0 mmHg, 9 are 67.5."""
    one = drawn(made.samples(21_000, 30_000))
    rows = {row[0]: row[1:] for row in one.rows}
    assert rows["Ankle angle (deg)"] in (["294.9", "290.0 to 299.9"], ["295.0", "290.0 to 299.9"])
    assert rows["Moment (N·m)"] == ["1.50", "1.50"]
    assert rows["Pressure: Fibular head (mmHg)"] == ["30", "30"]
    assert rows["Pressure: Lateral malleolus (mmHg)"][0] in ("67", "68")
    assert rows["Pressure: Dorsal strap (mmHg)"] == ["0", "0"], "nothing presses: measured, and zero"
    assert rows["Rate: frontal (deg/s)"] == ["\u221230", "\u221230"]
    assert rows["Acceleration: lateral (g)"] == ["\u22122.50", "\u22122.50"]
    assert trace(one, "pressure_1_kpa").y[-1] == pytest.approx(4 / 0.133322387415, rel=1e-6)


def test_sites_that_are_not_known_are_numbered() -> None:
    assert [row[0] for row in drawn(made.samples(0, 1000), sites=()).rows][2:6] == [
        f"Pressure: place {n} (mmHg)" for n in (1, 2, 3, 4)
    ]
    some = drawn(made.samples(0, 1000), sites=("heel", "none", "navicular", "none"))
    assert [row[0] for row in some.rows][2:4] == ["Pressure: Heel (mmHg)", "Pressure: place 2 (mmHg)"]


def test_nothing_measured_leaves_its_panel() -> None:
    one = drawn(made.samples(21_000, 30_000, acc_lateral=-7.3, pressure_2_kpa=40.0))
    assert one.figure is not None
    low, high = one.figure.layout.yaxis8.range
    assert low <= -7.3 and high >= 0.98
    assert one.figure.layout.yaxis4.range[1] >= 300, "40 kPa are 300 mmHg"
    assert one.figure.layout.yaxis3.range[1] <= 60, "and do not flatten the 30 mmHg of another place"


def test_panels_share_one_axis_and_do_not_overlap() -> None:
    one = drawn(made.samples(21_000, 30_000))
    assert one.figure is not None
    axes = [one.figure.layout[f"yaxis{n}"] for n in ("", 2, 3, 4, 5, 6, 7, 8)]
    assert {axis.anchor for axis in axes} == {"x"} and list(one.figure.layout.xaxis.range) == [-10, 0]
    domains = [tuple(axis.domain) for axis in axes]
    assert all(upper[0] > lower[1] for upper, lower in pairwise(domains))
    assert all(0 <= low < high <= 1 for low, high in domains)


def test_lines_of_a_panel_differ_in_more_than_colour() -> None:
    one = drawn(made.samples(21_000, 30_000, pressure_4_kpa=1.0))
    for names in (COLUMNS[2:5], COLUMNS[5:8]):
        looks = [trace(one, name).line for name in names]
        assert len({look.dash for look in looks}) == len({look.color for look in looks}) == len(looks)


def test_every_channel_of_the_wire_has_a_line_a_row_and_a_name() -> None:
    one = drawn(made.samples(21_000, 30_000, pressure_4_kpa=1.0))
    assert sorted(lines(one)) == sorted(COLUMNS) and len(one.rows) == len(COLUMNS) == len(kinds.RAW_CHANNELS)
    assert set(en.live.CHANNELS) == set(COLUMNS) and live.TIME == TIME and made.STEP_MS == kinds.SAMPLE_MS
    assert one.text and one.key and all(len(row) == len(one.columns) for row in one.rows)


def test_the_samples_are_not_changed() -> None:
    table = made.samples(21_000, 30_000, ((27_000, 27_300),))
    before = table.copy()
    drawn(table)
    pd.testing.assert_frame_equal(table, before)
