# What a person and their brace go through over weeks, day by day, before any record of it: strength that comes back or
# goes, a relapse, days with a stimulator, bad days on which the brace stays off, a brace that is changed, a brace that
# ends flat in a cupboard. Everything here is truth; how often each happens is whoever asks' choice [E].

from dataclasses import dataclass, field, replace

import numpy as np

from talus.settings import Settings
from talus.wire import kinds
from talus_twin.body.days import Day
from talus_twin.body.errors import PersonError
from talus_twin.body.person import Brace, Person

SPRING = Brace(stiffness=0.3, stiffness_up=0.5, damping=0.002, neutral=2.0)  # a soft leaf spring (Totah 2019)
SPEED_PER_STRENGTH = 0.6  # m/s from no strength to all of it, where a course does not say
STEADY = 0.02  # m/s: two speeds nearer than this say nothing about strength
BAD_DAY = 0.12  # share of strength missing on a bad day
STIMULATED = 0.35  # share of strength a stimulator adds while it works
FALL_DAYS = 2.0  # a relapse is there within days (clinical reference 5.6: sudden loss)


@dataclass(frozen=True)
class BraceChange:
    """From the start of day `day` (0 is the first) the brace is another: None leaves it so; strap: times as tight."""

    day: int
    stiffness: float | None = None
    neutral: float | None = None
    strap: float = 1.0


@dataclass(frozen=True)
class Course:
    """What to live through. residual, speed: share of dorsiflexor strength and m/s on the first day and on the last.

    strides_per_day on a usual day; drift_ppm: how much too fast the brace's crystal runs; cut_days: the last days,
    which begin a boot of their own; flat_times: how often the battery runs flat.
    brace_changes: in order of their days; relapse: (day, share of the strength lost for good); fes_share: share of days
    with a stimulator under the brace; bad_share: share of days that are bad and on which the brace stays off;
    abandoned_day: from that day's morning the brace lies flat in a cupboard; stumbles_per_1000: possible stumbles per
    1,000 strides on the first day and the last (None: half a one a day, fewer later). Raises PersonError.
    """

    end_utc_ms: int
    seed: int = 1
    weeks: int = 12
    zone: str = "Europe/Berlin"
    side: str = "left"
    person: Person = field(default_factory=lambda: Person(kind="foot_drop_brace", brace=SPRING))
    residual: tuple[float, float] = (0.10, 0.55)
    speed: tuple[float, float] = (0.55, 0.88)
    strides_per_day: int = 2000
    not_worn_share: float = 0.06
    flat_times: int = 2
    drift_ppm: float = 12.0
    cut_days: int = 14
    sites: tuple[str, str, str, str] = ("fibular_head", "lateral_malleolus", "dorsal_strap", "heel")
    version: tuple[int, int, int] = (0, 1, 0)
    settings_digest: int = field(default_factory=lambda: Settings().digest)  # of a brace nobody has set
    calibration_id: int = 1
    brace_changes: tuple[BraceChange, ...] = ()
    relapse: tuple[int, float] | None = None
    fes_share: float = 0.0
    bad_share: float = 0.0
    abandoned_day: int | None = None
    stumbles_per_1000: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.weeks <= 520:
            raise PersonError(f"weeks: {self.weeks} is outside 1 to 520")
        if not 0 < self.cut_days <= 7 * self.weeks:
            raise PersonError(f"cut_days: {self.cut_days} is outside 1 to {7 * self.weeks}")
        if self.side not in kinds.SIDES:
            raise PersonError(f"side: {self.side!r} is none of {', '.join(kinds.SIDES)}")
        for site in self.sites:
            if site not in kinds.SITES:
                raise PersonError(f"sites: {site!r} is none of {', '.join(kinds.SITES)}")
        said = [one.day for one in self.brace_changes]
        said += [self.relapse[0]] if self.relapse else []
        said += [] if self.abandoned_day is None else [self.abandoned_day]
        for day in said:
            if not 0 < day < 7 * self.weeks:
                raise PersonError(f"day: {day} is outside 1 to {7 * self.weeks - 1}")


@dataclass(frozen=True)
class Form:
    """Truth of each day, one array item per day: strength (share), speed m/s, and what the day was.

    brace: which of `braces` it was; strap: how tight, times the usual.
    """

    strength: np.ndarray
    speed: np.ndarray
    fes: np.ndarray
    bad: np.ndarray
    brace: np.ndarray
    braces: tuple[Brace, ...]
    strap: np.ndarray


def form(course: Course, calendar: list[Day], wandering: np.ndarray, rng: np.random.Generator) -> Form:
    """How each day of the calendar is. wandering: what strength does from day to day by itself."""
    count = len(calendar)
    days = np.arange(count)
    strength = recovery(course, calendar)
    if course.relapse:
        day, loss = course.relapse
        strength = strength * (1 - loss * np.clip((days - day + 1) / FALL_DAYS, 0.0, 1.0))
    fes, bad = rng.random(count) < course.fes_share, rng.random(count) < course.bad_share
    strength = strength - BAD_DAY * bad + STIMULATED * fes
    brace, braces, strap = np.zeros(count, dtype=int), [_brace(course)], np.ones(count)
    for change in course.brace_changes:
        last = braces[-1]
        braces.append(
            replace(
                last,
                stiffness=last.stiffness if change.stiffness is None else change.stiffness,
                stiffness_up=last.stiffness_up if change.stiffness is None else None,
                neutral=last.neutral if change.neutral is None else change.neutral,
            )
        )
        brace[days >= change.day] = len(braces) - 1
        strap[days >= change.day] *= change.strap
    strength = np.clip(strength + wandering, 0.0, 1.0)
    return Form(strength, speeds(course, strength), fes, bad, brace, tuple(braces), strap)


def recovery(course: Course, calendar: list[Day]) -> np.ndarray:
    """Strength over the course: an S with most of its change in the middle third (compare clinical 5.5)."""
    low, high = course.residual
    progress = np.array([day.progress for day in calendar])
    return low + (high - low) / (1 + np.exp(-(progress - 0.45) / 0.13))


def speeds(course: Course, strength: np.ndarray) -> np.ndarray:
    """m/s at these shares of strength: along the course's own line."""
    (weak, strong), (slow, quick) = course.residual, course.speed
    apart = abs(strong - weak) > 1e-3 and abs(quick - slow) > STEADY
    rise = (quick - slow) / (strong - weak) if apart else SPEED_PER_STRENGTH
    return np.clip(slow + rise * (strength - weak), 0.15, 1.5)


def span(course: Course, strength: np.ndarray) -> tuple[tuple[float, float], tuple[float, float]]:
    """(weakest, strongest) and (speed then, speed then) that the days are between."""
    if course.residual[0] <= course.residual[1] and not (course.relapse or course.fes_share or course.bad_share):
        return course.residual, course.speed
    ends = np.array([float(strength.min()), float(strength.max())])
    slow, quick = speeds(course, ends).tolist()
    return (float(ends[0]), float(ends[1])), (slow, quick)


def _brace(course: Course) -> Brace:
    brace = course.person.settled().brace
    assert brace is not None
    return brace
