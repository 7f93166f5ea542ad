"""Records in time, worked out by hand: one pair, drift between two, contradicting clocks, and what a new pair moves."""

import numpy as np
import pytest

from talus_host.placing import Pairs, believed, fit, moved, place
from talus_host.wander import Rests

T0 = 1_770_000_000_000  # a moment in 2026
HOUR = 3_600_000


def pairs(*rows: tuple[int, int], uncertainty: float = 5.0, by_host: bool | list[bool] = True) -> Pairs:
    at, utc = zip(*rows, strict=True)
    count = len(rows)
    hosts = [by_host] * count if isinstance(by_host, bool) else by_host
    return Pairs(np.array(at), np.array(utc), np.full(count, uncertainty), np.array(hosts))


def test_one_pair_places_a_whole_boot() -> None:
    placement = place(pairs((10_000, T0)))
    assert placement is not None
    assert placement.utc(np.array([0, 10_000, 25_000])).tolist() == [T0 - 10_000, T0, T0 + 15_000]


def test_drift_is_shared_out_between_two_pairs_and_goes_on_beyond_them() -> None:
    # 24 h of brace time were 24 h and 2 s of the world (23 ppm slow): at half time it is 1 s behind.
    placement = place(pairs((0, T0), (24 * HOUR, T0 + 24 * HOUR + 2000)))
    assert placement is not None
    # Before and after them it goes on: 83 ms in an hour, 500 ms in six.
    got = placement.utc(np.array([-HOUR, 0, 12 * HOUR, 24 * HOUR, 30 * HOUR])) - T0
    assert got.tolist() == [-HOUR - 83, 0, 12 * HOUR + 1000, 24 * HOUR + 2000, 30 * HOUR + 2500]


def test_the_way_back_is_within_a_millisecond() -> None:
    placement = place(pairs((0, T0), (24 * HOUR, T0 + 24 * HOUR + 2000), (48 * HOUR, T0 + 48 * HOUR - 900)))
    assert placement is not None
    at = np.arange(-HOUR, 50 * HOUR, 1_234_567)
    assert np.abs(placement.at(placement.utc(at)) - at).max() <= 1


def test_without_a_clock_there_is_no_place() -> None:
    nothing = np.array([], dtype=np.int64)
    assert place(Pairs(nothing, nothing, nothing.astype(float), nothing.astype(bool))) is None


@pytest.mark.parametrize("utc", [0, 946_684_800_000, 1_500_000_000_000])
def test_a_clock_that_was_never_set_is_no_clock(utc: int) -> None:
    assert place(pairs((10_000, utc))) is None
    assert believed(pairs((0, utc), (10_000, T0))).tolist() == [False, True]


def test_of_contradicting_clocks_the_many_are_believed() -> None:
    # The second host was an hour fast.
    told = pairs((0, T0), (HOUR, T0 + 2 * HOUR), (2 * HOUR, T0 + 2 * HOUR + 4))
    assert believed(told).tolist() == [True, False, True]
    placement = place(told)
    assert placement is not None
    assert placement.utc(np.array([HOUR])).tolist() == [T0 + HOUR + 2]


def test_of_two_contradicting_clocks_a_host_outdoes_the_brace_and_then_the_later_speaks() -> None:
    assert believed(pairs((0, T0), (HOUR, T0 + 5 * HOUR), by_host=[True, False])).tolist() == [True, False]
    assert believed(pairs((0, T0), (HOUR, T0 + 5 * HOUR))).tolist() == [False, True]


def test_of_two_pairs_at_one_moment_the_surer_speaks() -> None:
    told = Pairs(np.array([0, 0]), np.array([T0, T0 + 20]), np.array([3.0, 30.0]), np.array([True, True]))
    placement = place(told)
    assert placement is not None
    assert placement.utc(np.array([0])).tolist() == [T0]


