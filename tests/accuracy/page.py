"""The results as one page of Markdown. Recorded and simulated stand apart and are never averaged."""

from collections.abc import Iterable, Sequence

import numpy as np
from accuracy import targets
from accuracy.results import Results
from accuracy.score import TOLERANCES_MS, Score, Walk
from accuracy.walks import METHODS, families

NOTHING = "–"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def number(value: float, digits: int = 1) -> str:
    return NOTHING if value != value else f"{value:.{digits}f}"


def f1s(one: Score) -> str:
    return " / ".join(number(one.f1(t), 3) for t in TOLERANCES_MS)


def error(one: Score) -> str:
    return f"{number(one.median_abs_ms, 0)} ({one.bias_ms:+.0f})" if len(one.errors_ms) else NOTHING


def mean(values: Sequence[float] | np.ndarray) -> float:
    return float(np.mean(values)) if len(values) else float("nan")


def middle(values: Sequence[float]) -> float:
    return float(np.median(values)) if len(values) else float("nan")


WALK = ("contacts, true / found", "IC F1", "IC ms", "TO F1", "TO ms", "stride ms", "stance ms", "cadence /min")


def walk_cells(one: Walk) -> list[str]:
    return [
        f"{one.contacts.true} / {one.contacts.found}",
        f1s(one.contacts),
        error(one.contacts),
        f1s(one.toe_offs),
        error(one.toe_offs),
        number(mean(one.stride_ms)),
        number(mean(one.stance_ms)),
        number(mean(one.cadence_spm), 2),
    ]


def recorded(found: Results) -> str:
    if not found.recorded:
        return "No recordings were there: `TALUS_DATA` named no folder of them.\n"
    rows = [[one.name, one.source, *walk_cells(one.scored)] for one in found.recorded]
    return table(("recording", "its reference", *WALK), rows)


def recorded_beside(found: Results) -> str:
    if "gaitmap" in found.absent:
        return f"Not in this run: {found.absent['gaitmap']}.\n"
    rows = []
    for one in found.recorded:
        if one.name in next(iter(found.recorded_peer.values()), {}):
            rows.append([one.name, "Talus", *walk_cells(one.scored)])
            for method, title in METHODS.items():
                said = found.refused.get(f"{method}, {one.name}", "")
                cells = walk_cells(found.recorded_peer[method][one.name])
                rows.append(["", title + (f" (refused: {said.split('.')[0]})" if said else ""), *cells])
    return table(("recording", "by", *WALK), rows)


def simulated(found: Results) -> str:
    counts: dict[str, int] = {}
    for one in found.walked:
        counts[one.case.family] = counts.get(one.case.family, 0) + 1
    rows = [[name, str(counts[name]), *walk_cells(one)] for name, one in families(found.walked).items()]
    return table(("walks", "cases", *WALK), rows)


def simulated_beside(found: Results) -> str:
    if "gaitmap" in found.absent:
        return f"Not in this run: {found.absent['gaitmap']}.\n"
    ours = families(one for one in found.walked if one.case.channels == "foot IMU")
    rows = []
    for name, one in ours.items():
        pace = name.partition(", ")[2]
        rows.append([pace, "Talus", *walk_cells(one)])
        rows += [["", title, *walk_cells(found.foot_peer[method][pace])] for method, title in METHODS.items()]
    return table(("pace", "by", *WALK), rows)


def still(found: Results) -> str:
    kinds = list(dict.fromkeys(one.activity for one in found.still))
    channels = list(dict.fromkeys(one.channels for one in found.still))
    rates = {(one.activity, one.channels): 3600 * one.strides / one.seconds for one in found.still}
    rows = [[kind, *(number(rates[kind, one]) for one in channels)] for kind in kinds]
    return table(("false strides an hour", *channels), rows)


def wear(found: Results) -> str:
    theirs = {(one.name, one.seed): one for one in found.detach}
    rows = []
    for name in dict.fromkeys(one.name for one in found.days):
        mine = [one.score for one in found.days if one.name == name and one.score]
        others = [theirs.get((name, one.seed)) for one in found.days if one.name == name]
        scores = [one.score for one in others if one and one.score]
        said = next((one.said for one in others if one and one.said), "")
        edges = [e for one in mine for e in one.edges_min]
        their_edges = [e for one in scores for e in one.edges_min]
        rows.append(
            [
                name.replace("_", " "),
                number(np.mean([one.wrong_min for one in mine])),
                number(float(np.median(edges)) if edges else float("nan"), 2),
                str(sum(one.missed for one in mine)),
                number(sum(one.moved_worn_min for one in mine)),
                (number(float(np.mean([one.wrong_min for one in scores]))) if scores else NOTHING)
                + (f" ({said})" if said else ""),
                number(float(np.median(their_edges)) if their_edges else float("nan"), 2),
                str(sum(one.missed for one in scores)) if scores else NOTHING,
                number(sum(one.moved_worn_min for one in scores)) if scores else NOTHING,
            ]
        )
    each = ("min wrong a day", "edges, min", "edges missed", "bag worn, min")
    return table(("day", *(f"Talus: {x}" for x in each), *(f"DETACH: {x}" for x in each)), rows)


