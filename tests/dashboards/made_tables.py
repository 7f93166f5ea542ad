"""Tables of one made-up brace wearer, with the holes real life has: days not worn, not known, a failed channel."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from dashboards import made_cases, made_weeks
from dashboards.made_working import Working

NOW = datetime(2026, 11, 20, 14, 32, tzinfo=UTC)  # 15:32 in Berlin
ZONE = "Europe/Berlin"
TODAY = date(2026, 11, 20)
NAN = float("nan")

DAY_COLUMNS = [
    "person_id",
    "side",
    "day",
    "status",
    "worn_h",
    "not_worn_h",
    "unknown_h",
    "day_h",
    "coverage",
    "steps",
    "strides",
    "strides_valid",
    "strides_measured",
    "cadence_spm",
    "stride_time_s",
    "stride_time_cv_pct",
    "stance_pct",
    "swing_dorsiflexion_deg",
    "ankle_at_contact_deg",
    "heel_first_pct",
    "ankle_range_deg",
    "moment_swing_nm",
    "assist_impulse_nms",
    "shank_to_vertical_deg",
    "walking_min",
    "longest_walk_min",
]
HOUR_COLUMNS = ["side", "day", "hour", "worn_min", "not_worn_min", "unknown_min", "steps"]
PRESSURE_DAY_COLUMNS = [
    "side",
    "day",
    "channel",
    "site",
    "minutes_amber",
    "minutes_red",
    "sustained_median_kpa",
    "measured_min",
]
EVENT_COLUMNS = [
    "side",
    "start_utc",
    "end_utc",
    "channel",
    "site",
    "tier",
    "peak_kpa",
    "mean_kpa",
    "dose_kpah",
    "minutes",
]
CURVE_COLUMNS = ["side", "hour_utc", "strides", "point", "angle_deg", "moment_nm"]
BRACE_COLUMNS = ["device", "side", "last_sync_utc", "battery_pct", "fault_part"]
PEOPLE_COLUMNS = ["person_id", "label", "zone", "goal_h"]

TARGET_COLUMNS = ["side", "day", "kind", "target_h", "most_h"]
TOLD_COLUMNS = ["what", "day", "side", "value", "told_by", "at_ms", "entered_ms"]
SKIN_COLUMNS = ["side", "step", "off_ms", "due_ms", "answer"]
EXERCISE_COLUMNS = [
    *("exercise", "day", "side", "sets_a_day", "repetitions", "days_a_week", "sets", "sets_full"),
    *("repetitions_counted", "sets_unseen"),
]


def empty(columns: list[str]) -> pd.DataFrame:
    """No row, with days among the columns."""
    return pd.DataFrame(columns=columns).astype({"day": "datetime64[s]"})


def pauses(*spans: tuple[datetime, datetime | None]) -> pd.DataFrame:
    """Stretches that are not to be shown; an open one has no end."""
    table = pd.DataFrame(list(spans), columns=["from_utc", "until_utc"])
    return table.apply(lambda column: pd.to_datetime(column, utc=True))


def no_progress() -> SimpleNamespace:
    """Nobody's: no leg, no week."""
    names = {
        "verdicts": ["side", "measure", "verdict", "tell_on", "baseline", "latest", "days"],
        "usual": ["side", "measure", "low", "median", "high", "days"],
        "weeks": ["side", "week"],
        "first_hour": ["side", "channel", "site", "verdict"],
    }
    return SimpleNamespace(**{name: pd.DataFrame(columns=columns) for name, columns in names.items()})


