# Up and down a flight of stairs with known truth. Postures by Riener 2002 and Protopapadaki 2007 (recalled, rounded):
# up, the forefoot lands under a shank that leans over it and the knee then brings it upright; down, the forefoot lands
# on a plantarflexed ankle and the shank leans far over the flat foot before it leaves (over 20 deg of dorsiflexion).
# Steps of 17 cm and 28 cm (a common rule). A spring holds the ankle nearer its neutral; a solid brace keeps it.

from dataclasses import replace

import numpy as np

from talus_twin.body.person import KINDS, Person
from talus_twin.body.sole import Floor, path
from talus_twin.body.state import RATE_HZ, State
from talus_twin.body.walking import (
    STAND_S,
    STANDING_PSI,
    Knots,
    Plan,
    Steps,
    aside,
    load,
    plan,
    shake,
    solid_theta,
    steps_of,
)

RISE_M, TREAD_M = 0.17, 0.28
ONE_BY_ONE = 0.4  # m/s on the level: who walks slower brings one foot to the other on every step [E]
CADENCE = {"stairs_up": 0.75, "stairs_down": 0.85}  # of that on the level (Riener 2002: strides of 1.2 to 1.4 s)
EDGE_M = {"stairs_up": -0.03, "stairs_down": 0.21}  # the edge of a step, in front of the heel's print on it
CADENCES = (40.0, 140.0)
SPRING_SHARE = 0.6  # of the unbraced ankle's way from neutral is left in a sprung brace [E]

# share of stance or swing -> (psi, theta) in deg; a flat foot is theta = -psi. Up to toe off, then to contact.
STANCE = {
    "stairs_up": ((0.0, -12, -1), (0.12, -16, 16), (0.35, -14, 14), (0.6, -6, 6), (0.74, -9, 9), (0.88, -20, 4),
                  (1.0, -34, -12)),
    "stairs_down": ((0.0, 2, -22), (0.14, -6, 6), (0.32, -12, 12), (0.58, -22, 22), (0.7, -27, 27), (0.87, -44, 24),
                    (1.0, -58, 8)),
}  # fmt: skip
FLAT = {"stairs_up": (1, 5), "stairs_down": (1, 5)}  # rows of STANCE whose foot is flat
SWING = {
    "stairs_up": ((0.18, -52, -10), (0.4, -60, 2), (0.62, -38, 6)),
    "stairs_down": ((0.15, -70, 4), (0.38, -62, 0), (0.65, -24, -10)),
}
REACH = (0.86, 4.0)  # the foot is brought over its step by then, this much further (deg), and set down backward
LEAN = 4.0  # deg the shank leans on from a landing upward to the flat foot: the body comes over it (Coley 2005: the
# shank's rate turns at contact, on stairs too)


def climb(person: Person, duration_s: float, rng: np.random.Generator, way: str) -> tuple[State, Steps]:
    """About `duration_s` seconds of standing, stairs, standing. way: stairs_up or stairs_down; `person` is settled."""
    assert person.cadence and person.speed
    laid = _plan(person, duration_s, rng, way)
    stand = -solid_theta(person) if person.solid else STANDING_PSI
    touch = landing(person, way)
    knots = Knots(stand, 0.0)
    knots.flat(STAND_S, stand)
    knots.add(laid.offs[0], *_posture(person, *STANCE[way][-1][1:]))
    for i, contact in enumerate(laid.contacts):
        span = contact - laid.offs[i]
        for share, psi, theta in SWING[way]:
            knots.add(laid.offs[i] + share * span, *_posture(person, psi, theta + laid.drop[i]))
        knots.add(laid.offs[i] + REACH[0] * span, touch[0] + REACH[1], touch[1] + REACH[1])
        if i + 1 < len(laid.contacts):
            _stance(knots, person, way, contact, laid.offs[i + 1])
    knots.add(laid.contacts[-1], *touch)
    knots.flat(laid.contacts[-1] + 0.2, stand if person.solid else 0.5 * (stand + touch[0]))
    knots.flat(laid.contacts[-1] + STAND_S, stand)
    at = np.arange(int((laid.contacts[-1] + 2 * STAND_S) * RATE_HZ)) / RATE_HZ
    state = State.still(len(at))
    state.psi = knots.curve(at, 1)
    state.theta = np.full(len(at), solid_theta(person)) if person.solid else knots.curve(at, 2) - state.psi
    steps = steps_of(state, laid, way)
    rise = (RISE_M if way == "stairs_up" else -RISE_M) * laid.length_m / TREAD_M
    path(state, laid.offs, laid.contacts, laid.length_m, laid.drag, rise, floor_of(way))
    load(state, at, laid, steps)
    shake(state, person, at, laid, steps, rng)
    aside(state, KINDS[person.kind].shape, at, laid, steps, 0.0)
    return state, steps


def floor_of(way: str) -> Floor:
    """Height of the stairs under an x (m), the first print's heel at 0."""
    if way == "stairs_up":
        return lambda x: RISE_M * np.floor((x - EDGE_M[way]) / TREAD_M)
    return lambda x: -RISE_M * np.ceil((x - EDGE_M[way]) / TREAD_M)


def steps_per_stride(person: Person) -> int:
    """2 when each foot takes every other step, 1 when one foot follows the other."""
    assert person.speed
    return 1 if person.speed < ONE_BY_ONE else 2


def _plan(person: Person, duration_s: float, rng: np.random.Generator, way: str) -> Plan:
    cadence = float(np.clip((person.cadence or 0.0) * CADENCE[way], *CADENCES))
    laid = plan(replace(person, cadence=cadence, drag_share=0.0, double_peak_share=0.0), duration_s, rng)
    laid.length_m = steps_per_stride(person) * TREAD_M
    return laid


def _posture(person: Person, psi: float, theta: float) -> tuple[float, float]:
    """(psi, phi) with what the brace leaves of the ankle's angle."""
    theta = _held(person, theta)
    return psi, psi + theta


def landing(person: Person, way: str) -> tuple[float, float]:
    """(psi, phi) at initial contact."""
    _, psi, theta = STANCE[way][0]
    lean = LEAN - _held(person, STANCE[way][1][2]) if way == "stairs_up" else psi
    return _posture(person, lean, theta)


def _held(person: Person, theta: float) -> float:
    assert person.brace is not None
    if person.solid:
        return solid_theta(person)
    if person.brace.stiffness < 0.2:
        return theta
    return person.brace.neutral + SPRING_SHARE * (theta - person.brace.neutral)


def _stance(knots: Knots, person: Person, way: str, start: float, end: float) -> None:
    """From contact to toe off, both included; where the foot is flat the shank leans by what the ankle gives."""
    first, after = FLAT[way]
    for i, (share, psi, theta) in enumerate(STANCE[way]):
        at = start + share * (end - start)
        if i == 0:
            knots.add(at, *landing(person, way))
        elif first <= i < after:
            knots.flat(at, -_held(person, theta))
        else:
            knots.add(at, *_posture(person, psi, theta))
