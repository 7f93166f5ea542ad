"""Who needs a look first, and why? People sorted by their worst reason; every reason that holds is told, none is a
diagnosis.

Clinical reference, 0.4.1 and 5.6. Numbered deviation: 1. an open strong pressure and a sudden loss stand above "no data
for 3 days", which 0.4.1 puts at the top: both are harm that may go on now; they are rare. What is not known holds as a
reason of its own and never as nothing: only somebody of whom everything was judged, and nothing found, stands last.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from talus_host.metrics import told_flags
from talus_host.metrics.flags import MEASURED

Rule = Callable[[pd.DataFrame], pd.Series]


class Reason(NamedTuple):
    """code; rule: whom it holds for; figure: the column that is told with it ("" none), by which people of one reason
    are sorted; larger: True when more of it needs more."""

    code: str
    rule: Rule
    figure: str = ""
    larger: bool = True


def _flag(code: str) -> Reason:
    return Reason(code, lambda t: t[f"flag_{code}"].astype(bool))


SUDDEN, FIBULAR, COLLAPSE = "sudden_loss", "fibular_head", "adherence_collapse"
OTHER_FLAGS = tuple(flag for flag in MEASURED if flag not in ("no_data", SUDDEN, FIBULAR, COLLAPSE))
REASONS = (
    Reason("pressure_red_open", lambda t: t["red_open"] > 0, "red_open"),
    _flag(SUDDEN),
    Reason("no_data", lambda t: t["days_since_data"] >= t["no_data_days"], "days_since_data"),
    Reason("never_any_data", lambda t: t["has_brace"] & t["days_since_data"].isna()),
    _flag(FIBULAR),
    *(_flag(code) for code in told_flags.FLAGS),
    Reason("pressure_red", lambda t: t["red_7d"] >= t["pressure_red_week"], "red_7d"),
    _flag(COLLAPSE),
    Reason("not_assessable", lambda t: (t["days"] > 0) & ~t["assessable"].astype(bool), "days_valid", larger=False),
    *(_flag(code) for code in OTHER_FLAGS),
    Reason("worse", lambda t: t["worse"] > 0, "worse"),
    Reason("pressure_amber", lambda t: t["amber_7d"] >= t["pressure_amber_week"], "amber_7d"),
    Reason("adherence_low", lambda t: t["met_pct_high"] < t["adherence_pct"], "met_pct_high", larger=False),
    Reason(
        "adherence_unclear",
        lambda t: (t["met_pct_low"] < t["adherence_pct"]) & (t["met_pct_high"] >= t["adherence_pct"]),
        "met_pct_low",
        larger=False,
    ),
    Reason("brace_fault", lambda t: t["fault"] > 0),
    Reason("battery_low", lambda t: t["battery_pct"] <= t["low_battery_pct"], "battery_pct", larger=False),
    Reason("visit_soon", lambda t: t["days_to_visit"].between(0, t["visit_days"]), "days_to_visit", larger=False),
    Reason("no_brace", lambda t: ~t["has_brace"]),
    Reason("not_judged", lambda t: ~t["judged"]),
    Reason("too_new", lambda t: t["has_brace"] & t["days_since_data"].notna() & ~(t["days"] > 0)),
    Reason("flags_unknown", lambda t: t["judged"] & ~(t["flags_clear"] > 0)),
    Reason("no_prescription", lambda t: ~t["prescribed"]),
    Reason("adherence_unseen", lambda t: t["prescribed"] & t["assessable"].astype(bool) & t["met_pct_high"].isna()),
    Reason("fault_unknown", lambda t: t["has_brace"] & t["fault"].isna()),
    Reason("battery_unknown", lambda t: t["has_brace"] & t["battery_unknown"]),
    Reason("care_ended", lambda t: t["care_ended"]),
    Reason("paused", lambda t: t["paused"]),
    Reason("nothing_found", lambda t: pd.Series(True, index=t.index)),
)
CODES = tuple(one.code for one in REASONS)
WITHOUT_CARE = ("care_ended",)  # of somebody who agrees to care no longer nothing else is told
WHILE_PAUSED = ("visit_soon", *WITHOUT_CARE, "paused")  # nor of somebody whose data are paused
FIGURES: Mapping[str, str] = {one.code: one.figure for one in REASONS}


def need(people: pd.DataFrame) -> pd.DataFrame:
    """The same rows sorted by need, with need (1: the worst reason of REASONS), reason, figure (NaN: it has none) and
    reasons (every code that holds, worst first).

    people: person_id; care_ended, paused, has_brace, prescribed, judged, assessable, battery_unknown (bool);
    flag_<code> of metrics.flags (bool); red_open, red_7d, amber_7d, worse, flags_clear, days, days_valid (counts);
    days_since_data, met_pct_low, met_pct_high, battery_pct, fault, days_to_visit (NaN: not known, or none); a column
    per limit. Ties: the figure, an unknown one first; then how many reasons; then who was there first.
    """
    holds = np.column_stack([one.rule(people).to_numpy(bool) for one in REASONS])
    for which, told in (("paused", WHILE_PAUSED), ("care_ended", WITHOUT_CARE)):
        hidden = people[which].to_numpy(bool)[:, None]
        holds &= ~hidden | np.isin(CODES, told)
    holds[:, -1] = ~holds[:, :-1].any(axis=1)
    worst = holds.argmax(axis=1)
    figures = [
        people[one.figure].to_numpy(np.float64) if one.figure else np.full(len(people), np.nan) for one in REASONS
    ]
    figure = np.array(figures).reshape(len(REASONS), -1)[worst, np.arange(len(people))]
    larger = np.array([one.larger for one in REASONS])[worst]
    severity = np.where(np.isnan(figure), -np.inf, np.where(larger, -figure, figure))
    number = people["person_id"].astype(np.int64)
    order = np.lexsort((number, -holds.sum(axis=1), severity, worst))
    found = people.assign(
        need=worst + 1,
        reason=np.array(CODES, dtype=object)[worst],
        figure=figure,
        reasons=[tuple(code for code, held in zip(CODES, row, strict=True) if held) for row in holds.tolist()],
    )
    return found.iloc[order].reset_index(drop=True)
