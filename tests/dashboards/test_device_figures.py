"""What the device's pages draw and say, against sums done by hand: the unknown is never a zero and never fine."""

from datetime import date

import pandas as pd
import pytest
from dashboards.made_tables import NAN
from dashboards.speaking import en

from talus_dashboards.figures import battery, brace_parts, drift, ring, sampling, starts, syncs, utc
from talus_dashboards.pages import device

FIRST, BEHIND = date(2026, 11, 1), date(2026, 11, 5)
HOUR = ["hour_utc", "minutes", "due", "taken", "late", "missed", "resampled", "unaccounted", "battery_pct"]


SYNC = ["received_utc", "records", "added", "conflicts", "kept", "battery_pct", "state", "fault_part", "reason"]
SYNC += ["ended", "took_ms", "stream_ms", "octets", "skipped", "missing", "within_ms"]


def at(text: str) -> pd.Timestamp:
    return pd.Timestamp(f"2026-11-{text}", tz="UTC")


def hours() -> pd.DataFrame:
    """Two hours of the 1st, one of the 3rd that does not say what it missed; nothing of the 2nd and the 4th."""
    rows = [
        [at("01 10:00"), 60, 360_000.0, 356_400.0, 360.0, 3600.0, 0.0, 0.0, 80.0],
        [at("01 11:00"), 60, 360_000.0, 360_000.0, 0.0, 0.0, 0.0, 0.0, 78.0],
        [at("03 09:00"), 10, 60_000.0, 59_000.0, NAN, NAN, NAN, 1000.0, 40.0],
    ]
    return pd.DataFrame(rows, columns=HOUR).assign(charging_min=[0.0, 0.0, 10.0])


def test_samples_are_shares_of_those_due_and_a_day_without_minutes_is_hatched() -> None:
    drawn = sampling.quality(hours(), FIRST, BEHIND, words=en)
    assert drawn.figure is not None
    taken, missed, unaccounted, unknown = drawn.figure.data
    assert list(missed.y) == [pytest.approx(100 * 3600 / 720_000), None]
    assert list(taken.y) == [pytest.approx(99.5), pytest.approx(100 * 59_000 / 60_000)]
    assert unaccounted.y[1] == pytest.approx(100 * 1000 / 60_000)
    assert [day[:10] for day in unknown.x] == ["2026-11-02", "2026-11-04"] and unknown.marker.pattern.shape == "/"
    assert "On 2 of 4 days" in drawn.text and "0.46 % missed" in drawn.text  # 3600 of 780,000 due
    assert "Worst day: 0.50 % missed." in drawn.text
    assert drawn.rows[1][1:] == [en.NOT_KNOWN] * 7, "the 2nd"
    assert drawn.rows[2][4] == en.NOT_KNOWN and drawn.rows[2][3] == "59,000", "the 3rd told no misses"


def test_without_a_minute_nothing_is_drawn() -> None:
    empty = hours().iloc[:0]
    assert sampling.quality(empty, FIRST, BEHIND, words=en).figure is None
    assert battery.charge(empty, FIRST, BEHIND, words=en).text == en.device.BATTERY_NONE


def test_the_battery_has_no_line_over_hours_that_are_not_known() -> None:
    drawn = battery.charge(hours(), FIRST, BEHIND, words=en)
    assert drawn.figure is not None
    line, charging = drawn.figure.data
    assert len(line.y) == 48 and [v for v in line.y if v is not None] == [80.0, 78.0, 40.0]
    assert line.y[2] is None and not line.connectgaps
    assert list(charging.x) == ["2026-11-03 09:30:00"]
    assert "From 40 to 80 %; last known 40 %" in drawn.text and "10:00" in drawn.text


def health() -> pd.DataFrame:
    columns = ["journal", "sequence", "boot", "utc", "sensor", "channel", "state", "reason", "value"]
    rows = [
        ["j", 1, 1, at("01 00:00"), "encoder", 0, "ok", "none", 0],
        ["j", 5, 1, at("02 00:00"), "encoder", 0, "failed", "no_answer", 7],
        ["j", 6, 1, at("02 06:00"), "pressure", 2, None, None, 3],
        ["j", 7, 1, at("02 05:00"), "bridge", 0, "degraded", "stuck", 0],
    ]
    return pd.DataFrame(rows, columns=columns)


