"""Legs of known motion and samplers on them, for the tests of this room."""

from collections.abc import Sequence

from talus.sampling import Sampler
from talus.settings import Settings
from talus_twin.board import brace
from talus_twin.board.brace import Brace, Build

REST = {
    "ankle_angle": [0],
    "moment": [0],
    "gyro_x": [0],
    "gyro_y": [0],
    "gyro_z": [0],
    "acc_x": [0],
    "acc_y": [1000],
    "acc_z": [0],
    "pressure_1": [0],
    "pressure_2": [0],
    "pressure_3": [0],
    "pressure_4": [0],
    "liner": [3150],
    "reference": [2500],
}
IDEAL = {"bridge_noise": 0, "imu_noise": 0}


def columns(**changes: Sequence[int] | None) -> dict[str, Sequence[int]]:
    """A leg at rest but for these channels; None takes a channel away."""
    found = {**REST, **changes}
    return {name: column for name, column in found.items() if column is not None}


def woken(given: dict[str, Sequence[int]] | None = None, **changes: object) -> tuple[Brace, Sampler]:
    """A brace on such a leg with its sampler started; changes: rows of the build."""
    build = Build(changes={**IDEAL, **changes})
    one = brace.make(given if given is not None else columns(), build=build)
    return one, sampler_of(one)


def sampler_of(one: Brace) -> Sampler:
    sampler = Sampler(one.clock, one.buses, one.board, one.calibration, Settings())
    sampler.start()
    return sampler


def take(sampler: Sampler, ticks: int) -> list[list[int | None]]:
    """The next samples, each a list of its own."""
    return [list(sampler.take()) for _ in range(ticks)]


def until(one: Brace, sampler: Sampler, us: int) -> None:
    """Pass over everything before this moment of the board's clock."""
    while one.clock.elapsed_us() < us:
        sampler.take()
