# A walk with known truth: from standing, through strides, back to standing. Shank inclination psi and foot pitch phi
# are smooth curves through knots laid per stride; the ankle is what lies between them (theta = phi - psi). The foot
# pivots about heel or toe on the ground and lies flat (phi = 0) in between; the ankle's path through swing joins both
# with its speed, so the accelerometer feels a possible leg. Truth is taken from the curves, before any sensor.

from dataclasses import dataclass, field

import numpy as np

from talus_twin.body.curves import ease, smoothed, through, wander
from talus_twin.body.person import CONTACTS, KINDS, Person, Shape
from talus_twin.body.slope import on_slope, tilted
from talus_twin.body.sole import SOFT_S, path
from talus_twin.body.state import RATE_HZ, State

STAND_S = 0.8  # standing before the first heel rises and after the last stride
STANDING_PSI = -3.0  # quiet standing leans a little forward
DRAG_DEG = 4.0  # how far the ground pushes a caught toe down
CAUGHT, DRAG_WAIT, DOUBLE_WAIT = 0.5, 0.12, 0.16  # when in the forward swing, and how much of it is lost
CONTACT_PITCH = {"heel": 13.0, "flat": 0.0, "forefoot": -10.0}  # deg, aimed at when a contact is asked for
HEEL_FIRST_DEG = 5.0  # clinical reference 2.1
IMPACT_G = {"heel": 1.4, "flat": 1.0, "forefoot": 0.6}  # at 1.3 m/s; tibial peaks 1.5-4 g (Lafortune 1991)
IMPACT_HZ, IMPACT_DECAY_S = 28.0, 0.018
CLONUS_HZ = 6.0  # clinical reference 2.3: ripple of 5-8 Hz
PUSH_S = 0.06  # the foot's fastest turn lies some 30 ms before toe off (Sabatini 2005, recalled)
PUSH = 1.25  # how much faster than before and after it turns then
SOLID_YIELD_DEG = 0.7  # how far a "solid" brace gives under body weight


@dataclass
class Steps:
    """Truth of a walk, in seconds from its start. contact_class, terrain: one of CONTACTS, TERRAINS per contact;

    walk: which walk of a scene each contact belongs to, from 0.
    """

    contact_s: list[float] = field(default_factory=list)
    toe_off_s: list[float] = field(default_factory=list)
    contact_class: list[str] = field(default_factory=list)
    drags_s: list[tuple[float, float]] = field(default_factory=list)
    turns_s: list[tuple[float, float]] = field(default_factory=list)
    terrain: list[str] = field(default_factory=list)
    walk: list[int] = field(default_factory=list)

    def append(self, other: "Steps", later_s: float) -> None:
        """Add the steps of a later walk that began `later_s` into this one's clock."""
        self.contact_s += [at + later_s for at in other.contact_s]
        self.toe_off_s += [at + later_s for at in other.toe_off_s]
        self.contact_class += other.contact_class
        self.drags_s += [(a + later_s, b + later_s) for a, b in other.drags_s]
        self.turns_s += [(a + later_s, b + later_s) for a, b in other.turns_s]
        self.terrain += other.terrain
        before = self.walk[-1] + 1 if self.walk else 0
        self.walk += [number + before for number in other.walk]


@dataclass
class Plan:
    """Times and sizes of every stride before any curve is drawn."""

    contacts: np.ndarray
    offs: np.ndarray  # one before each contact
    size: np.ndarray  # amplitude of each swing and the stance before it
    drop: np.ndarray  # deg, how far this swing's ankle angle is from the usual
    drag: np.ndarray  # bool per swing
    double: np.ndarray  # bool per swing
    length_m: float


