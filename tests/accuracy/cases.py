"""The synthetic battery: who walks, how, in what brace, with what wrong, and what the brace can feel. A fixed list.

Persons come from gait literature (talus_twin.body.person); nothing here is taken from the settings of a detector, and
no case is left out for being hard. Speeds 0.2-1.4 m/s, three contacts, three braces, nine faults, five channel sets.
"""

from dataclasses import dataclass, field
from itertools import product

from talus_twin.body.person import SLACK, Brace, Person

SPEEDS = (0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.4)
CONTACTS = ("heel", "flat", "forefoot")
BRACES = ("slack", "hinged", "solid")
SEVERE_MPS = 0.4  # below it: severe (clinical reference 2.2)
WALK_S = 40.0

EVERYTHING = "everything"
CHANNELS = {
    EVERYTHING: ("angle", "moment", "gyro", "acc", "pressure"),
    "shank": ("gyro", "acc"),
    "foot": ("gyro", "acc"),
    "encoder": ("angle",),
    "encoder+shank": ("angle", "gyro", "acc"),
}
FAULTS = (
    "drag",  # half of the swings catch
    "double_peak",  # half of the swings hesitate
    "clonus",  # 3 deg of ripple at 6 Hz
    "tilt",  # the IMU sits turned by 20 deg about every axis, and nobody calibrated it
    "slip",  # it turns by 15 deg in mid-walk
    "offset",  # the magnet is knocked by 10 deg in mid-walk
    "dropped",  # one sample in fifty is missing, in runs of up to 40 ms
    "cane",  # step-to at 40 steps a minute, stance 78 %
)


@dataclass(frozen=True)
class Case:
    """One walk. family: what it is pooled under; severe: slower than SEVERE_MPS."""

    name: str
    family: str
    person: Person
    channels: str = EVERYTHING
    fault: str = ""
    seed: int = 0
    severe: bool = field(default=False)


def person_of(speed: float, contact: str, brace: str, seed: int, **more: object) -> Person:
    """Somebody who walks like this in such a brace. Slower than half a metre a second is how strokes walk."""
    kind = "stroke" if speed < 0.5 else "foot_drop" if brace == "slack" else "foot_drop_brace"
    given = {"slack": {"brace": SLACK}, "hinged": {"brace": Brace()}, "solid": {"solid": True}}[brace]
    return Person(kind, seed=seed, speed=speed, contact=contact, **given, **more)  # type: ignore[arg-type]


def battery() -> list[Case]:
    """Every case, in a fixed order with fixed seeds."""
    found: list[Case] = []

    def add(family: str, speed: float, contact: str, brace: str, channels: str = EVERYTHING, fault: str = "") -> None:
        seed = 1000 + len(found)
        more: dict[str, object] = {"imu_place": "foot"} if channels == "foot" else {}
        if fault == "drag":
            more["drag_share"] = 0.5
        elif fault == "double_peak":
            more["double_peak_share"] = 0.5
        elif fault == "clonus":
            more["clonus_deg"] = 3.0
        elif fault == "tilt":
            more["mount_deg"] = (20.0, -20.0, 20.0)
        elif fault == "cane":
            more |= {"cadence": 40.0, "stance_pct": 78.0}
        name = " ".join(x for x in (f"{speed:g} m/s", contact, brace, channels, fault) if x)
        person = person_of(speed, contact, brace, seed, **more)
        found.append(Case(name, family, person, channels, fault, seed, speed < SEVERE_MPS))

    for brace, speed, contact in product(BRACES, SPEEDS, CONTACTS):
        add("severe" if speed < SEVERE_MPS else "level", speed, contact, brace)
    for channels, speed, contact in product(tuple(CHANNELS)[1:], SPEEDS, CONTACTS):
        add(f"{channels} only" if channels != "encoder+shank" else channels, speed, contact, "hinged", channels)
    for fault, speed, contact in product(FAULTS[:-1], (0.2, 0.4, 0.8, 1.2), CONTACTS):
        add(fault, speed, contact, "hinged", EVERYTHING, fault)
    for speed, contact in product((0.2, 0.3), CONTACTS):
        for brace in BRACES[1:]:
            add("cane", speed, contact, brace, EVERYTHING, "cane")
    return found
