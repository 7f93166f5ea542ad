"""Pressure: kPa inside, mmHg outside, pinned by hand; and events joined from the brace's records."""

import math

import pandas as pd
import pytest

from talus.wire.kinds import SITES
from talus_host.metrics.pressure_events import pressure_events
from talus_host.metrics.pressure_minutes import KPA_PER_MMHG, UNKNOWN_SITE, pressure_minutes

MINUTE = 60_000


def test_units_are_pinned() -> None:
    assert pytest.approx(4.666, abs=5e-4) == 35 * KPA_PER_MMHG
    assert pytest.approx(67.5, abs=0.01) == 9 / KPA_PER_MMHG


def minutes(*rows: tuple[float, list[float], list[str]]) -> pd.DataFrame:
    """(worn, kPa of four channels, their sites)."""
    made = []
    for worn, kpa, sites in rows:
        row: dict[str, object] = {"day": 3, "worn": worn}
        row |= {f"pressure_{i + 1}_kpa": v for i, v in enumerate(kpa)}
        made.append(row | {f"site_{i + 1}": s for i, s in enumerate(sites)})
    return pd.DataFrame(made)


SET = ["fibular_head", "lateral_malleolus", "heel", "none"]
NAN = math.nan


def test_minutes_above_each_sites_own_levels() -> None:
    # 25 mmHg = 3.333 kPa and 50 = 6.666 at the fibular head; 35 = 4.666 and 67 = 8.933 elsewhere. The wire's step is
    # 0.01 kPa: 8.93 may be the level itself, 4.66 and 6.66 are below theirs by more than half a step.
    table = minutes(
        (1.0, [3.33, 4.66, 4.67, NAN], SET),
        (1.0, [3.34, 8.93, 8.94, NAN], SET),
        (1.0, [6.67, 1.0, 20.0, NAN], SET),
        (NAN, [6.66, 1.0, NAN, NAN], SET),
        (0.0, [30.0, 30.0, 30.0, 30.0], SET),  # off: nothing presses on anybody
    )
    found = pressure_minutes(table).set_index("channel")
    assert found["site"].to_dict() == {1: "fibular_head", 2: "lateral_malleolus", 3: "heel"}
    assert found["minutes_amber"].to_dict() == {1: 4, 2: 1, 3: 3}
    assert found["minutes_red"].to_dict() == {1: 1, 2: 1, 3: 2}
    assert found["measured_min"].to_dict() == {1: 4, 2: 4, 3: 3}
    assert found.loc[3, "sustained_median_kpa"] == 8.94


def test_an_assigned_channel_that_was_not_measured_is_a_row_of_nan() -> None:
    found = pressure_minutes(minutes((1.0, [NAN, 2.0, NAN, NAN], ["heel", UNKNOWN_SITE, UNKNOWN_SITE, "none"])))
    assert found["site"].tolist() == ["heel", UNKNOWN_SITE]
    first = found.iloc[0]
    assert first["measured_min"] == 0
    assert math.isnan(first["minutes_amber"]) and math.isnan(first["minutes_red"])


def test_a_channel_moved_to_another_site_is_two_rows() -> None:
    moved = ["dorsal_strap", *SET[1:]]
    table = minutes((1.0, [5.0, NAN, NAN, NAN], SET), (1.0, [5.0, NAN, NAN, NAN], moved))
    found = pressure_minutes(table)
    first = found[found["channel"] == 1].set_index("site")
    assert first["minutes_amber"].to_dict() == {"dorsal_strap": 1, "fibular_head": 1}


def record(
    row: int, minute: int, *, ended: int = 0, tier: int = 1, back: int = 0, channel: int = 1, boot: int = 1
) -> dict:
    found = {"row": row, "utc_ms": minute * MINUTE, "boot": boot, "channel": float(channel), "site": SITES[1]}
    found |= {"tier": float(tier), "ended": float(ended), "lasted_min": float(back), "onset_back_min": float(back)}
    return found | {"peak_kpa": 5.0 + tier, "mean_kpa": 4.0, "dose_kpah": back / 60}


def events(*rows: dict, last_boot: int | None = 1) -> pd.DataFrame:
    return pressure_events(pd.DataFrame(list(rows)), last_boot=last_boot)


def test_begin_rise_and_end_are_one_event() -> None:
    found = events(record(5, 115, back=15), record(9, 160, tier=2, back=60), record(12, 200, tier=2, ended=1, back=100))
    assert len(found) == 1
    event = found.iloc[0]
    assert (event["first"], event["start_ms"], event["end_ms"]) == (5, 100 * MINUTE, 200 * MINUTE)
    assert (event["tier"], event["peak_kpa"], event["minutes"], event["site"]) == ("red", 7.0, 100, "fibular_head")


def test_an_event_without_an_end_is_open_while_its_boot_may_run() -> None:
    assert math.isnan(events(record(5, 115, back=15)).iloc[0]["end_ms"])


def test_a_restart_ends_an_event_at_its_last_known_moment() -> None:
    found = events(record(5, 115, back=15), record(9, 160, tier=2, back=60), last_boot=2)
    assert found.iloc[0]["end_ms"] == 160 * MINUTE
    again = events(record(5, 115, back=15), record(9, 500, back=15, boot=2), last_boot=2)
    assert again["start_ms"].tolist() == [100 * MINUTE, 485 * MINUTE]
    assert again["end_ms"].iloc[0] == 115 * MINUTE and math.isnan(again["end_ms"].iloc[1])


def test_an_end_that_was_lost_does_not_join_two_events() -> None:
    found = events(record(5, 115, back=15), record(9, 300, back=15), record(10, 310, ended=1, back=25))
    assert found["start_ms"].tolist() == [100 * MINUTE, 285 * MINUTE]
    assert found["end_ms"].tolist() == [115 * MINUTE, 310 * MINUTE]


def test_channels_are_kept_apart() -> None:
    found = events(
        record(1, 115, back=15),
        record(2, 120, back=10, channel=2),
        record(3, 140, ended=1, back=40),
        record(4, 180, ended=1, back=70, channel=2),
    )
    assert found["channel"].tolist() == [1, 2]
    assert found["minutes"].tolist() == [40, 70]
    assert events().empty