def plan(person: Person, duration_s: float, rng: np.random.Generator) -> Plan:
    """Stride by stride: durations vary with memory (AR 0.3), stance and size a little around their usual."""
    assert person.cadence and person.speed and person.variability_pct is not None and person.drag_share is not None
    usual = 120.0 / person.cadence
    count = max(2, int((duration_s - 2 * STAND_S) / usual))
    noise = rng.standard_normal(count)
    for i in range(1, count):
        noise[i] = 0.3 * noise[i - 1] + np.sqrt(1 - 0.09) * noise[i]
    stride = usual * np.exp(person.variability_pct / 100.0 * np.clip(noise, -3, 3))
    share = np.clip(person.stance_share + 0.01 * rng.standard_normal(count), 0.45, 0.88)
    offs, contacts = [STAND_S + 0.3 * usual], []
    for i in range(count):
        contacts.append(offs[-1] + stride[i] * (1 - share[i]))
        offs.append(contacts[-1] + stride[i] * share[i])
    kind = KINDS[person.kind]
    length = person.speed * usual
    size = float(np.clip((length / (kind.speed * 120.0 / kind.cadence)) ** 0.7, 0.35, 1.3))
    sway = person.variability_pct / 100.0
    return Plan(
        np.array(contacts),
        np.array(offs[:-1]),
        size * (1 + sway * np.clip(rng.standard_normal(count), -2.5, 2.5)),
        0.4 * person.variability_pct * rng.standard_normal(count),
        rng.random(count) < person.drag_share,
        rng.random(count) < person.double_peak_share,
        length,
    )


def contact_posture(person: Person, shape: Shape, size: float) -> tuple[float, float]:
    """(psi, theta) at initial contact. An asked-for contact is reached half by the ankle, half by the shank."""
    psi, theta = shape.psi_contact * size, person.theta_swing
    wanted = person.contact or KINDS[person.kind].contact
    if wanted is None:
        return psi, theta
    change = CONTACT_PITCH[wanted] - (psi + theta)
    if wanted == "heel" and change < 0:
        return psi, theta
    by_ankle = 0.0 if person.solid else float(np.clip(0.5 * change, -15, 8))
    return psi + change - by_ankle, theta + by_ankle


class Knots:
    """Knots of psi and phi, laid in time order; two knots less than 4 ms apart are one."""

    def __init__(self, psi: float, phi: float) -> None:
        self.rows = [(-10.0, psi, phi), (0.0, psi, phi)]

    def add(self, at_s: float, psi: float, phi: float) -> None:
        if at_s > self.rows[-1][0] + 0.004:
            self.rows.append((at_s, psi, phi))

    def flat(self, at_s: float, psi: float) -> None:
        self.add(at_s, psi, 0.0)

    def curve(self, at: np.ndarray, column: int) -> np.ndarray:
        table = np.array(self.rows)
        return smoothed(through(at, table[:, 0], table[:, column]), SOFT_S * RATE_HZ)


def lay_stance(
    knots: Knots, person: Person, shape: Shape, start: float, end: float, size: float, swing_s: float
) -> None:
    """From initial contact to toe off, both ends included. swing_s: how long the swing that follows lasts."""
    span = end - start
    psi, theta = contact_posture(person, shape, size)
    knots.add(start, psi, psi + theta)
    pitch = psi + theta
    flat_psi = shape.psi_flat * size
    if abs(pitch) < 3.0:
        flat_at, flat_psi = 0.04, min(psi, flat_psi)
    else:
        flat_at = shape.flat_from if pitch > 0 else 0.16
    rise_at = 0.5 * (shape.heel_off + 1.0)
    if person.solid:
        # A hinge that does not move lies flat only while the shank waits at its angle.
        still = -solid_theta(person)
        if abs(pitch) >= 3.0:
            flat_at = 0.30
        knots.flat(start + flat_at * span, still)
        knots.flat(start + shape.heel_off * span, still)
        off = shape.psi_toe_off * size
        up = (start + rise_at * span, 0.35 * off + 0.65 * still, 0.35 * (off - still))
        knots.add(*up)
        lay_push(knots, up, (end, off, off - still), (person, shape, size), swing_s)
        knots.add(end, off, off - still)
        return
    knots.flat(start + flat_at * span, flat_psi)
    knots.flat(start + (0.5 * flat_at + 0.5 * shape.heel_off) * span, 0.45 * flat_psi + 0.3 * shape.psi_heel_off * size)
    knots.flat(start + shape.heel_off * span, shape.psi_heel_off * size)
    rise = 0.68 * shape.psi_heel_off * size + 0.32 * shape.psi_toe_off * size
    risen = (start + rise_at * span, rise, rise + min(shape.theta_rise, -rise - 2.0))
    left = (end, shape.psi_toe_off * size, shape.psi_toe_off * size + shape.theta_off)
    knots.add(*risen)
    lay_push(knots, risen, left, (person, shape, size), swing_s)
    knots.add(*left)


