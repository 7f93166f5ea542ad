# Weeks of one brace's life at the level of events: the records it would have kept, per boot and in time order, and the
# truth behind them. No sample is made. A flat battery ends a boot and leaves unknown hours; a boot also begins on the
# first day of the last fortnight, so that what went before can come as a file and the rest lie in the brace's flash.
# The same seed and end give the same records, whatever day they are made on.

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

import numpy as np

from talus.wire import kinds
from talus_twin.body import bouts, course, days, minutes, walked
from talus_twin.body.course import BraceChange, Course, Form
from talus_twin.body.days import HOUR_MS, MINUTE_MS, Day, Span
from talus_twin.body.person import Person
from talus_twin.body.usual import Usual, usual

__all__ = ["Boot", "BraceChange", "Course", "DayTruth", "History", "live"]

Record = tuple[str, int, tuple[object, ...]]  # kind name, ms since boot, values in the kind's order and wire units

FIRST_MS = 41_000  # the brace was switched on this long after the first midnight
SYNC_HOUR = 20.3  # it is synced in the evening
SYNC_UNCERTAINTY_MS = 18
CURVE_LEAST = 12  # strides an hour needs before its mean curve is kept
FLOOR_DAPA = 160  # 12 mmHg: an FSR of 12.7 mm begins at 9 to 12 (clinical reference 0.4.4)


@dataclass(frozen=True)
class Boot:
    """One stretch of power: number from 1, [start_ms, end_ms) UTC, records in time order."""

    number: int
    start_ms: int
    end_ms: int
    cause: str
    records: tuple[Record, ...]


@dataclass(frozen=True)
class DayTruth:
    """What a civil day really held: minutes on the leg and known, minutes nobody knows of, strides.

    strength (share), speed m/s, stiffness N.m/deg, neutral deg, strap: times the usual; fes: a stimulator worked; bad:
    a bad day; stumbles: the records of them.
    """

    date: date
    worn_min: float
    unknown_min: float
    day_min: float
    strides: int
    strides_valid: int
    strength: float = float("nan")
    speed: float = float("nan")
    stiffness: float = float("nan")
    neutral: float = float("nan")
    strap: float = 1.0
    fes: bool = False
    bad: bool = False
    stumbles: int = 0


@dataclass(frozen=True)
class History:
    """boots in order; cut_ms: where the last fortnight begins (UTC); truth per day and per lasting pressure."""

    boots: tuple[Boot, ...]
    cut_ms: int
    end_ms: int
    days: tuple[DayTruth, ...]
    presses: tuple[minutes.Press, ...]
    worn: tuple[Span, ...]
    unknown: tuple[Span, ...]

    @property
    def early(self) -> tuple[Boot, ...]:
        """Boots that ended before the cut: they come as a file."""
        return tuple(boot for boot in self.boots if boot.start_ms < self.cut_ms)

    @property
    def late(self) -> tuple[Boot, ...]:
        """Boots from the cut on: they lie in the brace."""
        return tuple(boot for boot in self.boots if boot.start_ms >= self.cut_ms)


