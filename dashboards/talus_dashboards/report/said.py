"""How a report says its figures: a range where a figure is one, a dash where nothing was measured, never a zero."""

import math
from collections.abc import Sequence
from html import escape
from typing import Any

import pandas as pd

from talus_dashboards.figures.measures import MEASURES
from talus_dashboards.report.facts import Leg, Row
from talus_dashboards.report.wear import Strip
from talus_dashboards.words import Words

# One digit more than the pages, which draw days: a middle of days and a small change must not be rounded apart.
DIGITS = {one.column: one.digits if one.column == "steps" else max(1, one.digits) for one in MEASURES}
DIGITS |= {"stiffness_nm_deg": 2, "stiffness_down_nm_deg": 2, "stiffness_up_nm_deg": 2, "neutral_deg": 1, "loss_j": 2}


class Markup(str):
    """Text that is HTML already: made here, never entered by anybody."""


class Said:
    """The words of one language, and of its report as `t`."""

    NONE = "\u2013"

    def __init__(self, words: Words, most: int) -> None:
        self.words = words
        self.most = most  # lines of a list
        self.t: Any = words.report

    # -- figures ----------------------------------------------------------------------------------------------------

    def number(self, value: float, digits: int = 0) -> str:
        return self.NONE if math.isnan(value) else self.words.number(value, digits)

    def signed(self, value: float, digits: int = 0) -> str:
        plus = "+" if round(value, digits) > 0 else ""
        return self.NONE if math.isnan(value) else plus + self.words.number(value, digits)

    def hours_of(self, value: float) -> str:
        few = "<\u202f" if 0 < value < 0.05 else ""
        return f"{few}{self.number(max(value, 0.1) if few else value, 1)} {self.words.HOURS}"

    def percent(self, share: float) -> str:
        return self.NONE if math.isnan(share) else f"{self.words.number(100 * share)} %"

    def spread(self, low: float, high: float, digits: int = 0) -> str:
        """A range; one number where both ends print alike."""
        ends = [self.number(value, digits) for value in (low, high)]
        return ends[0] if ends[0] == ends[1] else str(self.t.RANGE.format(low=ends[0], high=ends[1]))

    def day(self, value: Any) -> str:
        return self.words.day_short(pd.Timestamp(value).date())

    def counted(self, value: float, days: int, digits: int) -> str:
        return f"{self.number(value, digits)} ({self.words.number(days)})"

    def measure(self, name: str) -> str:
        named = self.words.MEASURES.get(name) or self.t.MECHANICS[name]
        return f"{named[0]}, {named[1]}"

    # -- wear -------------------------------------------------------------------------------------------------------

    def prescribed(self, leg: Leg, goal_h: float) -> str:
        told = []
        for row in leg.prescriptions:
            figures = {name: self.number(float(row[name]), 1) for name in ("hours", "hours_max", "hours_more")}
            what = self.t.KINDS[row["kind"]].format(**figures)
            told.append(f"{what}{self.t.FROM.format(day=self.words.day_row(pd.Timestamp(row['from_day']).date()))}")
        if told:
            return "; ".join(told)
        goal = "" if math.isnan(goal_h) else self.t.GOAL.format(goal=self.number(goal_h, 1))
        return f"{self.t.NO_PRESCRIPTION}{goal}"

    def wear(self, leg: Leg) -> list[tuple[str, str]]:
        """Three figures and what each is: hours a day, share of what is prescribed, days that reached it."""
        met, t = leg.adherence, self.t
        if met is None:
            return [(self.NONE, t.WORN_A_DAY), (self.NONE, t.OF_PRESCRIBED), (self.NONE, t.AT_TARGET)]
        if not met["assessable"]:
            why = t.NOT_ASSESSABLE_WHY.format(valid=met["days_valid"], days=met["days"])
            return [(t.NOT_ASSESSABLE, why), (t.NOT_ASSESSABLE, t.OF_PRESCRIBED), (t.NOT_ASSESSABLE, t.AT_TARGET)]
        hours = f"{self.spread(met['worn_h_low'], met['worn_h_high'], 1)} {self.words.HOURS}"
        found = [(hours, t.WORN_A_DAY if met["share_known"] < 1 else t.WORN_A_DAY_ALL)]
        if math.isnan(float(met["met_pct_high"])):
            return [*found, (self.NONE, t.NO_HOURS)]
        for name, what in (("met_pct", t.OF_PRESCRIBED), ("target_pct", t.AT_TARGET)):
            found.append((f"{self.spread(float(met[f'{name}_low']), float(met[f'{name}_high']))} %", what))
        return found

    def counts(self, leg: Leg) -> list[str]:
        """Days of each kind, and what stops wear from being judged."""
        met, t = leg.adherence, self.t
        if met is None:
            return [t.NO_DAY_YET]
        parts = [t.COUNTS[0].format(partial=met["days_partial"], missing=met["days_missing"])]
        told = {1: leg.zero_days, 2: met["days_little_walking"], 3: leg.off_days, 4: leg.paused_days}
        told[5] = 0 if pd.isna(met["days_over"]) else int(met["days_over"])
        parts += [t.COUNTS[at].format(days=self._days(count)) for at, count in told.items() if count]
        lines = ["; ".join(parts) + "."]
        if met["discontinued"] != "no":
            lines.append(t.GONE[met["discontinued"]].format(days=self._days(met["no_wear_days"])))
        kinds = set(str(met["kinds"]).split(", "))
        lines += [t.UNASSESSED[kind] for kind in ("walking", "outdoors") if kind in kinds]
        return lines

    def _days(self, count: float) -> str:
        return self.words.plural(count, *self.words.DAY_PLURAL)

    def bar(self, leg: Leg) -> str:
        told = [
            f"{self.t.STATE[state]} {self.number(hours, 1)} {self.words.HOURS}" for state, hours in leg.split.items()
        ]
        return f"{self.words.SIDE_BRACE[leg.side]}: {', '.join(told)}"

    def hours(self, leg: Leg) -> str:
        known = leg.profile["median"].dropna()
        told = [f"{hour:02d}: {self.number(value)}" for hour, value in known.items()]
        return f"{self.t.HOURS_TITLE}, {self.t.HOURS_UNIT}. {'; '.join(told)}"

    def strip(self, one: Strip) -> str:
        if math.isnan(one.worn_h):
            paused = any(state == "paused" for state, _, _ in one.pieces)
            return str(self.t.STATE["paused"] if paused else self.t.UNKNOWN)
        if one.worn_h == 0:  # and something of the day is not known: nobody can say that it was not worn
            return f"0 {self.words.HOURS}" if one.whole else str(self.t.UNKNOWN)
        at_least = "" if one.whole else "\u2265 "
        return f"{at_least}{self.hours_of(one.worn_h)}"

    def strips(self, leg: Leg) -> str:
        return "; ".join(f"{self.words.day_short(one.day)}: {self.strip(one)}" for one in leg.strips)

    # -- gait -------------------------------------------------------------------------------------------------------

    def verdict(self, row: Row) -> str:
        """By the rule alone: a figure that is not judged has none."""
        found = row.get("verdict")
        if not found:
            return str(self.t.NOT_JUDGED)
        told = str(self.t.VERDICTS[found["verdict"]])
        if found["verdict"] in ("better", "worse"):
            told += self.t.SINCE.format(day=self.day(found["since"]))
        elif not pd.isna(found["tell_on"]):
            told += self.t.TELL_ON.format(day=self.day(found["tell_on"]))
        return told

    def looked(self, row: Row) -> str:
        """What stands behind a verdict: baseline, last look, difference, what a claim needs."""
        found, digits = row["verdict"], DIGITS[row["measure"]]
        figures = {name: self.number(float(found[name]), digits) for name in ("baseline", "latest", "needed")}
        figures["difference"] = self.signed(float(found["difference"]), digits)
        told = self.t.LOOKED.format(
            name=self.measure(row["measure"]), baseline_days=found["baseline_days"], days=found["days"], **figures
        )
        if found["selection_risk"]:
            told += self.t.SELECTION.format(percent=self.signed(float(found["wear_change_pct"])))
        return str(told)

    # -- shapes -----------------------------------------------------------------------------------------------------

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: Sequence[int] = ()) -> str:
        """A table of plain texts, and of cells that are `Markup`."""

        def kind(at: int) -> str:
            return ' class="n"' if at in numbers else ""

        head = "".join(f'<th scope="col"{kind(at)}>{escape(name)}</th>' for at, name in enumerate(columns))
        lines = []
        for row in rows:
            cells = (cell if isinstance(cell, Markup) else escape(cell) for cell in row)
            lines.append("<tr>" + "".join(f"<td{kind(at)}>{cell}</td>" for at, cell in enumerate(cells)) + "</tr>")
        return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"