def test_what_is_left_of_the_drift_goes_to_the_time_asleep() -> None:
    # An hour awake, an hour of sleep that lost 1 s, an hour awake: pairs awake before it say the crystal is true.
    told = pairs((0, T0), (HOUR // 2, T0 + HOUR // 2), (3 * HOUR, T0 + 3 * HOUR + 1000))
    rests = Rests.told(np.array([0, HOUR, 2 * HOUR]), np.array([False, True, False]))
    placement = place(told, rests)
    assert placement is not None
    got = placement.utc(np.array([HOUR, HOUR * 3 // 2, 2 * HOUR])) - T0 - np.array([HOUR, HOUR * 3 // 2, 2 * HOUR])
    # Awake 27 ms before and 54 ms after, asleep 3600 ms: of the 3681 ms it could have strayed, 27 by then, 1827, 3627.
    assert got.tolist() == [7, 496, 985]


def test_uncertainty_grows_with_distance_from_a_pair() -> None:
    told = pairs((0, T0), (10 * HOUR, T0 + 10 * HOUR))
    unknown, awake = place(told), place(told, Rests.told(np.array([-HOUR]), np.array([False])))
    assert unknown is not None and awake is not None
    # Of a clock of which nothing is known 1000 ppm over an hour are 3.6 s, awake 15 ppm 54 ms, plus the pair's own 5.
    assert unknown.uncertainty(np.array([0, HOUR, 9 * HOUR, 10 * HOUR])) == pytest.approx([5, 3605, 3605, 5])
    assert awake.uncertainty(np.array([0, HOUR, 9 * HOUR, 10 * HOUR])) == pytest.approx([5, 59, 59, 5])
    # Beyond the last the fitted drift, known to 11 ms in 10 h, goes on.
    assert awake.uncertainty(np.array([11 * HOUR])) == pytest.approx([5 + 54 + 1.1])


def test_of_one_pair_the_crystal_is_all_that_is_known() -> None:
    awake = place(pairs((0, T0)), Rests.told(np.array([0]), np.array([False])))
    assert awake is not None
    assert awake.uncertainty(np.array([0, HOUR])) == pytest.approx([5, 5 + 432 + 27])  # 120 ppm, half of 15


def test_a_host_that_was_a_third_of_a_second_wrong_is_not_believed() -> None:
    rows = [(i * HOUR, T0 + i * HOUR + (300 if i == 4 else 0)) for i in range(9)]
    found = fit(pairs(*rows), Rests.told(np.array([0]), np.array([False])))
    assert np.flatnonzero(~found.believed).tolist() == [4]
    assert found.rates[-1].ppm == 0


@pytest.mark.parametrize("ppm", [-100.0, 37.0, 100.0])
def test_the_drift_is_that_of_the_clock_within_what_is_said(ppm: float) -> None:
    dice = np.random.default_rng(3)
    at = np.arange(0, 20 * HOUR, HOUR)
    utc = T0 + at + np.rint(at * ppm * 1e-6 + dice.uniform(-5, 5, len(at))).astype(np.int64)
    rates = fit(pairs(*zip(at.tolist(), utc.tolist(), strict=True)), Rests.told(np.array([0]), np.array([False]))).rates
    assert abs(rates[-1].ppm - ppm) <= rates[-1].half_ppm < 7.7  # of it 7.5 for what the clock may do


def test_many_pairs_are_thinned_to_the_surest() -> None:
    count = 5000
    at = np.arange(count, dtype=np.int64) * 60_000
    half = np.where(np.arange(count) % 10 == 3, 2.0, 9.0)
    told = Pairs(at, T0 + at, half, np.ones(count, dtype=bool))
    used = np.flatnonzero(fit(told, Rests.told(np.array([0]), np.array([False]))).used)
    assert 100 <= len(used) <= 1000
    assert (used % 10 == 3).all()


def test_a_new_pair_at_the_end_moves_only_what_came_after_the_last() -> None:
    old = place(pairs((0, T0), (HOUR, T0 + HOUR + 3)))
    new = place(pairs((0, T0), (HOUR, T0 + HOUR + 3), (2 * HOUR, T0 + 2 * HOUR + 9)))
    # and, on its first day, what came before the first: the drift there is known better.
    assert moved(old, new) == [(HOUR, np.inf), (-np.inf, 0)]
    day = [(i * HOUR, T0 + i * HOUR + i) for i in range(30)]
    assert moved(place(pairs(*day[:-1])), place(pairs(*day))) == [(28 * HOUR, np.inf)]
    assert moved(old, old) == []
    assert moved(None, None) == []
    assert moved(None, new) == [(-np.inf, np.inf)]


def test_a_pair_that_arrives_late_moves_only_what_lies_between_its_neighbours() -> None:
    old = place(pairs((0, T0), (2 * HOUR, T0 + 2 * HOUR + 9)))
    new = place(pairs((0, T0), (HOUR, T0 + HOUR + 3), (2 * HOUR, T0 + 2 * HOUR + 9)))
    assert old is not None and new is not None
    stretch = moved(old, new)
    assert stretch == [(0, 2 * HOUR)]
    outside = np.array([-HOUR, 0, 2 * HOUR, 3 * HOUR])
    assert (old.utc(outside) == new.utc(outside)).all()


def test_what_is_told_later_of_sleep_moves_what_lies_between_the_pairs_around() -> None:
    told = pairs((0, T0), (2 * HOUR, T0 + 2 * HOUR + 900), (4 * HOUR, T0 + 4 * HOUR + 900), (6 * HOUR, T0 + 6 * HOUR))
    awake = Rests.told(np.array([0]), np.array([False]))
    slept = Rests.told(np.array([0, 2 * HOUR + 5, 3 * HOUR]), np.array([False, True, False]))
    before, after = (place(told.take(np.array([1, 2])), rests) for rests in (awake, slept))
    assert (2 * HOUR, np.inf) in moved(before, after)
