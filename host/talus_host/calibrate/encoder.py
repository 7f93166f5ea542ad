"""Where is the ankle's neutral on the encoder, which way does it count, and does a second stop agree?

Clinical reference 7.1: circular median at 90 deg, refused when it spreads by more than 2 counts; the direction from a
move into dorsiflexion; a second jig stop within 1 deg. Where it is not, the eccentricity of the magnet (once and
twice a turn) is fitted to at least 8 jig angles, with amplitudes of some 2 deg expected where the jig does not reach.
"""

from collections.abc import Sequence

import numpy as np

from talus.calibration_file import BEND_CDEG, BENDS
from talus_host.calibrate.fit import Drawing, Fit, refused
from talus_host.calibrate.readings import Angle

COUNTS = 4096
DEG = 360 / COUNTS
SD_MAX_COUNTS = 2.0
MOVE_MIN_DEG = 3.0
STOP_MAX_DEG = 1.0
JIG_ANGLES = 8
BENT_MAX_DEG = 0.5  # what a fitted eccentricity may leave; the reference asks for 1 without one
EXPECTED = (0.05 / 2.0) ** 2  # (noise of a jig angle / amplitude of a magnet off its centre)^2


def wrapped(counts: np.ndarray | float) -> np.ndarray:
    """Counts apart, -2048 to 2047."""
    return (np.asarray(counts) + COUNTS / 2) % COUNTS - COUNTS / 2


def fit_encoder(rows: Sequence[Angle]) -> Fit:
    """Zero, direction and, where it needs one, the table of the magnet's eccentricity."""
    zeros = [row for row in rows if row.angle_deg is not None and abs(row.angle_deg) < 0.01]
    moves = [row for row in rows if row.angle_deg is None]
    stops = [row for row in rows if row.angle_deg is not None and abs(row.angle_deg) >= MOVE_MIN_DEG]
    if not zeros:
        return refused("encoder", "nothing was read at 0 deg")
    zero = zeros[-1]
    for row in (zero, *stops):
        if row.sd_counts > SD_MAX_COUNTS:
            where = f"the counts at {row.angle_deg:.0f} deg spread by {row.sd_counts:.1f}"
            return refused(
                "encoder", f"{where}, and {SD_MAX_COUNTS:.0f} is the limit: a jig not held, or a loose magnet"
            )
    if not moves:
        return refused("encoder", "no move into dorsiflexion was read, so the direction is not known")
    moved = float(wrapped(moves[-1].counts - zero.counts)) * DEG
    if abs(moved) < MOVE_MIN_DEG:
        return refused("encoder", f"the move into dorsiflexion was {abs(moved):.1f} deg; {MOVE_MIN_DEG:.0f} are needed")
    if not stops:
        return refused("encoder", "no second stop was read, so the scale is not known")
    return _judged(zero, 1 if moved > 0 else -1, [zero, *stops])


def _judged(zero: Angle, direction: int, jig: list[Angle]) -> Fit:
    angles = np.array([row.angle_deg for row in jig], dtype=float)
    counts = np.array([row.counts for row in jig], dtype=float)
    read = wrapped(counts - round(zero.counts)) * direction * DEG
    given = {"zero": round(zero.counts) % COUNTS, "direction": direction}
    if zero.gain is not None:
        given["gain"] = round(zero.gain)
    error = read - angles
    worst = int(np.argmax(np.abs(error)))
    figures = {"sd_counts": zero.sd_counts, "stop_error_deg": float(error[worst]), "angles": float(len(jig))}
    line = [float(angles.min()), float(angles.max())]
    drawing = Drawing("encoder", "jig, deg", "read, deg", angles.tolist(), read.tolist(), line, line)
    if abs(error[worst]) <= STOP_MAX_DEG:
        return Fit("encoder", True, "", figures, {"encoder": given}, drawing)
    at = f"the stop at {angles[worst]:.1f} deg reads {read[worst]:.1f}"
    if np.max(np.abs(read + angles)) <= STOP_MAX_DEG:
        return refused("encoder", f"{at}: the move was made the wrong way round", figures, drawing)
    if len(set(angles.round(1))) < JIG_ANGLES:
        why = (
            f"{at}: {abs(error[worst]):.1f} off, and {STOP_MAX_DEG:.0f} deg is the limit; with {JIG_ANGLES} jig angles"
        )
        return refused("encoder", f"{why} the magnet's eccentricity can be fitted", figures, drawing)
    bend = eccentricity(counts, angles - read)
    left = float(np.max(np.abs(error + bent(bend, counts))))
    figures["left_deg"] = left
    if left > BENT_MAX_DEG or np.max(np.abs(bend)) * 100 > BEND_CDEG:
        why = f"{at}, and the magnet's eccentricity leaves {left:.1f} deg; {BENT_MAX_DEG} is the limit: set the magnet"
        return refused("encoder", why, figures, drawing)
    return Fit(
        "encoder", True, "", figures, {"encoder": {**given, "bend": np.rint(bend * 100).astype(int).tolist()}}, drawing
    )


def eccentricity(counts: np.ndarray, missing_deg: np.ndarray) -> np.ndarray:
    """Degrees to add at each of BENDS places of the turn, from what is missing at some counts."""
    rows = _turns(counts * 2 * np.pi / COUNTS)
    ridge = EXPECTED * np.eye(5)
    weights = np.linalg.solve(rows.T @ rows + ridge, rows.T @ missing_deg)
    return _turns(np.arange(BENDS) * 2 * np.pi / BENDS) @ weights


def _turns(at: np.ndarray) -> np.ndarray:
    return np.column_stack([np.ones_like(at), np.cos(at), np.sin(at), np.cos(2 * at), np.sin(2 * at)])


def bent(bend: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The table as the brace reads it: straight between its places."""
    return np.interp(counts, np.arange(BENDS + 1) * COUNTS / BENDS, np.append(bend, bend[0]))
