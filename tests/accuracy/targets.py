"""What was promised beside what was measured, and in which figures a peer did better."""

from collections.abc import Iterator

import numpy as np
from accuracy.results import Results
from accuracy.score import Walk, pooled
from accuracy.walks import METHODS, families

FAIR = ("gaps",)  # events inside a gap cannot be found: in its own row, in no target
SETS_EXACT, SETS_NEAR, FALSE_STRIDES = 95.0, 99.0, 2.0


def braced(found: Results, severe: bool) -> Walk:
    """All walks with every channel at one pace, faults included but gaps."""
    return pooled(
        one.scored
        for one in found.walked
        if one.case.severe == severe and one.case.channels == "everything" and one.case.fault not in FAIR
    )


def _row(name: str, wanted: str, value: float, digits: int, met: bool) -> tuple[str, str, str, str]:
    return name, wanted, f"{value:.{digits}f}", "met" if met else "missed"


def rows(found: Results) -> list[tuple[str, str, str, str]]:
    return [*_gait(found), *_rest(found)]


def _gait(found: Results) -> Iterator[tuple[str, str, str, str]]:
    limits = (
        ("0.4 m/s and more", False, 0.99, 0.98, 15, 20, 10, 25),
        ("below 0.4 m/s", True, 0.97, 0.95, 25, 35, 20, 45),
    )
    for pace, severe, ic, to, ic_ms, to_ms, stride, stance in limits:
        one = braced(found, severe)
        yield _row(f"IC F1 at 100 ms, {pace}", f">= {ic}", one.contacts.f1(100), 3, one.contacts.f1(100) >= ic)
        yield _row(f"TO F1 at 100 ms, {pace}", f">= {to}", one.toe_offs.f1(100), 3, one.toe_offs.f1(100) >= to)
        for name, score, most in (("IC", one.contacts, ic_ms), ("TO", one.toe_offs, to_ms)):
            value = score.median_abs_ms
            yield _row(f"{name} median error, ms, {pace}", f"<= {most}", value, 0, value <= most)
        for name, values, most in (("stride", one.stride_ms, stride), ("stance", one.stance_ms, stance)):
            value = float(np.mean(values))
            yield _row(f"{name} time error, ms, {pace}", f"<= {most}", value, 1, value <= most)
    for one in found.recorded:
        value = one.scored.contacts.median_abs_ms
        if one.source.startswith(("optical", "force")):
            yield _row(f"IC median error, ms, {one.name} (recorded)", "<= 15", value, 0, value <= 15)


def _rest(found: Results) -> Iterator[tuple[str, str, str, str]]:
    walking = [one for one in found.still if one.channels == "everything"]
    worst = max(3600 * one.strides / one.seconds for one in walking)
    yield _row("false strides an hour, worst activity, every channel", "<= 2", worst, 1, worst <= FALSE_STRIDES)
    scores = [one.score for one in found.days if one.score]
    wrong = float(np.mean([one.wrong_min for one in scores]))
    yield _row("wear, minutes wrong a day", "<= 5", wrong, 1, wrong <= 5)
    edges = [e for one in found.days if one.score and "pressure" not in one.name for e in one.score.edges_min]
    yield _row("wear edges with pressure, median min", "<= 0.5", float(np.median(edges)), 2, np.median(edges) <= 0.5)
    moved = max(one.moved_worn_min for one in scores)
    yield _row("moving bag called worn, min beside an edge, worst day", "<= 0.5", moved, 1, moved <= 0.5)
    missed = sum(n for one in found.pressed for n in one.missed.values())
    false = sum(n for one in found.pressed for n in one.false.values())
    yield _row("pressure events missed", "0", missed, 0, missed == 0)
    yield _row("pressure events false", "0", false, 0, false == 0)
    seen = [one for one in found.sets if one.true is not None]
    if seen:
        exact = 100 * float(np.mean([one.told == one.true for one in seen]))
        near = 100 * float(
            np.mean([one.told is not None and abs(one.told - one.true) <= 1 for one in seen if one.true is not None])
        )
        yield _row("sets counted exactly, %", ">= 95", exact, 1, exact >= SETS_EXACT)
        yield _row("sets counted within one, %", ">= 99", near, 1, near >= SETS_NEAR)


def peers_better(found: Results) -> Iterator[str]:
    """Each figure in which a peer beats us, as a sentence."""
    for one in found.recorded:
        for method, title in METHODS.items():
            theirs = found.recorded_peer.get(method, {}).get(one.name)
            if theirs is not None:
                yield from _compared(f"{one.name} (recorded)", title, one.scored, theirs)
    ours = families(one for one in found.walked if one.case.channels == "foot IMU")
    for name, mine in ours.items():
        pace = name.partition(", ")[2]
        for method, title in METHODS.items():
            if method in found.foot_peer:
                yield from _compared(f"simulated, {pace}", title, mine, found.foot_peer[method][pace])
    theirs_by = {(one.name, one.seed): one.score for one in found.detach if one.score}
    for day in found.days:
        other = theirs_by.get((day.name, day.seed))
        if other and day.score and other.wrong_min < day.score.wrong_min:
            yield (
                f"{day.name.replace('_', ' ')}, day {day.seed}: DETACH has {other.wrong_min:.1f} minutes wrong, "
                f"Talus {day.score.wrong_min:.1f}"
            )


def _compared(where: str, title: str, ours: Walk, theirs: Walk) -> Iterator[str]:
    for name in ("contacts", "toe_offs"):
        mine, other = getattr(ours, name), getattr(theirs, name)
        what = "IC" if name == "contacts" else "TO"
        if other.f1(100) > mine.f1(100):
            yield f"{where}: {title} has F1 {other.f1(100):.3f} of {what} at 100 ms, Talus {mine.f1(100):.3f}"
        if other.median_abs_ms < mine.median_abs_ms:
            yield f"{where}: {title} has {what} to {other.median_abs_ms:.0f} ms, Talus to {mine.median_abs_ms:.0f} ms"
