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

    def devices(self) -> pd.DataFrame:
        """device, side, version ("": not known), last_sync_utc, battery_pct, fault_part, records: no person in it."""

    def device_health(self, device: str) -> pd.DataFrame:
        """journal, sequence, boot, utc (NaT: not placed), sensor, channel, state, reason, value."""

    def device_starts(self, device: str) -> pd.DataFrame:
        """utc (NaT), journal, boot, cause, version, slot, battery_v, last_battery_v, lost, recovered, layout."""

    def device_settings(self, device: str) -> pd.DataFrame:
        """utc (NaT), journal, boot, settings, calibration (ids), said_side, imu_place."""

    def device_syncs(self, device: str) -> pd.DataFrame:
        """received_utc, journal, records, added, conflicts, boot, battery_pct, fault_part, reason, state, kept."""

    def device_missing(self, device: str) -> pd.DataFrame:
        """journal, first, behind, cause (NaN: the brace does not say): sequences that never came."""

    def device_drifts(self, device: str) -> pd.DataFrame:
        """journal, boot, began_utc, ended_utc, ppm, half_ppm, used, rejected."""

    def device_clock(self, device: str, days: int = 14) -> pd.DataFrame:
        """One row: exchange_utc, exchange_within_ms, placed_median_ms, placed_worst_ms, unplaced, contradicting."""

    def device_hours(self, device: str, start: date, end: date) -> pd.DataFrame:
        """hour_utc, minutes, due, taken, late, missed, resampled, unaccounted, battery_pct, charging_min. UTC days."""


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
