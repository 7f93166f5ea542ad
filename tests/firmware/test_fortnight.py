"""Two weeks of life with soft and watchdog resets, a flat battery and midnight in mid-walk: a loss of power costs at
most the unfinished minute, a reset nothing, and the days' totals are right once a host has placed the records.

What the fortnight leaves out of a real one is said at the head of fortnight.py.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
from firmware.fortnight import DAYS, SOFT, WATCHDOG, ZONE, Fortnight, lived

from talus.wire import frame, gatt, kinds, record
from talus_host.session import Record, Session
from talus_host.store.store import Store
from talus_twin.board.wearing import stream_of

MINUTE_MS = 60_000
INVALID = kinds.STRIDE_INVALID


@pytest.fixture(scope="module")
def life() -> Fortnight:
    return lived()


@pytest.fixture(scope="module")
def records(life: Fortnight) -> list[Record]:
    session = Session(life.app.journal.id)
    found = session.feed(stream_of(life.app.journal)) + session.finish()
    assert session.skipped == session.duplicates == 0 and session.gaps == []
    return found


@pytest.fixture(scope="module")
def days(life: Fortnight, records: list[Record], tmp_path_factory: pytest.TempPathFactory) -> Iterator[pd.DataFrame]:
    journal = life.app.journal
    info = dict.fromkeys((row[0] for row in gatt.INFO_ROWS), 0)
    info |= {"device": journal.device, "journal": journal.id, "boot": journal.boot, "next": journal.next}
    path: Path = tmp_path_factory.mktemp("fortnight") / "talus.db"
    with Store(path, zone=str(ZONE)) as store:
        store.put(info, records, round(life.utc_ms))
        (person,) = store.people()["person_id"]
        yield store.days(person).set_index("day")


def date_of(utc_ms: float) -> pd.Timestamp:
    return pd.Timestamp(datetime.fromtimestamp(utc_ms / 1000, UTC).astimezone(ZONE).date())


def share_h(spans: list[tuple[float, float]], day: pd.Timestamp) -> float:
    """Hours of some spans of UTC ms that lie in a civil day."""
    begin = day.tz_localize(ZONE).timestamp() * 1000
    end = (day + pd.Timedelta(days=1)).tz_localize(ZONE).timestamp() * 1000
    return sum(max(0.0, min(b, end) - max(a, begin)) for a, b in spans) / 3_600_000


def test_every_record_that_was_finished_is_there_once(life: Fortnight, records: list[Record]) -> None:
    assert [one.sequence for one in records] == list(range(life.app.journal.next))
    told = [(one.boot, kinds.BY_NUMBER[one.kind].name) for one in records]
    assert told == [(one.boot, one.kind) for one in life.seen]
    strides = [record.read(one.kind, one.payload)[1] for one in records if kinds.BY_NUMBER[one.kind].name == "stride"]
    assert strides == [one.values for one in life.seen if one.kind == "stride"]


def test_a_loss_of_power_costs_at_most_the_unfinished_minute(life: Fortnight) -> None:
    assert life.cuts == 3 and life.cost
    ends = sorted(end for _, end in life.on_ms)
    for one in life.cost:
        over = min(end for end in ends if end >= one.told_ms)
        assert over - one.told_ms <= MINUTE_MS + 1000, "told in the minute before the power went"


def test_a_reset_costs_nothing_and_says_what_it_kept(life: Fortnight, records: list[Record]) -> None:
    boots = [record.read(one.kind, one.payload)[1] for one in records if one.kind == kinds.BY_NAME["boot"].number]
    causes = Counter(values[0] for values in boots)
    recovered = kinds.BY_NAME["boot"].index("recovered")
    assert causes[SOFT] + causes[WATCHDOG] == life.resets >= 10 and causes[WATCHDOG] >= 3
    assert sum(int(values[recovered]) for values in boots) == life.recovered > 30
    assert all(values[recovered] == 0 for values in boots if values[0] not in (SOFT, WATCHDOG))


def test_wear_and_pressure_are_in_flash_within_a_second(life: Fortnight) -> None:
    flushes = iter(life.flushed)
    flushed_ms, count = next(flushes)
    waited = []
    for index, one in enumerate(life.seen):
        while count <= index:
            flushed_ms, count = next(flushes)
        if one.kind in ("wear", "pressure"):
            waited.append(flushed_ms - one.told_ms)
    assert len(waited) > 50 and max(waited) < 1000


def test_a_minute_and_its_strides_share_a_frame(life: Fortnight) -> None:
    """One flush a minute: what is more is a pressure event, a clock or a boot's begin and end."""
    frames = frame.Reader().feed(stream_of(life.app.journal))
    minutes = sum(one.kind == "minute" for one in life.seen)
    at_once = sum(one.kind in ("pressure", "clock", "boot", "settings") for one in life.seen)
    assert minutes <= len(frames) <= minutes + at_once
    alone = 0
    for one in frames:
        held = [kinds.BY_NUMBER[number].name for number, _, _ in record.split(one.body)]
        alone += "stride" in held and "minute" not in held
    assert alone <= at_once


def test_strides_of_each_day_are_right(life: Fortnight, days: pd.DataFrame) -> None:
    valid = [one for one in life.seen if one.kind == "stride" and not int(one.values[2]) & INVALID]
    told = Counter(date_of(one.utc_ms) for one in valid)
    true = Counter(date_of(at_ms) for at_ms in life.strides_ms)
    lost = Counter(date_of(one.utc_ms) for one in life.cost if one.kind == "stride")
    for day, row in days.fillna(0).iterrows():
        assert row["strides_valid"] == told[day], day
        assert told[day] + lost[day] == pytest.approx(true[day], abs=2), "against the body: one at each end of a walk"
    assert sum(told.values()) > 800 and sum(lost.values()) < 60


def test_midnight_divides_the_walk_that_crosses_it(life: Fortnight, days: pd.DataFrame) -> None:
    midnight = pd.Timestamp("2026-05-11").tz_localize(ZONE).timestamp() * 1000
    walked = [one.utc_ms for one in life.seen if one.kind == "stride" and abs(one.utc_ms - midnight) < MINUTE_MS]
    assert sum(at < midnight for at in walked) > 5 and sum(at >= midnight for at in walked) > 8
    boots = [begin for begin, _ in life.on_ms if 0 < begin - midnight < MINUTE_MS]
    assert len(boots) == 1, "and a reset a few steps behind it"


def test_known_minutes_of_each_day_are_right_to_the_minute(life: Fortnight, days: pd.DataFrame) -> None:
    """Known is what a minute record says; each boot ends in a minute that is told by no record."""
    minutes = Counter(date_of(one.utc_ms) for one in life.seen if one.kind == "minute")
    boots = Counter(date_of(begin) for begin, _ in life.on_ms)
    assert len(days) == DAYS
    for day, row in days.fillna(0).iterrows():
        assert (row["worn_h"] + row["not_worn_h"]) * 60 == pytest.approx(minutes[day], abs=1), day
        assert -1 <= share_h(life.on_ms, day) * 60 - minutes[day] <= boots[day] + 1, day


def test_worn_hours_of_each_day_are_right(life: Fortnight, days: pd.DataFrame) -> None:
    """Against the body's own truth, whatever ended boots in between."""
    for day, row in days.fillna(0).iterrows():
        assert row["worn_h"] * 60 == pytest.approx(share_h(life.worn_ms, day) * 60, abs=2), day
