# Legs that move without walking: what a stride detector must not count. Postures of a seated leg and the frequencies of
# vehicles, cranks and feet by Griffin 1990 (Handbook of Human Vibration: cars and buses 1-20 Hz, most of it under 10),
# Winter 1995 (sway), Kralj 1990 (rising takes 1.5-2.5 s, the shank leans 15-20 deg over the foot at seat off), and
# cycling's 60-90 turns a minute (recalled; amplitudes within what such a leg can do [E]). In none of them is a stride.

import numpy as np

from talus_twin.body.curves import ease, smoothed, wander
from talus_twin.body.person import Person
from talus_twin.body.sole import pivot
from talus_twin.body.state import RATE_HZ, State

SEATED_PSI = 6.0
SHANK_M = 0.42  # knee above ankle (Winter: 0.246 of 1.7 m)


def _still(person: Person, seconds: float, psi: float, theta: float | None = None) -> tuple[State, np.ndarray]:
    """A leg that rests at a posture, and its clock. theta None: the foot is flat. A solid brace keeps its angle."""
    hold = person.brace.neutral if person.brace else 0.0
    if person.solid:
        psi, theta = (-hold if theta is None else psi), hold
    state = State.still(int(seconds * RATE_HZ), psi=psi, theta=-psi if theta is None else theta)
    return state, np.arange(len(state)) / RATE_HZ


def _band(rng: np.random.Generator, count: int, low_hz: float, high_hz: float, sd: float) -> np.ndarray:
    """Noise between two frequencies, of this SD."""
    fast = smoothed(rng.standard_normal(count), RATE_HZ / (2 * np.pi * high_hz))
    slow = smoothed(fast, RATE_HZ / (2 * np.pi * low_hz))
    found = fast - slow
    return sd * found / max(1e-9, float(found.std()))


def _ankle(person: Person, state: State, change: np.ndarray, by_foot: bool) -> None:
    """The ankle moves by `change` deg: the foot turns under a still shank, or the shank over a still foot."""
    if person.solid:
        change = 0.03 * change
    state.theta += change
    if not by_foot:
        state.psi -= change


def drive(person: Person, seconds: float, rng: np.random.Generator) -> State:
    """At the wheel, this foot on the pedals: the heel stays, the sole goes down and up; the car shakes at 5-15 Hz."""
    state, at = _still(person, seconds, 38.0, -12.0)
    begin = rng.exponential(4.0)
    while begin + 2.0 < seconds:
        press, hold = rng.uniform(5.0, 18.0), rng.exponential(5.0) + 0.5
        down = ease((at - begin) / rng.uniform(0.3, 0.8)) - ease((at - begin - hold) / rng.uniform(0.3, 0.8))
        _ankle(person, state, -press * down, by_foot=True)
        if rng.random() < 0.4:  # from one pedal to the other: the leg turns about its heel
            state.yaw += rng.choice((-1, 1)) * 12.0 * down
            state.psi -= 3.0 * down
        begin += hold + rng.exponential(5.0) + 1.0
    rough = 1.0 + 0.4 * wander(rng, len(state), RATE_HZ, 4.0, 1.0)
    state.shake_up += _band(rng, len(state), 5.0, 15.0, 0.05) * rough
    state.shake_forward += _band(rng, len(state), 5.0, 15.0, 0.02) * rough
    state.psi += _band(rng, len(state), 3.0, 8.0, 0.08) * rough
    state.yaw += wander(rng, len(state), RATE_HZ, 3.0, 8.0)
    state.heel += 0.08
    state.unrest += 0.15
    return state


