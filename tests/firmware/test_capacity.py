"""A fortnight of wear lies in the flash of an 8 MiB board, each day of it for what the flash can stand for years."""

import pytest
from bench.flash import DAYS, STRESS, STRIDES, fits, live, volumes

EIGHT_MIB = max(volumes())


@pytest.mark.parametrize("strides", [STRIDES, STRESS])
def test_a_fortnight_lies_in_the_flash_of_an_8_mib_board(strides: int) -> None:
    told = live(*EIGHT_MIB, strides, DAYS)
    assert told.days == told.held == DAYS, "nothing has gone"
    assert fits(EIGHT_MIB[0], told.stored) >= DAYS
    assert 1440 <= told.erases < 1.15 * 1440, "little more than one a minute"
    assert told.years > 20
    assert told.mean_ms < 100 and told.worst_ms < 400, "with erases of 45 ms"


@pytest.mark.parametrize("volume", sorted(volumes())[:-1])
def test_a_volume_holds_the_days_it_is_said_to(volume: tuple[int, int]) -> None:
    """One segment of the ring may be gone on the day it turns."""
    kib, program = volume
    told = live(kib, program, STRIDES, 14)
    assert told.days - 1 < fits(kib, told.stored) + 0.5 and told.held > fits(kib, told.stored) - 0.8
    assert told.told and told.years > 4