@dataclass
class Tables(Working):
    """A reader over tables made beforehand: the same questions, answered by cutting frames."""

    people_table: pd.DataFrame
    braces_table: pd.DataFrame
    days_table: pd.DataFrame
    hours_table: pd.DataFrame
    pressure_table: pd.DataFrame
    events_table: pd.DataFrame
    curves_table: pd.DataFrame
    responses: dict[str, object] = field(default_factory=dict)
    targets_table: pd.DataFrame = field(default_factory=lambda: empty(TARGET_COLUMNS))
    told_table: pd.DataFrame = field(default_factory=lambda: empty(TOLD_COLUMNS))
    pauses_table: pd.DataFrame = field(default_factory=lambda: pauses())
    skin_table: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=SKIN_COLUMNS))
    exercise_table: pd.DataFrame = field(default_factory=lambda: empty(EXERCISE_COLUMNS))
    progress_tables: Any = field(default_factory=lambda: no_progress())

    cases_table: pd.DataFrame | None = None
    consent: dict[str, Any] = field(default_factory=lambda: {"state": "held", "ended": None})
    diary_table: pd.DataFrame | None = None
    more_tables: dict[str, pd.DataFrame] = field(default_factory=dict)

    def people(self) -> pd.DataFrame:
        return self.people_table

    def consent_standing(self, person_id: str, purpose: str, at_ms: int) -> dict[str, Any]:
        return self.consent

    def caseload(self, now_ms: int, people: list[str] | None = None) -> pd.DataFrame:
        """The made cases of these people; where none were made, one quiet row each."""
        made = self.cases_table
        if made is None:
            known = self.people_table
            made = (
                made_cases.cases(*["fine"] * len(known)).assign(
                    person_id=known["person_id"].to_list(), label=known["label"].to_list()
                )
                if len(known)
                else pd.DataFrame()
            )
        return made if people is None or made.empty else made[made["person_id"].isin(people)].reset_index(drop=True)

    def braces(self, person_id: str) -> pd.DataFrame:
        return self.braces_table

    def days(self, person_id: str, start: date, end: date) -> pd.DataFrame:
        return made_weeks.completed(_cut(self.days_table, start, end))

    def changed(self, person_id: str, today: date, period_days: int = 28) -> Any:
        given = self.prescriptions(person_id)
        days = self.days_table[self.days_table["day"] <= today]
        return made_weeks.changed(days, self.events_table, given, self.brace_changes(person_id), today, period_days)

    def prescriptions(self, person_id: str) -> pd.DataFrame:
        """The goal's hours, for every leg."""
        sides = sorted(set(self.days_table["side"]))
        return made_weeks.prescribed(sides, float(self.people_table["goal_h"].iloc[0]), date(2026, 1, 1))

    def wear_bouts(self, person_id: str, start: date, end: date) -> pd.DataFrame:
        return made_weeks.bouts(_cut(self.days_table, start, end), ZONE)

    def cadence_bands(self, person_id: str, start: date, end: date) -> pd.DataFrame:
        return made_weeks.bands(_cut(self.days_table, start, end))

    def histograms(self, person_id: str, start: date, end: date) -> pd.DataFrame:
        return made_weeks.histograms(_cut(self.days_table, start, end))

    def brace_changes(self, person_id: str) -> pd.DataFrame:
        return made_weeks.diary() if self.diary_table is None else self.diary_table

    def records(self, person_id: str, kind: str, start: date, end: date) -> pd.DataFrame:
        return self.more_tables.get(kind, pd.DataFrame({"side": [], "start_utc": []}))

    def quality(self, person_id: str, start: date, end: date) -> pd.DataFrame:
        return self.more_tables.get("quality", pd.DataFrame({"side": []}))

    def notes(self, person_id: str, start: date, end: date) -> pd.DataFrame:
        return self.more_tables.get("notes", pd.DataFrame())

    def hours(self, person_id: str, start: date, end: date) -> pd.DataFrame:
        earlier = made_weeks.hours(_cut(self.days_table, start, min(end, TODAY)))
        mine = _cut(self.hours_table, start, end)
        return (
            pd.concat([earlier, mine], ignore_index=True)
            if len(earlier) and len(mine)
            else (earlier if len(earlier) else mine)
        )

    def pressure_days(self, person_id: str, start: date, end: date) -> pd.DataFrame:
        return _cut(self.pressure_table, start, end)

    def pressure_events(self, person_id: str, start: date, end: date) -> pd.DataFrame:
        day = pd.to_datetime(self.events_table["start_utc"], utc=True).dt.tz_convert(ZoneInfo(ZONE)).dt.date
        return self.events_table[(day >= start) & (day < end)]

    def curves(self, person_id: str, start: date, end: date) -> pd.DataFrame:
        day = pd.to_datetime(self.curves_table["hour_utc"], utc=True).dt.tz_convert(ZoneInfo(ZONE)).dt.date
        return self.curves_table[(day >= start) & (day < end)]

    def pressure_responses(self, person_id: str, start: date, end: date) -> pd.DataFrame:
        found = self.pressure_events(person_id, start, end)
        told = {"response": None, "response_min": NAN, "prompts_felt": 0.0, "prompts_silenced": 0.0}
        return found.assign(**(told | self.responses))

    def targets(self, person_id: str, start: date, end: date) -> pd.DataFrame:
        asked = self.targets_table
        return asked[(asked["day"] >= pd.Timestamp(start)) & (asked["day"] < pd.Timestamp(end))]

    def told(self, person_id: str, start: date, end: date) -> pd.DataFrame:
        told = self.told_table
        return told[(told["day"] >= pd.Timestamp(start)) & (told["day"] < pd.Timestamp(end))]

    def pauses(self, person_id: str) -> pd.DataFrame:
        return self.pauses_table

    def skin_checks(self, person_id: str, now_ms: int) -> pd.DataFrame:
        return self.skin_table

    def exercise_days(self, person_id: str, start: date, end: date) -> pd.DataFrame:
        done = self.exercise_table
        return done[(done["day"] >= pd.Timestamp(start)) & (done["day"] < pd.Timestamp(end))]

    def progress(self, person_id: str, today: date) -> Any:
        return self.progress_tables


