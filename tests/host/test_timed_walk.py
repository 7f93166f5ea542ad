"""Timed walks: speed from the distance, clinic limits by class and source, and a verb one good hand can use."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from host.commands import Talus, refused
from host.made_records import utc_ms
from host.stores import NOON, Brace, lived

from talus_host.metrics.timed_walk import brace_effect, compared, comparisons, limit_mps, timed_walks
from talus_host.store import Store


def walks(*rows: tuple[float, float, float, int]) -> pd.DataFrame:
    """(hours after noon, metres, seconds, brace on)"""
    table = pd.DataFrame(rows, columns=["h", "distance_m", "seconds", "brace_on"])
    return table.assign(at_ms=(NOON + table.pop("h") * 3_600_000).astype("int64"))


NOBODY = pd.DataFrame({"utc_ms": [], "duration_s": [], "valid": []}).astype({"valid": bool})


def test_speed_is_the_distance_over_the_time_and_an_unseen_walk_has_no_strides() -> None:
    strides = pd.DataFrame({"utc_ms": [NOON + 1000, NOON + 2200, NOON + 3400, NOON + 30_000], "duration_s": 1.2})
    strides["valid"] = [True, True, False, True]
    found = timed_walks(walks((0, 10, 12.5, 1), (1, 10, 20, 0), (2, 7.62, 10, 1)), strides)
    assert found["speed_mps"].tolist() == pytest.approx([0.8, 0.5, 0.762])
    assert found["strides"].tolist()[0] == 2 and found["strides"].isna().tolist() == [False, True, True]
    assert found["cadence_spm"].iloc[0] == pytest.approx(100)


@pytest.mark.parametrize(("speed", "limit"), [(0.39, 0.10), (0.4, 0.15), (0.79, 0.15), (0.8, 0.18), (1.3, 0.18)])
def test_the_limit_is_that_of_the_earlier_walks_class(speed: float, limit: float) -> None:
    """MDC95 of Lewek 2019: below 0.4, to 0.8, above."""
    assert limit_mps(speed) == limit
    assert compared(speed, speed + limit, 10).word == "real change"
    assert compared(speed, speed - limit, 10).word == "real change"
    assert compared(speed, speed + limit - 0.01, 10).word == "no clear change"


def test_what_is_meaningful_after_a_stroke_is_said_beside_what_is_real() -> None:
    small, large = compared(0.3, 0.42, 10), compared(0.3, 0.47, 10)
    assert (small.word, large.word) == ("real change", "real change")
    assert small.why.endswith("not reached") and not large.why.endswith("not reached")
    for source in ("Lewek 2019", "Hosoi 2023", "Tilson 2010", "stroke"):
        assert source in large.why


def test_25_feet_are_judged_by_a_fifth_as_in_ms() -> None:
    assert compared(1.0, 1.2, 7.62).word == "real change"
    assert compared(1.0, 0.81, 7.62).word == "no clear change"
    assert "MS (Hobart 2013)" in compared(1.0, 1.2, 7.62).why


def test_only_walks_of_one_kind_are_compared() -> None:
    table = timed_walks(walks((0, 10, 20, 1), (24, 10, 12, 0), (48, 7.62, 8, 1), (72, 10, 14, 1)), NOBODY)
    found = comparisons(table)
    assert found[["distance_m", "brace_on"]].to_numpy().tolist() == [[10, 1]]
    assert found["change_mps"].iloc[0] == pytest.approx(10 / 14 - 0.5)


def test_the_brace_is_judged_against_the_nearest_walk_without_it() -> None:
    table = timed_walks(walks((0, 10, 12.5, 1), (0.2, 10, 20, 0), (40, 10, 10, 0), (0.1, 7.62, 8, 0)), NOBODY)
    found = brace_effect(table)
    assert found["difference_mps"].tolist() == pytest.approx([0.3])


@pytest.fixture
def data(tmp_path: Path) -> Path:
    def life(brace: Brace) -> None:
        brace.minutes(NOON, 5, 1)
        brace.walk(NOON + 60_000, 12)
        brace.clock(NOON + 30_000)

    return lived(tmp_path, life)


def test_a_walk_by_the_stopwatch_is_kept_listed_and_taken_back(talus: Talus, data: Path) -> None:
    where = ("--data", str(data))
    kept = talus("walk", "--distance", "10m", "--seconds", "12.5", "--at", "2026-05-05T12:01:00", *where)
    assert kept.returncode == 0 and "0.80" in kept.stdout
    assert talus("walk", "--distance", "10m", "--seconds", "20", "--at", "2026-05-05T12:10", "--brace", "off", *where)
    told = json.loads(talus("walk", "--json", *where).stdout)
    assert [one["at_ms"] for one in told["walks"]] == [NOON + 60_000, NOON + 600_000]
    assert told["walks"][0]["strides"] == 12 and told["walks"][1]["strides"] is None
    assert told["brace_effect"][0]["difference_mps"] == pytest.approx(0.3)
    gone = talus("walk", "--undo", *where)
    assert "taken back: 10m in 20.0 s" in gone.stderr
    assert len(json.loads(talus("walk", "--json", *where).stdout)["walks"]) == 1


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--distance", "6m", "--seconds", "9"), 65, "distance '6m': is none of 10m, 25ft"),
        (("--distance", "6m"), 65, "distance '6m': is none of 10m, 25ft"),  # and not only after the walk
        (("--distance", "10m", "--seconds", "0.5"), 65, "seconds 0.5: is not from 1 to 600"),
        (("--distance", "10m", "--seconds", "-4"), 65, "seconds -4.0: is not from 1"),
        (("--distance", "10m", "--seconds", "2"), 65, "5.0 m/s over 10m is no walking"),
        (("--distance", "10m", "--seconds", "nan"), 65, "seconds nan: is not from 1"),
        (("--distance", "10m", "--seconds", "9", "--at", "noon"), 65, "at 'noon': is not a time"),
        (
            ("--distance", "10m", "--seconds", "9", "--at", "2199-01-01T10:00"),
            65,
            "at 2199-01-01 09:00:00 UTC: this walk would end",
        ),
        (("--seconds", "9"), 64, "belong to a --distance"),
        (("--distance", "10m", "--brace", "maybe", "--seconds", "9"), 64, "neither on nor off"),
        (("--undo",), 65, "undo: there is no timed walk"),
        (("--person", "B"), 65, "there is none of that label"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_line(
    talus: Talus, data: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    refused(talus("walk", *words, "--data", str(data)), code, said)
    with Store(data / "talus.db", create=False) as store:
        assert store.timed_walks("1").empty


def test_the_same_moment_is_not_kept_twice(tmp_path: Path) -> None:
    with Store(tmp_path / "talus.db") as store:
        person = store.add_person("A", "UTC")
        now = utc_ms("2026-05-05T12:00:00")
        store.add_timed_walk(person, now, "10m", 12.0, True, now + 20_000)
        with pytest.raises(Exception, match="there is a walk of this moment"):
            store.add_timed_walk(person, now, "10m", 12.0, True, now + 20_000)
        assert len(store.timed_walks(person)) == 1
        assert np.isnan(store.timed_walks(person)["strides"].iloc[0])
