# Sets of exercises with what was truly done in them, as samples of a brace's grid. Repetitions follow minimum jerk
# (Flash and Hogan 1985). No number here is one of a detector's settings. Sources:
# active dorsiflexion 0-20 deg and plantar flexion to 45 (AAOS), 4-15 deg left in a weak ankle [E]; rep-to-rep CV 4-12 %
#   and tempo 0.9-1.3 s quick, 3.5-6 s slow [E]; the last of a tiring set 55-80 % of the first (Enoka 2008, endurance);
# tremor 3.5-7 Hz (Bhatia 2018, MDS consensus), ankle clonus 5-8 Hz (Iansek 1984), 8-12 Hz physiological;
# a brace of 0.05-0.5 N.m/deg (Totah 2019, flexible) or 2-5 (stiff); a contraction without movement 0.35-1.2 N.m [E];
# both feet share the weight 40-60 %, one carries all, a heel 45-65 % of its foot (Cavanagh 1987, Hughes 1990),
#   wandering by 4-8 % as balance does; shank 1.5-5 deg/s RMS on one leg (Winter 1995); unrest of a muscle 0.05 N.m [E];
# leg lifts of 25-60 deg in 0.8-1.6 s with an idle ankle that lags by 4-9 deg [E]; sensors: data sheets.

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from talus.wire import kinds
from talus_twin.body.curves import ease, wander
from talus_twin.body.errors import PersonError
from talus_twin.body.person import PASSIVE_STIFFNESS

HZ = 100
COUNT_DEG = 360 / 4096  # of the encoder
HEEL = kinds.PRESSURE_1
GRAVITY_NM = 0.9  # of a hanging foot
UNREST_NM = 0.05
CLONUS_DEG = (1.0, 3.0)


@dataclass(frozen=True)
class Bend:
    """One movement of the ankle from its rest: begins at s, takes rise, hold, fall, is so many degrees high."""

    begin_s: float
    rise_s: float
    hold_s: float
    fall_s: float
    size_deg: float
    counts: bool = True

    @property
    def end_s(self) -> float:
        return self.begin_s + self.rise_s + self.hold_s + self.fall_s


@dataclass(frozen=True)
class Truth:
    """What was done; None where no sensor of this brace could know. range_deg and hold_s: medians; fatigue_pct: median
    range of the last three as a share of the first three; lasted_s: of each stand on one leg."""

    repetitions: int | None
    range_deg: float | None = None
    hold_s: float | None = None
    fatigue_pct: float | None = None
    lasted_s: tuple[float, ...] = ()


@dataclass(frozen=True)
class Set:
    """exercise: index into kinds.EXERCISES. samples: of the grid, one each 10 ms. heel: sample index or None."""

    name: str
    seed: int
    exercise: int
    samples: list[list[int | None]]
    truth: Truth
    heel: int | None = HEEL


@dataclass
class Leg:
    """Signals of a set, HZ a second: theta (deg), psi (deg, - forward), own_nm of the muscle, heel_kpa."""

    seconds: float
    rng: np.random.Generator
    rest_deg: float = 0.0
    stiffness: float = 0.2  # N.m/deg
    seated: bool = True
    gap: bool = False
    missing: tuple[int, ...] = ()
    heel_kpa: float = 5.0
    noise: float = 1.0
    offset_deg: float = 0.0
    at: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.at = np.arange(round(self.seconds * HZ)) / HZ
        count = len(self.at)
        sway = 0.15 if self.seated else 0.35
        unrest = UNREST_NM * self.noise / (self.stiffness + PASSIVE_STIFFNESS)
        self.psi = wander(self.rng, count, HZ, 0.7, sway * self.noise)
        self.theta = np.full(count, self.rest_deg) + wander(self.rng, count, HZ, 3.0, unrest)
        self.muscle_nm = np.zeros(count)
        self.heel = self.heel_kpa * (1 + wander(self.rng, count, HZ, 1.5, 0.05))

    def bend(self, one: Bend) -> np.ndarray:
        """Its course, from 0 to 1 and back."""
        up = ease((self.at - one.begin_s) / one.rise_s)
        down = ease((self.at - one.begin_s - one.rise_s - one.hold_s) / one.fall_s)
        return up - down

    def samples(self) -> list[list[int | None]]:
        """As the brace's chips tell them."""
        rng, count = self.rng, len(self.at)
        told = np.round((self.theta + self.offset_deg) / COUNT_DEG) * COUNT_DEG
        moment = self.stiffness * (4.0 - self.theta) + GRAVITY_NM * self.seated * 0.3 - self.muscle_nm
        moment += rng.normal(0, 0.02 * self.noise, count) + rng.uniform(-0.3, 0.3)
        rate = np.gradient(self.psi, 1 / HZ) + rng.normal(0, 0.4 * self.noise, count) + rng.uniform(-0.6, 0.6)
        tilt = np.radians(self.psi)
        rows = {
            kinds.ANGLE: told * 100,
            kinds.MOMENT: moment * 1000,
            kinds.GYRO_SAGITTAL: rate * 10,
            kinds.GYRO_FRONTAL: rng.normal(0, 4, count),
            kinds.GYRO_TRANSVERSE: rng.normal(0, 4, count),
            kinds.ACC_FORWARD: np.sin(tilt) * 1000 + rng.normal(0, 6 * self.noise, count),
            kinds.ACC_UP: np.cos(tilt) * 1000 + rng.normal(0, 6 * self.noise, count),
            kinds.ACC_LATERAL: rng.normal(0, 6 * self.noise, count),
            HEEL: np.maximum(0, self.heel * rng.normal(1, 0.02, count)) * 100,
        }
        whole: list[list[int | None]] = [[None] * kinds.SAMPLE_SIZE for _ in range(count)]
        for index, values in rows.items():
            if index not in self.missing:
                for sample, value in zip(whole, np.round(values).astype(int).tolist(), strict=True):
                    sample[index] = value
        return whole