def live(what: Course) -> History:
    """Live through the course. Some five seconds for twelve weeks."""
    rng, more = np.random.default_rng(what.seed), np.random.default_rng((what.seed, 1))
    me = what.person.settled()
    calendar = days.wear(days.civil_days(what.end_utc_ms, what.weeks, what.zone), what.zone, what.not_worn_share, rng)
    cut = len(calendar) - what.cut_days
    flats = days.flat_spans(calendar, what.flat_times, cut, rng)
    form = course.form(what, calendar, bouts.wandering(len(calendar), 0.015, rng), more)
    calendar = [replace(day, worn=()) if bad else day for day, bad in zip(calendar, form.bad.tolist(), strict=True)]
    stop = what.end_utc_ms
    if what.abandoned_day is not None:
        stop = calendar[what.abandoned_day].start_ms + 9 * HOUR_MS
        flats = [*(one for one in flats if one[1] < stop), (stop, what.end_utc_ms)]
        calendar = [replace(day, worn=tuple(days.without(list(day.worn), flats[-1:]))) for day in calendar]
    looks = [usual(replace(what.person, brace=one), *course.span(what, form.strength)) for one in form.braces]
    spans = [span for day in calendar for span in days.without(list(day.worn), flats)]
    strides = _strides(what, me, looks, calendar, flats, form, rng)
    walked.grounds(strides, more)
    first = calendar[0].start_ms + FIRST_MS
    grid = np.arange(first, what.end_utc_ms - MINUTE_MS + 1, MINUTE_MS, dtype=np.int64)
    heat = minutes.warm(
        grid, days.overlap_ms([s for d in calendar for s in d.worn], grid, MINUTE_MS) / 6e4, calendar, rng
    )
    share = days.overlap_ms(spans, grid, MINUTE_MS) / MINUTE_MS
    today = np.clip(np.searchsorted([day.start_ms for day in calendar], grid, side="right") - 1, 0, len(calendar) - 1)
    pressure = minutes.strapped(minutes.resting(grid, share, len(calendar), rng), form.strap[today])
    plans = minutes.presses(calendar, flats, what.sites, rng)
    presses = minutes.press(pressure, grid, plans, what.sites, rng)
    power = minutes.battery(grid, share, flats, calendar)
    counted = np.minimum(bouts.minutes_of(strides.start_ms[strides.valid], grid), 254)
    stiffness, neutral = (np.array([getattr(one, k) for one in form.braces]) for k in ("stiffness", "neutral"))
    law = stiffness[form.brace[today]], neutral[form.brace[today]]
    table = minutes.keep(grid, spans, counted, heat, pressure, power, law, rng)
    minutes.touched(table, spans, form.strap[today], more)
    walks = walked.walks(strides, grid, looks, form.brace, stiffness, form.strength, more)
    holes = [one for one in flats if one[1] < what.end_utc_ms]
    writer = _Writer(what, calendar, spans, strides, table, walks, presses, looks, form, rng, more)
    stretches = _stretches(grid, calendar[cut].start_ms, holes, stop)
    boots = tuple(writer.boot(i + 1, *stretch) for i, stretch in enumerate(stretches))
    truth = tuple(
        _day_truth(day, i, spans, flats, first, what.end_utc_ms, strides, form, writer.stumbled)
        for i, day in enumerate(calendar)
    )
    return History(boots, calendar[cut].start_ms, what.end_utc_ms, truth, tuple(presses), tuple(spans), tuple(flats))


def _strides(
    what: Course, me: Person, looks: list[Usual], calendar: list[Day], flats: list[Span], form: Form,
    rng: np.random.Generator,
) -> bouts.Strides:  # fmt: skip
    """Every stride of the course, laid day by day, measured together; one brace after the other."""
    assert me.variability_pct is not None
    count = len(calendar)
    wander = {name: bouts.wandering(count, sd, rng) for name, (sd, _) in bouts.SPREAD.items()}
    starts, lengths, firsts, index = [], [], [], []
    for i, day in enumerate(calendar):
        spans = days.without(list(day.worn), flats)
        hours = sum(b - a for a, b in spans) / HOUR_MS
        usual_hours = 9.5
        goal = what.strides_per_day * (0.9 + 0.25 * day.progress) * min(1.3, hours / usual_hours)
        pace = 1000 * float(looks[form.brace[i]].at("duration_s", form.strength[i : i + 1])[0])
        pace *= 1 - wander["cadence_pct"][i] / 100
        start, duration, first = bouts.lay_bouts(
            spans, int(goal * np.exp(0.18 * rng.standard_normal())), pace, me.variability_pct / 100, rng
        )
        starts.append(start)
        lengths.append(duration)
        firsts.append(first)
        index.append(np.full(len(start), i))
    day_of, duration, first = np.concatenate(index), np.concatenate(lengths), np.concatenate(firsts)
    parts = []
    for k, brace in enumerate(form.braces):
        mine = form.brace[day_of] == k
        one = replace(me, brace=brace)
        part = bouts.measured(one, looks[k], form.strength, wander, day_of[mine], duration[mine], first[mine], rng)
        parts.append(part)
    return bouts.Strides(np.concatenate(starts).astype(np.int64), day_of, np.concatenate(parts))