def pressure(found: Results) -> str:
    tiers = ("amber", "red")
    rows = []
    for tier in tiers:
        due, missed, false = (
            sum(getattr(one, name).get(tier, 0) for one in found.pressed) for name in ("due", "missed", "false")
        )
        rows.append([tier, str(due), str(missed), str(false)])
    late = [minutes for one in found.pressed for minutes in one.late_min]
    told = table(("tier", "events due", "missed", "false"), rows)
    if not late:
        return told
    middle, worst = float(np.median(late)), max(late)
    return f"{told}\nTiers were told {middle:.1f} min after they were due (median; worst {worst:.1f}).\n"


def exercise(found: Results) -> str:
    rows = []
    for name in dict.fromkeys(one.name for one in found.sets):
        mine = [one for one in found.sets if one.name == name]
        seen = [one for one in mine if one.true is not None]
        exact = sum(one.told == one.true for one in seen)
        near = sum(one.told is not None and one.true is not None and abs(one.told - one.true) <= 1 for one in seen)
        errors = [abs(one.range_error_deg) for one in mine if one.range_error_deg == one.range_error_deg]
        rows.append(
            [
                name.replace("_", " "),
                str(len(mine)),
                f"{exact} of {len(seen)}" if seen else "not measurable, and said so"
                if all(one.told is None for one in mine) else "not measurable, and counted",
                f"{near} of {len(seen)}" if seen else NOTHING,
                number(float(np.median(errors)) if errors else float("nan"), 2),
            ]
        )  # fmt: skip
    return table(("set", "sets", "counted exactly", "within one", "range error, deg (median)"), rows)


def speed(found: Results) -> str:
    rows = [[what, f"{float(f'{factor:.2g}'):,.0f}"] for what, factor in found.speed.items()]
    return table(("program", "times real time"), rows)


def better(found: Results) -> str:
    lines = [f"- {line}" for line in targets.peers_better(found)]
    return "\n".join(lines) + "\n" if lines else "In no figure of this run.\n"


def page(found: Results) -> str:
    """The whole page; see TEXT for its order."""
    return TEXT.format(
        recorded=recorded(found),
        recorded_beside=recorded_beside(found),
        simulated=simulated(found),
        simulated_beside=simulated_beside(found),
        still=still(found),
        wear=wear(found),
        pressure=pressure(found),
        exercise=exercise(found),
        targets=table(("target", "wanted", "measured", ""), targets.rows(found)),
        better=better(found),
        speed=speed(found),
    )


TEXT = """# Accuracy

`make accuracy` measures this and writes this page. Recorded and simulated results stand in tables of their own and are
never averaged. Nobody with foot drop has worn this brace yet: what follows is public recordings of other sensors on
other legs, and a simulated person whose figures come from gait literature (much of it recalled, and said so in its
files), never from the settings of the detector. Two of its curves were made better after recordings had been looked at:
when a foot turns fastest before toe off, and how a shank turns back on stairs.

IC: initial contact, TO: toe off. F1 at ± 500 / 100 / 50 ms, one to one, nearest first. IC ms and TO ms: median absolute
error and, in brackets, bias of events within 100 ms. Stride, stance: mean absolute error of strides whose starts match.

## Recorded walking

Through the virtual chips, the drivers and the firmware, as `talus replay` does. Steps a reference left out (turns,
ends) are not scored.

{recorded}
## The same foot recordings by gaitmap 2.6

gaitmap 2.6.0 with gaitmap_mad in an environment of its own: gravity, principal axis and sign of the heading, Barth's
DTW for strides, then Herzer's or Rampp's events, with the library's own settings (only rest is looked for by wider
bounds where its own finds none).

{recorded_beside}
Published, not run here: TEADRIP (shank IMUs above both ankles; Trojaniello 2014, 10 hemiparetic of 40 people): no
missed and no extra event, mean errors 0 to 11 ms at comfortable speed; Bertoli 2018 (236 people): stride within
± 27 ms, stance - 68 to + 44 ms.

## Simulated walking

The twin's own list of walkers: speed x contact x brace x fault, 40 s each, pooled by what is wrong or what is left to
feel, at event level.

{simulated}
## Simulated walking by gaitmap

Its foot IMU only.

{simulated_beside}
## Legs that move and do not walk

{still}
## Wear, on simulated days

Two days of each kind. Edges: median error of those found. Bag: minutes of being carried that were called worn. DETACH
is scikit-digital-health's, made for a wrist: it sees acceleration and liner temperature, not the straps. Days and
detector come from the same hands.

{wear}
## Pressure, on simulated days

{pressure}
## Exercise, simulated sets

{exercise}
## Targets

Of the clinical reference (sections 1.5, 2.2, 6.3), on simulated signals where nothing else is said.

{targets}
## Where a peer is better

{better}
## Speed

Seconds of signal handled in one second, on the machine of this run.

{speed}"""
