"""A figure that is missing says why, from the channels it needs to the strides it lacks, and nothing is guessed."""

import numpy as np
import pandas as pd
import pytest

from talus_host.metrics.needed import NEEDS, missing
from talus_host.store.schema import DAY_MEASURES

WALKED = {"side": "left", "day": 1, "worn_h": 8.0, "coverage": 1.0, "strides_valid": 900.0}
NO_PARTS = pd.DataFrame(columns=["side", "day", "sensor", "state", "reason"])


def why(measure: str, parts: pd.DataFrame = NO_PARTS, **day: float) -> str:
    found = missing(pd.DataFrame([WALKED | {measure: np.nan} | day]), parts)
    assert found["measure"].tolist() == [measure]
    return str(found["why"].iloc[0])


def part(sensor: str, state: str, reason: str) -> pd.DataFrame:
    return pd.DataFrame([{"side": "left", "day": 1, "sensor": sensor, "state": state, "reason": reason}])


def test_the_first_reason_that_holds_is_told() -> None:
    assert why("stance_pct", coverage=0.0, worn_h=np.nan) == "no record of this day"
    assert why("stance_pct", worn_h=0.0, strides_valid=0.0) == "the brace was not worn"
    assert why("stance_pct", strides_valid=0.0) == "no walking was seen"
    assert why("stance_pct", strides_valid=6.0) == "fewer than 10 strides in walks of 10 s or more"
    assert why("heel_first_pct") == "fewer than 20 strides with a known contact"


@pytest.mark.parametrize("state", ["absent", "failed"])
def test_a_channel_that_is_missing_or_broken_is_named(state: str) -> None:
    told = part("encoder", state, "it does not answer")
    assert why("swing_dorsiflexion_deg", told) == f"encoder {state}: it does not answer"
    assert "encoder" not in why("moment_swing_nm", told), "it does not need the encoder"


def test_a_doubtful_channel_or_another_day_explains_nothing() -> None:
    assert why("swing_dorsiflexion_deg", part("encoder", "degraded", "jumps")).startswith("fewer than")
    assert why("swing_dorsiflexion_deg", part("encoder", "failed", "dead").assign(day=2)).startswith("fewer than")


def test_standing_is_asked_for_where_the_figure_stands_on_it() -> None:
    assert why("shank_to_vertical_deg").startswith("no standing calibration, or")


def test_one_of_two_channels_is_enough_and_both_gone_are_both_named() -> None:
    encoder, accel = part("encoder", "failed", "no answer"), part("imu_accel", "absent", "not fitted")
    assert why("shank_to_vertical_deg", encoder).startswith("no standing calibration")
    both = pd.concat([encoder, accel], ignore_index=True)
    assert why("shank_to_vertical_deg", both) == "encoder failed: no answer and imu_accel absent: not fitted"


def test_what_was_measured_needs_no_reason() -> None:
    assert missing(pd.DataFrame([WALKED | {"stance_pct": 61.0}]), NO_PARTS).empty


def test_every_measure_that_can_be_missing_has_its_needs() -> None:
    always = {
        "worn_h", "not_worn_h", "unknown_h", "day_h", "coverage", "unknown_waking_h", "steps", "strides",
        "strides_valid", "strides_measured", "walking_min", "longest_walk_min",
        "scuffs", "drags", "trips", "possible_stumbles", "adjustments", "low_confidence_h",
    }  # fmt: skip
    assert set(NEEDS) == set(DAY_MEASURES) - always
