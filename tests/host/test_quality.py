"""What is missing or doubtful, told from records made to be so."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from host.made_records import HOUR_MS, MINUTE_MS, Brace, utc_ms

from talus.wire.kinds import HEALTH_REASONS, SENSOR_STATES, SENSORS
from talus_host import quality
from talus_host.store import Store

START = utc_ms("2026-05-05T00:00:00", "Europe/Berlin")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "talus.db") as opened:
        opened.add_person("P1", "Europe/Berlin")
        yield opened


def told(store: Store, brace: Brace, what: str, **place: object) -> pd.DataFrame:
    store.assign(brace.device, "1", "left")
    store.put(brace.info(), brace.records, START)
    found = store.quality("1")
    assert tuple(found.columns) == quality.COLUMNS
    return found[found["what"] == what].reset_index(drop=True)


def health(brace: Brace, at_ms: int, sensor: str, state: str, reason: str, channel: int = 0) -> None:
    words = {"sensor": SENSORS.index(sensor), "state": SENSOR_STATES.index(state)}
    brace.add("health", at_ms, channel=channel, reason=HEALTH_REASONS.index(reason), value=7, **words)


def moment(ms: int) -> pd.Timestamp:
    return pd.Timestamp(ms, unit="ms", tz="UTC")


def test_a_sensor_that_was_degraded_for_a_while(store: Store) -> None:
    brace = Brace(boot_utc_ms=START)
    brace.clock(START)
    health(brace, START + HOUR_MS, "encoder", "degraded", "magnet_weak")
    health(brace, START + 3 * HOUR_MS, "encoder", "ok", "none")
    health(brace, START + 4 * HOUR_MS, "pressure", "failed", "short", channel=2)
    health(brace, START, "thermometer", "absent", "not_fitted")
    brace.minutes(START, 10, 1)
    degraded = told(store, brace, "sensor_degraded").iloc[0]
    assert (degraded["start_utc"], degraded["end_utc"]) == (moment(START + HOUR_MS), moment(START + 3 * HOUR_MS))
    assert degraded["detail"] == "encoder degraded: magnet_weak"
    found = store.quality("1")
    failed = found[found["what"] == "sensor_failed"].iloc[0]
    assert failed["detail"] == "pressure 2 failed: short" and pd.isna(failed["end_utc"])
    assert "sensor_absent" not in found["what"].tolist()


def test_samples_late_missed_and_made(store: Store) -> None:
    brace = Brace(boot_utc_ms=START)
    brace.clock(START)
    for i in range(10):
        brace.add("minute", START + i * MINUTE_MS, worn=1, samples=5940, late=3, missed=60, resampled=5940)
    missed = told(store, brace, "samples_missed").iloc[0]
    assert missed["count"] == 600 and missed["detail"] == "1.00 % of the day's samples"
    assert (missed["start_utc"], missed["end_utc"]) == (moment(START), moment(START + 10 * MINUTE_MS))
    found = store.quality("1").set_index("what")["count"]
    assert (found["samples_late"], found["samples_resampled"]) == (30, 59400)


def test_a_hole_in_the_sequence_and_one_the_brace_tells_of(store: Store) -> None:
    brace = Brace(boot_utc_ms=START)
    brace.clock(START)
    brace.minutes(START, 20, 1)
    brace.add("loss", START, first=5, count=3, cause=0)
    brace.records = [r for r in brace.records if not 5 <= r.sequence < 12]
    gaps = told(store, brace, "sequence_gap")
    assert gaps["count"].tolist() == [3, 4]
    assert "sequences 5 to 7; the brace says: overwritten" in gaps["detail"][0]
    assert "sequences 8 to 11; the brace does not say why" in gaps["detail"][1]


def test_hours_unknown_and_a_clock_not_believed(store: Store) -> None:
    brace = Brace(boot_utc_ms=START)
    brace.clock(START)
    brace.minutes(START, 6 * 60, 1)
    brace.clock(START + HOUR_MS, says_ms=START + 4 * HOUR_MS)
    brace.clock(START + 2 * HOUR_MS)
    unknown = told(store, brace, "unknown_hours").iloc[0]
    assert unknown["count"] == 18 and unknown["detail"] == "2026-05-05: 18.0 of 24 h unknown, day missing"
    clock = store.quality("1").set_index("what").loc["clock_not_believed"]
    assert "+10800 s from the others" in clock["detail"] and "a host said" in clock["detail"]


def test_nothing_doubtful_is_an_empty_table(store: Store) -> None:
    brace = Brace(boot_utc_ms=START)
    brace.clock(START)
    brace.minutes(START, 24 * 60, 1)
    store.assign(brace.device, "1", "left")
    store.put(brace.info(), brace.records, START)
    assert store.quality("1").empty
    assert quality.together([]).empty
