"""The situations a person is led through, as rows: what to do, in words, and the same as a pose for a virtual jig."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from talus.wire.kinds import SITES

LEVER_M = 0.15
MASSES_KG = (1.0, 2.0, 4.0)
STOPS_DEG = (-20.0, 15.0)
JIG_DEG = (-40.0, -30.0, -20.0, -10.0, 10.0, 20.0, 30.0)
WARMTHS_DEGC = (5.0, 15.0, 25.0, 33.0, 40.0, 32.0, 24.0, 14.0, 5.0)
# The lowest of them that a sensor tells from nothing is its floor: no tier below it is judged.
SQUEEZES_KPA = (0.0, 1.0, 2.0, 5.0, 10.0, 20.0, 10.0, 5.0, 2.0, 1.0, 0.0)
WORN_KPA = (1.6, 1.9, 1.4, 2.4)  # of a virtual leg: 11 to 18 mmHg
SKIN = "Is the skin under every sensor checked and clear: no patch that is red, dark, warm, hard or sore? y or n"
HEEL_KPA = (0.0, 2.0, 10.0, 30.0, 60.0, 100.0, 60.0, 30.0, 10.0, 2.0, 0.0)
MINUTES = {"encoder": 2, "weights": 4, "warmth": 120, "pressure": 5, "imu": 2, "fit": 16}
STEPS = tuple(MINUTES)
SIDES_UP = ("top", "bottom", "front", "back", "inner side", "outer side")


@dataclass(frozen=True)
class Situation:
    """reads: what is read in it; words: what the person does; known: what is true of it; pose: for a virtual jig."""

    reads: str
    words: str
    known: dict[str, Any] = field(default_factory=dict)
    pose: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Kit:
    """What stands around this brace: its pressure sites, where its IMU sits, the masses there are and their lever."""

    sites: Sequence[int]
    imu_place: str = "shank"
    masses_kg: Sequence[float] = MASSES_KG
    lever_m: float = LEVER_M


def situations(step: str, kit: Kit, many: bool = False) -> list[Situation]:
    """Every situation of a step, in order. many: the longer form of it (jig angles, six sides)."""
    return {
        "encoder": lambda: _encoder(many),
        "weights": lambda: _weights(kit),
        "warmth": _warmth,
        "pressure": lambda: _pressure(kit.sites),
        "imu": lambda: _imu(many, kit.imu_place),
        "fit": _fit,
    }[step]()


def _encoder(many: bool) -> list[Situation]:
    rows = [
        Situation("angle", "Brace off, in the jig at 90 deg. Hold it still.", {"angle_deg": 0.0}, {"angle_deg": 0.0}),
        Situation("angle", "Lift the foot plate: toes up.", {"angle_deg": None}, {"angle_deg": 12.0}),
    ]
    for stop in JIG_DEG if many else STOPS_DEG:
        way = "toes up" if stop > 0 else "toes down"
        words = f"Set the jig to {abs(stop):.0f} deg, {way}. Hold it still."
        rows.append(Situation("angle", words, {"angle_deg": stop}, {"angle_deg": stop}))
    return rows


def _weights(kit: Kit) -> list[Situation]:
    """A mass on a plate that lies sole down pulls it down: the brace answers toward dorsiflexion, which is +."""
    rows = []
    up = [0.0, *sorted(kit.masses_kg)]
    for toward, way in ((1.0, "sole down"), (-1.0, "turned over, sole up")):
        for index, mass in enumerate(up + up[-2::-1]):
            words = f"Hang {mass:g} kg at {kit.lever_m:g} m from the hinge" if mass else "Nothing on the plate"
            first = f"Clamp the cuff, plate level, {way}. " if index == 0 else ""
            known = {"mass_kg": mass, "lever_m": kit.lever_m, "toward": toward}
            rows.append(
                Situation(
                    "load", f"{first}{words}.", known, {"mass_kg": mass, "toward": toward, "lever_m": kit.lever_m}
                )
            )
    return rows


def _warmth() -> list[Situation]:
    return [
        Situation(
            "warm",
            f"Unloaded, at about {degc:.0f} degC for a quarter of an hour (fridge, room, warm box).",
            {},
            {"degc": degc},
        )
        for degc in WARMTHS_DEGC
    ]


def _pressure(sites: Sequence[int]) -> list[Situation]:
    rows = []
    for channel, site in enumerate(sites, 1):
        if not site:
            continue
        name = SITES[site].replace("_", " ")
        for kpa in HEEL_KPA if SITES[site] == "heel" else SQUEEZES_KPA:
            words = (
                f"Channel {channel} ({name}): {kpa:g} kPa on the puck." if kpa else f"Channel {channel} ({name}): free."
            )
            rows.append(Situation("squeeze", words, {"channel": channel, "kpa": kpa}, {"kpa": (channel, kpa)}))
    return rows


def _fit() -> list[Situation]:
    """The skin is asked about before: what is read is of a brace under which it was clear."""
    rows = []
    for what, words in (("sitting", "Brace on: sit for ten minutes"), ("walking", "Then walk for five minutes")):
        words = f"{words}, and go on while it reads, 10 s."
        rows.append(Situation("worn", words, {"what": what, "skin": 1}, {"worn_kpa": WORN_KPA}))
    return rows


def _imu(many: bool, imu_place: str) -> list[Situation]:
    rows = []
    if many:
        for side in SIDES_UP:
            words = f"Brace off: lay it with its {side} up, still for 5 s."
            rows.append(Situation("side", words, {}, {"lying": side}))
    rows.append(Situation("standing", "Brace on: stand still on both feet for 5 s.", {}, {"standing": True}))
    if imu_place == "foot":
        rows.append(Situation("lifted", "Lift your toes once, and hold them up, within 3 s.", {}, {"lifting": True}))
    rows.append(Situation("strides", "Walk straight on: ten strides with the brace, in 20 s.", {}, {"walking": True}))
    return rows
