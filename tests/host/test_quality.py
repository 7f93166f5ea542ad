"""What is missing or doubtful, told from records made to be so."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from host.made_records import HOUR_MS, MINUTE_MS, Brace, utc_ms

from talus.wire import kinds
from talus.wire.kinds import HEALTH_REASONS, SENSOR_STATES, SENSORS
from talus_host import quality, words
from talus_host.store import Store
from talus_host.verbs import doctor

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
    assert degraded["detail"] == "ankle angle sensor is doubtful: its magnet is too far away"
    found = store.quality("1")
    failed = found[found["what"] == "sensor_failed"].iloc[0]
    assert failed["detail"].startswith("pressure sensor 2 has failed: it presses without a leg") and pd.isna(
        failed["end_utc"]
    )
    assert "sensor_absent" not in found["what"].tolist()


def test_samples_late_missed_and_made(store: Store) -> None:
    brace = Brace(boot_utc_ms=START)
    brace.clock(START)
    for i in range(10):
        brace.add("minute", START + i * MINUTE_MS, worn=1, samples=5940, late=3, missed=60, resampled=5940)
    missed = told(store, brace, "samples_missed").iloc[0]
    assert missed["count"] == 600 and missed["detail"] == "1.00 % of the samples due that day"
    assert (missed["start_utc"], missed["end_utc"]) == (moment(START), moment(START + 10 * MINUTE_MS))
    found = store.quality("1").set_index("what")["count"]
    assert (found["samples_late"], found["samples_resampled"]) == (30, 59400)


def test_a_brace_at_rest_owes_fewer_samples(store: Store) -> None:
    brace = Brace(boot_utc_ms=START)
    brace.clock(START)
    for i in range(10):
        brace.add("minute", START + i * MINUTE_MS, worn=1, samples=60, late=0, missed=0, resampled=0, state=1, due=60)
        brace.add("minute", START + (20 + i) * MINUTE_MS, worn=1, samples=6000, late=0, missed=0, resampled=0)
    store.assign(brace.device, "1", "left")
    store.put(brace.info(), brace.records, START)
    assert not store.quality("1")["what"].str.startswith("samples").any()


def test_samples_nobody_accounts_for_are_told(store: Store) -> None:
    brace = Brace(boot_utc_ms=START)
    brace.clock(START)
    brace.add("minute", START, worn=1, samples=30, late=0, missed=0, resampled=0, state=1, due=60)
    brace.add("minute", START + MINUTE_MS, worn=1, samples=5940, late=0, missed=0, resampled=0)
    row = told(store, brace, "samples_unaccounted").iloc[0]
    assert row["count"] == 90 and row["detail"] == "1.49 % of the samples due that day"


def test_a_state_newer_than_this_program_is_not_taken_for_well(store: Store) -> None:
    brace = Brace(boot_utc_ms=START)
    brace.clock(START)
    brace.add("health", START, sensor=0, channel=0, state=17, reason=200, value=7)
    detail = told(store, brace, "sensor_unknown").iloc[0]["detail"]
    assert detail == "ankle angle sensor unknown: the brace does not say why"


def test_a_start_after_an_empty_battery_and_a_hang(store: Store) -> None:
    brace = Brace(boot_utc_ms=START)
    brace.clock(START)
    for cause, volts in ((0, 3.9), (4, 3.3), (2, None)):
        more = {} if volts is None else {"last_battery": volts}
        brace.add("boot", START, cause=cause, major=0, minor=1, patch=0, layout=1, battery=3.9, **more)
    found = told(store, brace, "start")["detail"].tolist()
    assert found == ["the battery had been too low; battery 3.30 V before", "it had hung and started itself again"]


def test_a_prompt_that_was_not_felt(store: Store) -> None:
    brace = Brace(boot_utc_ms=START)
    brace.clock(START)
    for what, channel, silenced in ((1, 2, 0), (0, 3, 1)):
        brace.add("prompt", START, what=what, channel=channel, silenced=silenced)
    found = told(store, brace, "prompt_silenced")["detail"].tolist()
    assert found == ["long pressure at channel 3: recorded, not felt"]


@pytest.mark.parametrize("name", words.BY_LIST)
def test_every_word_a_brace_can_say_has_a_plain_one(name: str) -> None:
    plain = words.BY_LIST[name]
    assert tuple(plain) == getattr(kinds, name)
    assert all(plain.values()) and len(set(plain.values())) == len(plain)
    assert not any("_" in one for one in plain.values())


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


def test_the_doctor_says_what_a_brace_suffers_from_and_never_that_the_unknown_is_well(tmp_path: Path) -> None:
    with Store(tmp_path / "talus.db") as store:
        store.add_person("P1", "Europe/Berlin")
        brace = Brace(boot_utc_ms=START)
        brace.clock(START)
        health(brace, START, "bridge", "failed", "dead")
        health(brace, START, "encoder", "failed", "stuck")
        health(brace, START + HOUR_MS, "encoder", "ok", "none")
        store.assign(brace.device, "1", "left")
        store.put(brace.info(), brace.records, START)
    (finding,) = [one for one in doctor._database(tmp_path) if one.what.startswith("brace")]
    assert finding.state == "note"
    assert "strain gauges of the strut has failed: it feels no load while walking" in finding.says
    assert "ankle" not in finding.says
    row = pd.Series({"device": "d", "side": "left", "last_sync_utc": pd.Timestamp.now("UTC"), "battery_pct": 80.0})
    said = [doctor._brace(pd.concat([row, pd.Series({"fault": fault})]), []) for fault in (0.0, 2.0, float("nan"))]
    assert [one.state for one in said] == ["ok", "note", "note"]
    assert "it reports a fault" in said[1].says and "not known whether it has a fault" in said[2].says


def test_days_whose_times_are_too_uncertain(store: Store) -> None:
    """One sync, then three days of which nothing says that the brace was awake: a minute after 27 h at 620 ppm."""
    brace = Brace(boot_utc_ms=START)
    brace.clock(START)
    brace.minutes(START, 1, 1)
    brace.minutes(START + 70 * HOUR_MS, 1, 1)
    doubt = told(store, brace, "time_uncertain")
    assert len(doubt) == 2 and doubt["unit"].tolist() == ["s"] * 2
    assert (doubt["start_utc"].iloc[0] - pd.Timestamp(START, unit="ms", tz="UTC")) > pd.Timedelta(hours=24)
    assert doubt["count"].is_monotonic_increasing and 60 < doubt["count"].iloc[0] < doubt["count"].iloc[-1] < 160
    assert "60 s allowed" in doubt["detail"].iloc[0]


def test_a_brace_that_says_it_was_awake_is_known_well_for_days(store: Store) -> None:
    brace = Brace(boot_utc_ms=START)
    brace.add("power", START, state=0)
    brace.clock(START)
    brace.minutes(START + 70 * HOUR_MS, 1, 1)
    assert told(store, brace, "time_uncertain").empty