def bus(person: Person, seconds: float, rng: np.random.Generator) -> State:
    """Standing in a bus: feet apart and flat, the shank gives way to every brake and bend; 1-12 Hz from the floor."""
    state, at = _still(person, seconds, -3.0)
    _ankle(person, state, wander(rng, len(state), RATE_HZ, 0.5, 1.8), by_foot=False)
    state.roll += wander(rng, len(state), RATE_HZ, 0.6, 1.5)
    begin = rng.exponential(10.0)
    while begin + 6.0 < seconds:
        lean = rng.uniform(-6.0, 6.0) * (ease((at - begin) / 1.0) - ease((at - begin - 3.0) / 1.5))
        _ankle(person, state, lean, by_foot=False)
        state.shake_forward += (
            0.15 * np.sign(rng.uniform(-1, 1)) * (ease((at - begin) / 0.8) - ease((at - begin - 3) / 1))
        )
        state.yaw += 25.0 * np.sign(rng.uniform(-1, 1)) * ease((at - begin) / 4.0)  # the bus turns, not the leg
        begin += 8.0 + rng.exponential(12.0)
    state.shake_up += _band(rng, len(state), 1.0, 12.0, 0.06)
    state.shake_forward += _band(rng, len(state), 1.0, 12.0, 0.03)
    state.heel += 0.5 + 0.08 * wander(rng, len(state), RATE_HZ, 1.0, 1.0)
    state.unrest += 0.3
    return state


def swing_leg(person: Person, seconds: float, rng: np.random.Generator) -> State:
    """Seated, the lower leg dangles about its knee like the pendulum it is, now more, now less."""
    state, at = _still(person, seconds, 0.0, person.theta_swing)
    size = np.clip(15.0 + wander(rng, len(state), RATE_HZ, 6.0, 9.0), 2.0, 35.0)
    hz = rng.uniform(0.75, 1.0)  # a lower leg with foot: about 1.1 s a swing
    turn = 2 * np.pi * hz * at + wander(rng, len(state), RATE_HZ, 3.0, 0.4)
    state.psi += 4.0 + size * np.sin(turn)
    _ankle(person, state, 0.12 * size * np.sin(turn - 1.0), by_foot=True)
    _about_knee(state)
    state.unrest += 0.5
    return state


def cycle(person: Person, seconds: float, rng: np.random.Generator) -> State:
    """On a bicycle: the ankle goes round with the pedal, the shank rocks, the sole tips a little at every turn."""
    state, at = _still(person, seconds, -8.0, 2.0)
    hz = float(np.clip(rng.normal(1.1, 0.15), 0.7, 1.6))
    turn = 2 * np.pi * hz * at + wander(rng, len(state), RATE_HZ, 5.0, 0.6)
    free = ease((wander(rng, len(state), RATE_HZ, 5.0, 1.0) + 1.2) / 0.4)  # now and then the legs rest
    state.psi += 20.0 * np.sin(turn) * free
    _ankle(person, state, 9.0 * np.sin(turn - 0.8) * free, by_foot=True)
    state.ankle_x += 0.17 * np.cos(turn) * free
    state.ankle_z += 0.17 * np.sin(turn) * free
    state.shake_up += _band(rng, len(state), 2.0, 12.0, 0.05)
    state.heel += 0.1 * (1 + np.sin(turn)) * free
    state.unrest += 0.5
    return state


def shuffle(person: Person, seconds: float, rng: np.random.Generator) -> State:
    """Seated on a chair with wheels, pushed about by the feet: the flat foot slides, the shank rocks over it."""
    state, at = _still(person, seconds, SEATED_PSI)
    begin = rng.uniform(0.5, 1.5)
    while begin + 2.0 < seconds:
        long = rng.uniform(0.7, 1.3)
        rock = rng.uniform(6.0, 14.0) * (
            ease((at - begin) / (0.5 * long)) - ease((at - begin - 0.5 * long) / (0.5 * long))
        )
        _ankle(person, state, rock, by_foot=False)
        state.ankle_x += rng.uniform(0.05, 0.15) * ease((at - begin - 0.5 * long) / (0.5 * long))
        begin += long + (rng.exponential(6.0) if rng.random() < 0.2 else rng.uniform(0.0, 0.4))
    state.shake_up += _band(rng, len(state), 8.0, 25.0, 0.015)
    state.heel += 0.08
    state.unrest += 0.5
    return state


