"""What followed a long pressure, by hand; and the same from records of a brace, through the store."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from host.made_records import Brace, utc_ms

from talus.wire.kinds import PROMPTS, SITES, TIERS
from talus_host.metrics.pressure_response import pressure_responses, prompts_by_day
from talus_host.store import Store

MINUTE = 60_000
NAN = math.nan


def minutes(kpa: list[float], strides: int = 0) -> pd.DataFrame:
    """A minute each, from 0 on, of channel 2."""
    rows = {f"pressure_{c}_kpa": [NAN] * len(kpa) for c in (1, 2, 3, 4)} | {"pressure_2_kpa": kpa}
    frame = pd.DataFrame(rows).assign(utc_ms=np.arange(len(kpa)) * MINUTE, strides=float(strides), still_axes=2.0)
    return frame.assign(liner_degc=33.0)


def told(*, kpa: list[float], at_min: int = 15, off_min: float | None = None, silenced: int = 0, site: str = "heel"):
    event = pd.DataFrame([{"start_ms": 0.0, "end_ms": NAN, "channel": 2, "site": site}])
    prompts = pd.DataFrame([{"utc_ms": float(at_min * MINUTE), "channel": 2.0, "silenced": float(silenced)}])
    off = np.array([] if off_min is None else [off_min * MINUTE])
    return pressure_responses(event, minutes(kpa), prompts, off).iloc[0]


HIGH = [5.5] * 20  # 41 mmHg
LOW = 3.0  # 22 mmHg: below 35 less 10, which are 3.333 kPa
MIDDLE = 3.4


@pytest.mark.parametrize(
    ("kpa", "off_min", "response", "after"),
    [
        (HIGH + [LOW] * 30, None, "loosened", 6.0),
        (HIGH + [MIDDLE] * 30, None, "none", NAN),  # less, but not by 10 mmHg
        ([5.5] * 50, None, "none", NAN),
        ([5.5] * 34 + [LOW] * 10, None, "loosened", 20.0),
        ([5.5] * 36 + [LOW] * 10, None, "none", NAN),  # after 22 minutes: too late to be an answer
        (HIGH + [LOW] * 30, 22.0, "taken_off", 7.0),  # it fell because it came off
        (HIGH + [0.0] * 30, 19.5, "taken_off", 4.5),
        (HIGH + [LOW] * 30, 40.0, "loosened", 6.0),  # let out, worn on, and off much later
        (HIGH + [NAN] * 30, None, None, NAN),  # nobody knows
        ([5.5] * 25, None, None, NAN),  # the data end
    ],
)
def test_the_answer_within_twenty_minutes(
    kpa: list[float], off_min: float | None, response: str | None, after: float
) -> None:
    found = told(kpa=kpa, off_min=off_min)
    assert found["response"] == response
    assert found["response_min"] == after or (math.isnan(after) and math.isnan(found["response_min"]))


def test_the_fibular_heads_own_level_decides_there() -> None:
    """25 less 10 mmHg are 2.0 kPa."""
    assert told(kpa=HIGH + [LOW] * 30, site="fibular_head")["response"] == "none"
    assert told(kpa=HIGH + [1.9] * 30, site="fibular_head")["response"] == "loosened"


def test_what_the_wearer_did_until_then_and_what_was_felt() -> None:
    found = told(kpa=HIGH + [LOW] * 30, silenced=1)
    assert (found["walking_share"], found["still_share"], found["liner_degc"]) == (0.0, 1.0, 33.0)
    assert (found["prompts_felt"], found["prompts_silenced"]) == (0, 1)
    event = pd.DataFrame([{"start_ms": 0.0, "end_ms": NAN, "channel": 2, "site": "heel"}])
    nothing = pd.DataFrame({"utc_ms": [], "channel": [], "silenced": []})
    silent = pressure_responses(event, minutes(HIGH, strides=30), nothing, np.array([])).iloc[0]
    assert silent["response"] is None and silent["walking_share"] == 1.0, "nobody was told: there is no answer to it"


def test_more_than_one_felt_prompt_a_day_asks_for_a_fitting_review() -> None:
    rows = [(1, 0), (2, 0), (2, 1), (2, 1), (3, 0), (3, 0)]
    found = prompts_by_day(pd.DataFrame(rows, columns=["day", "silenced"]))
    assert found.to_dict("list") == {
        "day": [1, 2, 3], "felt": [1, 1, 2], "silenced": [0, 2, 0], "review": [False, False, True]
    }  # fmt: skip


def test_from_a_braces_records(tmp_path: Path) -> None:
    zone = "Europe/Berlin"
    day = utc_ms("2026-03-03T09:00:00", zone)
    brace = Brace(boot_utc_ms=day)
    brace.clock(day + 1000)
    brace.add(
        "settings", day, settings=1, calibration=1, side=0, imu_place=0, site_1=SITES.index("heel"),
        site_2=SITES.index("fibular_head"), floor_1=9.7, floor_2=1.6,
    )  # fmt: skip
    brace.minutes(day, 30, 1, pressure_1=0.0, pressure_2=5.0, still_axes=1, strides=4, liner=33.5)
    fields = {"channel": 2, "site": SITES.index("fibular_head"), "tier": TIERS.index("amber"), "peak": 5.0, "mean": 5.0}
    brace.add("pressure", day + 20 * MINUTE, ended=0, lasted=10, onset_back=10, dose=0.4, **fields)
    brace.add("prompt", day + 20 * MINUTE, what=PROMPTS.index("pressure_amber"), channel=2, silenced=0)
    brace.minutes(day + 30 * MINUTE, 30, 1, pressure_1=0.0, pressure_2=0.5, still_axes=1, strides=4, liner=33.5)
    brace.add("pressure", day + 36 * MINUTE, ended=1, lasted=26, onset_back=26, dose=0.8, **fields)
    with Store(tmp_path / "talus.db") as store:
        store.assign(0xA1, store.add_person("P1", zone, 8), "left")
        store.put(brace.info(), brace.records, day + 3_600_000)
        event = store.pressure_responses("1").iloc[0]
        assert (event["response"], event["response_min"]) == ("loosened", 11.0)
        assert (event["prompts_felt"], event["still_share"]) == (1, 0.0)
        prompts = store.pressure_prompts("1").iloc[0]
        assert (prompts["felt"], prompts["review"]) == (1, False)
        days = store.pressure_days("1").set_index("site")
        assert store.pressure_responses("1", "2020-01-01", "2020-01-02").empty
    # A floor of 9.7 kPa (73 mmHg): 0 kPa are no minutes above 35 mmHg nor 67, and the dose is not known either.
    heel, head = days.loc["heel"], days.loc["fibular_head"]
    assert heel[["minutes_amber", "minutes_red", "above_35_min", "above_67_min", "dose_kpah"]].isna().all()
    assert heel["measured_min"] == 60 and heel["floor_kpa"] == 9.7
    assert (head["minutes_amber"], head["minutes_red"], head["above_35_min"], head["above_67_min"]) == (30, 0, 30, 0)
    # 5.0 kPa are 37.5 mmHg: 17.5 mmHg over 20 for half an hour are 8.75 mmHg h, 1.167 kPa h
    assert head["dose_kpah"] == pytest.approx((37.5031 - 20) / 2 * 0.133322387415, rel=1e-4)
    assert head["first_hour_median_kpa"] == pytest.approx(2.75)
