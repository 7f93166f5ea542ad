"""The host's table of cases as rows of a grid: for each person what is shown in words, and what it is sorted by.

Pure. What is not known has no number to sort by and says so; nothing that was not claimed has an arrow.
"""

from typing import Any

import pandas as pd

from talus_dashboards.words import Words

NAN = float("nan")
ALL = "all"
# Codes of the host's reasons that ask for nothing to be done about the person now.
QUIET = frozenset(
    {
        *("visit_soon", "no_brace", "not_judged", "too_new", "flags_unknown", "no_prescription", "adherence_unseen"),
        *("fault_unknown", "battery_unknown", "care_ended", "paused", "nothing_found"),
    }
)
NO_DATA = frozenset({"no_data", "never_any_data"})
PRESSING = frozenset({"pressure_red_open", "fibular_head", "pressure_red", "pressure_amber"})
VISIT_DAYS = 7
TAGS = (ALL, "look", "no_data", "pressure", "visit")
HOURS_A_DAY = 24
ARROWS = {1: "↑", -1: "↓"}
LOW_PERCENT = 20


FIGURES = ("wear", "change", "days", "sync_h", "pressed", "battery")  # of the brace and how it is worn
NOBODY_JUDGED = {
    "care_ended": False, "paused": False, "reason": "not_judged", "figure": NAN, "reasons": ("not_judged",),
    "judged": False, "claims": (), "days": 0, "days_valid": 0, "days_with_data": 0, "assessable": False,
    "met_pct_low": NAN, "met_pct_high": NAN, "prescribed": False, "sync_age_h": NAN, "battery_pct": NAN, "red_14d": 0,
    "amber_14d": 0, "red_open": 0, "amber_open": 0, "visit_day": pd.NaT, "days_to_visit": NAN,
}  # fmt: skip


def unjudged(people: pd.DataFrame) -> pd.DataFrame:
    """Cases of people (person_id, label) of whom a reader judges nothing: every figure is unknown and said to be."""
    return people.assign(**{name: [value] * len(people) for name, value in NOBODY_JUDGED.items()})


def rows(table: pd.DataFrame, words: Words) -> list[dict[str, Any]]:
    """One dict per person, in the table's order: the fields of the grid's columns, `text` by field, tags, path."""
    return [_row(rank, one, words) for rank, one in enumerate(table.to_dict("records"), start=1)]


def _row(rank: int, one: dict[str, Any], words: Words) -> dict[str, Any]:
    paused = bool(one["paused"])
    pressed = int(one["red_14d"] + one["amber_14d"])
    numbers: dict[str, Any] = {
        "label": str(one["label"]), "rank": rank, "wear": _known(one["met_pct_low"]), "change": len(one["claims"]),
        "days": _known(one["days_with_data"]), "sync_h": _known(one["sync_age_h"]), "pressed": pressed,
        "battery": _known(one["battery_pct"]), "visit_d": _known(one["days_to_visit"]),
    }  # fmt: skip
    told = {"label": str(one["label"]), "rank": reasons(one, words), "visit_d": visit(one, words)}
    if one["care_ended"]:
        numbers |= dict.fromkeys((*FIGURES, "visit_d"))
        told |= dict.fromkeys((*FIGURES, "visit_d"), words.caseload.CARE_ENDED)
    elif paused:
        told |= dict.fromkeys(FIGURES, words.caseload.PAUSED)
    else:
        told |= {
            "wear": wear(one, words), "change": change(one, words), "days": days(one, words),
            "sync_h": sync(one, words), "pressed": pressure(one, words), "battery": battery(one, words),
        }  # fmt: skip
    person = str(one["person_id"])
    names = words.caseload.COLUMNS
    card = [[names[field], told[field]] for field in FIGURES]
    return numbers | {
        "id": person,
        "path": f"/person/{person}",
        "text": told,
        "card": [*card, [names["visit_d"], told["visit_d"]]],
        "tags": f" {' '.join(tags(one))} ",
    }


