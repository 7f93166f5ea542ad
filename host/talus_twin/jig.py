"""A virtual brace in a virtual jig: MicroPython at its prompt, the firmware and chips in it, and hands that set angles,
hang weights, warm the box, press the puck, stand and walk. Its build is the truth a calibration has to find.
"""

import math
from types import TracebackType
from typing import Any, Self

import numpy as np

from talus_twin.board.interpreter import Interpreter, PythonError
from talus_twin.body.activities import Activity
from talus_twin.body.person import Person
from talus_twin.body.scene import play

GRAVITY = 9.80665
PLATE_NM = 0.14  # of the foot plate's own weight, 180 g at 8 cm
LEVER_M = 0.15
YIELDS_DEG_PER_NM = 1.5  # a soft strut: the plate leans by 9 deg under the largest load
WALK_S = 45.0  # longer than three stretches of ten seconds
RATE_HZ = 100
REST = {"ankle_angle": 0, "moment": 0, "liner": 2500, "reference": 2500, "acc_y": 1000}
REST |= dict.fromkeys(("gyro_x", "gyro_y", "gyro_z", "acc_x", "acc_z"), 0)
REST |= dict.fromkeys(("pressure_1", "pressure_2", "pressure_3", "pressure_4"), 0)
MOTION = ("gyro_x", "gyro_y", "gyro_z", "acc_x", "acc_y", "acc_z")

INSIDE = """
import json, os
from array import array
from talus_twin.board import brace
one = brace.make(build=brace.Build(SIDE, PLACE, SITES, ALIGNMENT, CHANGES))
bus, clock = one.buses["main"], one.clock
device = "twin"
class files: pass
files.open, files.listdir, files.remove, files.rename, files.mkdir = open, os.listdir, os.remove, os.rename, os.mkdir
def pose(names):
    columns = {}
    for name in names:
        with open("/pose/" + name, "rb") as file:
            columns[name] = array("i", file.read())
    one.leg.load(clock.us, RATE_HZ, columns)
    clock.sleep_ms(100)
"""


class Jig:
    """A port to a virtual brace's prompt (run, get, put, reset), and pose() for what stands around it."""

    def __init__(
        self,
        side: str = "left",
        sites: tuple[str, ...] = ("fibular_head", "lateral_malleolus", "dorsal_strap", "heel"),
        person: Person | None = None,
        changes: dict[str, Any] | None = None,
    ) -> None:
        self.person = person or Person(kind="foot_drop_brace", mount_deg=(12.0, -20.0, 8.0))
        walked = play(self.person, [Activity("walk", WALK_S)])
        stood = play(self.person, [Activity("stand", 12)])
        self.alignment = walked.imu_alignment
        self._walk = {name: walked.columns[name] for name in MOTION}
        self._stand = {name: stood.columns[name] for name in (*MOTION, "ankle_angle")}
        place = self.person.imu_place
        self._known = f"SIDE, PLACE, SITES = {side!r}, {place!r}, {sites!r}\nALIGNMENT = {self.alignment!r}\n"
        self._known += f"CHANGES, RATE_HZ = {changes or {}!r}, {RATE_HZ}\n"
        self._now: dict[str, Any] = dict(REST)
        self._inside = Interpreter()

    def __enter__(self) -> Self:
        self._inside.install("talus", "talus_twin.chips", "talus_twin.board")
        self.reset()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._inside.close()

    def run(self, source: str) -> str:
        return self._inside.run(source)

    def get(self, path: str) -> bytes | None:
        try:
            return self._inside.get(path)
        except PythonError:
            return None

    def put(self, path: str, data: bytes) -> None:
        self._inside.put(path, data)

    def reset(self) -> None:
        """The brace starts anew; its files stay."""
        self._inside.run(self._known + INSIDE)
        self.pose()

    def pose(self, **given: Any) -> None:
        """angle_deg, mass_kg with toward, degc, kpa=(channel, value), worn_kpa, standing, walking, lying=side."""
        now = self._now
        now |= dict.fromkeys(MOTION, 0) | {"acc_y": 1000, "moment": 0}
        if "angle_deg" in given:
            now["ankle_angle"] = round(100 * given["angle_deg"])
        if "mass_kg" in given:
            lever_m = given.get("lever_m", LEVER_M)
            now["moment"] = round(1000 * moment_nm(given["mass_kg"], given["toward"], lever_m))
            now["ankle_angle"] = -round(
                100 * given["toward"] * given["mass_kg"] * GRAVITY * lever_m * YIELDS_DEG_PER_NM
            )
        if "degc" in given:
            now["reference"] = now["liner"] = round(100 * given["degc"])
        if "kpa" in given:
            now |= {f"pressure_{n}": 0 for n in range(1, 5)}
            now[f"pressure_{given['kpa'][0]}"] = round(100 * given["kpa"][1])
        if "worn_kpa" in given:
            now |= {f"pressure_{n}": round(100 * value) for n, value in enumerate(given["worn_kpa"], 1)}
        if "lying" in given:
            now |= dict(zip(("acc_x", "acc_y", "acc_z"), self._lying(given["lying"]), strict=True))
        moving = self._stand if given.get("standing") else self._walk if given.get("walking") else {}
        columns = {**now, **moving}
        for name, column in columns.items():
            self._inside.put(f"/pose/{name}", np.atleast_1d(np.asarray(column, dtype=np.int32)).tobytes())
        self._inside.run(f"pose({list(columns)!r})")

    def _lying(self, side: str) -> list[int]:
        """Gravity along the chip's axes with this side of the leg up."""
        forward, up, lateral = np.array(self.alignment, float).reshape(3, 3)
        ways = {"top": up, "bottom": -up, "front": forward, "back": -forward, "inner side": lateral}
        return [round(float(value)) for value in ways.get(side, -lateral)]


def moment_nm(mass_kg: float, toward: float, lever_m: float = LEVER_M) -> float:
    """What the brace answers to a mass on the plate, which yields under it, and to the plate."""
    hung = mass_kg * GRAVITY * lever_m
    return toward * (hung * math.cos(math.radians(YIELDS_DEG_PER_NM * hung)) + PLATE_NM)
