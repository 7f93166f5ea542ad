# Who may come to be measured: every speed x contact x brace x fault as a Person and a Scene with truth, for a battery.
# Sources: stance grows as walking slows (Murray 1984, Smith and Lemaire 2018; recalled: 61 % at 1.3 m/s,
# 66 % at 0.5, 72 % at 0.2) and a cane's step-to gait stands longest (clinical reference 9: 80 %, 3 s); cadence follows
# speed (Grieve and Gear 1966); variability rises as speed falls (Beauchet 2009); stiffness by Totah 2019.

from dataclasses import dataclass, field, replace

import numpy as np

from talus_twin.body.activities import Activity
from talus_twin.body.errors import PersonError
from talus_twin.body.faults import Fault, Gaps, Knock, Slip, Tilt, spoiled
from talus_twin.body.person import SLACK, STIFF, Brace, Person
from talus_twin.body.scene import Scene, play

SPEEDS = (0.2, 0.3, 0.4, 0.6, 0.8, 1.0, 1.2, 1.4)  # m/s
CONTACTS = ("heel", "flat", "forefoot")
BRACES = {
    "none": Brace(stiffness=0.0, damping=0.0, neutral=0.0),  # a sleeve with sensors, no spring at all
    "slack": SLACK,
    "hinged": Brace(stiffness=0.8, stiffness_up=0.3, damping=0.004, neutral=2.0),
    "solid": STIFF,
}
STAND_S = 5.0  # quiet standing before and after: where a fitter aligns and a brace finds its zero
SLOW, QUICK = 0.6, 1.0  # m/s: below and from there on another look of the stride
WEAK = 0.1  # share of dorsiflexor strength left: none of these lifts the foot alone


@dataclass(frozen=True)
class Trouble:
    """A row of FAULTS: what it is, what it changes in the person, and the speeds (m/s) it is met at."""

    what: str
    changes: dict[str, float] = field(default_factory=dict)
    slowest: float = 0.1
    fastest: float = 2.2


FAULTS = {
    "none": Trouble("nothing"),
    "drag": Trouble("every other swing drags its toe", {"drag_share": 0.5}),
    "double_peak": Trouble("the knee hesitates in every swing", {"double_peak_share": 1.0}),
    "clonus": Trouble("a ripple of 6 Hz after every contact (clinical 2.3)", {"clonus_deg": 3.0}, fastest=1.0),
    "tilt_forward": Trouble("the IMU sits 20 deg off about the lateral axis"),
    "tilt_back": Trouble("the same the other way"),
    "tilt_aside": Trouble("the IMU sits 20 deg off about the upright axis"),
    "slip": Trouble("the IMU slips 15 deg in mid-walk"),
    "knock": Trouble("the encoder is knocked by 10 deg in mid-walk"),
    "gaps": Trouble("two samples in a hundred never come, up to 0.4 s at a time"),
    "slow_cadence": Trouble("41 steps a minute", {"cadence": 41.0, "variability_pct": 1.0}, fastest=0.4),
    "fast_cadence": Trouble("138 steps a minute, short ones", {"cadence": 138.0}, slowest=0.6),
    "cane": Trouble(
        "step-to gait with a cane, strides of 2.8 s",
        {"cadence": 43.0, "stance_pct": 80.0, "variability_pct": 2.5},
        fastest=0.3,
    ),
}


def cases() -> list[tuple[float, str, str, str]]:
    """(speed, contact, brace, fault) of everybody who can be, sound ones first: arguments of `made`."""
    found = []
    for fault, row in FAULTS.items():
        speeds = [speed for speed in SPEEDS if row.slowest <= speed <= row.fastest]
        found += [(v, contact, brace, fault) for v in speeds for contact in CONTACTS for brace in BRACES]
    return found


def stance_pct(speed: float) -> float:
    """Stance of a stride in per cent at a speed in m/s."""
    return 60.0 + 18.0 * float(np.exp(-speed / 0.45))


def variability_pct(speed: float) -> float:
    """Coefficient of variation of the stride time at a speed in m/s: 2 % at 1.3, 6 % at 0.2."""
    return 2.0 + 4.0 * max(0.0, (1.3 - speed) / 1.1) ** 2


def walker(
    speed: float, contact: str = "heel", brace: str = "hinged", fault: str = "none", seed: int = 1, **changes: object
) -> Person:
    """Somebody who walks so. changes: any other field of Person. Raises PersonError for a row there is not."""
    for name, value, rows in (("brace", brace, BRACES), ("fault", fault, FAULTS)):
        if value not in rows:
            raise PersonError(f"{name}: {value!r} is none of {', '.join(rows)}")
    row = FAULTS[fault]
    if not row.slowest <= speed <= row.fastest:
        raise PersonError(f"speed: {speed:g} is outside {row.slowest:g} to {row.fastest:g} for {fault}")
    one = Person(
        kind=_gait(speed, contact, brace in ("hinged", "solid")), seed=seed, speed=speed, contact=contact,
        brace=BRACES[brace], solid=brace == "solid",
        stance_pct=stance_pct(speed), variability_pct=variability_pct(speed), residual=WEAK,
    )  # fmt: skip
    return replace(one, **{**row.changes, **changes})  # type: ignore[arg-type]


def _gait(speed: float, contact: str, braced: bool) -> str:
    """Whose look a walk has: after a stroke when slow, quick without a brace only who swings a shank as in health."""
    if speed < SLOW:
        return "stroke"
    if braced:
        return "foot_drop_brace"
    if speed >= QUICK:
        return "healthy"
    return "steppage" if contact == "forefoot" else "foot_drop"


def disturbance(fault: str, middle_s: float, seed: int = 1) -> tuple[Fault, ...]:
    """What a row of FAULTS does to the record of a walk whose middle is at `middle_s`."""
    rows: dict[str, Fault] = {
        "tilt_forward": Tilt(20.0),
        "tilt_back": Tilt(-20.0),
        "tilt_aside": Tilt(20.0 if seed % 2 else -20.0, "up"),
        "slip": Slip(middle_s, 15.0 if seed % 2 else -15.0, "lateral" if seed % 3 else "up"),
        "knock": Knock(middle_s, 10.0 if seed % 2 else -10.0),
        "gaps": Gaps(seed=seed),
    }
    return (rows[fault],) if fault in rows else ()


def made(
    speed: float, contact: str = "heel", brace: str = "hinged", fault: str = "none", seed: int = 1,
    seconds: float = 60.0, rate_hz: int = 100, **changes: object,
) -> Scene:  # fmt: skip
    """Standing, `seconds` of walking, standing: the scene and its truth."""
    person = walker(speed, contact, brace, fault, seed, **changes)
    acts = [Activity("stand", STAND_S), Activity("walk", seconds), Activity("stand", STAND_S)]
    return spoiled(play(person, acts, rate_hz), *disturbance(fault, STAND_S + 0.5 * seconds, seed))
