# What a leg does at each instant, before any sensor: postures, where the ankle is, what presses and shakes.
# Every activity makes one State at RATE_HZ; a scene joins them and only then takes derivatives, so that a gyro's
# integral is the change of posture whatever came before.

from dataclasses import dataclass, fields

import numpy as np

from talus_twin.body.curves import ease

RATE_HZ = 400  # of all inner arithmetic: a heel strike rings at some 30 Hz


@dataclass
class State:
    """Equal-length arrays. psi, theta, roll, yaw in deg; ankle_x, ankle_z in m (forward, up).

    shake_up, shake_forward: extra specific force in g (impacts, dragging, a bag); heel 0..1 of a full heel load;
    strap 0..1 of closed straps; unrest: how much soft tissue and sway shake the sensors, 1 walking;
    slope: of the ground underfoot in deg, + uphill.
    """

    psi: np.ndarray
    theta: np.ndarray
    roll: np.ndarray
    yaw: np.ndarray
    ankle_x: np.ndarray
    ankle_z: np.ndarray
    shake_up: np.ndarray
    shake_forward: np.ndarray
    heel: np.ndarray
    strap: np.ndarray
    unrest: np.ndarray
    slope: np.ndarray

    def __len__(self) -> int:
        return len(self.psi)

    @classmethod
    def still(cls, count: int, psi: float = 0.0, theta: float = 0.0) -> "State":
        """A leg that holds one posture for `count` instants, straps closed."""
        zero = {name: np.zeros(count) for name in NAMES}
        state = cls(**zero)
        state.psi += psi
        state.theta += theta
        state.strap += 1.0
        return state

    @property
    def phi(self) -> np.ndarray:
        """Foot pitch in deg, + toes up."""
        return self.theta + self.psi


NAMES = tuple(row.name for row in fields(State))
POSTURE = ("psi", "theta", "roll")  # eased from one activity into the next
PLACE = ("yaw", "ankle_x", "ankle_z")  # carried on: where one activity ends the next begins


def joined(states: list[State], starts_eased: list[bool], ease_s: float = 1.2) -> State:
    """States one after another: places carried on, postures eased over the first `ease_s` of each next one."""
    parts: dict[str, list[np.ndarray]] = {name: [] for name in NAMES}
    end: dict[str, float] = {}
    for state, eased in zip(states, starts_eased, strict=True):
        fade = 1.0 - ease(np.arange(len(state)) / (ease_s * RATE_HZ)) if eased else np.zeros(len(state))
        for name in NAMES:
            values = getattr(state, name)
            if name in PLACE and name in end:
                values = values + (end[name] - values[0])
            elif name in POSTURE and name in end:
                values = values + fade * (end[name] - values[0])
            parts[name].append(values)
            end[name] = float(values[-1])
    return State(**{name: np.concatenate(columns) for name, columns in parts.items()})