def shift(person: Person, seconds: float, rng: np.random.Generator) -> State:
    """Standing at a sink: weight from leg to leg, the heel at times off the ground, no step."""
    state, at = _still(person, seconds, -3.0)
    _ankle(person, state, wander(rng, len(state), RATE_HZ, 0.7, 0.4 * person.noise), by_foot=False)
    side = np.sin(2 * np.pi * 0.35 * at + wander(rng, len(state), RATE_HZ, 4.0, 1.0))
    state.roll += 2.5 * side
    state.heel += 0.5 + 0.35 * side
    _ankle(person, state, 2.0 * side, by_foot=False)
    begin = rng.exponential(5.0)
    while begin + 3.0 < seconds:
        up = rng.uniform(8.0, 25.0) * (ease((at - begin) / 0.6) - ease((at - begin - 1.2) / 0.6))
        state.psi -= up  # the knee bends, the heel rises about the toes
        _ankle(person, state, 0.3 * up, by_foot=True)
        state.heel *= 1.0 - up / 30.0
        begin += 3.0 + rng.exponential(8.0)
    _on_ground(state)
    state.unrest += 0.4
    return state


def transfer(person: Person, seconds: float, rng: np.random.Generator) -> State:
    """From chair to standing and back, every so often: the shank leans over the foot, then comes upright."""
    state, at = _still(person, seconds, SEATED_PSI)
    begin, standing = rng.uniform(1.0, 3.0), False
    while begin + 5.0 < seconds:
        long = rng.uniform(1.5, 2.6)
        lean = 22.0 * (ease((at - begin) / (0.5 * long)) - ease((at - begin - 0.5 * long) / (0.5 * long)))
        end = (9.0 if not standing else -9.0) * ease((at - begin - 0.3 * long) / (0.7 * long))
        _ankle(person, state, lean + end, by_foot=False)
        state.heel += (0.42 if not standing else -0.42) * ease((at - begin - 0.2 * long) / (0.4 * long))
        standing = not standing
        begin += long + 1.0 + rng.exponential(5.0)
    state.heel += 0.06
    state.unrest += 0.4
    return state


def turn_about(person: Person, seconds: float, rng: np.random.Generator) -> State:
    """Turning on the spot: the foot is lifted a little and set down again turned, a quarter turn in several."""
    state, at = _still(person, seconds, -3.0)
    begin = rng.uniform(0.5, 1.5)
    way = 1.0
    while begin + 2.0 < seconds:
        long = rng.uniform(0.35, 0.6)
        up = ease((at - begin) / (0.5 * long)) - ease((at - begin - 0.5 * long) / (0.5 * long))
        state.ankle_z += 0.03 * up
        state.psi -= 9.0 * up
        _ankle(person, state, 0.2 * 9.0 * up, by_foot=True)
        state.yaw += way * rng.uniform(20.0, 45.0) * ease((at - begin) / long)
        state.heel -= 0.5 * up
        begin += long + rng.uniform(0.4, 0.8)
        if rng.random() < 0.15:
            begin += rng.exponential(6.0)
            way = -way
    state.heel += 0.5
    state.roll += wander(rng, len(state), RATE_HZ, 0.7, 0.6)
    state.unrest += 0.5
    return state


def _about_knee(state: State) -> None:
    """The knee stays where it is: the ankle goes on its arc."""
    psi = np.radians(state.psi)
    state.ankle_x += SHANK_M * np.sin(psi)
    state.ankle_z += SHANK_M * (1 - np.cos(psi))


def _on_ground(state: State) -> None:
    """The foot stands on heel or toe."""
    x, z = pivot(state.phi)
    state.ankle_x += x - x[0]
    state.ankle_z += z - z[0]


KINDS = {
    "drive": drive,
    "bus": bus,
    "swing_leg": swing_leg,
    "cycle": cycle,
    "shuffle": shuffle,
    "shift": shift,
    "transfer": transfer,
    "turn_about": turn_about,
}
