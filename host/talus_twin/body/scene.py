# A list of activities -> the columns a leg's chips feel, and the truth. Postures are joined first and differentiated
# once, so a gyro's integral is the change of posture; the accelerometer is the sensor's own path (through the ankle
# and along the shank or foot) plus gravity in its segment; the moment is the brace's law and nothing else; warmth is
# first order. Everything random comes from the person's seed.

from dataclasses import dataclass

import numpy as np

from talus_twin.body import activities
from talus_twin.body.activities import Activity
from talus_twin.body.alignment import per_mille
from talus_twin.body.columns import CHIP_ACC_G, CHIP_GYRO_DPS, STANDARD_GRAVITY
from talus_twin.body.creep import crept
from talus_twin.body.curves import wander
from talus_twin.body.errors import PersonError
from talus_twin.body.person import Person
from talus_twin.body.stairs import climb
from talus_twin.body.state import RATE_HZ, State, joined
from talus_twin.body.truth import Stretch, Truth, stride_table
from talus_twin.body.walking import Steps, walk

WARM_S = 25 * 60.0  # clinical reference 1.1: first order, tau 25 min
SKIN_DEGC = 32.0  # liner of a worn brace, 31-33
BOARD_SHARE = 0.3  # the board sits outside the liner: this share of its warmth reaches it
BOARD_S = 8 * 60.0
HEEL_KPA = 70.0  # heel of a shod foot at full load in mid-stance, over a 12.7 mm sensor (Perry: 70-150)
PRESS_S = 600.0  # a tight spot builds up within ten minutes (swelling, creep)
FULL_MV, EMPTY_MV = 4150, 3500
DAY_S = 20 * 3600.0  # a full battery lasts this long awake


@dataclass(frozen=True)
class Press:
    """A spot that gets tight: channel 1-4, from start_s to end_s of the scene, adding kpa once built up."""

    channel: int
    start_s: float
    end_s: float
    kpa: float


@dataclass(frozen=True)
class Scene:
    """columns: Leg channel -> int32 array in wire units at rate_hz; imu_alignment: nine
    integers per 1000, forward, up and lateral axis of the leg in chip axes, as a fitter found them;
    missing: [from, to) seconds whose samples never came (the columns hold what would have been there)."""

    person: Person
    rate_hz: int
    columns: dict[str, np.ndarray]
    imu_alignment: tuple[int, ...]
    truth: Truth
    missing: tuple[tuple[float, float], ...] = ()

    @property
    def duration_s(self) -> float:
        return len(self.columns["ankle_angle"]) / self.rate_hz


def play(
    person: Person,
    acts: list[Activity],
    rate_hz: int = 100,
    presses: tuple[Press, ...] = (),
    ambient_degc: float = 21.0,
    liner_degc: float | None = None,
    battery_pct: float = 90.0,
) -> Scene:
    """Live through `acts` in order. liner_degc: at the start, None: worn warmth or the room's, whichever fits.

    Raises PersonError for an empty scene, a rate that does not divide 400 Hz, or a press outside channel 1-4.
    """
    if not acts:
        raise PersonError("scene: no activity")
    if rate_hz < 50 or RATE_HZ % rate_hz:
        raise PersonError(f"rate_hz: {rate_hz} does not divide {RATE_HZ}, or is below 50")
    for press in presses:
        if press.channel not in (1, 2, 3, 4):
            raise PersonError(f"press: channel {press.channel} is not from 1 to 4")
    me = person.settled()
    rng = np.random.default_rng(me.seed)
    states, steps, stretches = _live(me, acts, rng)
    state = joined(states, [True] * len(states))
    every = RATE_HZ // rate_hz
    worn = _worn(len(state), stretches)
    signals = _motion(me, state, rng)
    signals["moment"] = _moment(me, state)
    strides = stride_table(state, signals["moment"], steps)
    signals |= _pressures(me, state, presses, rng)
    liner_start = (SKIN_DEGC if worn[0] else ambient_degc) if liner_degc is None else liner_degc
    signals |= warmth(worn, ambient_degc, liner_start)
    signals |= _battery(len(state), stretches, battery_pct)
    truth = Truth(steps, strides, stretches, signals["liner"][::every], sustained(signals, every, rate_hz))
    noisy = _noisy(me, state, signals, rng)
    columns = {name: np.rint(values[::every] * WIRE[name]).astype(np.int32) for name, values in noisy.items()}
    return Scene(me, rate_hz, columns, per_mille(mounted(me)), truth)


