"""A recording longer than a leg can be given at once is worn in parts, without a seam."""

import numpy as np
import pytest

from talus_twin.board import wearing


def swings(seconds: int) -> dict[str, list[int]]:
    """A shank that swings once in 1.2 s like a leg: a bell of 300 deg/s for 0.4 s, rocking back in stance."""
    at = np.arange(seconds * 100) % 120
    bell = np.where(at < 40, 3000 * np.sin(np.pi * at / 40), -955 * np.sin(np.pi * (at - 40) / 80))
    return {"gyro_x": [0], "gyro_y": [0], "gyro_z": bell.astype(int).tolist()}


def test_parts_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = swings(50)
    identity = (1000, 0, 0, 0, 1000, 0, 0, 0, 1000)
    whole = wearing.whole(columns, 100, "shank", identity)
    monkeypatch.setattr(wearing, "LOADED_US", 7_000_000)
    assert wearing.whole(columns, 100, "shank", identity) == whole
    assert len(whole) > 1500, "some forty strides were kept"