def lay_push(
    knots: Knots,
    risen: tuple[float, float, float],
    left: tuple[float, float, float],
    who: tuple[Person, Shape, float],
    swing_s: float,
) -> None:
    """The last of a push-off: the foot turns fastest just before its toe leaves, and slower from there on."""
    person, shape, size = who
    at, _, pitch = early_swing(person, shape, size)
    after = (pitch - left[2]) / (at * swing_s)
    before = (left[2] - risen[2]) / (left[0] - risen[0])
    fall = PUSH * min(before, after, 0.0) * PUSH_S
    share = min(0.85, fall / (left[2] - risen[2])) if left[2] < risen[2] else 0.0
    if share > PUSH_S / (left[0] - risen[0]):
        knots.add(left[0] - PUSH_S, left[1] - share * (left[1] - risen[1]), left[2] - share * (left[2] - risen[2]))


def early_swing(person: Person, shape: Shape, size: float) -> tuple[float, float, float]:
    """(share of swing, psi, phi) soon after toe off, while the shank still falls back."""
    off, back = shape.psi_toe_off * size, shape.psi_back * size
    psi = 0.3 * off + 0.7 * back
    theta = solid_theta(person) if person.solid else min(shape.theta_push, person.theta_swing)
    return 0.5 * turn_at(off, back), psi, psi + theta


def turn_at(off: float, back: float) -> float:
    """Share of swing at which the shank turns forward: the further it still falls back, the later."""
    return 0.10 + 0.012 * (off - back)


def lay_swing(knots: Knots, person: Person, shape: Shape, start: float, end: float, row: tuple[float, ...]) -> None:
    """Between toe off and the next contact, both ends excluded. row: size, drop deg, drag, double."""
    size, drop, drag, double = row
    span = end - start
    touch_psi, touch_theta = contact_posture(person, shape, size)
    off, back = shape.psi_toe_off * size, shape.psi_back * size
    heel_first = touch_psi + touch_theta > HEEL_FIRST_DEG
    front = min(max(shape.psi_front * size, touch_psi + 3.0), touch_psi + (7.0 if heel_first else 4.0))
    top = 0.93 if heel_first else 0.87
    swing = person.theta_swing + (0.0 if person.solid else drop)
    solid = solid_theta(person)
    turn = turn_at(off, back)

    def add(share: float, psi: float, theta: float) -> None:
        knots.add(start + share * span, psi, psi + (solid if person.solid else theta))

    push = min(shape.theta_push, swing)
    add(0.5 * turn, 0.3 * off + 0.7 * back, push)
    add(turn, back, push + 0.15 * (swing - push))
    for u in np.arange(0.15, 0.95, 0.05):
        # The shank swings like a pendulum that is fastest a little late; the foot is up by three quarters of it.
        done = 0.5 - 0.5 * np.cos(np.pi * u**1.25)
        theta = push + (swing - push) * (0.15 + 0.85 * min(1.0, u / 0.7))
        caught = np.exp(-(((u - CAUGHT) / 0.1) ** 2))
        if drag or double:
            # The toe catches (or the knee hesitates): the shank waits, then has to hurry.
            done -= (DRAG_WAIT if drag else DOUBLE_WAIT) * caught
        if drag:
            theta -= DRAG_DEG * caught
        add(turn + u * (top - turn), back + done * (front - back), theta)
    add(top, front, 0.6 * swing + 0.4 * touch_theta)


def solid_theta(person: Person) -> float:
    return person.brace.neutral if person.brace else 0.0