def _stretches(grid: np.ndarray, cut_ms: int, flats: list[Span], end_ms: int) -> list[tuple[int, int, str]]:
    """(start, end, cause) of each boot, on the minute grid: a flat battery and the cut end one and begin another."""

    def on_grid(moment: int) -> int:
        return int(grid[min(int(np.searchsorted(grid, moment)), len(grid) - 1)])

    edges, ends = [(int(grid[0]), "power_on")], [end_ms]
    if cut_ms < end_ms:
        edges.append((on_grid(cut_ms), "soft_reset"))
        ends.append(on_grid(cut_ms))
    for low, high in flats:
        edges.append((on_grid(high), "power_on"))
        ends.append(on_grid(low))
    edges.sort()
    ends.sort()
    return [(start, end, cause) for (start, cause), end in zip(edges, ends, strict=True)]


def _day_truth(
    day: Day, i: int, spans: list[Span], flats: list[Span], first_ms: int, end_ms: int, strides: bouts.Strides,
    form: Form, stumbled: np.ndarray,
) -> DayTruth:  # fmt: skip
    def share(some: list[Span]) -> float:
        return sum(b - a for a, b in days.clip(some, day.start_ms, day.end_ms)) / MINUTE_MS

    inside = (strides.start_ms >= day.start_ms) & (strides.start_ms < day.end_ms)
    brace = form.braces[form.brace[i]]
    return DayTruth(
        day.date,
        share(spans),
        share([*flats, (0, first_ms)]),
        (day.end_ms - day.start_ms) / MINUTE_MS,
        int(inside.sum()),
        int((inside & strides.valid).sum()),
        float(form.strength[i]),
        float(form.speed[i]),
        brace.stiffness,
        brace.neutral,
        float(form.strap[i]),
        bool(form.fes[i]),
        bool(form.bad[i]),
        int(((stumbled >= day.start_ms) & (stumbled < day.end_ms)).sum()),
    )