def _cut(table: pd.DataFrame, start: date, end: date) -> pd.DataFrame:
    return table[(table["day"] >= start) & (table["day"] < end)]


def people(count: int = 1, goal_h: float = 8.0) -> pd.DataFrame:
    rows = [[f"p{n}", f"Wearer {n}", ZONE, goal_h] for n in range(1, count + 1)]
    return pd.DataFrame(rows, columns=PEOPLE_COLUMNS)


def nobody() -> Tables:
    """A store nothing was ever put in."""
    frames = (
        PEOPLE_COLUMNS,
        BRACE_COLUMNS,
        DAY_COLUMNS,
        HOUR_COLUMNS,
        PRESSURE_DAY_COLUMNS,
        EVENT_COLUMNS,
        CURVE_COLUMNS,
    )
    return Tables(*(pd.DataFrame(columns=columns) for columns in frames))


def silent() -> Tables:
    """A person with a brace from which nothing has come yet."""
    tables = nobody()
    tables.people_table = people()
    tables.braces_table = pd.DataFrame([["b1", "left", pd.NaT, NAN, NAN]], columns=BRACE_COLUMNS)
    return tables


def wearer(
    *, weeks: int = 12, sides: tuple[str, ...] = ("left",), open_event: bool = False, solid: bool = False, seed: int = 7
) -> Tables:
    """Weeks of history up to `NOW`. `solid`: a solid brace, without encoder. Some days are not worn, some not known."""
    chance = np.random.default_rng(seed)
    dates = [TODAY - timedelta(days=n) for n in range(7 * weeks)][::-1]
    days, curves, pressed = [], [], []
    for side in sides:
        for n, day in enumerate(dates):
            days.append(_day(chance, day, side, n, solid))
            if days[-1][3] != "missing" and days[-1][4] > 0:
                curves += _curve_rows(chance, day, side, n / len(dates), solid)
            pressed += _pressure_rows(chance, day, side, days[-1][3] == "missing")
    return Tables(
        people(),
        pd.DataFrame([[f"b-{s}", s, NOW - timedelta(minutes=6), 72.0, ""] for s in sides], columns=BRACE_COLUMNS),
        pd.DataFrame(days, columns=DAY_COLUMNS),
        pd.DataFrame([row for side in sides for row in _hour_rows(side)], columns=HOUR_COLUMNS),
        pd.DataFrame(pressed, columns=PRESSURE_DAY_COLUMNS),
        events(sides[0], open_event),
        pd.DataFrame(curves, columns=CURVE_COLUMNS),
    )


def events(side: str, open_event: bool) -> pd.DataFrame:
    """Three closed events, one of them today; or with one of today still open."""
    at = pd.Timestamp(NOW)
    minutes = pd.Timedelta(minutes=1)
    days = 1440 * minutes
    rows = [
        [side, at - 9 * days, at - 9 * days + 31 * minutes, 1, "fibular_head", "amber", 4.4, 3.9, 0.9, 31.0],
        [side, at - 4 * days, at - 4 * days + 70 * minutes, 2, "lateral_malleolus", "red", 9.8, 9.1, 7.4, 70.0],
        [side, at - 180 * minutes, at - 155 * minutes, 2, "lateral_malleolus", "amber", 5.4, 4.9, 0.9, 25.0],
    ]
    if open_event:
        rows.append([side, at - pd.Timedelta(minutes=24), pd.NaT, 1, "fibular_head", "amber", 4.1, 3.8, 0.5, 18.0])
    table = pd.DataFrame(rows, columns=EVENT_COLUMNS)
    table["end_utc"] = pd.to_datetime(table["end_utc"], utc=True)
    return table


