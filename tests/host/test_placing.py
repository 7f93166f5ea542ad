"""Records in time, worked out by hand: one pair, drift between two, contradicting clocks, and what a new pair moves."""

import numpy as np
import pytest

from talus_host.placing import Pairs, believed, moved, place

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


def test_drift_is_shared_out_between_two_pairs_and_ends_with_them() -> None:
    # 24 h of brace time were 24 h and 2 s of the world (23 ppm slow): at half time it is 1 s behind.
    placement = place(pairs((0, T0), (24 * HOUR, T0 + 24 * HOUR + 2000)))
    assert placement is not None
    got = placement.utc(np.array([-HOUR, 0, 12 * HOUR, 24 * HOUR, 30 * HOUR])) - T0
    assert got.tolist() == [-HOUR, 0, 12 * HOUR + 1000, 24 * HOUR + 2000, 30 * HOUR + 2000]


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


def test_uncertainty_grows_with_distance_from_a_pair() -> None:
    placement = place(pairs((0, T0), (10 * HOUR, T0 + 10 * HOUR)))
    assert placement is not None
    # 500 ppm over an hour are 1.8 s, plus the pair's own 5 ms.
    got = placement.uncertainty(np.array([0, HOUR, 9 * HOUR, 11 * HOUR]))
    assert got == pytest.approx([5, 1805, 1805, 1805])


def test_a_new_pair_at_the_end_moves_only_what_came_after_the_last() -> None:
    old = place(pairs((0, T0), (HOUR, T0 + HOUR + 3)))
    new = place(pairs((0, T0), (HOUR, T0 + HOUR + 3), (2 * HOUR, T0 + 2 * HOUR + 9)))
    assert moved(old, new) == (HOUR, np.inf)
    assert moved(old, old) is None
    assert moved(None, None) is None
    assert moved(None, new) == (-np.inf, np.inf)


def test_a_pair_that_arrives_late_moves_only_what_lies_between_its_neighbours() -> None:
    old = place(pairs((0, T0), (2 * HOUR, T0 + 2 * HOUR + 9)))
    new = place(pairs((0, T0), (HOUR, T0 + HOUR + 3), (2 * HOUR, T0 + 2 * HOUR + 9)))
    assert old is not None and new is not None
    stretch = moved(old, new)
    assert stretch == (0, 2 * HOUR)
    outside = np.array([-HOUR, 0, 2 * HOUR, 3 * HOUR])
    assert (old.utc(outside) == new.utc(outside)).all()