def test_a_part_is_as_it_was_last_told_until_the_last_sync() -> None:
    spans = brace_parts.stretches(health(), at("04 12:00")).set_index(["sensor", "state"])
    assert spans.loc[("encoder", "ok"), "end"] == at("02 00:00")
    assert spans.loc[("encoder", "failed"), "end"] == at("04 12:00")
    drawn = brace_parts.over_time(health(), FIRST, BEHIND, at("04 12:00"), words=en)
    assert drawn.figure is not None
    behind, failed = drawn.figure.data[0], next(one for one in drawn.figure.data if one.name == "failed")
    assert behind.marker.pattern.shape == "/" and list(failed.x) == [60 * 3_600_000]
    assert (
        drawn.text == "Doubtful, failed or not known for a while: ankle encoder, pressure sensor 2 and strain bridge."
    )
    assert drawn.rows[0][2:4] == [en.NOT_KNOWN, en.NOT_KNOWN], "a state newer than this program"
    readings = [row[4] for row in drawn.rows]
    assert readings == ["3", "0", "–", "–"], "stuck at nought is a reading; no answer and nothing wrong are none"


def test_a_word_nobody_knows_the_time_of_is_listed_and_not_drawn() -> None:
    lost = health().iloc[1:2].assign(utc=pd.NaT)
    assert brace_parts.over_time(lost, FIRST, BEHIND, at("04 12:00"), words=en).figure is None


def test_starts_are_counted_by_cause_and_those_without_a_time_apart() -> None:
    columns = ["utc", "boot", "cause", "version", "slot", "battery_v", "last_battery_v", "lost", "recovered"]
    rows = [
        [at("01 01:00"), 1, "power_on", "1.0.0", "a", 4.1, NAN, 0.0, NAN],
        [at("02 01:00"), 2, "watchdog", "1.0.0", "a", 3.9, 3.9, 2.0, 0.0],
        [at("03 01:00"), 3, "watchdog", "1.0.0", "b", 3.8, 3.8, 0.0, 0.0],
        [pd.NaT, 4, None, "", None, NAN, NAN, NAN, NAN],
    ]
    drawn = starts.over_time(pd.DataFrame(rows, columns=columns), FIRST, BEHIND, words=en)
    assert drawn.text == "3 starts: 2 × hung (watchdog), 1 × power came on. 1 start at a time nobody knows."
    assert [len(one.x) for one in drawn.figure.data] == [1, 2]  # type: ignore[union-attr]
    assert drawn.rows[-1] == [en.NOT_KNOWN, "4", *[en.NOT_KNOWN] * 7]


def test_a_drift_that_is_not_known_is_not_drawn_as_none() -> None:
    columns = ["journal", "boot", "began_utc", "ended_utc", "ppm", "half_ppm", "used", "rejected"]
    rows = [
        ["j", 1, at("01 00:00"), at("02 00:00"), NAN, NAN, 1, 0],
        ["j", 2, at("02 00:00"), at("03"), 20.0, 5.0, 3, 1],
    ]
    both = drift.by_boot(pd.DataFrame(rows, columns=columns), words=en)
    assert list(both.figure.data[0].x) == ["2"] and both.rows[1][3] == en.NOT_KNOWN  # type: ignore[union-attr]
    assert "20.0 ± 5.0 ppm" in both.text
    assert drift.by_boot(pd.DataFrame(rows[:1], columns=columns), words=en).text == en.device.DRIFT_NONE


def test_records_that_never_came_are_summed_by_cause() -> None:
    rows = [["j", 0, 10, "overwritten"], ["j", 20, 25, NAN], ["j", 30, 32, "overwritten"]]
    text, listed = ring.lost(pd.DataFrame(rows, columns=["journal", "first", "behind", "cause"]), en)
    assert text == "17 records never came: 12 made room for newer ones, 5 the brace does not say why."
    assert listed[0][1:3] == ["30\u201331", "2"]


