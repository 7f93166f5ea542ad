"""Found events against true ones. One to one, nearest first, |difference| <= tolerance (gaitmap's convention)."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from accuracy.play import Events

from talus_twin.body.reference import match

TOLERANCES_MS = (500, 100, 50)


@dataclass(frozen=True)
class Score:
    """Counts per tolerance and every error, so that scores of many walks are pooled by adding them up.

    hits[t], found, true: of one kind of event; errors_ms: found less true of those within the widest tolerance that
    is not half a second (100 ms).
    """

    hits: dict[int, int]
    found: int
    true: int
    errors_ms: np.ndarray

    def f1(self, tolerance_ms: int) -> float:
        total = self.found + self.true
        return 2 * self.hits[tolerance_ms] / total if total else float("nan")

    @property
    def median_abs_ms(self) -> float:
        return float(np.median(np.abs(self.errors_ms))) if len(self.errors_ms) else float("nan")

    @property
    def bias_ms(self) -> float:
        return float(np.median(self.errors_ms)) if len(self.errors_ms) else float("nan")


@dataclass(frozen=True)
class Walk:
    """Everything scored of one walk, or of many: contacts, toe offs, errors of stride and stance time (ms) of strides
    whose starts match within 100 ms, and of cadence (steps a minute)."""

    contacts: Score
    toe_offs: Score
    stride_ms: np.ndarray
    stance_ms: np.ndarray
    cadence_spm: np.ndarray


def score(found: np.ndarray, true: np.ndarray) -> Score:
    """Times in seconds."""
    pairs = {t: match(found, true, t / 1000) for t in TOLERANCES_MS}
    near = pairs[100]
    errors = 1000 * (found[near[:, 0]] - true[near[:, 1]]) if len(near) else np.empty(0)
    return Score({t: len(p) for t, p in pairs.items()}, len(found), len(true), errors)


def walk(found: Events, true: Events) -> Walk:
    pairs = match(found.strides[:, 0], true.strides[:, 0], 0.1)
    ours, theirs = found.strides[pairs[:, 0]], true.strides[pairs[:, 1]]
    stride = 1000 * ((ours[:, 2] - ours[:, 0]) - (theirs[:, 2] - theirs[:, 0]))
    stance = 1000 * ((ours[:, 1] - ours[:, 0]) - (theirs[:, 1] - theirs[:, 0]))
    cadence = np.empty(0)
    if len(found.strides) and len(true.strides):
        cadence = np.array([_cadence(found.strides) - _cadence(true.strides)])
    return Walk(
        score(found.contacts, true.contacts),
        score(found.toe_offs, true.toe_offs),
        np.abs(stride),
        np.abs(stance[~np.isnan(stance)]),
        np.abs(cadence),
    )


def pooled(walks: Iterable[Walk]) -> Walk:
    """One score over all events of many walks."""
    every = list(walks)
    return Walk(
        _added([w.contacts for w in every]),
        _added([w.toe_offs for w in every]),
        *(np.concatenate([getattr(w, name) for w in every]) for name in ("stride_ms", "stance_ms", "cadence_spm")),
    )


def _added(scores: list[Score]) -> Score:
    return Score(
        {t: sum(s.hits[t] for s in scores) for t in TOLERANCES_MS},
        sum(s.found for s in scores),
        sum(s.true for s in scores),
        np.concatenate([s.errors_ms for s in scores]),
    )


def _cadence(strides: np.ndarray) -> float:
    return 120.0 / float(np.mean(strides[:, 2] - strides[:, 0]))
