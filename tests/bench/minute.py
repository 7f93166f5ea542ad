"""How long one minute of a walking leg takes on both interpreters, side by side in one run, and what it is made of.

Promised: at most 2 s under CPython and 10 s under MicroPython's WebAssembly build.
"""

import sys
import time

from talus.settings import Settings
from talus_twin.board import brace, wearing
from talus_twin.body.activities import Activity
from talus_twin.body.person import Person
from talus_twin.body.recording import Recording
from talus_twin.body.scene import Scene, play
from talus_twin.worn import wear_recording

MINUTES = 2


def scene() -> Scene:
    return play(Person("foot_drop_brace", seed=5), [Activity("walk", 60.0 * MINUTES)])


def of_whole(interpreter: str, walk: Scene) -> float:
    """Seconds per minute from the leg's columns to the bytes in flash, the interpreter's start included."""
    played = Recording(
        name="walk",
        rate_hz=walk.rate_hz,
        columns=walk.columns,
        first_s=0.0,
        last_s=walk.duration_s,
        lead_s=0.0,
        tail_s=0.0,
        imu_place="shank",
        imu_alignment=walk.imu_alignment,
        derived=False,
    )
    begun = time.perf_counter()
    wear_recording(played, interpreter)
    return (time.perf_counter() - begun) / MINUTES


def of_sampling(walk: Scene) -> float:
    """Seconds per minute of chips, buses, drivers and the grid alone, on CPython."""
    one = brace.make(walk.columns, walk.rate_hz, build=brace.Build(alignment=walk.imu_alignment))
    app = wearing.app_of(one, Settings())
    app.sampler.start()
    begun = time.perf_counter()
    for _ in range(6000 * MINUTES):
        app.sampler.take()
    return (time.perf_counter() - begun) / MINUTES


def main() -> None:
    walk = scene()
    rows = (
        ("chips and sampling alone, CPython", of_sampling(walk), None),
        ("leg to flash, CPython", of_whole("cpython", walk), 2.0),
        ("leg to flash, MicroPython", of_whole("micropython", walk), 10.0),
    )
    sys.stdout.write("seconds for a simulated minute of walking, every channel fitted\n")
    for name, seconds, promised in rows:
        promise = f"   at most {promised:g} promised" if promised else ""
        sys.stdout.write(f"  {name:<36}{seconds:6.2f}{promise}\n")


if __name__ == "__main__":
    main()