def walk(
    person: Person, duration_s: float, rng: np.random.Generator, turn_every_s: float = 0.0, slope_deg: float = 0.0
) -> tuple[State, Steps]:
    """About `duration_s` seconds: standing, strides, standing. `person` is settled. Returns State and truth.

    slope_deg: of the ground, + uphill. Everything is laid against the ground and turned with it at the end.
    """
    shape = tilted(KINDS[person.kind].shape, slope_deg)
    laid = plan(person, duration_s, rng)
    stand = -solid_theta(person) if person.solid else STANDING_PSI - slope_deg
    knots = Knots(stand, 0.0)
    knots.flat(STAND_S, stand)
    off = shape.psi_toe_off * laid.size[0]
    knots.add(laid.offs[0], off, off + (solid_theta(person) if person.solid else shape.theta_off))
    last = len(laid.contacts) - 1
    for i, contact in enumerate(laid.contacts):
        row = (laid.size[i], laid.drop[i], laid.drag[i], laid.double[i])
        lay_swing(knots, person, shape, laid.offs[i], contact, row)
        if i < last:
            follows = laid.contacts[i + 1] - laid.offs[i + 1]
            lay_stance(knots, person, shape, contact, laid.offs[i + 1], laid.size[i], follows)
    psi, theta = contact_posture(person, shape, laid.size[-1])
    knots.add(laid.contacts[-1], psi, psi + theta)
    knots.flat(laid.contacts[-1] + 0.15, stand if person.solid else stand + 0.5 * (psi - stand))
    knots.flat(laid.contacts[-1] + STAND_S, stand)
    count = int((laid.contacts[-1] + 2 * STAND_S) * RATE_HZ)
    at = np.arange(count) / RATE_HZ
    psi_t, phi_t = knots.curve(at, 1), knots.curve(at, 2)
    state = State.still(count)
    state.psi, state.theta = psi_t, phi_t - psi_t
    _bend(state, person, at, laid)
    steps = steps_of(state, laid, "ramp" if slope_deg else "level")
    path(state, laid.offs, laid.contacts, laid.length_m, laid.drag)
    load(state, at, laid, steps)
    shake(state, person, at, laid, steps, rng)
    aside(state, shape, at, laid, steps, turn_every_s)
    on_slope(state, slope_deg)
    return state, steps


def _span(start_s: float, end_s: float) -> slice:
    return slice(round(start_s * RATE_HZ), round(end_s * RATE_HZ))


def _bend(state: State, person: Person, at: np.ndarray, laid: Plan) -> None:
    """What the ankle does beside the plan: a solid brace yields a little under load, clonus shakes at 6 Hz.

    The foot keeps its pitch; the shank gives way.
    """
    change = np.zeros(len(at))
    if person.solid:
        for contact, off in zip(laid.contacts[:-1], laid.offs[1:], strict=True):
            part = _span(contact, off)
            u = (at[part] - contact) / (off - contact)
            change[part] += SOLID_YIELD_DEG * np.sin(2 * np.pi * (u - 0.35)) * np.sin(np.pi * u) ** 2
    if person.clonus_deg > 0:
        for contact in laid.contacts:
            part = _span(contact, contact + 1.5)
            since = at[part] - contact
            change[part] += person.clonus_deg * np.sin(2 * np.pi * CLONUS_HZ * since) * np.exp(-since / 0.3)
    state.theta += change
    state.psi -= change


def steps_of(state: State, laid: Plan, terrain: str) -> Steps:
    """The truth of a plan, once its curves are drawn against the ground."""
    phi = state.phi
    steps = Steps(contact_s=laid.contacts.tolist(), toe_off_s=laid.offs.tolist())
    steps.terrain, steps.walk = [terrain] * len(laid.contacts), [0] * len(laid.contacts)
    for contact in laid.contacts:
        pitch = phi[round(contact * RATE_HZ)]
        steps.contact_class.append(CONTACTS[0 if pitch > HEEL_FIRST_DEG else 2 if pitch < -HEEL_FIRST_DEG else 1])
    for off, contact, drag in zip(laid.offs, laid.contacts, laid.drag, strict=True):
        if drag:
            steps.drags_s.append((off + 0.46 * (contact - off), off + 0.64 * (contact - off)))
    return steps


