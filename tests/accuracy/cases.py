"""The synthetic battery: who walks, how, in what brace, with what wrong, and what the brace can feel. A fixed list.

Who can walk is the twin's own list (talus_twin.body.walkers), made from gait literature; nothing here comes from the
settings of a detector, and no case is left out for being hard.
"""

from dataclasses import dataclass

from talus_twin.body.scene import Scene
from talus_twin.body.walkers import CONTACTS, FAULTS, SPEEDS, cases, made

SEVERE_MPS = 0.4  # slower is severe (clinical reference 2.2)
WALK_S = 40.0
EVERYTHING = "everything"
CHANNELS = {
    EVERYTHING: ("angle", "moment", "gyro", "acc", "pressure"),
    "encoder + shank IMU": ("angle", "gyro", "acc"),
    "shank IMU": ("gyro", "acc"),
    "foot IMU": ("gyro", "acc"),
    "encoder": ("angle",),
}


@dataclass(frozen=True)
class Case:
    """One walk, in the arguments of walkers.made, and the channels the brace has."""

    speed: float
    contact: str
    brace: str
    fault: str
    channels: str
    seed: int

    @property
    def severe(self) -> bool:
        return self.speed < SEVERE_MPS

    @property
    def family(self) -> str:
        """What it is pooled under."""
        pace = "below 0.4 m/s" if self.severe else "0.4 m/s and more"
        return f"{self.fault if self.fault != 'none' else self.channels}, {pace}"

    @property
    def imu_place(self) -> str:
        return "foot" if self.channels == "foot IMU" else "shank"

    @property
    def name(self) -> str:
        return f"{self.speed:g} m/s, {self.contact}, {self.brace}, {self.fault}, {self.channels}"

    def scene(self) -> Scene:
        return made(self.speed, self.contact, self.brace, self.fault, self.seed, WALK_S, imu_place=self.imu_place)


def battery() -> list[Case]:
    """Every sound walker in every brace with every channel; in the hinged brace also with what channels are left, and
    with each fault. Seeds are their places in the list."""
    sound = [row for row in cases() if row[3] == "none"]
    chosen = [(*row, EVERYTHING) for row in sound]
    chosen += [(*row, channels) for channels in CHANNELS for row in sound if row[2] == "hinged"][len(sound) // 4 :]
    chosen += [(*row, EVERYTHING) for row in cases() if row[3] != "none" and row[2] == "hinged"]
    return [Case(*row, seed=1000 + place) for place, row in enumerate(chosen)]


def sample(every: int = 7) -> list[Case]:
    """A seeded subset of the battery, spread over all of it: what CI walks."""
    return battery()[::every]


__all__ = [
    "CHANNELS",
    "CONTACTS",
    "EVERYTHING",
    "FAULTS",
    "SEVERE_MPS",
    "SPEEDS",
    "WALK_S",
    "Case",
    "battery",
    "sample",
]
