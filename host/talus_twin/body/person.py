# Who walks: a person, the brace they wear, and where its sensors sit. Parameters come from gait literature, never from
# the settings of the detectors that will be tried on them: Perry 1992 (ankle and foot through the stride), Winter 1991
# (shank, leg masses), Salarian 2004 (shank rates), Totah 2019 (stiffness of AFOs), Hausdorff 2005 (variability),
# Grieve and Gear 1966 (cadence rises as speed to the power 0.42), Patterson 2008 (asymmetry after stroke).
# Degrees, in the signs of the clinical reference 0.1: theta + dorsiflexion; psi 0 = shank vertical, - = leaning forward
# over the foot; phi = theta + psi, + toes up.

from dataclasses import dataclass, replace

from talus_twin.body.errors import PersonError

CONTACTS = ("heel", "flat", "forefoot")


@dataclass(frozen=True)
class Shape:
    """A kind's stride in numbers: psi and theta (deg) at the moments that give walking its look."""

    psi_contact: float
    psi_flat: float
    psi_heel_off: float
    psi_toe_off: float
    psi_back: float  # furthest forward lean, just after toe off
    psi_front: float  # furthest backward lean, late swing
    theta_rise: float  # peak stance dorsiflexion
    theta_off: float  # at toe off
    theta_push: float  # deepest plantarflexion, early swing
    flat_from: float  # share of stance at foot flat, when the heel comes first
    heel_off: float  # share of stance at heel off
    circumduction: float  # frontal shank rotation in swing


@dataclass(frozen=True)
class Kind:
    """How such people usually walk: the defaults of a Person."""

    speed: float
    cadence: float
    stance_pct: float
    variability_pct: float
    residual: float
    braced: bool
    contact: str | None  # None: whatever ankle and shank make of it
    shape: Shape


# Peak swing dorsiflexion is not a row: it follows from brace, gravity and what strength is left (Person.theta_swing).
_SHAPES = {
    "healthy": Shape(19, 7, -9, -44, -51, 22, 11, -13, -17, 0.13, 0.56, 2),
    "foot_drop": Shape(8, 5, -8, -43, -54, 12, 8, -14, -17, 0.13, 0.58, 3),
    "foot_drop_brace": Shape(16, 4, -7, -38, -46, 19, 6, -1, -3, 0.15, 0.60, 2),
    "stroke": Shape(7, 3, -6, -26, -32, 12, 4, -2, -3, 0.13, 0.64, 7),
    "steppage": Shape(6, 4, -8, -48, -66, 11, 8, -14, -17, 0.13, 0.60, 3),
    "drag": Shape(7, 5, -7, -34, -41, 12, 7, -12, -15, 0.13, 0.60, 4),
}
KINDS = {
    "healthy": Kind(1.30, 112, 61, 2.0, 1.00, False, None, _SHAPES["healthy"]),
    "foot_drop": Kind(0.85, 95, 64, 3.5, 0.10, False, None, _SHAPES["foot_drop"]),
    "foot_drop_brace": Kind(1.00, 101, 63, 2.8, 0.10, True, None, _SHAPES["foot_drop_brace"]),
    "stroke": Kind(0.50, 76, 69, 5.0, 0.30, True, "flat", _SHAPES["stroke"]),
    "steppage": Kind(0.80, 92, 63, 3.5, 0.00, False, "forefoot", _SHAPES["steppage"]),
    "drag": Kind(0.60, 84, 66, 4.5, 0.05, False, None, _SHAPES["drag"]),
}

GRAVITY_MOMENT = 0.012  # N.m per kg of body: foot and shoe hanging from the ankle (Winter 1991, clinical 3.5)
PASSIVE_STIFFNESS = 0.06  # N.m/deg of a relaxed ankle near neutral: a fully weak foot hangs about 15 deg down
VOLUNTARY_REST = 1.0  # deg: where a healthy ankle holds the foot in swing (Perry 1992)


@dataclass(frozen=True)
class Brace:
    """M = k (theta0 - theta) - c dtheta (clinical reference 3.5). stiffness N.m/deg, damping N.m.s/deg, neutral deg."""

    stiffness: float = 0.8
    stiffness_up: float | None = None  # above neutral; None: the same
    damping: float = 0.004
    neutral: float = 2.0