# Leg channel -> wire units per unit used in here (deg, N.m, deg/s, g, kPa, degC, mV, %)
WIRE = {
    "ankle_angle": 100,
    "moment": 1000,
    **{f"gyro_{axis}": 10 for axis in "xyz"},
    **{f"acc_{axis}": 1000 for axis in "xyz"},
    **{f"pressure_{n}": 100 for n in range(1, 5)},
    "liner": 100,
    "reference": 100,
    "battery_mv": 1,
    "battery_pct": 1,
}


def _live(me: Person, acts: list[Activity], rng: np.random.Generator) -> tuple[list[State], Steps, list[Stretch]]:
    """Each activity's State, all steps on the scene's clock, and who did what when."""
    states: list[State] = []
    steps = Steps()
    stretches: list[Stretch] = []
    begin = 0.0
    for act in acts:
        if act.kind == "walk":
            way = act.person.settled() if act.person else me
            state, made = walk(way, act.seconds, rng, act.turn_every_s, act.slope_deg)
            steps.append(made, begin)
        elif act.kind in activities.STAIRS:
            state, made = climb(act.person.settled() if act.person else me, act.seconds, rng, act.kind)
            steps.append(made, begin)
        else:
            maker = activities.KINDS[act.kind]
            assert maker is not None
            state = maker(me, act.seconds, rng)
        length = len(state) / RATE_HZ
        low, high = activities.worn_part(Activity(act.kind, max(act.seconds, length)))
        high = min(high, length)
        stretches.append(Stretch(act.kind, begin, begin + length, begin + low, begin + high))
        states.append(state)
        begin += length
    return states, steps, stretches


def _worn(count: int, stretches: list[Stretch]) -> np.ndarray:
    worn = np.zeros(count, dtype=bool)
    for one in stretches:
        worn[round(one.worn_start_s * RATE_HZ) : round(one.worn_end_s * RATE_HZ)] = True
    return worn


def mounted(me: Person) -> np.ndarray:
    """3 x 3 rotation, chip axes -> leg axes (rows forward, up, lateral) from the person's mount_deg."""
    roll, yaw, pitch = np.radians(me.mount_deg)
    about_forward = np.array([[1, 0, 0], [0, np.cos(roll), -np.sin(roll)], [0, np.sin(roll), np.cos(roll)]])
    about_up = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    about_lateral = np.array([[np.cos(pitch), -np.sin(pitch), 0], [np.sin(pitch), np.cos(pitch), 0], [0, 0, 1]])
    return about_lateral @ about_up @ about_forward


