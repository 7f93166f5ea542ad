"""A brace in this process whose ankle goes through a known wave, and a host's adapter beside it."""

from collections.abc import Iterator

import numpy as np

from talus_host.link import ble
from talus_twin.alive import LiveBrace, Stretch
from talus_twin.board.brace import SITES
from talus_twin.board.flash import LittleFiles, NorFlash
from talus_twin.radio.central import Central
from talus_twin.radio.ether import Ether

SECONDS = 90
AS_MOUNTED = (1000, 0, 0, 0, 1000, 0, 0, 0, 1000)


def wave(t: np.ndarray) -> np.ndarray:
    """The ankle, in degrees, at these seconds: what the test knows and the brace has to feel."""
    return np.asarray(5 + 8 * np.sin(2 * np.pi * 0.5 * t))


def life() -> Iterator[Stretch]:
    t = np.arange(SECONDS * 100) / 100
    columns = {"ankle_angle": np.rint(100 * wave(t)).astype(int).tolist(), "moment": [1500] * len(t)}
    yield Stretch(columns, 100, "shank", AS_MOUNTED)


class Air:
    """A brace that lives through the wave, and a host's adapter."""

    def __init__(self) -> None:
        ether = Ether()
        self.central = Central(ether)
        self.backend = ble.Backend(self.central.scanner, self.central.client)
        self.brace = LiveBrace(ether, LittleFiles(NorFlash(1 << 20)), life(), "left", SITES)
        self.brace.start()