class _Writer:
    """Everything that happened -> one boot's records, on the boot's own drifting milliseconds."""

    def __init__(
        self, what: Course, calendar: list[Day], spans: list[Span], strides: bouts.Strides, table: minutes.Minutes,
        walks: tuple[np.ndarray, np.ndarray], presses: list[minutes.Press], looks: list[Usual], form: Form,
        rng: np.random.Generator, more: np.random.Generator,
    ) -> None:  # fmt: skip
        self.course = what
        self.calendar = calendar
        self.strides = strides
        self.table = table
        self.walks = walks
        self.looks = looks
        self.form = form
        self.rng = rng
        self.more = more
        events: list[tuple[int, str, tuple[object, ...]]] = []
        for one in presses:
            events.extend(minutes.press_records(one))
        for a, b in spans:
            events.append(self._edge(a, 1))
            events.append(self._edge(b, 0))
        for day in calendar:
            events.extend(self._day_events(day))
        self.events = sorted(events, key=lambda row: row[0])
        self.stumbled = np.array([at for at, kind, _ in self.events if kind == "stumble"], dtype=np.int64)

    def _edge(self, moment: int, worn: int) -> tuple[int, str, tuple[object, ...]]:
        """A don or doff is told of a few minutes later, back-dated to its second."""
        late_s = int(self.rng.integers(70, 300))
        evidence = kinds.EVIDENCE_CONTACT if worn else 0
        return moment + 1000 * late_s, "wear", (worn, late_s, evidence)

    def _day_events(self, day: Day) -> Iterator[tuple[int, str, tuple[object, ...]]]:
        """Possible stumbles while walking, a set of exercises on most days, the evening's sync."""
        rng = self.rng
        low, high = np.searchsorted(self.strides.start_ms, [day.start_ms, day.end_ms])
        often = int(rng.poisson(0.5 - 0.3 * day.progress)) if day.worn else 0
        if self.course.stumbles_per_1000:
            rate = np.interp(day.progress, (0.0, 1.0), self.course.stumbles_per_1000)
            often = int(self.more.poisson(rate * (high - low) / 1000))
        for _ in range(often if high > low else 0):
            # A foot catches while it walks.
            at = int(self.strides.start_ms[int(rng.integers(low, high))]) + 300
            what = int(rng.choice(4, p=(0.5, 0.25, 0.1, 0.15)))
            yield at, "stumble", (what, int(rng.integers(40, 260)), int(rng.choice((3, 5, 6, 12))))
        if day.worn and rng.random() < 0.7:
            a, b = day.worn[0]
            ranged = 100 * (4 + 7 * day.progress + rng.normal(0, 0.8))
            ranged = round(max(300, ranged))
            by_angle = kinds.EXERCISE_SIGNS.index("angle")
            sets = (0, int(rng.integers(8, 13)), ranged, int(rng.integers(25, 60)), 80, 600, ranged, 92, by_angle, None)
            yield int(a + 0.4 * (b - a)), "exercise", sets
        at = day.start_ms + int((SYNC_HOUR + rng.normal(0, 0.4)) * HOUR_MS)
        if at < day.end_ms and rng.random() < 0.9:
            yield at, "clock", self._clock(at)

    @staticmethod
    def _clock(utc_ms: int) -> tuple[object, ...]:
        return utc_ms // 1000, utc_ms % 1000, SYNC_UNCERTAINTY_MS, kinds.CLOCK_SOURCES.index("host")

    def boot(self, number: int, start: int, end: int, cause: str) -> Boot:
        """The records of [start, end): first what a start keeps, then everything in time order."""
        course = self.course
        rate = 1.0 + course.drift_ppm * 1e-6
        low, high = np.searchsorted(self.table.grid_ms, [start, end - MINUTE_MS + 1])
        battery_mv = 3500 + 6 * int(self.table.values[low, kinds.BY_NAME["minute"].index("battery")])
        sites = tuple(kinds.SITES.index(site) for site in course.sites)
        place = kinds.IMU_PLACES.index(course.person.imu_place)
        opening: list[Record] = [
            (
                "boot",
                0,
                (kinds.RESET_CAUSES.index(cause), *course.version, kinds.digest(), battery_mv, 0, 1, battery_mv, 0),
            ),
            (
                "settings",
                0,
                (
                    *(course.settings_digest, course.calibration_id, kinds.SIDES.index(course.side), place),
                    *(*sites, *(FLOOR_DAPA,) * len(sites), *(0,) * len(sites)),
                ),
            ),
        ]
        records: list[Record] = []
        self._rows(records, "minute", self.table.grid_ms[low:high], self.table.values[low:high], start, rate)
        a, b = np.searchsorted(self.strides.start_ms, [start, end - 4000])
        self._rows(records, "stride", self.strides.start_ms[a:b], self.strides.values[a:b], start, rate)
        a, b = np.searchsorted(self.walks[0], [start, end - MINUTE_MS + 1])
        self._rows(records, "walk", self.walks[0][a:b], self.walks[1][a:b], start, rate)
        inside = [row for row in self.events if start <= row[0] < end]
        if not any(kind == "clock" for _, kind, _ in inside):
            inside.append((start + 90_000, "clock", self._clock(start + 90_000)))
        inside.extend(self._curves(start, end))
        records.extend((kind, round((at - start) * rate), values) for at, kind, values in inside)
        records.sort(key=lambda row: row[1])
        return Boot(number, start, end, cause, tuple(opening + records))

    @staticmethod
    def _rows(records: list[Record], kind: str, at_ms: np.ndarray, values: np.ndarray, start: int, rate: float) -> None:
        since = np.rint((at_ms - start) * rate).astype(np.int64).tolist()
        records.extend(zip([kind] * len(since), since, map(tuple, values.tolist()), strict=True))

    def _curves(self, start: int, end: int) -> Iterator[tuple[int, str, tuple[object, ...]]]:
        """One mean curve at the end of each of the boot's hours that had enough strides."""
        hours = np.arange(start, end + 1, HOUR_MS)
        edges = np.searchsorted(self.strides.start_ms, hours)
        starts = [day.start_ms for day in self.calendar]
        for (a, b), at in zip(pairwise(edges.tolist()), hours[1:].tolist(), strict=True):
            count = int(self.strides.valid[a:b].sum())
            if count < CURVE_LEAST:
                continue
            day = max(0, int(np.searchsorted(starts, at - 1, side="right")) - 1)
            angle, moment = self.looks[self.form.brace[day]].curve(float(self.form.strength[day]))
            angle = angle + self.rng.normal(0, 0.3)
            yield (
                at - 1,
                "curve",
                (min(count, 65534), tuple(round(100 * v) for v in angle), tuple(round(1000 * v) for v in moment)),
            )
