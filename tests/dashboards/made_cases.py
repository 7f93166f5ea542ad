"""A made caseload as the host's `Store.caseload` gives it: sorted by need, a row a person, each with its own story."""

import pandas as pd

NAN = float("nan")
FINE = {
    "provisional": False, "care_ended": False, "paused": False, "need": 30, "reason": "nothing_found", "figure": NAN,
    "reasons": (),
    "judged": True, "flags": (), "flags_unknown": (), "claims": (), "side": "left", "days": 14, "days_valid": 13,
    "days_with_data": 14, "assessable": True, "met_pct_low": 88.0, "met_pct_high": 94.0, "prescribed": True,
    "sync_age_h": 0.4, "days_since_data": 0.0, "battery_pct": 71.0, "battery_unknown": False, "fault": 0.0,
    "red_7d": 0, "amber_7d": 0, "red_14d": 0, "amber_14d": 0, "red_open": 0, "amber_open": 0,
    "visit_day": pd.NaT, "days_to_visit": NAN,
}  # fmt: skip
CLAIM = {"side": "left", "measure": "heel_first_pct", "verdict": "better", "since": "2026-11-02", "baseline": 61.0}
STORIES: dict[str, dict[str, object]] = {
    "open": {
        "reason": "pressure_red_open", "figure": 1.0, "reasons": ("pressure_red_open", "battery_low"), "red_14d": 2,
        "red_open": 1, "red_7d": 2, "battery_pct": 12.0,
    },
    "silent": {
        "reason": "no_data", "figure": 9.0, "reasons": ("no_data", "not_assessable"), "assessable": False,
        "days_valid": 5, "days_with_data": 5, "met_pct_low": NAN, "met_pct_high": NAN, "sync_age_h": 226.0,
        "days_since_data": 9.0, "battery_pct": NAN,
    },
    "never": {
        "reason": "never_any_data", "reasons": ("never_any_data", "not_judged"), "judged": False, "days": 0,
        "days_valid": 0, "days_with_data": 0, "assessable": False, "met_pct_low": NAN, "met_pct_high": NAN,
        "sync_age_h": NAN, "days_since_data": NAN, "battery_pct": NAN, "prescribed": False,
    },
    "worse": {
        "reason": "worse", "figure": 1.0, "reasons": ("worse",),
        "claims": ({**CLAIM, "verdict": "worse", "difference": -14.0, "days": 24},),
    },
    "amber": {"reason": "pressure_amber", "figure": 4.0, "reasons": ("pressure_amber",), "amber_7d": 4, "amber_14d": 5},
    "low": {"reason": "adherence_low", "figure": 41.0, "reasons": ("adherence_low",), "met_pct_low": 38.0,
            "met_pct_high": 41.0, "sync_age_h": 30.0},
    "visit": {"reason": "visit_soon", "figure": 1.0, "reasons": ("visit_soon",),
              "visit_day": pd.Timestamp("2026-11-21"), "days_to_visit": 1.0},
    "ended": {"reason": "care_ended", "reasons": ("care_ended",), "care_ended": True, "claims": (CLAIM,),
              "visit_day": pd.Timestamp("2026-12-24"), "days_to_visit": 34.0},
    "paused": {"reason": "paused", "reasons": ("paused",), "paused": True, "days": 0, "days_valid": 0,
               "days_with_data": 0, "assessable": False, "met_pct_low": NAN, "met_pct_high": NAN, "sync_age_h": NAN,
               "battery_pct": NAN, "judged": False},
    "better": {"claims": ({**CLAIM, "difference": 11.0, "days": 26},), "reasons": ("nothing_found",)},
    "fine": {"reasons": ("nothing_found",)},
}  # fmt: skip


def cases(*names: str) -> pd.DataFrame:
    """Those of STORIES, or all, in their order of need; each person is labelled by the story."""
    rows = [
        FINE | {"person_id": f"p{at}", "label": f"Wearer {name}"} | STORIES[name]
        for at, name in enumerate(names or STORIES, start=1)
    ]
    return pd.DataFrame(rows)


def many(count: int) -> pd.DataFrame:
    """So many people, their stories one after the other, worst first."""
    order = list(STORIES)
    names = sorted((order[at % len(order)] for at in range(count)), key=order.index)
    table = cases(*names)
    return table.assign(label=[f"Wearer {at:03d}" for at in range(1, count + 1)])
