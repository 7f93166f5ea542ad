"""A fitting: left and gone on with, refused with its numbers, told when another page was faster; and what was seen."""

import pytest
from host.made_records import MINUTE_MS, Brace, utc_ms
from host.stores import ZONE, filed

from talus_host.errors import InputError
from talus_host.store import Store

NOW = utc_ms("2026-05-20T09:00:00", ZONE)


def entered(store: Store, step: str, outcome: str = "done", **figures: float) -> str:
    now = store.fitting("1")
    return store.enter_fitting("1", now["side"], now["began_ms"], step, outcome, figures, NOW + 1000, now["seen_ms"])


def outcomes(store: Store) -> dict[str, str]:
    return {step: one["outcome"] for step, one in store.fitting("1")["steps"].items()}


def test_a_fitting_goes_on_from_anywhere_until_it_is_ended(store: Store) -> None:
    assert store.fitting("1") == {"side": "", "began_ms": 0, "seen_ms": 0, "steps": {}}
    assert store.begin_fitting("1", "left", NOW) == NOW
    assert store.begin_fitting("1", "left", NOW + MINUTE_MS) == NOW  # another tab: the same fitting
    entered(store, "pair")
    entered(store, "zero", "skipped")
    entered(store, "zero", encoder_sd_counts=1.5)
    assert outcomes(store) == {"pair": "done", "zero": "done"}
    with pytest.raises(InputError, match="the left leg's fitting is still open"):
        store.begin_fitting("1", "right", NOW + MINUTE_MS)
    now = store.fitting("1")
    store.end_fitting("1", "left", NOW, NOW + MINUTE_MS, now["seen_ms"])
    assert store.fitting("1")["side"] == ""
    assert store.begin_fitting("1", "right", NOW + 2 * MINUTE_MS) == NOW + 2 * MINUTE_MS
    steps = store.fittings("1")["step"].tolist()
    assert steps == ["begun", "pair", "zero", "zero", "ended", "begun"]  # nothing is overwritten


@pytest.mark.parametrize(
    ("step", "figures", "outcome"),
    [
        # the limits of the clinical reference: 2 counts, ten strides, 90 %; 50 - 10 and 67 - 10 mmHg; the skin clear
        ("zero", {"encoder_sd_counts": 2.0}, "done"),
        ("zero", {"encoder_sd_counts": 2.1}, "refused"),
        ("zero", {"second_stop_error_deg": 1.2}, "refused"),
        ("zero", {}, "done"),
        ("strides", {"strides": 9}, "refused"),
        ("strides", {"strides": 10, "axis_explained_pct": 91}, "done"),
        ("strides", {"axis_explained_pct": 89}, "refused"),
        ("pressure", {"skin_clear": 1, "fibular_head_mmhg": 40, "other_sites_mmhg": 57}, "done"),
        ("pressure", {"skin_clear": 1, "fibular_head_mmhg": 41}, "refused"),
        ("pressure", {"skin_clear": 1, "other_sites_mmhg": 58}, "refused"),
        ("pressure", {"skin_clear": 0}, "refused"),
    ],
)
def test_a_figure_beyond_its_limit_refuses_the_step_and_is_kept(
    store: Store, step: str, figures: dict[str, float], outcome: str
) -> None:
    store.begin_fitting("1", "left", NOW)
    assert entered(store, step, **figures) == outcome
    assert store.fitting("1")["steps"] == {step: {"outcome": outcome, "figures": figures}}


@pytest.mark.parametrize(
    ("step", "outcome", "figures", "line"),
    [
        ("dance", "done", {}, "step 'dance': is none of"),
        ("zero", "perfect", {}, "outcome 'perfect': is none of"),
        ("zero", "done", {"strides": 4.0}, "strides: step zero has no such figure"),
        ("zero", "done", {"encoder_sd_counts": -1.0}, "encoder_sd_counts -1.0: is not from 0 to 4096 counts"),
        ("zero", "done", {"encoder_sd_counts": float("nan")}, "encoder_sd_counts nan: is not from"),
        ("pressure", "done", {}, "skin_clear: step pressure needs it"),
    ],
)
def test_what_does_not_fit_is_refused(
    store: Store, step: str, outcome: str, figures: dict[str, float], line: str
) -> None:
    store.begin_fitting("1", "left", NOW)
    with pytest.raises(InputError) as refused:
        entered(store, step, outcome, **figures)
    assert line in str(refused.value) and store.fitting("1")["steps"] == {}


