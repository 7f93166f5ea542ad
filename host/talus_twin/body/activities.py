# Everything a brace lives through that is not walking: standing, sitting, put on, taken off, on a table, in a bag.
# Sway and fidgeting: quiet standing moves the shank by some 0.3 deg (Winter 1995, A.B.C. of balance); people sit
# still for minutes and then shift. A brace off the leg hangs at its hinge's neutral and presses nowhere.

from dataclasses import dataclass

import numpy as np

from talus_twin.body import idling
from talus_twin.body.curves import ease, wander
from talus_twin.body.errors import PersonError
from talus_twin.body.person import Person
from talus_twin.body.state import RATE_HZ, State

STRAPS_S = 4.0  # closing or opening the straps takes this long; the worn edge is where they begin to press
STEEPEST_DEG = 12.0  # kerb ramps are built to 7 deg, steep streets reach 12
TABLE_PSI = 78.0  # a brace lies on its calf shell


@dataclass(frozen=True)
class Activity:
    """One thing done for a while. kind: a row of KINDS; seconds long.

    turn_every_s: for a walk, half turns that often. person: for a walk, another way of walking (same brace).
    slope_deg: for a walk, the ground's slope, + uphill.
    """

    kind: str
    seconds: float
    turn_every_s: float = 0.0
    person: Person | None = None
    slope_deg: float = 0.0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise PersonError(f"activity: {self.kind!r} is none of {', '.join(KINDS)}")
        low = 8.0 if self.kind in ("walk", "don", "doff", *STAIRS) else 0.5
        if not low <= self.seconds <= 86400:
            raise PersonError(f"activity {self.kind}: {self.seconds:g} s are outside {low:g} to 86400")
        if abs(self.slope_deg) > STEEPEST_DEG:
            raise PersonError(f"activity {self.kind}: a slope of {self.slope_deg:g} deg is beyond {STEEPEST_DEG:g}")


def _neutral(person: Person) -> float:
    return person.brace.neutral if person.brace else 0.0


def stand(person: Person, seconds: float, rng: np.random.Generator) -> State:
    """Both feet on the floor: the shank sways, the foot stays flat."""
    count = int(seconds * RATE_HZ)
    usual = -_neutral(person) if person.solid else -3.0
    state = State.still(count, psi=usual, theta=-usual)
    sway = wander(rng, count, RATE_HZ, 0.7, 0.3 * person.noise) * (0.3 if person.solid else 1.0)
    state.psi += sway
    state.theta -= sway
    state.roll += wander(rng, count, RATE_HZ, 0.7, 0.25 * person.noise)
    state.heel += 0.5 + 0.05 * wander(rng, count, RATE_HZ, 1.5, 1.0)
    state.unrest += 0.15
    return state


def sit(person: Person, seconds: float, rng: np.random.Generator) -> State:
    """Foot on the floor, now and then shifted: the shank slides to another angle and the ankle follows."""
    count = int(seconds * RATE_HZ)
    usual = -_neutral(person) if person.solid else 6.0
    state = State.still(count, psi=usual, theta=-usual)
    at = np.arange(count) / RATE_HZ
    begin = rng.exponential(60.0)
    while begin + 2.0 < seconds:
        shift = rng.normal(0.0, 1.0 if person.solid else 5.0) * min(1.0, person.noise)
        goal = float(np.clip(state.psi[-1] + shift, -12, 20)) - float(state.psi[-1])
        move = goal * ease((at - begin) / 1.2)
        state.psi += move
        state.theta -= move
        begin += 2.0 + rng.exponential(60.0)
    state.heel += 0.06
    state.unrest += 0.05
    return state


def _handled(person: Person, count: int, rng: np.random.Generator) -> State:
    """The brace in somebody's hands: slow large turns, the hinge idle."""
    state = State.still(count, psi=20.0, theta=_neutral(person))
    state.strap[:] = 0.0
    state.psi += wander(rng, count, RATE_HZ, 0.5, 22.0)
    state.roll += wander(rng, count, RATE_HZ, 0.5, 15.0)
    state.yaw += wander(rng, count, RATE_HZ, 0.6, 15.0)
    state.theta += wander(rng, count, RATE_HZ, 0.4, 1.0)
    state.unrest += 0.4
    return state


def don(person: Person, seconds: float, rng: np.random.Generator) -> State:
    """Handled, slipped on, straps closed in the last STRAPS_S seconds."""
    count = int(seconds * RATE_HZ)
    state = _handled(person, count, rng)
    left = (np.arange(count) - count) / RATE_HZ
    closing = ease((left + STRAPS_S) / STRAPS_S)
    on = sit(person, seconds, rng)
    for name in ("psi", "theta", "roll", "yaw"):
        mixed = (1 - ease((left + STRAPS_S + 2.0) / 2.0)) * getattr(state, name)
        setattr(state, name, mixed + ease((left + STRAPS_S + 2.0) / 2.0) * getattr(on, name))
    state.strap = closing
    state.heel = 0.06 * closing
    return state


def doff(person: Person, seconds: float, rng: np.random.Generator) -> State:
    """The same backwards: straps opened first, then the brace is in the hands."""
    state = don(person, seconds, rng)
    for name in vars(state):
        setattr(state, name, getattr(state, name)[::-1].copy())
    return state


def off(person: Person, seconds: float, rng: np.random.Generator) -> State:
    """On a table: nothing moves, nothing presses."""
    state = State.still(int(seconds * RATE_HZ), psi=TABLE_PSI, theta=_neutral(person))
    state.strap[:] = 0.0
    return state


def bag(person: Person, seconds: float, rng: np.random.Generator) -> State:
    """Carried in a bag by somebody who walks: it swings at their step, the hinge hardly moves, nothing presses."""
    count = int(seconds * RATE_HZ)
    state = State.still(count, psi=30.0, theta=_neutral(person))
    at = np.arange(count) / RATE_HZ
    step_hz = rng.uniform(1.6, 2.0)
    size = 1.0 + 0.3 * wander(rng, count, RATE_HZ, 1.5, 1.0)
    drift = wander(rng, count, RATE_HZ, 2.0, 0.6)
    state.psi += 7.0 * size * np.sin(np.pi * step_hz * at + drift)
    state.roll += 9.0 * size * np.sin(np.pi * step_hz * at + 1.0 + drift)
    state.yaw += 5.0 * np.sin(np.pi * step_hz * at + 2.0 + drift)
    state.shake_up += 0.25 * size * np.sin(2 * np.pi * step_hz * at + drift)
    state.theta += wander(rng, count, RATE_HZ, 0.3, 0.25)
    state.strap[:] = 0.0
    state.unrest += 0.5
    return state


KINDS = {"walk": None, "stand": stand, "sit": sit, "don": don, "doff": doff, "off": off, "bag": bag, "charge": off}
KINDS |= {"stairs_up": None, "stairs_down": None, **idling.KINDS}
STAIRS = ("stairs_up", "stairs_down")
WORN = ("walk", "stand", "sit", *STAIRS, *idling.KINDS)


def worn_part(activity: Activity) -> tuple[float, float]:
    """The worn part of an activity, in seconds from its start (empty when both ends are equal).

    The edge is where the straps begin to press (don) or have begun to let go (doff).
    """
    if activity.kind in WORN:
        return 0.0, activity.seconds
    if activity.kind == "don":
        return activity.seconds - STRAPS_S / 2, activity.seconds
    if activity.kind == "doff":
        return 0.0, STRAPS_S / 2
    return 0.0, 0.0