def _known(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def tags(one: dict[str, Any]) -> list[str]:
    """Which of the filters hold for a person."""
    codes = set(one["reasons"])
    pressed = one["red_14d"] + one["amber_14d"] + one["red_open"] + one["amber_open"]
    soon = pd.notna(one["days_to_visit"]) and 0 <= one["days_to_visit"] <= VISIT_DAYS
    held = {
        ALL: True, "look": bool(codes - QUIET), "no_data": bool(codes & NO_DATA),
        "pressure": bool(pressed or codes & PRESSING), "visit": bool(soon),
    }  # fmt: skip
    return [name for name in TAGS if held[name]]


def reasons(one: dict[str, Any], words: Words) -> str:
    """The worst reason with its figure, and how many others hold."""
    told = words.caseload
    code = str(one["reason"])
    figure = words.number(one["figure"]) if pd.notna(one["figure"]) else words.NOT_KNOWN
    if one["reason"] == "not_assessable":
        figure = words.number(one["days_valid"])
    first = str(told.REASONS.get(code, code)).format(figure=figure, days=words.number(one["days"]))
    others = [str(told.SHORT.get(other, other)) for other in one["reasons"] if other != code]
    return first + (told.ALSO.format(others=", ".join(others)) if others else "")


def wear(one: dict[str, Any], words: Words) -> str:
    """Wear of 14 days as a share of what was prescribed, a range; or why there is none."""
    told = words.caseload
    if not one["days"] or not one["assessable"]:
        return str(told.NOT_ASSESSABLE)
    if not one["prescribed"]:
        return str(told.NOT_PRESCRIBED)
    if pd.isna(one["met_pct_high"]):
        return str(told.NOT_IN_HOURS)
    low, high = (words.number(one[name]) for name in ("met_pct_low", "met_pct_high"))
    return str(told.WEAR_ONE.format(high=high) if low == high else told.WEAR.format(low=low, high=high))


def change(one: dict[str, Any], words: Words) -> str:
    """Claimed changes alone; where none is claimed there is no arrow, and where nobody judged yet that is said."""
    told = words.caseload
    if not one["claims"]:
        return str(told.NO_CLAIM if one["judged"] else told.NOT_JUDGED)
    lines = []
    for claim in one["claims"]:
        name = words.MEASURES.get(claim["measure"], (claim["measure"], ""))[0]
        difference = claim["difference"]
        arrow = "" if not difference else ARROWS[1 if difference > 0 else -1] + " "
        verdict = words.person.VERDICTS[claim["verdict"]]
        lines.append(told.CLAIM.format(arrow=arrow, name=name, verdict=verdict, side=words.SIDE_LEG[claim["side"]]))
    return "; ".join(lines)


def days(one: dict[str, Any], words: Words) -> str:
    if not one["days"]:
        return str(words.NOT_KNOWN)
    return str(words.caseload.DAYS.format(seen=words.number(one["days_with_data"]), of=words.number(one["days"])))


def sync(one: dict[str, Any], words: Words) -> str:
    """How long ago the brace that is silent longest was heard."""
    told = words.caseload
    hours = one["sync_age_h"]
    if pd.isna(hours):
        return str(told.NEVER if "never_any_data" in one["reasons"] else words.NOT_KNOWN)
    if hours < 1:
        return str(told.JUST_NOW)
    if hours < 2 * HOURS_A_DAY:
        return str(told.HOURS_AGO.format(hours=words.number(int(hours))))
    return str(told.DAYS_AGO.format(days=words.number(int(hours // HOURS_A_DAY))))


def pressure(one: dict[str, Any], words: Words) -> str:
    """Events of 14 days. None recorded is not "no pressure": a place that is not measured records none."""
    told = words.caseload
    red, amber = int(one["red_14d"]), int(one["amber_14d"])
    still = int(one["red_open"] + one["amber_open"])
    if not red + amber + still:
        return str(told.PRESSURE_NONE if one["days_with_data"] else words.NOT_KNOWN)
    text = str(told.PRESSURE.format(red=red, amber=amber))
    return text + (told.PRESSURE_OPEN.format(open=still) if still else "")


def battery(one: dict[str, Any], words: Words) -> str:
    if pd.isna(one["battery_pct"]):
        return str(words.NOT_KNOWN)
    low = one["battery_pct"] <= LOW_PERCENT
    return str((words.caseload.BATTERY_LOW if low else words.caseload.BATTERY).format(
        percent=words.number(one["battery_pct"])
    ))  # fmt: skip


def visit(one: dict[str, Any], words: Words) -> str:
    told = words.caseload
    if pd.isna(one["days_to_visit"]):
        return str(told.NO_VISIT)
    ahead = int(one["days_to_visit"])
    when = told.VISIT_DAYS[ahead] if ahead < 2 else told.VISIT_IN.format(days=words.number(ahead))
    return str(told.VISIT.format(day=words.day_short(pd.Timestamp(one["visit_day"]).date()), when=when))