def _motion(me: Person, state: State, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Ankle angle, and rates and specific force in LEG axes (rows forward, up, lateral), noise-free."""
    lean = state.psi if me.imu_place == "shank" else state.phi
    angle = np.radians(lean)
    cos, sin = np.cos(angle), np.sin(angle)
    if me.imu_place == "shank":
        place_x, place_z = -me.imu_height_m * sin, me.imu_height_m * cos
    else:  # on the instep, a little in front of the ankle
        place_x, place_z = 0.06 * cos, 0.06 * sin
    moved_x = np.gradient(np.gradient(state.ankle_x + place_x)) * RATE_HZ**2 / STANDARD_GRAVITY
    moved_z = np.gradient(np.gradient(state.ankle_z + place_z)) * RATE_HZ**2 / STANDARD_GRAVITY + 1.0
    roll = np.radians(state.roll)
    upward = (-sin * moved_x + cos * moved_z) * np.cos(roll)
    return {
        "ankle_angle": state.theta,
        "rate": np.gradient(np.vstack((state.roll, state.yaw, lean)), axis=1) * RATE_HZ,
        "force": np.vstack(
            (
                cos * moved_x + sin * moved_z + state.shake_forward,
                upward + state.shake_up,
                (-sin * moved_x + cos * moved_z) * np.sin(roll),
            )
        ),
    }


def _moment(me: Person, state: State) -> np.ndarray:
    """The brace's law (clinical reference 3.5): M = k (theta0 - theta) - c dtheta, in N.m."""
    brace = me.brace
    assert brace is not None
    below = brace.neutral - state.theta
    up = brace.stiffness if brace.stiffness_up is None else brace.stiffness_up
    rate = np.gradient(state.theta) * RATE_HZ
    return np.where(below > 0, brace.stiffness, up) * below - brace.damping * rate


def _pressures(me: Person, state: State, presses: tuple[Press, ...], rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Four sites in kPa: three under straps and shell that breathe with the stride, the fourth under the heel."""
    count = len(state)
    at = np.arange(count) / RATE_HZ
    ripple = 0.22 * np.clip(state.theta, 0, 15) / 10 + 0.18 * state.heel
    found = {}
    for channel in range(1, 5):
        strap = me.strap_kpa[channel - 1]
        slow = 1.0 + 0.06 * wander(rng, count, RATE_HZ, 20.0, 1.0)
        if channel == 4:
            value = state.strap * (strap * slow + HEEL_KPA * state.heel)
        else:
            value = state.strap * strap * slow * (1.0 + ripple)
        for press in presses:
            if press.channel == channel:
                since = np.clip(at - press.start_s, 0, None)
                built = np.where(at < press.end_s, 1 - np.exp(-since / (PRESS_S / 3)), 0.0)
                value = value + state.strap * press.kpa * built
        found[f"pressure_{channel}"] = np.maximum(value, 0.0)
    return found


def warmth(worn: np.ndarray, ambient_degc: float, start_degc: float, rate_hz: float = RATE_HZ) -> dict[str, np.ndarray]:
    """Liner and board temperature, first order: the liner toward skin or room, the board toward a share of it."""
    goal = np.where(worn, SKIN_DEGC, ambient_degc)
    liner = first_order(goal, start_degc, WARM_S * rate_hz)
    board_goal = ambient_degc + BOARD_SHARE * (liner - ambient_degc)
    return {"liner": liner, "reference": first_order(board_goal, float(board_goal[0]), BOARD_S * rate_hz)}


def first_order(goal: np.ndarray, start: float, tau_samples: float) -> np.ndarray:
    """y' = (goal - y) / tau, exact for a goal that holds between samples; y[0] = start."""
    keep = float(np.exp(-1.0 / tau_samples))
    found = np.empty(len(goal))
    block = max(1, int(20 * tau_samples))  # keep**block must stay far above the smallest float
    value = start
    for a in range(0, len(goal), block):
        part = goal[a : a + block]
        powers = keep ** np.arange(len(part) + 1)
        driven = np.concatenate(([0.0], np.cumsum(part / powers[1:]))) * powers * (1 - keep)
        found[a : a + len(part)] = (value * powers + driven)[:-1]
        value = float(value * powers[-1] + driven[-1])
    return found


def _battery(count: int, stretches: list[Stretch], start_pct: float) -> dict[str, np.ndarray]:
    per_s = np.full(count, -100.0 / DAY_S)
    for one in stretches:
        if one.kind == "charge":
            per_s[round(one.start_s * RATE_HZ) : round(one.end_s * RATE_HZ)] = 100.0 / 7200.0
    pct = np.clip(start_pct + np.cumsum(per_s) / RATE_HZ, 0, 100)
    return {"battery_pct": pct, "battery_mv": EMPTY_MV + (FULL_MV - EMPTY_MV) * pct / 100.0}


def sustained(signals: dict[str, np.ndarray], every: int, rate_hz: int) -> np.ndarray:
    """Truth of pressure: 20th percentile of each whole minute, rows channel 1-4, in kPa (clinical 4.3)."""
    minutes = []
    for channel in range(1, 5):
        values = signals[f"pressure_{channel}"][::every]
        whole = len(values) // (60 * rate_hz)
        minutes.append(np.percentile(values[: whole * 60 * rate_hz].reshape(whole, 60 * rate_hz), 20, axis=1))
    return np.array(minutes)


def _noisy(me: Person, state: State, signals: dict[str, np.ndarray], rng: np.random.Generator) -> dict[str, np.ndarray]:
    """What the skin and the mounting add, then the turn from leg axes into the chip's. Chips add their own later."""
    count = len(state)
    shake = me.noise * state.unrest
    rotation = mounted(me)
    rate, force = signals.pop("rate"), signals.pop("force")
    rate = rate + np.vstack([shake * wander(rng, count, RATE_HZ, 0.008, 2.0) for _ in range(3)])
    force = force + np.vstack([shake * wander(rng, count, RATE_HZ, 0.008, 0.015) for _ in range(3)])
    rate, force = rotation.T @ rate, rotation.T @ force
    found = {"ankle_angle": signals["ankle_angle"] + shake * wander(rng, count, RATE_HZ, 0.05, 0.08)}
    found["moment"] = signals["moment"] + shake * wander(rng, count, RATE_HZ, 0.02, 0.02)
    for i, axis in enumerate("xyz"):
        found[f"gyro_{axis}"] = np.clip(rate[i], -CHIP_GYRO_DPS, CHIP_GYRO_DPS)
        found[f"acc_{axis}"] = np.clip(force[i], -CHIP_ACC_G, CHIP_ACC_G)
    for channel in range(1, 5):
        name = f"pressure_{channel}"
        film = signals[name] * crept(signals[name], RATE_HZ)
        found[name] = np.maximum(film * (1 + 0.02 * shake * wander(rng, count, RATE_HZ, 0.05, 1.0)), 0.0)
    for name in ("liner", "reference", "battery_mv", "battery_pct"):
        found[name] = signals[name]
    return found
