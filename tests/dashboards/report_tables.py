"""A made-up person whose every table is written by hand, so that each figure of a report can be reckoned apart."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from dashboards.made_tables import DAY_COLUMNS, EVENT_COLUMNS, HOUR_COLUMNS, PRESSURE_DAY_COLUMNS, ZONE

NAN = float("nan")
NOW = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)
LAST = date(2026, 11, 2)
FIRST = date(2026, 10, 20)  # the clocks go back on 25 October: that day has 25 hours
ADHERENCE = {
    "side": "left", "days": 13, "days_valid": 11, "days_partial": 1, "days_missing": 1, "days_little_walking": 2,
    "share_known": 11 / 13, "assessable": True, "why": "", "worn_h_low": 6.1, "worn_h_high": 7.24, "worn_h_median": 7.0,
    "worn_h_q1": 6.0, "worn_h_q3": 8.0, "kinds": "hours", "unassessed": "", "met_pct_low": 76.4, "met_pct_high": 88.1,
    "met_uncapped_pct": 92.0, "target_pct_low": 53.8, "target_pct_high": 63.6, "days_over": NAN, "discontinued": "no",
    "no_wear_days": 0, "steps": 4000.0, "walking_min": 40.0,
}  # fmt: skip
VERDICT = {
    "side": "left", "segment": 2, "measure": "heel_first_pct", "better": "up", "verdict": "better",
    "since": pd.Timestamp("2026-10-01"), "why": "", "tell_on": pd.NaT, "at_cadence": True, "baseline": 61.0,
    "baseline_days": 25, "latest": 74.0, "days": 26, "difference": 13.0, "se": 2.0, "needed": 5.9, "mdc95": 3.9,
    "floor": 0.0, "wear_change_pct": 3.0, "selection_risk": False,
}  # fmt: skip


def at(text: str) -> pd.Timestamp:
    """A moment on the person's wall."""
    return pd.Timestamp(text, tz=ZoneInfo(ZONE)).tz_convert("UTC")


def day(number: int, status: str = "valid", worn_h: float = 8.0, **figures: float) -> dict[str, Any]:
    """A row of the days, `number` days after the first of the period."""
    when = FIRST + timedelta(days=number)
    length = 25.0 if when == date(2026, 10, 25) else 24.0
    row: dict[str, Any] = dict.fromkeys(DAY_COLUMNS, NAN) | {"person_id": "p1", "side": "left", "day": when}
    row |= {"status": status, "worn_h": worn_h, "unknown_h": 0.0, "day_h": length, "walking_min": 30.0} | figures
    row["not_worn_h"] = length - np.nan_to_num(row["worn_h"]) - row["unknown_h"]
    return row


def frame(columns: str, *rows: list[Any]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=columns.split())


def compared(measure: str, before: float, now: float, needed: float = 1.0, side: str = "left") -> list[Any]:
    return [side, measure, before, 20, now, 22, now - before, needed]


@dataclass
class Told:
    """A ReportReader: each question has its table, whatever is asked for."""

    people_table: pd.DataFrame = field(
        default_factory=lambda: frame("person_id label zone goal_h", ["p1", "P1", ZONE, 8.0])
    )
    tables: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[Any, ...]] = field(default_factory=list)

    def people(self) -> pd.DataFrame:
        return self.people_table

    def __getattr__(self, name: str) -> Any:
        if name not in EMPTY:
            raise AttributeError(name)

        def answer(*question: Any) -> Any:
            self.asked.append((name, *question))
            return self.tables.get(name, EMPTY[name])

        return answer


def changed(**tables: pd.DataFrame) -> Any:
    """What `Store.changed` gives, as far as a report looks into it."""
    empty = {
        "verdicts": pd.DataFrame(columns=list(VERDICT)),
        "changes": frame("side day what breaks").astype({"day": "datetime64[s]"}),
        "adjustments": frame("side day what measure before before_days after after_days difference se why").astype(
            {"day": "datetime64[s]"}
        ),
        "flags": frame("side flag state since reason"),
        "adherence": pd.DataFrame(columns=list(ADHERENCE)),
    }
    return SimpleNamespace(**(empty | tables))


EMPTY: dict[str, Any] = {
    "braces": frame("device side last_sync_utc battery_pct fault_part"),
    "days": pd.DataFrame(columns=DAY_COLUMNS),
    "hours": pd.DataFrame(columns=HOUR_COLUMNS),
    "pressure_days": pd.DataFrame(columns=PRESSURE_DAY_COLUMNS),
    "pressure_events": pd.DataFrame(columns=EVENT_COLUMNS),
    "curves": pd.DataFrame(),
    "changed": changed(),
    "compared": frame("side measure before before_days now now_days difference needed"),
    "wear_bouts": frame("side start_utc end_utc state"),
    "blind": frame("side start_utc end_utc"),
    "faults": frame("side sensor channel state reason start_utc end_utc"),
    "assist_ratios": frame("side day assist_ratio assist_ratio_low assist_ratio_high"),
    "prescriptions": frame("side from_day kind hours hours_max hours_more").astype({"from_day": "datetime64[s]"}),
    "standing": frame("side device program calibration settings from_day lost unplaced").astype(
        {"from_day": "datetime64[s]"}
    ),
    "told": frame("at_utc what side value told_by"),
    "notes": frame("first_day last_day measure text").astype(
        {"first_day": "datetime64[s]", "last_day": "datetime64[s]"}
    ),
    "pauses": frame("from_utc until_utc"),
    "thresholds": frame("name value own"),
    "walked": frame("at_utc distance_m seconds brace_on"),
}


def person(**tables: Any) -> Told:
    """One left brace; tables in place of the empty ones."""
    mine = {"braces": frame("device side last_sync_utc battery_pct fault_part", ["a1b2c3d4", "left", NOW, 80.0, ""])}
    return Told(tables=mine | tables)
