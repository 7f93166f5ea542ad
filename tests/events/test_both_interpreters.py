"""The same samples give the same events on CPython and on MicroPython, and no tick allocates there."""

import random
from pathlib import Path

import pytest
from events import feed
from events.played import FOOT, FOOT_IMU, SHANK, Sample, held, load, packed
from events.walk import make

from talus.wire import kinds
from talus_twin.board.interpreter import Interpreter

HERE = Path(__file__).parent


def noisy_walk(imu: str, encoder: bool = True) -> list[Sample]:
    """A minute and a half: standing, walking, one drag, a hole in the data; every channel filled, seeded."""
    dice = random.Random(7)
    walk = make([dice.uniform(1.0, 1.3) for _ in range(65)], encoder=encoder, imu=imu)
    for tick, sample in enumerate(walk.samples):
        if sample[kinds.GYRO_SAGITTAL] is not None:
            sample[kinds.GYRO_SAGITTAL] += dice.randint(-15, 15)
        sample[kinds.GYRO_TRANSVERSE] = dice.randint(-50, 50)
        for axis, level in ((kinds.ACC_FORWARD, 0), (kinds.ACC_UP, 1000), (kinds.ACC_LATERAL, 0)):
            sample[axis] = level + dice.randint(-40, 40)
        for channel in range(4):
            sample[kinds.PRESSURE_1 + channel] = (
                300 + 40 * channel + dice.randint(-20, 20) if tick % 4 == channel else None
            )
        sample[kinds.LINER] = 3100 + tick // 100
        sample[kinds.REFERENCE] = 2500
    catch = next(i for i, t in enumerate(walk.toe_offs) if t > 50)
    at = round(walk.toe_offs[catch] * 100) + 15
    for tick in range(at, at + 10):
        walk.samples[tick][kinds.ACC_UP] = 1000 + (900 if tick % 2 else -900)
        rate = walk.samples[tick][kinds.GYRO_SAGITTAL]
        walk.samples[tick][kinds.GYRO_SAGITTAL] = None if rate is None else rate * 4 // 10
    for tick in range(7000, 7012):
        walk.samples[tick] = [None] * kinds.SAMPLE_SIZE
    return walk.samples


MADE = (
    ("shank gyro and encoder", SHANK, "shank", True),
    ("foot gyro and encoder", FOOT, "foot", True),
    ("shank gyro alone", SHANK, "shank", False),
    ("encoder alone", SHANK, "none", True),
)


def on_micropython(micropython: Interpreter, data: bytes, place: int) -> list[str]:
    micropython.put("/lib/feed.py", (HERE / "feed.py").read_bytes())
    micropython.put("/samples.bin", data)
    out = micropython.run(
        f"import feed\nwith open('/samples.bin', 'rb') as f: data = f.read()\n"
        f"for line in feed.story(data, {place}): print(line)\n"
    )
    return out.splitlines()


@pytest.mark.parametrize(("name", "place", "imu", "encoder"), MADE, ids=[row[0] for row in MADE])
def test_a_made_walk_tells_the_same_story(
    micropython: Interpreter, name: str, place: int, imu: str, encoder: bool
) -> None:
    data = packed(noisy_walk(imu, encoder))
    here = feed.story(data, place)
    assert sum(line.startswith("stride") for line in here) > 50
    assert any(line.startswith("minute") for line in here) and any(line.startswith("walk") for line in here)
    assert on_micropython(micropython, data, place) == here


def test_a_recording_tells_the_same_story(micropython: Interpreter, recordings: Path) -> None:
    data = packed(held(load(recordings / "gaitmap_healthy_l.csv", FOOT_IMU)))
    here = feed.story(data, FOOT)
    assert sum(line.startswith("stride") for line in here) >= 26
    assert on_micropython(micropython, data, FOOT) == here


LOCKED = """
import feed, micropython
with open('/samples.bin', 'rb') as f: data = f.read()
chain = feed.Chain({place})
def walked():  # in a function: a new name of the module's own would allocate
    s = [None] * feed.kinds.SAMPLE_SIZE
    minutes = strides = stumbles = 0
    for tick in range(len(data) // feed.WIDTH):
        feed.sample_at(data, tick, s)
        last_of_minute = tick % 6000 == 5999
        micropython.heap_lock()
        try:
            told = chain.tick(s)
            if not last_of_minute:
                chain.minute.update(s, chain.valid)
        finally:
            micropython.heap_unlock()
        if last_of_minute:
            minutes += chain.minute.update(s, chain.valid)
        strides += bool(chain.bits & 8)
        stumbles += bool(told & 2)
    return minutes, strides, stumbles
print(*walked())
"""


@pytest.mark.parametrize(("name", "place", "imu", "encoder"), MADE, ids=[row[0] for row in MADE])
def test_no_tick_allocates(micropython: Interpreter, name: str, place: int, imu: str, encoder: bool) -> None:
    """The heap is locked in every tick, stride ends and stumbles included; an allocation raises MemoryError."""
    micropython.put("/lib/feed.py", (HERE / "feed.py").read_bytes())
    micropython.put("/samples.bin", packed(noisy_walk(imu, encoder)))
    minutes, strides, stumbles = map(int, micropython.run(LOCKED.format(place=place)).split())
    assert minutes == 1
    assert strides > 50
    assert stumbles == (1 if imu == "shank" and encoder else stumbles)


def test_the_lock_sees_an_allocation(micropython: Interpreter) -> None:
    """The guard itself: a list made under the lock is refused."""
    out = micropython.run(
        "import micropython\n"
        "def f(n): return [n] * n\n"
        "said = 0\n"  # a new name would itself allocate, and what escapes under the lock is never told
        "micropython.heap_lock()\n"
        "try:\n    f(50)\nexcept MemoryError:\n    said = 1\n"
        "micropython.heap_unlock()\nprint(said)"
    )
    assert out.strip() == "1"