def load(state: State, at: np.ndarray, laid: Plan, steps: Steps) -> None:
    """Heel load: full soon after a heel contact, later after the others, gone at heel off (Perry: foot rockers)."""
    state.heel = np.full(len(at), 0.5)
    delay = {"heel": 0.0, "flat": 0.03, "forefoot": 0.10}
    first_rise = laid.offs[0] - STAND_S
    state.heel *= 1.0 - ease((at - STAND_S) / max(0.2, 0.6 * first_rise))
    ends = [*laid.offs[1:], at[-1] + 10.0]
    for contact, end, how in zip(laid.contacts, ends, steps.contact_class, strict=True):
        begin = contact + delay[how]
        part = _span(contact, min(end, at[-1] + 1.0))
        now = at[part]
        full = {"heel": 1.0, "flat": 0.7, "forefoot": 0.5}[how]
        up = ease((now - begin) / 0.08)
        down = ease((now - contact - 0.25 * (end - contact)) / (0.35 * (end - contact)))
        if end > at[-1]:
            state.heel[part] += (0.5 + (full - 0.5) * np.exp(-np.maximum(now - begin, 0) / 0.3)) * up
        else:
            state.heel[part] += full * up * (1.0 - down)


def shake(state: State, person: Person, at: np.ndarray, laid: Plan, steps: Steps, rng: np.random.Generator) -> None:
    """Impacts at initial contact, the slap of an unbraced foot at foot flat, the rasp of a dragged toe (20-45 Hz)."""
    assert person.speed is not None and person.brace is not None
    hard = max(0.25, person.speed / 1.3)

    def strike(moment: float, g: float) -> None:
        a = round(moment * RATE_HZ)
        since = at[a : a + 60] - moment
        ring = g * np.exp(-since / IMPACT_DECAY_S) * np.sin(2 * np.pi * IMPACT_HZ * np.maximum(since, 0))
        # The path already stops the foot: what rings on top of it comes back to rest, within the stroke itself.
        back = np.sin(np.pi * np.arange(len(ring)) / 60)
        ring -= ring.sum() / back.sum() * back
        state.shake_up[a : a + 60] += 1.6 * ring
        state.shake_forward[a : a + 60] -= 0.5 * ring

    for contact, how in zip(laid.contacts, steps.contact_class, strict=True):
        strike(contact, IMPACT_G[how] * hard * float(np.exp(0.15 * rng.standard_normal())))
        if how != "flat" and person.brace.stiffness < 0.2 and person.residual is not None and person.residual < 0.5:
            strike(contact + 0.09, 0.8 * hard)
    for start, end in steps.drags_s:
        a, b = round(start * RATE_HZ), round(end * RATE_HZ)
        rasp = np.sin(2 * np.pi * np.cumsum(rng.uniform(22, 42, b - a)) / RATE_HZ) * rng.uniform(0.6, 1.2, b - a)
        state.shake_forward[a:b] -= 0.45 * rasp * np.hanning(b - a)
        state.shake_up[a:b] += 0.3 * rasp * np.hanning(b - a)
    state.unrest = ease(at / STAND_S) * 0.8 + 0.2
    state.roll = wander(rng, len(at), RATE_HZ, 0.4, 0.6 * person.noise)


def aside(state: State, shape: Shape, at: np.ndarray, laid: Plan, steps: Steps, turn_every_s: float) -> None:
    """Out of the sagittal plane: circumduction in swing, and half turns over two strides when asked for."""
    for off, contact in zip(laid.offs, laid.contacts, strict=True):
        part = _span(off, contact)
        u = (at[part] - off) / (contact - off)
        state.roll[part] += shape.circumduction * np.sin(np.pi * u) ** 2
        state.yaw[part] += 4.0 * np.sin(np.pi * u) ** 2 * np.cos(np.pi * u)
    if turn_every_s > 0:
        begin = turn_every_s
        while begin + 4.0 < laid.contacts[-1]:
            i = int(np.searchsorted(laid.offs, begin))
            j = min(i + 2, len(laid.contacts) - 1)
            state.yaw += 180.0 * ease((at - laid.offs[i]) / (laid.contacts[j] - laid.offs[i]))
            steps.turns_s.append((float(laid.offs[i]), float(laid.contacts[j])))
            begin += turn_every_s