def test_syncs_tell_what_came_and_what_was_in_conflict() -> None:
    rows = [
        [at("01 08:00"), 100, 90, 0, NAN, NAN, "", NAN, "", NAN, *[NAN] * 6],
        [at("03 20:00"), 50, 50, 2, 700.0, 60.0, "stored", "encoder", "stuck", NAN, *[NAN] * 6],
    ]
    drawn = syncs.history(pd.DataFrame(rows, columns=SYNC), FIRST, BEHIND, words=en)
    assert "2 syncs: 150 records came, 140 of them new; 2 came again" in drawn.text and "60 h" in drawn.text
    assert drawn.rows[1][4:] == [en.NOT_KNOWN] * 9, "never the brace's own word that nothing is wrong"
    assert drawn.rows[0][-1] == "ankle encoder: reading no longer moves"
    assert en.device.LINK_NONE in drawn.text and "end" not in drawn.text


def test_how_the_link_fared_is_told_by_its_medians_and_by_what_was_cut_off() -> None:
    same = [10, 10, 0, 700.0, 60.0, "active", "", "none"]
    rows = [
        [at("01 08:00"), *same, 1.0, 900.0, 400.0, 2000.0, 0.0, 0.0, 3.0],  # 5000 bytes/s
        [at("02 08:00"), *same, 1.0, 2500.0, 2000.0, 20_000.0, 12.0, 4.0, 8.0],  # 10,000
        [at("02 20:00"), *same, 1.0, 4100.0, 4000.0, 4000.0, 0.0, 0.0, NAN],  # 1000
        [at("03 08:00"), *same, 1.0, 300.0, NAN, 0.0, 0.0, 0.0, 2.0],  # nothing to fetch: no pace
        [at("03 20:00"), *same, 1.0, 5200.0, 0.0, 40.0, 0.0, 0.0, 2.0],  # all at once: no pace either
        [at("04 08:00"), *same, 0.0, *[NAN] * 6],
        [at("04 20:00"), *same, NAN, *[NAN] * 6],
    ]
    drawn = syncs.history(pd.DataFrame(rows, columns=SYNC), FIRST, BEHIND, words=en)
    assert "Median time of a sync over the air: 2.5 s (5 syncs)." in drawn.text
    assert "Median pace while records came: 5,000 bytes/s (3 syncs)." in drawn.text
    assert "cut off or still going on: 1 sync." in drawn.text and en.device.LINK_NONE not in drawn.text
    link = [row[4:9] for row in drawn.rows]
    assert drawn.columns[4:9] == ("Never came", "Took", "Bytes/s", "Noise (bytes)", "Clocks within (ms)")
    assert link[0] == [en.NOT_KNOWN] * 5
    assert link[1] == [en.NOT_KNOWN, "did not end", *[en.NOT_KNOWN] * 3]
    assert link[2] == ["0", "5.2 s", en.NOT_KNOWN, "0", "2"]
    assert link[4] == ["0", "4.1 s", "1,000", "0", en.NOT_KNOWN]
    assert link[5] == ["4", "2.5 s", "10,000", "12", "8"]
    assert link[6] == ["0", "900 ms", "5,000", "0", "3"]


@pytest.mark.parametrize(("part", "said"), [(NAN, en.NOT_KNOWN), ("", "found nothing"), ("x", "one of its parts")])
def test_the_worst_part_is_named_or_not_known(part: object, said: str) -> None:
    assert said in brace_parts.worst(part, en)


def test_the_clock_says_what_is_not_known() -> None:
    unknown = dict.fromkeys(("exchange_within_ms", "placed_median_ms", "placed_worst_ms"), NAN)
    lines = device.clock_lines(unknown | {"exchange_utc": pd.NaT, "unplaced": 3, "contradicting": 0}, en)
    assert lines == [en.device.EXCHANGE_NONE, "3 records at a time nobody knows."]
    assert [utc.seconds(ms, en) for ms in (12.0, 1500.0)] == ["12 ms", "1.5 s"]
