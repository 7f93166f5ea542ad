"""The only door from the data to the pages. They know these questions and nothing of what lies behind them.

`talus_host.store.Store` is a Reader as it stands. Whatever it refuses leaves here as one ReadError.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Protocol, cast

import pandas as pd

from talus_dashboards.errors import ReadError
from talus_host import fitting_read
from talus_host.errors import TalusError
from talus_host.metrics import adherence, baseline, change, pressure_minutes, telling, weekly
from talus_host.store.consents import CARE, ENDED, NEVER

__all__ = ["CARE", "ENDED", "NEVER", "Door", "Nobody", "Reader", "ReportReader", "door", "tellable"]


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

    def pressure_responses(self, person_id: str, start: date, end: date) -> pd.DataFrame:
        """pressure_events; response (loosened, taken_off, none, None: not known), response_min, prompts_felt, ..."""

    def targets(self, person_id: str, start: date, end: date) -> pd.DataFrame:
        """side, day, kind (hours, walking, outdoors, break_in; "": none), target_h, most_h (NaN: none)."""

    def told(self, person_id: str, start: date | None = None, end: date | None = None) -> pd.DataFrame:
        """at_utc, day, what, side, value, answer, unit, told_by, at_ms, entered_ms."""

    def pauses(self, person_id: str) -> pd.DataFrame:
        """from_utc, until_utc (NaT: open)."""

    def skin_checks(self, person_id: str, now_ms: int) -> pd.DataFrame:
        """side, step (none, worn, look, wait, again, done), off_ms, due_ms, answer."""

    def exercise_days(self, person_id: str, start: date, end: date) -> pd.DataFrame:
        """exercise, side, day, sets_a_day, repetitions, days_a_week (NaN: no plan), sets, sets_full, ..."""

    def progress(self, person_id: str, today: date) -> Any:
        """verdicts, usual, weeks, first_hour: tables of talus_host.store.progress."""

    def caseload(self, now_ms: int, people: list[str] | None = None) -> pd.DataFrame:
        """A row a person, worst need first: see talus_host.store.caseload."""

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

    def records(self, person_id: str, kind: str, start: date, end: date) -> pd.DataFrame:
        """side, start_utc and the columns of one kind of record."""

    def quality(self, person_id: str, start: date, end: date) -> pd.DataFrame:
        """what, side, start_utc, end_utc, count, unit, detail: what is missing or doubtful."""

    def classed_days(self, person_id: str, today: date) -> pd.DataFrame:
        """side, day, day_class ("gait": it speaks for walking), and the measures."""

    def side_by_side(
        self, person_id: str, first: tuple[Any, Any], second: tuple[Any, Any], measures: tuple[str, ...], today: date
    ) -> Any:
        """table (side, measure, before, now, needed, word ...), changes, asymmetry: two periods side by side."""

    def notes(self, person_id: str, start: Any = None, end: Any = None, *, hidden: bool = False) -> pd.DataFrame:
        """id, first_day, last_day, measure, text, by, entered_utc, hidden_utc."""

    def fitting(self, person_id: str) -> dict[str, Any]:
        """The fitting that is open: side ("": none), began_ms, seen_ms, steps."""

    def fittings(self, person_id: str) -> pd.DataFrame:
        """side, began_ms, step, outcome, figures, entered_ms, entered_utc: all that were."""

    def fitting_seen(self, person_id: str, side: str, since_ms: int, now_ms: int) -> dict[str, Any]:
        """What came of the brace since then: calibration, sites, strides ...; None: nothing came."""

    def fitting_figures(self) -> pd.DataFrame:
        """step, name, unit, low, high, least, most."""

    def timed_walks(self, person_id: str) -> pd.DataFrame:
        """at_ms, distance_m, seconds, brace_on, speed_mps, strides, cadence_spm."""

    def walk_changes(self, person_id: str) -> pd.DataFrame:
        """distance_m, brace_on, first_ms, last_ms, first_mps, change_mps, word, why, limit_mps."""

    def walk_effects(self, person_id: str) -> pd.DataFrame:
        """distance_m, at_ms, on_mps, off_mps, difference_mps, limit_mps: with the brace beside without."""

    def thresholds(self, person_id: str) -> pd.DataFrame:
        """name, unit, value, default, low, high, why, own, entered_ms, account."""

    def visit(self, person_id: str) -> str | None:
        """The day (ISO) the person is expected; None: none is planned."""

    def entered_by(self, person_id: str, moments_ms: Any) -> dict[int, str]:
        """Moment of an entry (UTC ms) -> the account's name, "" where it is not known."""

    def prescription_history(self, person_id: str) -> pd.DataFrame:
        """side, from_day, kind, hours, hours_max, hours_more, entered_ms, by side, day and entry."""

    def headlines(self, person_id: str) -> list[Any]:
        """measure, better, chosen: what is judged now."""

    def headlines_entered_ms(self, person_id: str) -> int:
        """When that was chosen; 0: never."""

    def person(self, person_id: str) -> dict[str, Any]:
        """label, zone, goal_h, mass_kg (None: not set)."""

    def consent_standing(self, person_id: str, purpose: str, at_ms: int) -> dict[str, Any]:
        """state ("held", "ended", "never": none was entered), ended (the day of an ended one, else None)."""

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


