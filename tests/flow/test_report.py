"""Weeks of a made-up life through the wire and the store onto paper: hours and days as they truly were."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flow.test_change import END, kept

from talus_dashboards import report
from talus_dashboards.words import LANGUAGES
from talus_host.store import Store
from talus_twin.body.history import Course, DayTruth, History, live

NOW = datetime.fromtimestamp(END / 1000, UTC)
LAST = date(2026, 11, 11)
DAYS = 28


@pytest.fixture(scope="module")
def life() -> History:
    """Ten weeks of one leg, with days off and a battery that runs flat."""
    return live(Course(END, seed=6, weeks=10, strides_per_day=500, not_worn_share=0.1, flat_times=3))


@pytest.fixture(scope="module")
def facts(life: History, tmp_path_factory: pytest.TempPathFactory) -> Iterator[report.Facts]:
    with Store(tmp_path_factory.mktemp("report") / "talus.db") as store:
        kept(store, life)
        store.prescribe("1", "left", "2026-09-01", "hours", {"hours": 8.0}, END)
        yield report.facts(report.ask(store, "1", NOW, None, DAYS))


@pytest.fixture(scope="module")
def truth(life: History) -> list[DayTruth]:
    """The days of the period."""
    return [one for one in life.days if LAST - timedelta(days=DAYS) < one.date <= LAST]


def test_the_hours_of_the_period_are_those_lived(facts: report.Facts, truth: list[DayTruth]) -> None:
    """Worn, not known and the whole, within 5 minutes a day; nothing is a fault, paused or planned off."""
    split = facts.legs[0].split
    assert len(truth) == DAYS
    assert sum(split.values()) == pytest.approx(sum(one.day_min for one in truth) / 60)
    worn = split["walking"] + split["still"] + split["unseen"]
    assert worn == pytest.approx(sum(one.worn_min for one in truth) / 60, abs=DAYS * 5 / 60)
    assert split["no_data"] == pytest.approx(sum(one.unknown_min for one in truth) / 60, abs=DAYS * 5 / 60)
    assert (split["fault"], split["paused"], split["off"]) == (0, 0, 0)


def test_each_strip_holds_the_wear_of_its_day(facts: report.Facts, truth: list[DayTruth]) -> None:
    by_day = {one.date: one for one in truth}
    strips = facts.legs[0].strips
    assert [one.day for one in strips] == [LAST - timedelta(days=n) for n in range(13, -1, -1)]
    for strip in strips:
        lived = by_day[strip.day]
        drawn = dict.fromkeys(("worn", "not_worn", "no_data"), 0.0)
        for state, start, end in strip.pieces:
            drawn[state] += (end - start) * lived.day_min
        assert drawn["worn"] == pytest.approx(lived.worn_min, abs=10)
        assert drawn["no_data"] == pytest.approx(lived.unknown_min, abs=10)
        assert sum(drawn.values()) == pytest.approx(lived.day_min, abs=0.01)


def test_wear_is_the_range_between_what_was_seen_and_what_was_not(facts: report.Facts, truth: list[DayTruth]) -> None:
    met = facts.legs[0].adherence
    assert met is not None and met["assessable"]
    worn = [one.worn_min / 60 for one in truth]
    assert met["worn_h_low"] == pytest.approx(sum(worn) / DAYS, abs=0.1)
    seen = [one.worn_min / 60 for one in truth if one.unknown_min < 60]
    assert met["worn_h_high"] == pytest.approx(sum(seen) / len(seen), abs=0.5)
    share = [min(hours / 8.0, 1.0) for hours in worn]
    assert met["met_pct_low"] == pytest.approx(100 * sum(share) / DAYS, abs=2)


def test_the_brace_is_as_stiff_as_it_was_made(facts: report.Facts, truth: list[DayTruth]) -> None:
    """A report shows what the metric measures of the made brace: of its two sides, between 0.3 and 0.5 N.m a degree."""
    rows = {row["measure"]: row for row in facts.legs[0].mechanics}
    assert 0.29 <= rows["stiffness_nm_deg"]["now"] <= 0.51
    assert rows["neutral_deg"]["now"] == pytest.approx(2.0, abs=0.6)
    assert rows["moment_swing_nm"]["now_days"] >= 20


@pytest.mark.usefixtures("pango")
def test_it_is_a_document_that_says_its_program_and_calibration(facts: report.Facts) -> None:
    html = report.page(facts, LANGUAGES["en"])
    row = facts.standing[-1]
    assert (row["program"], int(row["calibration"])) == ("0.1.0", 1)
    assert "<td>0.1.0</td><td>1</td>" in html
