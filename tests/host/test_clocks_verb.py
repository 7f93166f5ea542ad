"""`talus clocks`: what is known of time, in numbers worked out by hand, and the unknown as unknown."""

import json
from pathlib import Path

import pandas as pd
import pytest
from host.commands import Talus, refused
from host.made_records import HOUR_MS, Brace
from host.stores import NOON, RECEIVED, ZONE

from talus_host import words_clock
from talus_host.store import Store

DAY_MS = 24 * HOUR_MS


def filed(store: Store, person: str, side: str, brace: Brace) -> None:
    store.assign(brace.device, person, side)
    store.put(brace.info(), brace.records, RECEIVED)


def drifting(device: int, ppm: float = 20) -> Brace:
    """Awake for seven hours, asked each hour by a host that knows it to 5 ms; UTC gains so much on its clock."""
    brace = Brace(device=device, journal=device + 0x100, boot_utc_ms=NOON)
    brace.add("power", NOON, state=0)
    for hour in range(8):
        at = NOON + hour * HOUR_MS
        brace.clock(at, says_ms=at + round(hour * HOUR_MS * ppm * 1e-6))
    return brace


def walking(device: int, side: int, late_ms: int = 0) -> Brace:
    """Eighty strides two minutes after a sync, the right foot 460 ms after the left; another sync an hour later."""
    brace = Brace(device=device, journal=device + 0x100, side=side, boot_utc_ms=NOON)
    brace.add("power", NOON, state=0)
    brace.clock(NOON + 10_000, uncertainty=4)
    brace.walk(NOON + 70_000 + late_ms + 460 * side, 80)
    brace.clock(NOON + HOUR_MS, uncertainty=4)
    return brace


def told(talus: Talus, home: Path, *words: str) -> dict[str, dict[str, list[dict[str, object]]]]:
    done = talus("clocks", "--json", *words, home=home)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_last_exchange_the_drift_and_how_well_records_stand(talus: Talus, store: Store, tmp_path: Path) -> None:
    filed(store, "1", "left", drifting(0xA1))
    store.close()
    (row,) = told(talus, tmp_path)["P1"]["braces"]
    last_utc = pd.Timestamp(NOON + 7 * HOUR_MS, unit="ms", tz="UTC")
    assert row["exchange_utc"] == f"{last_utc:%Y-%m-%dT%H:%M:%SZ}" and row["exchange_within_ms"] == 5
    assert row["drift_ppm"] == pytest.approx(20, abs=1e-6) and 0 < float(str(row["drift_within_ppm"])) < 15
    assert (row["pairs"], row["contradicting"], row["unplaced"]) == (8, 0, 0)
    # At a pair 5 ms; half an hour from both, 15 ppm of wander on the way besides: 5 + 27 ms.
    assert row["placed_worst_ms"] == pytest.approx(5 + 15e-6 * HOUR_MS / 2, abs=0.5)
    assert row["quality"] == "good: to a second or better"
    said = talus("clocks", home=tmp_path).stdout
    assert f"{last_utc:%Y-%m-%d %H:%M} UTC" in said and "+20.0 ± " in said and "± 32 ms" in said
    assert "one leg has no brace, so there is nothing to compare" in said


def test_of_one_exchange_no_drift_is_known_and_of_none_nothing(talus: Talus, store: Store, tmp_path: Path) -> None:
    once, never = Brace(device=1, boot_utc_ms=NOON), Brace(device=2, journal=3, boot_utc_ms=NOON)
    once.clock(NOON)
    never.minutes(NOON, 30, 1)
    filed(store, "1", "left", once)
    filed(store, "1", "right", never)
    store.close()
    left, right = told(talus, tmp_path)["P1"]["braces"]
    assert left["drift_ppm"] is None and left["placed_worst_ms"] == 5
    assert right["exchange_utc"] is right["drift_ppm"] is right["placed_median_ms"] is None
    assert right["unplaced"] == 30 and str(right["quality"]).startswith("unknown: no computer has told it the time")
    said = talus("clocks", home=tmp_path).stdout
    assert "not known" in said and "never" in said and "nothing to compare" in said


def test_what_contradicts_and_what_is_far_from_any_exchange_is_said(talus: Talus, store: Store, tmp_path: Path) -> None:
    brace = drifting(0xA1)
    brace.clock(NOON + 5 * HOUR_MS, says_ms=NOON + 5 * HOUR_MS + DAY_MS)
    brace.minutes(NOON + 40 * DAY_MS, 10, 1)  # of those weeks its power records say nothing: awake
    filed(store, "1", "left", brace)
    store.close()
    (row,) = told(talus, tmp_path)["P1"]["braces"]
    quality = str(row["quality"])
    assert row["contradicting"] == 1 and "; 1 of its clock readings contradict the others" in quality
    assert float(str(row["placed_worst_ms"])) > 1000 and quality.startswith("fair: to a minute")


@pytest.mark.parametrize(("late_ms", "shown"), [(0, True), (HOUR_MS // 2, False)])
def test_both_legs_are_compared_or_the_reason_is_said(
    talus: Talus, store: Store, tmp_path: Path, late_ms: int, shown: bool
) -> None:
    filed(store, "1", "left", walking(0xA0, 0, late_ms))
    filed(store, "1", "right", walking(0xA1, 1, late_ms))
    store.close()
    (day,) = told(talus, tmp_path)["P1"]["both_legs"]
    # 0.46 s to the right foot and 0.64 s back in a stride of 1.1 s: a difference of 0.18 s in a mean of 0.55 s.
    assert day["step_time_asymmetry_pct"] == (pytest.approx(32.7, abs=0.1) if shown else None)
    assert (day["reason"] == "") == shown and (day["hidden"] == 0) == shown
    said = talus("clocks", home=tmp_path).stdout
    assert ("32.7" in said) == shown and ("hidden: the two clocks are known to" in said) != shown


def test_only_the_days_asked_for_are_told(talus: Talus, store: Store, tmp_path: Path) -> None:
    brace = drifting(0xA1)
    brace.restart(NOON + 30 * DAY_MS)
    brace.clock(NOON + 30 * DAY_MS, uncertainty=9)
    brace.add("power", NOON + 30 * DAY_MS + 1000, state=0)
    filed(store, "1", "left", brace)
    store.close()
    (row,) = told(talus, tmp_path, "--days", "7")["P1"]["braces"]
    assert float(str(row["placed_worst_ms"])) < 10, "what was before is no part of it"
    (row,) = told(talus, tmp_path, "--days", "60")["P1"]["braces"]
    assert float(str(row["placed_worst_ms"])) > 30


@pytest.mark.parametrize(
    ("ms", "said"),
    [(float("nan"), "–"), (12.4, "± 12 ms"), (1999, "± 1999 ms"), (5300, "± 5.3 s"), (720_000, "± 12.0 min")],
)
def test_a_span_in_words(ms: float, said: str) -> None:
    assert words_clock.span(ms) == said


def test_nobody_and_a_label_nobody_has(talus: Talus, tmp_path: Path) -> None:
    with Store(tmp_path / "talus.db", zone=ZONE):
        pass
    assert "nobody yet" in talus("clocks", home=tmp_path).stderr
    refused(talus("clocks", "--person", "Q", home=tmp_path), 65, "'Q'")
