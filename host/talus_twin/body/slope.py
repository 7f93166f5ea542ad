# Walking up and down a ramp: the same stride laid against the ground, its shank taking on a share of the slope. Uphill
# the knee is more bent at contact and the ankle more dorsiflexed in stance; downhill the shank leans further forward
# in late stance and the ankle hardly changes (Lay 2006, McIntosh 2006, Leroux 2002; recalled, shares by eye).

from dataclasses import replace

import numpy as np

from talus_twin.body.person import Shape
from talus_twin.body.state import State

# field of Shape -> change of the shank's inclination to the vertical per degree of slope, (uphill, downhill)
SHARES = {
    "psi_contact": (-0.6, 0.5),
    "psi_flat": (-0.3, 0.5),
    "psi_heel_off": (0.3, 0.8),
    "psi_toe_off": (0.6, 0.3),
    "psi_back": (0.3, 0.3),
    "psi_front": (-0.6, 0.5),
}
RISE = (0.7, 0.2)  # change of the peak stance dorsiflexion per degree


def tilted(shape: Shape, slope_deg: float) -> Shape:
    """The shape on a slope (deg, + uphill), its psi measured from the perpendicular to the ground."""
    way = 0 if slope_deg >= 0 else 1
    leans = {name: getattr(shape, name) + (shares[way] - 1.0) * slope_deg for name, shares in SHARES.items()}
    return replace(shape, **leans, theta_rise=shape.theta_rise + RISE[way] * slope_deg)


def on_slope(state: State, slope_deg: float) -> None:
    """Turn a walk that was laid against the ground with the ground: lean and path, in place."""
    if not slope_deg:
        return
    angle = np.radians(slope_deg)
    cos, sin = np.cos(angle), np.sin(angle)
    along, above = state.ankle_x, state.ankle_z
    state.ankle_x, state.ankle_z = cos * along - sin * above, sin * along + cos * above
    state.psi = state.psi + slope_deg
    state.slope = np.full(len(state), float(slope_deg))
