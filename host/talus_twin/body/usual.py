# How one person's stride looks as their strength comes back and they walk faster for it: a few short walks through the
# walking model, from weak to strong, measured by their truth. So months of history and a sampled walk are one person.

from dataclasses import dataclass, replace

import numpy as np

from talus.wire.kinds import CURVE_POINTS
from talus_twin.body.activities import Activity
from talus_twin.body.person import Person
from talus_twin.body.scene import Scene, play
from talus_twin.body.truth import STRIDE_COLUMNS

STEPS = 5
SECONDS = 24.0


@dataclass(frozen=True)
class Usual:
    """residual: rising shares of strength; measures: name -> mean at each; curves: residual x 25 points."""

    residual: np.ndarray
    measures: dict[str, np.ndarray]
    angle: np.ndarray
    moment: np.ndarray

    def at(self, name: str, residual: np.ndarray) -> np.ndarray:
        """Mean of one measure at these shares of strength."""
        return np.interp(residual, self.residual, self.measures[name])

    def curve(self, residual: float) -> tuple[np.ndarray, np.ndarray]:
        """Mean ankle angle (deg) and moment (N.m) at 25 points from contact to contact."""
        points = range(CURVE_POINTS)
        angle = np.array([np.interp(residual, self.residual, self.angle[:, k]) for k in points])
        moment = np.array([np.interp(residual, self.residual, self.moment[:, k]) for k in points])
        return angle, moment


def usual(person: Person, residual: tuple[float, float], speed: tuple[float, float]) -> Usual:
    """Measure `person` at STEPS shares of strength from first to last, speed (m/s) going along."""
    low, high = residual
    shares = np.linspace(low, max(high, low + 0.01), STEPS)
    speeds = np.linspace(*speed, STEPS)
    people = [
        replace(person, residual=float(share), speed=float(speed_mps), cadence=None)
        for share, speed_mps in zip(shares, speeds, strict=True)
    ]
    scenes = [play(one, [Activity("walk", SECONDS)]) for one in people]
    names = [name for name, _ in STRIDE_COLUMNS[2:]]
    measures = {name: np.array([_mean(scene.truth.strides[name]) for scene in scenes]) for name in names}
    length = [np.mean(scene.truth.strides["end_s"] - scene.truth.strides["start_s"]) for scene in scenes]
    measures["duration_s"] = np.array(length)
    angle = np.array([mean_curve(scene, "ankle_angle", 100) for scene in scenes])
    moment = np.array([mean_curve(scene, "moment", 1000) for scene in scenes])
    return Usual(shares, measures, angle, moment)


def _mean(values: np.ndarray) -> float:
    """Of those that are known; 0 where none is."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else 0.0


def mean_curve(scene: Scene, channel: str, per: int) -> np.ndarray:
    """Mean of a channel over a scene's strides, at CURVE_POINTS points from contact to contact."""
    values = scene.columns[channel] / per
    at = np.arange(len(values)) / scene.rate_hz
    strides = zip(scene.truth.strides["start_s"], scene.truth.strides["end_s"], strict=True)
    return np.mean([np.interp(np.linspace(a, b, CURVE_POINTS), at, values) for a, b in strides], axis=0)