def test_of_two_pages_the_later_is_told_and_nothing_of_the_first_is_lost(store: Store) -> None:
    store.begin_fitting("1", "left", NOW)
    seen = store.fitting("1")["seen_ms"]
    store.enter_fitting("1", "left", NOW, "zero", "done", {"encoder_sd_counts": 1}, NOW + 10, seen)
    with pytest.raises(InputError, match="another page entered a step meanwhile"):
        store.enter_fitting("1", "left", NOW, "zero", "skipped", {}, NOW + 10, seen)
    assert outcomes(store) == {"zero": "done"}
    store.end_fitting("1", "left", NOW, NOW + 20, store.fitting("1")["seen_ms"])
    with pytest.raises(InputError, match="it was ended elsewhere"):
        store.enter_fitting("1", "left", NOW, "pair", "done", {}, NOW + 30, NOW + 20)


def test_the_newest_entry_can_be_taken_back_and_only_that(store: Store) -> None:
    store.begin_fitting("1", "left", NOW)
    entered(store, "zero", "done")
    first = store.fitting("1")["seen_ms"]
    entered(store, "zero", "skipped")
    with pytest.raises(InputError, match="something was entered since"):
        store.undo_fitting("1", first)
    assert store.undo_fitting("1", store.fitting("1")["seen_ms"]) == "zero"
    assert outcomes(store) == {"zero": "done"}
    store.end_fitting("1", "left", NOW, NOW + 9000, store.fitting("1")["seen_ms"])
    store.undo_fitting("1", NOW + 9000)
    assert store.fitting("1")["side"] == "left"  # an end by mistake is no end


def test_what_came_of_the_brace_is_told_and_what_did_not_is_none(store: Store) -> None:
    brace = Brace(boot_utc_ms=NOW - 30 * MINUTE_MS)
    brace.add("boot", NOW - 30 * MINUTE_MS, cause=0)
    brace.clock(NOW - 29 * MINUTE_MS, uncertainty=5)
    brace.add("settings", NOW - 28 * MINUTE_MS, calibration=3, side=0, site_1=1, site_2=2, site_3=0, site_4=5)
    brace.walk(NOW - 20 * MINUTE_MS, 7)  # before the fitting
    store.assign(brace.device, "1", "left")
    nothing = store.fitting_seen("1", "left", NOW, NOW + MINUTE_MS)
    assert nothing["strides"] is None and nothing["last_sync_ms"] is None and nothing["sites"] == []
    brace.add("settings", NOW + MINUTE_MS, calibration=4, side=0, site_1=1, site_2=2, site_3=4, site_4=5, fit_1=2.5)
    brace.walk(NOW + 2 * MINUTE_MS, 12)
    brace.clock(NOW + 3 * MINUTE_MS, uncertainty=4)
    received = NOW + 4 * MINUTE_MS
    store.put(brace.info(), brace.records, received)
    seen = store.fitting_seen("1", "left", NOW, NOW + 5 * MINUTE_MS)
    assert seen["last_sync_ms"] == received and seen["clock_ms"] == 4
    assert (seen["calibration"], seen["strides"]) == (4, 12)
    assert abs(seen["calibration_ms"] - NOW - MINUTE_MS) < 100
    assert seen["sites"] == ["fibular_head", "lateral_malleolus", "dorsal_strap", "heel"]
    assert seen["fit_kpa"][0] == 2.5
    assert store.fitting_seen("1", "right", NOW, NOW + 5 * MINUTE_MS)["strides"] is None
    late = store.fitting_seen("1", "left", NOW + 2 * MINUTE_MS, NOW + 30 * MINUTE_MS)
    assert late["strides"] == 0  # it walked, but not in the last ten minutes
    filed(store, brace)  # the same again changes nothing
    assert store.fitting_seen("1", "left", NOW, NOW + 5 * MINUTE_MS)["strides"] == 12
