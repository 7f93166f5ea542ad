"""A brace as a device: what it holds by its id alone, in UTC, and never a word of who wears it."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from host.made_records import HOUR_MS, MINUTE_MS, Brace, utc_ms
from sqlalchemy import insert

from talus_host.errors import InputError
from talus_host.store import Store, schema_pages
from talus_host.store.engine import writing

START = utc_ms("2026-05-05T22:00:00")
SYNCED = utc_ms("2026-05-06T08:00:00")
NAME = "00000000000000a1"


def brace() -> Brace:
    """Two starts; a sensor that fails and comes back; three hours of minutes around midnight UTC, 2 % missed."""
    made = Brace(boot_utc_ms=START)
    made.add("boot", START, cause=0, major=1, minor=4, patch=2, slot=1, battery=4.1, lost=0, recovered=0, layout=0xABC)
    made.sites(START, "heel")
    made.clock(START + MINUTE_MS)
    made.minutes(START, 120, 1, due=6000, missed=120, late=6, battery=90)
    made.add("health", START + HOUR_MS, sensor=0, channel=0, state=2, reason=2, value=7)
    made.add("health", START + 2 * HOUR_MS, sensor=0, channel=0, state=0, reason=0, value=0)
    made.restart(START + 3 * HOUR_MS)
    made.add("boot", START + 3 * HOUR_MS, cause=2, major=1, minor=5, patch=0, slot=2, battery=3.9, lost=4)
    made.clock(START + 3 * HOUR_MS + MINUTE_MS)
    made.minutes(START + 3 * HOUR_MS, 60, 1, battery=80, power=1)
    return made


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "talus.db") as opened:
        opened.add_person("Wren", "Asia/Tokyo")
        made = brace()
        opened.assign(made.device, "1", "left")
        opened.put(made.info(fault=1, fault_reason=2, state=3, settings=0xBEEF, first=10), made.records, SYNCED)
        yield opened


def test_the_list_has_every_brace_and_nobody(store: Store) -> None:
    store.add_person("Robin", "UTC")
    other = Brace(device=0xF000_0000_0000_0001, side=1)
    store.assign(other.device, "2", "right")
    found = store.devices()
    assert list(found["device"]) == [NAME, "f000000000000001"]
    assert list(found["version"]) == ["1.5.0", ""]
    assert found.loc[0, "fault_part"] == "encoder" and found.loc[0, "battery_pct"] == 80
    assert pd.isna(found.loc[1, "last_sync_utc"]) and np.isnan(found.loc[1, "battery_pct"])
    assert found.loc[0, "records"] == len(brace().records)
    assert not {"person_id", "label", "zone"} & set(found.columns)


def test_starts_tell_cause_version_and_what_was_lost(store: Store) -> None:
    found = store.device_starts(NAME)
    assert list(found["cause"]) == ["power_on", "watchdog"] and list(found["version"]) == ["1.4.2", "1.5.0"]
    assert list(found["slot"]) == ["a", "b"] and found.loc[0, "layout"] == "00000abc" and found.loc[1, "layout"] == ""
    assert found.loc[1, "lost"] == 4 and np.isnan(found.loc[1, "recovered"])
    assert found.loc[1, "utc"].value == (START + 3 * HOUR_MS) * 1_000_000


def test_samples_are_counted_by_utc_hour(store: Store) -> None:
    found = store.device_hours(NAME).set_index("hour_utc")
    assert list(found.index.hour) == [22, 23, 1]
    first, last = found.iloc[0], found.iloc[2]
    assert (first["due"], first["taken"], first["missed"], first["late"]) == (360_000, 360_000, 7200, 360)
    assert first["battery_pct"] == 90 and np.isnan(first["charging_min"])
    assert last["charging_min"] == 60 and np.isnan(last["late"]) and last["minutes"] == 60
    only = store.device_hours(NAME, "2026-05-06", "2026-05-07")
    assert list(only["hour_utc"].dt.hour) == [1]


def test_samples_nobody_accounts_for(tmp_path: Path) -> None:
    made = Brace(boot_utc_ms=START)
    made.clock(START)
    made.add("minute", START, samples=5000, missed=400, due=6000)
    made.add("minute", START + MINUTE_MS, samples=5000)
    with Store(tmp_path / "t.db") as store:
        store.put(made.info(), made.records, SYNCED)
        found = store.device_hours(NAME)
    assert found.loc[0, "unaccounted"] == 600 + 1000 and found.loc[0, "missed"] == 400


def test_a_pause_of_the_wearer_withholds_how_it_was_worn(store: Store) -> None:
    with writing(store.engine) as connection:
        row = {"person": 1, "from_ms": START + HOUR_MS, "until_ms": None, "entered_ms": SYNCED}
        connection.execute(insert(schema_pages.pause).values(**row))
    found = store.device_hours(NAME)
    assert list(found["hour_utc"].dt.hour) == [22] and len(store.device_starts(NAME)) == 2


def test_a_sync_keeps_what_the_brace_said_of_its_ring(store: Store) -> None:
    made = brace()
    store.put(made.info(battery=255, state=200), made.records[:5], SYNCED + HOUR_MS)
    first, second = store.device_syncs(NAME).to_dict("records")
    count = len(made.records)
    assert (first["records"], first["added"], first["conflicts"], first["kept"]) == (count, count, 0, count - 10)
    assert (first["reason"], first["state"], first["settings"]) == ("no_answer", "charging", "0000beef")
    assert (second["records"], second["added"]) == (5, 0)
    assert second["state"] == "" and np.isnan(second["battery_pct"])


def test_missing_sequences_are_told_with_their_cause(tmp_path: Path) -> None:
    made = Brace(boot_utc_ms=START)
    made.minutes(START, 10, 1)
    made.add("loss", START, first=3, count=2, cause=0)
    kept = [one for one in made.records if one.sequence not in (3, 4, 7)]
    with Store(tmp_path / "t.db") as store:
        store.put(made.info(), kept, SYNCED)
        found = store.device_missing(NAME)
    assert found[["first", "behind"]].to_numpy().tolist() == [[3, 5], [7, 8]]
    assert found.loc[0, "cause"] == "overwritten" and pd.isna(found.loc[1, "cause"])


def test_drift_needs_two_exchanges(store: Store) -> None:
    made = Brace(device=0xC3, boot_utc_ms=START)
    made.add("power", START, state=0)  # awake throughout: one crystal
    for day in range(3):  # a clock that loses 20 ms in 1000 s: UTC gains 20 ppm on it
        made.clock(START + 24 * HOUR_MS * day, says_ms=START + round(24 * HOUR_MS * day * (1 + 20e-6)), uncertainty=2)
    store.put(made.info(), made.records, SYNCED)
    one = store.device_drifts("00000000000000c3").iloc[0]
    assert one["ppm"] == pytest.approx(20, abs=0.5) and one["used"] >= 2
    assert 7.5 <= one["half_ppm"] < 7.6  # half of the 15 ppm a crystal may wander, and two readings over a day
    assert store.device_drifts(NAME)["ppm"].isna().all()
    assert store.device_clock("00000000000000c3").loc[0, "exchange_within_ms"] == 2


def test_health_and_settings_come_by_device(store: Store) -> None:
    assert list(store.device_health(NAME)["state"]) == ["failed", "ok"]
    found = store.device_settings(NAME)
    assert list(found["settings"]) == ["00000001"] and list(found["calibration"]) == ["00000001"]


@pytest.mark.parametrize(
    "device", ["", "a1", "zz000000000000a1", "00000000000000a2", "1", "0x000000000000a1", "-" * 16]
)
def test_a_device_nobody_knows_is_refused_by_name(store: Store, device: str) -> None:
    with pytest.raises(InputError, match=r"device .*there is none"):
        store.device_starts(device)