def _day(chance: np.random.Generator, day: date, side: str, n: int, solid: bool) -> list[object]:
    status = "missing" if n % 19 in (11, 12) or n == 0 else "partial" if n % 13 == 5 or day == TODAY else "valid"
    if status == "missing":
        return ["p1", side, day, status, NAN, NAN, 24.0, 24.0, 0.0, NAN, NAN, NAN, NAN, *[NAN] * 13]
    off = n % 17 == 9
    worn = 0.0 if off else float(np.clip(chance.normal(7.2, 1.6), 1.0, 12.0))
    unknown = 3.5 if status == "partial" else 0.2
    gait: list[float] = [NAN] * 13
    strides = 0
    if not off:
        strides = int(chance.normal(2100, 350))
        gait = [
            chance.normal(92, 3), chance.normal(1.3, 0.03), chance.normal(4.2, 0.5), chance.normal(62, 1.2),
            chance.normal(3.5, 1.0), chance.normal(-1.0, 1.2), chance.normal(66, 7), chance.normal(21, 1.5),
            chance.normal(2.9, 0.2), chance.normal(1.1, 0.1), chance.normal(8, 1), chance.normal(55, 9),
            chance.normal(9, 2.5),
        ]  # fmt: skip
        if solid:
            gait[4] = gait[5] = gait[6] = gait[7] = NAN
    valid = int(strides * 0.93)
    return [
        "p1",
        side,
        day,
        status,
        worn,
        24 - worn - unknown,
        unknown,
        24.0,
        1 - unknown / 24,
        2.0 * strides,
        strides,
        valid,
        valid,
        *gait,
    ]


def _hour_rows(side: str) -> list[list[object]]:
    """Today until the last sync at 15:26: slept, put on at 8, an hour off at noon, 11 to 12 not known at all."""
    rows = []
    steps = {8: 210, 9: 640, 10: 820, 13: 480, 14: 350, 15: 90}
    for hour in range(16):
        worn = {8: 50.0, 9: 60.0, 10: 60.0, 12: 0.0, 13: 45.0, 14: 60.0, 15: 26.0}.get(hour, 0.0)
        if hour == 11:
            rows.append([side, TODAY, hour, 0.0, 0.0, 60.0, NAN])
            continue
        known = 26.0 if hour == 15 else 60.0
        rows.append([side, TODAY, hour, worn, known - worn, 60.0 - known, float(steps.get(hour, 0))])
    return rows


def _curve_rows(chance: np.random.Generator, day: date, side: str, progress: float, solid: bool) -> list[list[object]]:
    x = np.linspace(0, 1, 25)
    angle = 6 * np.sin(2 * np.pi * (x - 0.15)) * np.exp(-((x - 0.45) ** 2) / 0.08) + 4 * np.exp(
        -((x - 0.82) ** 2) / 0.01
    )
    moment = -6 * np.exp(-((x - 0.45) ** 2) / 0.02) + (2.4 + 0.9 * progress) * np.exp(-((x - 0.8) ** 2) / 0.02)
    hour = datetime(day.year, day.month, day.day, 10, tzinfo=UTC)
    shift = chance.normal(0, 0.4)
    values = zip(range(25), angle + shift + 2 * progress, moment, strict=True)
    return [[side, hour, 400, point, NAN if solid else float(a), float(m)] for point, a, m in values]


def _pressure_rows(chance: np.random.Generator, day: date, side: str, missing: bool) -> list[list[object]]:
    sites = ((1, "fibular_head"), (2, "lateral_malleolus"), (3, "dorsal_strap"), (4, "heel"))
    rows: list[list[object]] = []
    for channel, site in sites:
        if missing or channel == 4:  # the heel's channel has failed
            rows.append([side, day, channel, site, NAN, NAN, NAN, 0.0])
            continue
        amber = float(chance.choice([0, 0, 0, 12, 25])) if channel != 3 else 0.0
        red = 70.0 if channel == 2 and (TODAY - day).days == 4 else 0.0
        rows.append([side, day, channel, site, amber, red, float(chance.normal(2.6, 0.3)), 420.0])
    return rows
