# Where the ankle is while the sole is on the ground and on its way to the next print. The foot is one rigid body that
# pivots about heel or toe and never slides once it has landed; in swing it follows the fifth-degree path that leaves
# and lands with the leg's speed, lifted until no part of the sole passes through the ground.

from collections.abc import Callable

import numpy as np

from talus_twin.body.curves import quintic, smoothed
from talus_twin.body.state import RATE_HZ, State

SOFT_S = 0.014  # tendon and skin round every corner of a curve: about 9 Hz, where gait's power ends (Winter 1991)
HEEL_M, TOE_M, ANKLE_M = 0.05, 0.13, 0.09  # ankle above the sole, in front of the heel, behind the toe joint (Winter)
CLEARANCE_M = 0.03  # how much higher than its neighbours' line the ankle passes mid-swing
FREE_M = 0.008  # the least a foot clears on its way: toes clear 10-20 mm in health (Winter 1992), here the toe joint
RISING, SINKING = 0.15, 0.08  # m/s: a foot neither grazes the ground after it left nor before it lands
LAND = 0.25  # forward speed of the ankle just before contact, as a share of its mean speed in swing
LEAVE = 0.15  # the toe rolls and slides before it leaves, for this share of the swing
INNER = (0.15, 0.8)  # the part of the swing a clearance is asked of

Floor = Callable[[np.ndarray], np.ndarray]


def pivot(phi_deg: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ankle (forward of the heel's print, above ground) of a foot that stands on heel (toes up) or toe (toes down)."""
    phi = np.radians(phi_deg)
    cos, sin = np.cos(phi), np.sin(phi)
    toes_up = phi_deg > 0
    x = np.where(toes_up, HEEL_M * cos - ANKLE_M * sin, HEEL_M + TOE_M - TOE_M * cos - ANKLE_M * sin)
    z = np.where(toes_up, HEEL_M * sin + ANKLE_M * cos, ANKLE_M * cos - TOE_M * sin)
    return x, z


def above(phi_deg: np.ndarray, x: np.ndarray, z: np.ndarray, floor: Floor) -> np.ndarray:
    """How far the sole's lower end (heel or toe joint) is above the floor, m, for a foot whose ankle is at (x, z)."""
    phi = np.radians(phi_deg)
    cos, sin = np.cos(phi), np.sin(phi)
    under_x, under_z = x + ANKLE_M * sin, z - ANKLE_M * cos
    heel = under_z - HEEL_M * sin - floor(under_x - HEEL_M * cos)
    toe = under_z + TOE_M * sin - floor(under_x + TOE_M * cos)
    return np.minimum(heel, toe)


def path(
    state: State,
    offs: np.ndarray,
    contacts: np.ndarray,
    length_m: float,
    drag: np.ndarray,
    rise_m: float = 0.0,
    floor: Floor = np.zeros_like,
) -> None:
    """Write ankle_x and ankle_z (m): each print `length_m` ahead of the last and `rise_m` above it.

    drag: per swing, the toe touches the ground. floor: height of the ground under an x, the first print at 0.
    """
    x, z = pivot(state.phi)
    prints = np.zeros(len(state))
    for i, contact in enumerate(contacts):
        prints[round(contact * RATE_HZ) :] = i + 1
    speed = np.gradient(x) * RATE_HZ, np.gradient(z) * RATE_HZ
    path_x, path_z = x + length_m * prints, z + rise_m * prints
    for i, (off, contact) in enumerate(zip(offs, contacts, strict=True)):
        # The foot still moves when it lands: the impact takes the rest.
        a, b = round((off - LEAVE * (contact - off)) * RATE_HZ), round(contact * RATE_HZ)
        u = np.arange(b - a) / (b - a)
        seconds = (b - a) / RATE_HZ
        land = (LAND * length_m / seconds, -0.1)
        for way, axis in ((path_x, 0), (path_z, 1)):
            way[a:b] = quintic(u, seconds, (way[a], speed[axis][a], 0.0), (way[b], land[axis], 0.0))
        path_z[a:b] += CLEARANCE_M * 16 * u**2 * (1 - u) ** 2 * np.cos(np.pi * u * 0.5)
        left, a = a, round(off * RATE_HZ)
        u = np.arange(b - a) / (b - a)
        arch = 16 * u**2 * (1 - u) ** 2
        inner = (u > INNER[0]) & (u < INNER[1])
        lack = (0.0 if drag[i] else FREE_M) - above(state.phi[a:b], path_x[a:b], path_z[a:b], floor)[inner]
        path_z[a:b] += max(0.0, float(np.max(lack / arch[inner]))) * arch
        since = (np.arange(left, b) - a) / RATE_HZ
        free = np.clip(np.minimum(RISING * since, SINKING * (contact - off - since)), 0.0, 0.0 if drag[i] else FREE_M)
        path_z[left:b] += np.maximum(free - above(state.phi[left:b], path_x[left:b], path_z[left:b], floor), 0.0)
    state.ankle_x, state.ankle_z = smoothed(path_x, SOFT_S * RATE_HZ), smoothed(path_z, SOFT_S * RATE_HZ)
