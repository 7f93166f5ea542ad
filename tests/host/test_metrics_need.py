"""Who needs a look first: each reason by itself, the order of all of them, ties, and what is not known."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from talus_host.metrics.adherence import adherence, in_force, targets
from talus_host.metrics.flags import FLAGS
from talus_host.metrics.limits import DEFAULTS, LIMITS, refusal
from talus_host.metrics.need import CODES, need
from talus_host.metrics.wear_ranges import met_ranges

# Somebody of whom all is known and nothing found.
WELL: dict[str, Any] = {
    **{"person_id": "1", "care_ended": False, "paused": False, "has_brace": True, "prescribed": True, "judged": True},
    **{"assessable": True},
    **{"battery_unknown": False, "red_open": 0, "red_7d": 0, "amber_7d": 0, "worse": 0, "flags_clear": 8, "days": 14},
    **{"days_valid": 14, "days_since_data": 0.0, "met_pct_low": 90.0, "met_pct_high": 95.0, "battery_pct": 80.0},
    **{"fault": 0.0, "days_to_visit": np.nan},
    **{f"flag_{name}": False for name in FLAGS if name != "no_data"},
    **DEFAULTS,
}
NAN = float("nan")
# (reason, what makes it hold, what does not quite), worst first: clinical reference 0.4.1, 5.6
CASES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("pressure_red_open", {"red_open": 1}, {}),
    ("sudden_loss", {"flag_sudden_loss": True}, {}),
    ("no_data", {"days_since_data": 3.0}, {"days_since_data": 2.0}),
    ("never_any_data", {"days_since_data": NAN}, {}),
    ("fibular_head", {"flag_fibular_head": True}, {}),
    ("told_skin", {"flag_told_skin": True}, {}),
    ("told_numbness", {"flag_told_numbness": True}, {}),
    ("told_fall", {"flag_told_fall": True}, {}),
    ("pressure_red", {"red_7d": 1}, {}),
    ("adherence_collapse", {"flag_adherence_collapse": True}, {}),
    ("not_assessable", {"assessable": False, "days_valid": 9}, {}),
    ("heel_first_fall", {"flag_heel_first_fall": True}, {}),
    ("stumbles", {"flag_stumbles": True}, {}),
    ("drags", {"flag_drags": True}, {}),
    ("brace_stiffness", {"flag_brace_stiffness": True}, {}),
    ("brace_neutral", {"flag_brace_neutral": True}, {}),
    ("worse", {"worse": 1}, {}),
    ("pressure_amber", {"amber_7d": 3}, {"amber_7d": 2}),
    ("adherence_low", {"met_pct_low": 40.0, "met_pct_high": 79.9}, {"met_pct_low": 80.0, "met_pct_high": 80.0}),
    ("adherence_unclear", {"met_pct_low": 79.9, "met_pct_high": 80.0}, {}),
    ("brace_fault", {"fault": 3.0}, {}),
    ("battery_low", {"battery_pct": 20.0}, {"battery_pct": 21.0}),
    ("visit_soon", {"days_to_visit": 7.0}, {"days_to_visit": 8.0}),
    ("no_brace", {"has_brace": False, "fault": NAN, "days_since_data": NAN, "days": 0, "assessable": False}, {}),
    ("not_judged", {"judged": False}, {}),
    ("too_new", {"days": 0, "assessable": False, "days_valid": 0}, {}),
    ("flags_unknown", {"flags_clear": 0}, {"flags_clear": 1}),
    ("no_prescription", {"prescribed": False, "met_pct_low": NAN, "met_pct_high": NAN}, {}),
    ("adherence_unseen", {"met_pct_low": NAN, "met_pct_high": NAN}, {}),
    ("fault_unknown", {"fault": NAN}, {}),
    ("battery_unknown", {"battery_unknown": True, "battery_pct": NAN}, {}),
    ("care_ended", {"care_ended": True}, {}),
    ("paused", {"paused": True}, {}),
    ("nothing_found", {}, {}),
]


def people(*changes: dict[str, Any]) -> pd.DataFrame:
    return need(pd.DataFrame([WELL | {"person_id": str(at + 1)} | one for at, one in enumerate(changes)]))


def test_every_reason_stands_alone_and_all_in_this_order() -> None:
    found = people(*(holds for _, holds, _ in reversed(CASES)))
    assert found["reason"].tolist() == [code for code, _, _ in CASES] == list(CODES)
    assert found["need"].tolist() == list(range(1, len(CASES) + 1))
    assert found["reasons"].tolist() == [(code,) for code, _, _ in CASES]


@pytest.mark.parametrize(("code", "almost"), [(code, almost) for code, _, almost in CASES if almost])
def test_what_stays_within_its_limit_is_no_reason(code: str, almost: dict[str, Any]) -> None:
    assert people(almost).loc[0, "reasons"] == ("nothing_found",)


def test_of_one_reason_the_larger_need_comes_first_then_more_reasons_then_who_was_there_first() -> None:
    silent = people({"days_since_data": 4.0}, {"days_since_data": 9.0})
    assert silent["person_id"].tolist() == ["2", "1"] and silent["figure"].tolist() == [9, 4]
    little = people({"met_pct_low": 50.0, "met_pct_high": 60.0}, {"met_pct_low": 10.0, "met_pct_high": 20.0})
    assert little["person_id"].tolist() == ["2", "1"]  # less worn, more need
    more = people({"days_since_data": 4.0}, {"days_since_data": 4.0, "battery_pct": 5.0})
    assert more["person_id"].tolist() == ["2", "1"]
    assert people(*({"days_since_data": 4.0} for _ in range(11)))["person_id"].tolist()[-2:] == ["10", "11"]


def test_the_worst_reason_decides_and_all_are_told() -> None:
    found = people({"battery_pct": 5.0, "amber_7d": 4, "flag_sudden_loss": True})
    assert found.loc[0, "reasons"] == ("sudden_loss", "pressure_amber", "battery_low")
    assert np.isnan(found.loc[0, "figure"])


def test_of_somebody_who_agrees_to_care_no_longer_only_that_is_told() -> None:
    told = {"care_ended": True, "paused": True, "red_open": 2, "days_since_data": 30.0, "days_to_visit": 1.0}
    assert people(told).loc[0, "reasons"] == ("care_ended",)


def test_of_somebody_who_is_paused_only_that_and_a_visit_are_told() -> None:
    found = people({"paused": True, "red_open": 2, "days_since_data": 30.0, "days_to_visit": 1.0})
    assert found.loc[0, "reasons"] == ("visit_soon", "paused")


def test_nothing_that_is_unknown_is_fine() -> None:
    unknown = {"days_since_data": NAN, "met_pct_low": NAN, "met_pct_high": NAN, "battery_pct": NAN, "fault": NAN}
    found = people({}, unknown | {"battery_unknown": True, "judged": False, "assessable": False})
    assert found["reason"].tolist() == ["never_any_data", "nothing_found"]


def test_limits_of_ones_own_move_the_reason() -> None:
    own = (
        {"no_data_days": 5.0, "days_since_data": 4.0},
        {"adherence_pct": 96.0},
        {"pressure_red_week": 2.0, "red_7d": 1},
    )
    found = people(*own).set_index("person_id")
    assert found.loc[["1", "2", "3"], "reason"].tolist() == ["nothing_found", "adherence_low", "nothing_found"]


def test_every_default_lies_in_its_own_range() -> None:
    assert [one.name for one in LIMITS if refusal(one.name, one.default)] == []


def test_no_people_is_no_row() -> None:
    assert need(pd.DataFrame([WELL]).iloc[:0]).empty


def test_ranges_by_hand() -> None:
    """Four days of 8 h asked: 8, 4, unknown, 12 worn. Low: (1 + 1/2 + 0 + 1) / 4; high: of the three that are known."""
    worn_h = np.array([[8.0, 4.0, np.nan, 12.0]])
    valid = np.isfinite(worn_h)
    found = met_ranges(worn_h, valid, np.ones((1, 4), bool), np.full((1, 4), 8.0))
    assert (found.met_pct_low[0], found.met_pct_high[0]) == (62.5, pytest.approx(250 / 3))
    few = met_ranges(worn_h, valid & (worn_h > 5), np.ones((1, 4), bool), np.full((1, 4), 8.0))
    assert not few.assessable[0] and np.isnan(few.met_pct_high[0])


def test_ranges_of_many_legs_are_those_of_one_leg_at_a_time() -> None:
    dice = np.random.default_rng(5)
    legs, days = 60, 14
    worn_h = np.where(dice.random((legs, days)) < 0.15, np.nan, dice.uniform(0, 14, (legs, days)))
    status = np.where(np.isnan(worn_h), "missing", np.where(dice.random((legs, days)) < 0.1, "partial", "valid"))
    number = 20_000 + np.arange(days)
    date = number.astype("datetime64[D]").astype("datetime64[s]")
    rows, wanted = [], np.full((legs, days), np.nan)
    for leg in range(legs):
        kind = ("hours", "break_in", "walking", "none")[leg % 4]
        rows.append((leg, 20_003 if leg % 3 else 19_000, kind, 6.0, 9.0, 0.5))
    given = pd.DataFrame(rows, columns=["leg", "from_number", "kind", "hours", "hours_max", "hours_more"])
    wanted = in_force(np.repeat(np.arange(legs), days), np.tile(number, legs), given)["target_h"].reshape(legs, days)
    found = met_ranges(worn_h, status == "valid", np.ones((legs, days), bool), wanted)
    for leg in range(legs):
        rx = given.iloc[[leg]].assign(side="left")
        rx["from_day"] = pd.to_datetime(rx["from_number"].to_numpy().astype("datetime64[D]"))
        table = pd.DataFrame({"side": "left", "day": date, "status": status[leg], "day_class": "gait"})
        table = table.assign(worn_h=worn_h[leg], steps=1.0, walking_min=1.0)
        one = adherence(table, rx).iloc[0]
        assert (found.days_valid[leg], found.assessable[leg]) == (one["days_valid"], one["assessable"])
        told = one[["met_pct_low", "met_pct_high"]].to_numpy(float)
        np.testing.assert_allclose([found.met_pct_low[leg], found.met_pct_high[leg]], told, rtol=1e-12)


def test_a_break_in_rises_to_its_maximum_and_the_later_prescription_holds() -> None:
    """2 h and half an hour more each day up to 3; from the tenth 6 h; nothing before the first."""
    rows = [("left", "2026-05-02", "break_in", 2.0, 3.0, 0.5), ("left", "2026-05-10", "hours", 6.0, np.nan, np.nan)]
    given = pd.DataFrame(rows, columns=["side", "from_day", "kind", "hours", "hours_max", "hours_more"])
    days = pd.DataFrame(
        {"side": "left", "day": pd.to_datetime([f"2026-05-0{n}" for n in range(1, 7)] + ["2026-05-10"])}
    )
    found = targets(given, days)
    assert found["target_h"].fillna(-1).tolist() == [-1, 2, 2.5, 3, 3, 3, 6]
    assert found["kind"].tolist() == ["", *["break_in"] * 5, "hours"]
