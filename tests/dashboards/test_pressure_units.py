"""One pressure from a clinician's setting to a page: mmHg, 10 Pa, kPa, mmHg; and what a sensor cannot feel."""

import numpy as np
import pandas as pd
import pytest
from dashboards import made_tables as made
from dashboards.speaking import en

from talus.events.pressure import from_mmhg
from talus.wire.kinds import BY_NAME
from talus_dashboards.figures import pressure
from talus_dashboards.pages import comfort
from talus_host.metrics.pressure_minutes import KPA_PER_MMHG
from talus_twin.body.pressure_days import PA_PER_MMHG as TWIN_PA_PER_MMHG

PA_PER_MMHG = 133.322387415


def test_each_side_has_the_exact_constant() -> None:
    assert pytest.approx(PA_PER_MMHG, rel=1e-12) == KPA_PER_MMHG * 1000
    assert pytest.approx(PA_PER_MMHG, rel=1e-12) == 1000 / pressure.MMHG_PER_KPA
    assert TWIN_PA_PER_MMHG == PA_PER_MMHG
    assert pytest.approx(4.666, abs=5e-4) == 35 * KPA_PER_MMHG
    assert pytest.approx(67.5, abs=0.01) == 9 * pressure.MMHG_PER_KPA


@pytest.mark.parametrize("mmhg", [20, 25, 35, 50, 67, 150])
def test_a_setting_comes_out_on_the_page_as_it_went_in(mmhg: int) -> None:
    per = {row[0]: row[2] for row in BY_NAME["pressure"].fields}["peak"]
    kpa = from_mmhg(mmhg) / per
    assert kpa == pytest.approx(mmhg * PA_PER_MMHG / 1000, abs=0.005)
    assert kpa * pressure.MMHG_PER_KPA == pytest.approx(mmhg, abs=0.04)


def blind() -> made.Tables:
    """A left heel whose sensor begins at 73 mmHg, and a place that can be measured."""
    tables = made.wearer(weeks=4)
    day = made.NOW.date()
    rows = [
        ["left", day, 1, "heel", np.nan, np.nan, 0.0, 300.0],
        ["left", day, 2, "dorsal_strap", 0.0, 0.0, 1.2, 300.0],
    ]
    tables.pressure_table = pd.DataFrame(rows, columns=made.PRESSURE_DAY_COLUMNS)
    tables.events_table = tables.events_table.iloc[:0]
    return tables


def test_what_a_sensor_cannot_feel_is_neither_zero_nor_silence() -> None:
    tables = blind()
    drawn = pressure.by_site(tables.pressure_table, tables.events_table, words=en)
    assert "Heel, left: amber and red level not measurable" in drawn.text
    assert drawn.rows[0][2:4] == [en.NOT_KNOWN, en.NOT_KNOWN]
    assert next(note.text for note in drawn.figure.layout.annotations).endswith("not measurable")


def test_the_page_counts_only_places_where_silence_means_something() -> None:
    tables = blind()
    page = comfort.of_day(tables, tables.people().iloc[0], made.NOW.date(), made.NOW, en)
    said = str(page.lines)
    assert "No long pressure at the 1 measured place; others are not measured." in said
    assert "At 1 place only strong pressure can be measured." in said
