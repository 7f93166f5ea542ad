"""Legs that move and do not walk: how many strides an hour does the brace invent?"""

from dataclasses import dataclass

from accuracy.cases import CHANNELS, EVERYTHING
from accuracy.play import detect, samples_of

from talus_twin.body import activities
from talus_twin.body.activities import Activity
from talus_twin.body.person import Person
from talus_twin.body.scene import play

WALKS = {"walk", "stairs_up", "stairs_down"}
SECONDS = 600.0
CHANNEL_SETS = (EVERYTHING, "shank IMU", "encoder")
SEEDS = (1, 2, 3)


@dataclass(frozen=True)
class Still:
    """One activity with one set of channels: seconds lived, valid strides counted (none was walked)."""

    activity: str
    channels: str
    seconds: float
    strides: int


def names() -> list[tuple[str, str]]:
    return [(kind, channels) for kind in activities.KINDS if kind not in WALKS for channels in CHANNEL_SETS]


def still(activity: str, channels: str) -> Still:
    seconds = strides = 0.0
    for seed in SEEDS:
        person = Person("foot_drop_brace", seed=seed)
        length = SECONDS if activity not in ("don", "doff") else 60.0
        scene = play(person, [Activity("stand", 5.0), Activity(activity, length), Activity("stand", 5.0)])
        found = detect(samples_of(scene, CHANNELS[channels]), "shank")
        seconds += scene.duration_s
        strides += len(found.strides)
    return Still(activity, channels, seconds, int(strides))
