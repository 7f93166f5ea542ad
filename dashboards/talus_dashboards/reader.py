"""The only door from the data to the pages. They know these questions and nothing of what lies behind them.

`talus_host.store.Store` is a Reader as it stands. Whatever it refuses leaves here as one ReadError.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, Protocol, cast

import pandas as pd

from talus_dashboards.errors import ReadError
from talus_host.errors import TalusError


class Reader(Protocol):
    """Tables for the pages. Dates are local days of the person, `[start, end)`; NaN means not measured, never 0."""

    def people(self) -> pd.DataFrame:
        """person_id, label (a pseudonym), zone (IANA), goal_h (NaN: no prescription)."""

    def braces(self, person_id: str) -> pd.DataFrame:
        """device, side, last_sync_utc, battery_pct, fault_part ("": none, NaN: not known)."""

    def days(self, person_id: str, start: date, end: date) -> pd.DataFrame:
        """side, day, status, worn_h, not_worn_h, unknown_h, coverage, steps, strides, strides_measured, measures."""

    def hours(self, person_id: str, start: date, end: date) -> pd.DataFrame:
        """side, day, hour (0-23 local), worn_min, not_worn_min, unknown_min, steps."""

    def pressure_days(self, person_id: str, start: date, end: date) -> pd.DataFrame:
        """side, day, channel, site, minutes_amber, minutes_red, sustained_median_kpa, measured_min."""

    def pressure_events(self, person_id: str, start: date, end: date) -> pd.DataFrame:
        """side, start_utc, end_utc (NaT: open), channel, site, tier, peak_kpa, mean_kpa, dose_kpah, minutes."""

    def curves(self, person_id: str, start: date, end: date) -> pd.DataFrame:
        """side, hour_utc, strides, point (0-24), angle_deg, moment_nm."""

    def changed(self, person_id: str, today: date, period_days: int = 28) -> Any:
        """verdicts, flags, adherence and more tables: see talus_host.store.changes.Changed."""

    def prescriptions(self, person_id: str) -> pd.DataFrame:
        """side, from_day, kind, hours, hours_max, hours_more: what holds, by side and day."""

    def wear_bouts(self, person_id: str, start: date, end: date) -> pd.DataFrame:
        """side, start_utc, end_utc, state (worn, not_worn, unknown): whole across midnight, without holes."""

    def cadence_bands(self, person_id: str, start: date, end: date) -> pd.DataFrame:
        """side, day, walk_s (shortest walk of its class), band (of 2.5 steps/min), strides, measures."""

    def histograms(self, person_id: str, start: date, end: date) -> pd.DataFrame:
        """side, measure, bin, strides over the whole range."""

    def brace_changes(self, person_id: str) -> pd.DataFrame:
        """side, day, what: the diary."""

    def pressure_responses(self, person_id: str, start: date, end: date) -> pd.DataFrame:
        """pressure_events with response and response_min (what followed) and more."""

    def records(self, person_id: str, kind: str, start: date, end: date) -> pd.DataFrame:
        """side, start_utc and the columns of one kind of record."""

    def quality(self, person_id: str, start: date, end: date) -> pd.DataFrame:
        """what, side, start_utc, end_utc, count, unit, detail: what is missing or doubtful."""


class Nobody:
    """A Reader without a database: nobody is known, and nothing of nobody."""

    def people(self) -> pd.DataFrame:
        return pd.DataFrame(columns=["person_id", "label", "zone", "goal_h"])

    def __getattr__(self, name: str) -> Callable[..., pd.DataFrame]:
        return lambda *asked, **settings: pd.DataFrame()


class Door:
    """A Reader in front of another: the same questions, with the refusals of the host turned into ReadError."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader

    def __getattr__(self, name: str) -> Callable[..., Any]:
        question = getattr(self._reader, name)

        def asked(*args: Any, **settings: Any) -> Any:
            try:
                return question(*args, **settings)
            except TalusError as error:
                raise ReadError(str(error)) from error

        return asked


def door(reader: Any) -> Reader:
    """`reader` behind a Door."""
    return cast(Reader, Door(reader))
