"""A minute of walking as the chips answer it: every byte each register gave, in order, while the firmware asked."""

from typing import Any

import numpy as np

from talus.settings import Settings
from talus_twin.board import brace, wearing
from talus_twin.body.activities import Activity
from talus_twin.body.person import Person
from talus_twin.body.scene import play

WALK_S = 75


class Listening:
    """A bus that hands on and writes down."""

    def __init__(self, bus: Any, answers: dict[int, bytearray]) -> None:
        self._bus = bus
        self._answers = answers
        self.writeto_mem = bus.writeto_mem
        self.recover = bus.recover

    def readfrom_mem_into(self, address: int, register: int, buffer: Any) -> None:
        self._bus.readfrom_mem_into(address, register, buffer)
        self._answers.setdefault(address << 8 | register, bytearray()).extend(buffer)


def record(ticks: int) -> tuple[dict[int, bytes], tuple[int, ...]]:
    """(address << 8 | register) -> what it answered over so many ticks, a walking leg with every channel."""
    walk = play(Person("foot_drop_brace", seed=5), [Activity("walk", float(WALK_S))])
    columns = {name: np.asarray(column).tolist() for name, column in walk.columns.items()}
    one = brace.make(columns, walk.rate_hz, build=brace.Build(alignment=walk.imu_alignment))
    answers: dict[int, bytearray] = {}
    one.buses = {name: Listening(bus, answers) for name, bus in one.buses.items()}
    app = wearing.app_of(one, Settings())
    app.start()
    for _ in range(ticks):
        wearing.step(one, app)
    return {place: bytes(data) for place, data in answers.items()}, tuple(walk.imu_alignment)