SLACK = Brace(stiffness=0.02, damping=0.0005, neutral=0.0)
STIFF = Brace(stiffness=5.0, damping=0.005, neutral=2.0)
RANGES = {
    "speed": (0.1, 2.2),
    "cadence": (40, 140),
    "stance_pct": (50, 85),
    "asymmetry": (0.5, 2.5),
    "variability_pct": (0, 20),
    "residual": (0, 1),
    "mass_kg": (30, 200),
    "clonus_deg": (0, 8),
    "drag_share": (0, 1),
    "double_peak_share": (0, 1),
    "noise": (0, 10),
    "imu_height_m": (0.03, 0.45),
}


@dataclass(frozen=True)
class Person:
    """One leg, its brace and its sensors. None takes the kind's usual value.

    speed m/s, cadence steps/min, stance_pct of the stride; asymmetry: this leg's swing time over the other's;
    residual: share of dorsiflexor strength left; brace None: the kind's own; solid: the hinge does not move;
    mount_deg: how the IMU is turned on the brace (roll about forward, yaw about up, pitch about lateral);
    noise: soft tissue and sway, 1 is usual, 0 is a machine.
    """

    kind: str = "healthy"
    seed: int = 1
    speed: float | None = None
    cadence: float | None = None
    stance_pct: float | None = None
    asymmetry: float = 1.0
    contact: str | None = None
    variability_pct: float | None = None
    residual: float | None = None
    brace: Brace | None = None
    solid: bool = False
    mass_kg: float = 75.0
    clonus_deg: float = 0.0
    drag_share: float | None = None
    double_peak_share: float = 0.0
    imu_place: str = "shank"
    imu_height_m: float = 0.25
    mount_deg: tuple[float, float, float] = (0.0, 0.0, 0.0)
    noise: float = 1.0
    strap_kpa: tuple[float, float, float, float] = (1.5, 1.8, 2.6, 3.0)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise PersonError(f"kind: {self.kind!r} is none of {', '.join(KINDS)}")
        if self.contact is not None and self.contact not in CONTACTS:
            raise PersonError(f"contact: {self.contact!r} is none of {', '.join(CONTACTS)}")
        if self.imu_place not in ("shank", "foot"):
            raise PersonError(f"imu_place: {self.imu_place!r} is none of shank, foot")
        for name, (low, high) in RANGES.items():
            value = getattr(self, name)
            if value is not None and not low <= value <= high:
                raise PersonError(f"{name}: {value:g} is outside {low:g} to {high:g}")
        if len(self.strap_kpa) != 4:
            raise PersonError(f"strap_kpa: {len(self.strap_kpa)} values where 4 belong")

    def settled(self) -> "Person":
        """The same person with every None filled in. Speed and cadence follow each other when one is given."""
        kind = KINDS[self.kind]
        speed, cadence = self.speed, self.cadence
        if speed is None and cadence is None:
            speed, cadence = kind.speed, kind.cadence
        elif cadence is None and speed is not None:
            cadence = min(140.0, max(40.0, kind.cadence * (speed / kind.speed) ** 0.42))
        elif speed is None and cadence is not None:
            speed = min(2.2, max(0.1, kind.speed * (cadence / kind.cadence) ** (1 / 0.42)))
        brace = self.brace
        if brace is None:
            brace = STIFF if self.solid else Brace() if kind.braced else SLACK
        filled = {
            "speed": speed,
            "cadence": cadence,
            "stance_pct": kind.stance_pct if self.stance_pct is None else self.stance_pct,
            "variability_pct": kind.variability_pct if self.variability_pct is None else self.variability_pct,
            "residual": kind.residual if self.residual is None else self.residual,
            "drag_share": (0.5 if self.kind == "drag" else 0.0) if self.drag_share is None else self.drag_share,
            "brace": brace,
        }
        return replace(self, **filled)  # type: ignore[arg-type]

    @property
    def theta_swing(self) -> float:
        """Where the foot hangs in swing (deg): brace and passive ankle against gravity less what strength is left."""
        me = self.settled()
        assert me.brace is not None and me.residual is not None
        lack = (1.0 - me.residual) * GRAVITY_MOMENT * me.mass_kg
        k = me.brace.stiffness
        return float((k * me.brace.neutral + PASSIVE_STIFFNESS * VOLUNTARY_REST - lack) / (k + PASSIVE_STIFFNESS))

    @property
    def stance_share(self) -> float:
        """This leg's stance as a share of the stride, its asymmetry applied."""
        me = self.settled()
        assert me.stance_pct is not None
        return 1.0 - (1.0 - me.stance_pct / 100.0) * 2.0 * me.asymmetry / (1.0 + me.asymmetry)
