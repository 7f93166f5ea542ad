"""A person's progress: the three figures they are told of, judged as `changed` does, and the first hour's pressure."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from host.made_records import MINUTE_MS, Brace, utc_ms
from host.stores import ZONE, filed

from talus_host.metrics.first_hour import MEASURE, first_hour
from talus_host.store import Store
from talus_host.store.progress import OWN

START = pd.Timestamp("2026-01-05")


def pressed(after: float, days: int = 130, sites: tuple[str, ...] = ("heel",)) -> pd.DataFrame:
    """Days of a steady first hour of 3 kPa that wobbles by a tenth, and of `after` from day 36 on."""
    chance = np.random.default_rng(5)
    rows = []
    for channel, site in enumerate(sites, 1):
        for n in range(days):
            kpa = (3.0 if n < 35 else after) + chance.normal(0, 0.1)
            rows.append(("left", START + pd.Timedelta(days=n), channel, site, kpa))
    return pd.DataFrame(rows, columns=["side", "day", "channel", "site", MEASURE])


def segments() -> pd.DataFrame:
    return pd.DataFrame([("left", 1, START, pd.NaT, "")], columns=["side", "segment", "start", "end", "why"])


@pytest.mark.parametrize(
    ("after", "today", "verdict"),
    [
        (4.0, 125, "higher"),
        (2.0, 125, "lower"),
        (3.0, 125, "no_clear_change"),
        (4.0, 70, "too_early"),  # one look, at day 56: the second is at day 84
    ],
)
def test_the_first_hour_is_called_higher_only_by_the_law_of_change(after: float, today: int, verdict: str) -> None:
    found = first_hour(pressed(after, today), segments(), today=str((START + pd.Timedelta(days=today)).date()))
    assert list(found["verdict"]) == [verdict]
    if verdict == "higher":
        assert abs(found["latest_kpa"].iloc[0] - 4.0) < 0.1 and abs(found["baseline_kpa"].iloc[0] - 3.0) < 0.1


def test_places_are_told_apart_and_one_that_was_never_measured_is_no_row() -> None:
    table = pressed(4.0, 125, ("heel", "dorsal_strap"))
    table.loc[table["site"] == "dorsal_strap", MEASURE] = np.nan
    found = first_hour(table, segments(), today=str((START + pd.Timedelta(days=125)).date()))
    assert list(found["site"]) == ["heel"]


def test_steady_weeks_are_hardly_ever_called_a_change() -> None:
    """40 steady people, four places each: at most 2 % false claims a year are allowed, these are a third of one."""
    claims = 0
    for seed in range(40):
        chance = np.random.default_rng(seed)
        table = pressed(3.0, 120, ("heel", "dorsal_strap", "calf_cuff", "navicular"))
        table[MEASURE] = 3.0 + chance.normal(0, 0.3, len(table))
        found = first_hour(table, segments(), today=str((START + pd.Timedelta(days=120)).date()))
        claims += int(found["verdict"].isin(["higher", "lower"]).any())
    assert claims <= 1


def walker(days: int) -> Brace:
    """A day's walk of 55 strides twice, of 1.0 s each: 110 s; the brace on for 5 h of each day."""
    start = utc_ms("2026-05-04T00:00:00", ZONE)
    brace = Brace(boot_utc_ms=start)
    brace.add("boot", start, cause=0)
    for n in range(days):
        day = start + n * 24 * 60 * MINUTE_MS
        brace.minutes(day, 9 * 60, 0)
        brace.minutes(day + 9 * 60 * MINUTE_MS, 300, 1)
        for k in range(2):
            brace.walk(day + (10 + k) * 60 * MINUTE_MS, 55, 1.0 + 0.01 * (n % 5))
        brace.minutes(day + 14 * 60 * MINUTE_MS, 10 * 60, 0)
        brace.clock(day + 23 * 60 * MINUTE_MS)
    return brace


def test_the_three_figures_come_with_their_weeks_and_what_is_usual(tmp_path: Path) -> None:
    with Store(tmp_path / "talus.db") as store:
        store.add_person("A", ZONE)
        filed(store, walker(44))
        today = date(2026, 5, 4) + timedelta(days=43)
        found = store.progress("1", today)
    assert list(found.verdicts["measure"]) == list(OWN)
    by_measure = found.verdicts.set_index("measure")["verdict"]
    assert by_measure["walking_min"] == "too_early", "six weeks are no two looks"
    assert by_measure["longest_walk_min"] == "not_judged"
    assert by_measure["heel_first_pct"] in ("too_early", "not_measured")
    usual = found.usual.set_index("measure").loc["walking_min"]
    # 110 strides of 1.00 to 1.04 s on days 8 to 35, all five lengths nearly equally often
    seconds = 110 * np.array([1.0 + 0.01 * (n % 5) for n in range(7, 35)])
    assert usual["days"] == 28
    assert [usual["low"], usual["median"], usual["high"]] == pytest.approx(
        np.percentile(seconds / 60, (25, 50, 75)).tolist(), rel=0.02
    )
    weeks = found.weeks.set_index("week")["walking_min"]
    assert weeks.loc["2026-05-18"] == pytest.approx(110 * 1.02 / 60, rel=0.02)
    assert len(found.first_hour) == 0


def test_nobody_with_no_day_has_no_verdict(tmp_path: Path) -> None:
    with Store(tmp_path / "talus.db") as store:
        store.add_person("A", ZONE)
        found = store.progress("1", "2026-05-04")
    assert found.verdicts.empty and found.usual.empty and found.weeks.empty and found.first_hour.empty