@dataclass(frozen=True)
class Way:
    """How a set is done. Pairs are ranges that a seed draws from."""

    exercise: str = "dorsiflexion"
    repetitions: tuple[int, int] = (8, 15)
    range_deg: tuple[float, float] = (6.0, 18.0)
    rise_s: tuple[float, float] = (0.5, 1.2)
    hold_s: tuple[float, float] = (0.0, 0.8)
    rest_s: tuple[float, float] = (0.2, 1.5)
    seated: bool = True
    tired_pct: tuple[float, float] = (92.0, 100.0)
    partial: float = 0.0  # share of movements that come to 20-42 % only
    breaks: int = 0
    change: Callable[["Leg", list[Bend]], None] | None = None
    stiffness: tuple[float, float] = (0.05, 0.5)
    missing: tuple[int, ...] = ()
    seen: bool = True


def tremor(low_hz: float, high_hz: float, deg: tuple[float, float]) -> Callable[[Leg, list[Bend]], None]:
    def shake(leg: Leg, bends: list[Bend]) -> None:
        size = leg.rng.uniform(*deg) * (1 + wander(leg.rng, len(leg.at), HZ, 1.0, 0.25))
        hz = leg.rng.uniform(low_hz, high_hz) * (1 + wander(leg.rng, len(leg.at), HZ, 1.0, 0.03))
        leg.theta += size * np.sin(2 * np.pi * np.cumsum(hz) / HZ)

    return shake


def clonus(leg: Leg, bends: list[Bend]) -> None:
    """Beats at the top of a stretch that die away in one to two seconds."""
    hz = leg.rng.uniform(5, 8)
    for one in bends[:: leg.rng.integers(2, 4)]:
        since = leg.at - one.begin_s - one.rise_s
        size = leg.rng.uniform(*CLONUS_DEG)
        leg.theta += np.where(since > 0, size * np.exp(-np.maximum(since, 0) / 0.6), 0) * np.sin(2 * np.pi * hz * since)


