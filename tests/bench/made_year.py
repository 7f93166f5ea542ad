"""One person's year as a real brace would have kept it, 2 million strides of it, put through the real `Store.put`.

What a lived history leaves out and a reading pays for is added: the brace resting and waking some forty times a day
(power records, by which its clock is judged) and a part that is in doubt for an hour of most weeks (health records).
"""

import shutil
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from talus.wire import record
from talus.wire.kinds import BY_NAME, HEALTH_REASONS, POWER_CAUSES, POWER_STATES, SENSOR_STATES, SENSORS
from talus_host.store import Store
from talus_twin.body.history import Boot, Course, History, live

Record = namedtuple("Record", "sequence boot at_ms kind payload")

ZONE = "Europe/Berlin"
END_MS = 1_777_917_600_000  # 2026-05-04 20:00 in Berlin, a Monday
TODAY = "2026-05-04"
WEEKS = 52
STRIDES_A_YEAR = 2_000_000
FLAT_TIMES = 12  # a year: forgotten on its charger once a month
RESTS_A_DAY = 20
DEVICE, JOURNAL = 0xA1, 0xB2
HOUR_MS, DAY_MS = 3_600_000, 86_400_000


def year(path: Path, weeks: int = WEEKS, strides_a_year: int = STRIDES_A_YEAR) -> None:
    """The database of that one person, 1, with the brace DEVICE on the left; whole or not at all."""
    made = path.with_suffix(".part")
    made.unlink(missing_ok=True)
    a_day = round(strides_a_year / 364 / 0.93)  # on some days the brace stays off
    flats = max(1, FLAT_TIMES * weeks // 52)
    history = live(Course(END_MS, 1, weeks, ZONE, strides_per_day=a_day, flat_times=flats, cut_days=min(14, 7 * weeks)))
    rows = list(rows_of(history))
    with Store(made, zone=ZONE) as store:
        person = store.add_person("P-1", ZONE, 9.0)
        store.assign(DEVICE, person, "left")
        first = str(history.days[0].date)
        store.prescribe(person, "left", first, "hours", {"hours": 9.0}, END_MS)
        store.put(info(history.boots[-1].number), rows, END_MS)
        syncs(store, len(history.days))
    shutil.move(made, path)


def info(boot: int) -> dict[str, int]:
    return {"device": DEVICE, "journal": JOURNAL, "side": 0, "boot": boot, "battery": 64, "fault": 0}


def syncs(store: Store, days: int) -> None:
    """An evening's sync on each day before: puts that brought nothing new."""
    for back in range(1, days):
        store.put(info(1), [], END_MS - back * DAY_MS)


def rows_of(history: History) -> Iterator[Record]:
    """Every record of a history, in the order and with the sequences a brace would give them."""
    dice, buffer, sequence = np.random.default_rng(7), bytearray(300), 0
    for boot in history.boots:
        for name, at_ms, values in sorted([*boot.records, *_besides(boot, dice)], key=lambda row: row[1]):
            kind = BY_NAME[name]
            end = record.pack(kind, 0, values, buffer)
            yield Record(sequence, boot.number, at_ms, kind.number, bytes(buffer[record.HEADER : end]))
            sequence += 1


def _besides(boot: Boot, dice: np.random.Generator) -> Iterator[tuple[str, int, tuple[object, ...]]]:
    """Rests by day, and an hour's doubt of the encoder in most weeks."""
    active, quiet = POWER_STATES.index("active"), POWER_STATES.index("quiet")
    ok, degraded = SENSOR_STATES.index("ok"), SENSOR_STATES.index("degraded")
    encoder = SENSORS.index("encoder")
    yield from (("health", 500 + n, (n, 0, ok, 0, 0)) for n in range(len(SENSORS)))
    length = boot.end_ms - boot.start_ms
    for day in range(length // DAY_MS):
        for at in np.sort(dice.integers(0, DAY_MS - HOUR_MS, RESTS_A_DAY)).tolist():
            low = day * DAY_MS + at
            yield "power", low, (quiet, dice.integers(len(POWER_CAUSES)).item(), 3900, 600)
            yield "power", low + 300_000, (active, dice.integers(len(POWER_CAUSES)).item(), 3900, 300)
        if dice.random() < 1 / 8:
            low = day * DAY_MS + 12 * HOUR_MS
            yield "health", low, (encoder, 0, degraded, dice.integers(1, len(HEALTH_REASONS)).item(), 5)
            yield "health", low + HOUR_MS, (encoder, 0, ok, 0, 0)