def tellable() -> Mapping[str, telling.Tellable]:
    """What can be told, by its name: its answers, of which leg, and which of them ask for care."""
    return telling.BY_WHAT


READ_SECONDS: Mapping[str, float] = fitting_read.SECONDS  # steps of a fitting that samples tell of: how many at least
OPEN_ENDED = fitting_read.OPEN_ENDED


def read_for_step(step: str, samples: pd.DataFrame, sites: tuple[str, ...], imu_place: str) -> fitting_read.Read:
    """The figures of a step that these samples of a brace tell, and a line on each: see talus_host.fitting_read."""
    return fitting_read.read(step, samples, fitting_read.Fitted(sites, imu_place))


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


# -- what the visit report asks beside these ------------------------------------------------------------------------

Days = tuple[date, date]  # [first, end)
RULES = {  # what figures are judged by, for the foot of the report; each number has its home in the metrics
    "assessable_pct": 100 * adherence.ASSESSABLE,
    "target_pct": 100 * adherence.TARGET,
    "gait_wear_h": weekly.WEAR_H,
    "gait_strides": weekly.STRIDES,
    "claim_se": change.critical(1),
    "baseline_first": baseline.BASELINE_DAYS[0],
    "baseline_last": baseline.BASELINE_DAYS[1],
    "look_days": change.EVERY,
    "amber_mmhg": pressure_minutes.AMBER_DEFAULT_MMHG,
    "red_mmhg": pressure_minutes.RED_DEFAULT_MMHG,
    "amber_fibular_mmhg": pressure_minutes.AMBER_MMHG["fibular_head"],
    "red_fibular_mmhg": pressure_minutes.RED_MMHG["fibular_head"],
}


class ReportReader(Reader, Protocol):
    """The further tables of a report; `changed` gives those of the metrics as attributes of one picture."""

    def compared(self, person_id: str, now: Days, before: Days, measures: tuple[str, ...]) -> pd.DataFrame:
        """side, measure, before, before_days, now, now_days, difference, needed."""

    def wear_bouts(self, person_id: str, start: date, end: date) -> pd.DataFrame:
        """side, start_utc, end_utc, state (worn, not_worn, unknown, paused)."""

    def blind(self, person_id: str, start: date, end: date) -> pd.DataFrame:
        """side, start_utc, end_utc: records came, and wear is not known all the same."""

    def faults(self, person_id: str, start: date, end: date) -> pd.DataFrame:
        """side, sensor, channel, state, reason, start_utc, end_utc (NaT: still so)."""

    def assist_ratios(self, person_id: str, start: date, end: date) -> pd.DataFrame:
        """side, day, assist_ratio, assist_ratio_low, assist_ratio_high."""

    def prescriptions(self, person_id: str) -> pd.DataFrame:
        """side, from_day, kind, hours, hours_max, hours_more."""

    def standing(self, person_id: str, end: date) -> pd.DataFrame:
        """side, device, program, calibration, settings, from_day, lost, unplaced."""

    def walked(self, person_id: str) -> pd.DataFrame:
        """at_utc, distance_m, seconds, brace_on."""