def drift(leg: Leg, bends: list[Bend]) -> None:
    """The foot slides and the person shifts: the rest creeps, and steps once in a pause."""
    leg.theta += leg.rng.uniform(-5, 5) * leg.at / leg.at[-1]
    at = bends[len(bends) // 2].begin_s - 0.2
    leg.theta += leg.rng.choice([-1, 1]) * leg.rng.uniform(2, 6) * ease((leg.at - at + 0.8) / 0.8)


def offset(leg: Leg, bends: list[Bend]) -> None:
    leg.offset_deg = leg.rng.choice([-1, 1]) * leg.rng.uniform(4, 12)


def noisy(leg: Leg, bends: list[Bend]) -> None:
    leg.theta += leg.rng.normal(0, 0.3, len(leg.at))
    leg.muscle_nm += leg.rng.normal(0, 0.08, len(leg.at))


def lifts(leg: Leg, bends: list[Bend]) -> None:
    """Instead of some movements of the ankle the whole leg is lifted."""
    for one in bends:
        if one.counts:
            continue
        leg.psi += leg.rng.uniform(25, 60) * leg.bend(one)


def released(leg: Leg, bends: list[Bend]) -> None:
    """Heels off the floor: what they carried goes to the forefoot; the shank leans a little."""
    for one in bends:
        leg.heel *= 1 - leg.rng.uniform(0.85, 1.0) * np.clip(leg.bend(one) * 2.5, 0, 1)
        leg.psi += leg.rng.uniform(-3, 1) * leg.bend(one)


def leaned(leg: Leg, bends: list[Bend]) -> None:
    """Toes raised in standing: the body leans back over the heels."""
    for one in bends:
        leg.psi += leg.rng.uniform(1, 5) * leg.bend(one)


def squatted(leg: Leg, bends: list[Bend]) -> None:
    """Instead of heel raises some knees are bent: the ankle goes the other way, the heel stays loaded."""
    for one in bends:
        if one.counts:
            leg.heel *= 1 - 0.9 * np.clip(leg.bend(one) * 2.5, 0, 1)


def sagged(leg: Leg, bends: list[Bend]) -> None:
    """A long hold sinks by some percent and trembles."""
    for one in bends:
        inside = (leg.at - one.begin_s - one.rise_s) / max(one.hold_s, 0.1)
        leg.theta -= one.size_deg * leg.rng.uniform(0.02, 0.2) * np.clip(inside, 0, 1) * (leg.bend(one) > 0.5)
    tremor(8, 12, (0.1, 0.4))(leg, bends)


WAYS = {
    "plain": Way(),
    "quick": Way(rise_s=(0.40, 0.60), hold_s=(0.0, 0.05), rest_s=(0.05, 0.2)),
    "slow": Way(rise_s=(1.5, 2.5), hold_s=(0.2, 1.5), rest_s=(0.5, 3.0)),
    "small": Way(range_deg=(4.2, 6.0)),
    "tremor": Way(change=tremor(3.5, 7, (0.3, 1.2)), range_deg=(8, 18)),
    "clonus": Way(change=clonus, hold_s=(0.5, 1.5)),
    "tiring": Way(tired_pct=(55, 80), repetitions=(10, 20)),
    "incomplete": Way(partial=0.3),
    "pauses": Way(breaks=3),
    "drift": Way(change=drift, rest_s=(0.8, 1.5)),
    "offset": Way(change=offset),
    "noisy": Way(change=noisy),
    "leg_lifts": Way(change=lifts, partial=0.3, rise_s=(0.8, 1.4), range_deg=(6, 12)),
    "standing_toe_raises": Way(seated=False, change=leaned),
    "heel_raises_sitting": Way("heel_raise", range_deg=(10, 25), change=released),
    "heel_raises_standing": Way("heel_raise", range_deg=(12, 35), seated=False, change=released),
    "heel_raises_partly_faked": Way("heel_raise", range_deg=(12, 25), seated=False, change=squatted, partial=0.25),
    "holds": Way("hold", (3, 6), hold_s=(2.0, 12.0), change=sagged, rest_s=(1.5, 4.0)),
    "long_holds": Way("hold", (2, 3), hold_s=(18.0, 30.0), change=sagged, rest_s=(3.0, 6.0)),
    "trace": Way(range_deg=(0.0, 0.0), stiffness=(2.0, 5.0), rise_s=(0.6, 1.2), hold_s=(0.3, 1.5), rest_s=(0.8, 2.0)),
    "moment_alone": Way(stiffness=(0.08, 0.5), missing=(kinds.ANGLE,)),
    "nothing_sees_it": Way(missing=(kinds.ANGLE, kinds.MOMENT), seen=False),
    "encoder_lost": Way(seen=False),
}
STANDS = ("single_leg_stands", "single_leg_touches", "single_leg_no_heel")
NAMES = (*WAYS, *STANDS)


def make(name: str, seed: int) -> Set:
    """One set. Raises PersonError for a name that is none of NAMES."""
    if name in WAYS:
        return _repeated(name, seed, WAYS[name])
    if name in STANDS:
        return _stood(name, seed)
    raise PersonError(f"set {name!r}: is none of {', '.join(NAMES)}")


def _repeated(name: str, seed: int, way: Way) -> Set:
    rng = np.random.default_rng([seed, *name.encode()])
    bends = _bends(rng, way)
    sign = -1.0 if way.exercise == "heel_raise" else 1.0
    seconds = bends[-1].end_s + rng.uniform(1.0, 3.0)
    loaded = rng.uniform(4, 9) if way.seated else rng.uniform(30, 60)
    leg = Leg(seconds, rng, rng.uniform(-8, 4), rng.uniform(*way.stiffness), way.seated, missing=way.missing)
    leg.heel *= loaded / leg.heel_kpa
    pulls = rng.uniform(0.35, 1.2)
    for one in bends:
        course = leg.bend(one)
        pull = pulls * rng.uniform(0.85, 1.15)
        # What a trace of a muscle pulls the brace no longer gives, and the ankle hardly moves.
        bent = pull / leg.stiffness if name == "trace" else one.size_deg * _way_of(name, one, sign)
        leg.theta += bent * course
    if way.change:
        way.change(leg, bends)
    samples = leg.samples()
    if name == "encoder_lost":
        for sample in samples[len(samples) // 2 :]:
            sample[kinds.ANGLE] = sample[kinds.MOMENT] = None
    exercise = kinds.EXERCISES.index(way.exercise)
    return Set(name, seed, exercise, samples, _truth([b for b in bends if b.counts], way, name))


def _way_of(name: str, one: Bend, sign: float) -> float:
    if name == "heel_raises_partly_faked" and not one.counts:
        return 0.6
    return sign


def _bends(rng: np.random.Generator, way: Way) -> list[Bend]:
    count = int(rng.integers(way.repetitions[0], way.repetitions[1] + 1))
    usual = rng.uniform(*way.range_deg)
    spread = rng.uniform(0.04, 0.12)
    rise, fall = rng.uniform(*way.rise_s), rng.uniform(*way.rise_s)
    tired = rng.uniform(*way.tired_pct) / 100
    breaks = set(rng.choice(np.arange(1, count), size=min(way.breaks, count - 1), replace=False).tolist())
    partial = set(rng.choice(count, size=round(way.partial * count), replace=False).tolist())
    at, bends = 2.0 + rng.uniform(0, 1.5), []
    for number in range(count):
        share = 1 - (1 - tired) * number / max(1, count - 1)
        size = usual * share * float(np.clip(rng.normal(1, spread), 1 - 2 * spread, 1 + 2 * spread))
        whole = number not in partial
        if not whole and way.change is None:
            size *= rng.uniform(0.20, 0.42)
        pace = rng.uniform(0.9, 1.12)
        one = Bend(at, rise * pace, rng.uniform(*way.hold_s), fall * pace, size, whole)
        bends.append(one)
        at = one.end_s + rng.uniform(*way.rest_s) + (rng.uniform(5, 14) if number + 1 in breaks else 0)
    return bends


def _truth(done: list[Bend], way: Way, name: str) -> Truth:
    if not way.seen:
        return Truth(None)
    sizes = [one.size_deg for one in done]
    measured = name not in ("trace", "moment_alone")
    tired = 100 * float(np.median(sizes[-3:]) / np.median(sizes[:3])) if len(done) >= 6 and sizes[0] else None
    hold = float(np.median([one.hold_s for one in done]))
    return Truth(len(done), float(np.median(sizes)) if measured else None, hold, tired if measured else None)


def _stood(name: str, seed: int) -> Set:
    """Both feet, then the other is lifted for 3 to 30 s, put down, and lifted again."""
    rng = np.random.default_rng([seed, *name.encode()])
    times, at = [], 3.0 + rng.uniform(0, 2)
    for _ in range(int(rng.integers(1, 5))):
        lasted = rng.uniform(3, 30)
        times.append((at, at + lasted))
        at += lasted + rng.uniform(2.0, 6.0)
    leg = Leg(at, rng, rng.uniform(-2, 4), rng.uniform(0.2, 1.0), seated=False)
    foot_share = rng.uniform(0.40, 0.60)
    load = np.full(len(leg.at), foot_share)
    alone = np.zeros(len(leg.at), dtype=bool)
    true = []
    for begin, end in times:
        for first, last in _touched(rng, name, begin, end):
            shift = rng.uniform(0.3, 0.6)
            load += (1 - foot_share) * (ease((leg.at - first + shift) / shift) - ease((leg.at - last) / shift))
            alone |= (leg.at >= first) & (leg.at < last)
            true.append(last - first)
    heel_share = rng.uniform(0.45, 0.65) * (1 + wander(rng, len(leg.at), HZ, 0.8, rng.uniform(0.04, 0.08)))
    leg.heel = rng.uniform(60, 130) * load * heel_share
    sway = wander(rng, len(leg.at), HZ, 0.25, 1.0)
    sway *= rng.uniform(1.5, 5.0) / np.std(np.gradient(sway, 1 / HZ))
    leg.psi += sway * np.where(alone, 1.0, 0.3)
    leg.theta -= sway * np.where(alone, 1.0, 0.3)
    heel = None if name == "single_leg_no_heel" else HEEL
    truth = Truth(None) if heel is None else Truth(len(true), hold_s=float(np.median(true)), lasted_s=tuple(true))
    return Set(name, seed, kinds.EXERCISES.index("single_leg_stand"), leg.samples(), truth, heel)


def _touched(rng: np.random.Generator, name: str, begin: float, end: float) -> list[tuple[float, float]]:
    """One stand, or two where the other foot touches the ground between."""
    if name != "single_leg_touches" or end - begin < 9:
        return [(begin, end)]
    middle = rng.uniform(begin + 4, end - 4)
    return [(begin, middle), (middle + rng.uniform(0.9, 1.8), end)]
