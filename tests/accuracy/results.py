"""Everything one run measured, gathered with two processes; nothing is judged and nothing is written here."""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from accuracy import days, pressing, recorded, sets, still, walks
from accuracy.cases import Case, battery
from accuracy.days import Day
from accuracy.peers import PeerMissing, ask
from accuracy.play import truth_of
from accuracy.pressing import Pressed
from accuracy.recorded import Labelled, Recorded
from accuracy.score import Walk, pooled, walk
from accuracy.sets import Counted
from accuracy.still import Still
from accuracy.walks import Walked

from talus_twin.body import wear_days

PROCESSES = 2
RAW_HZ = 100
Step = Callable[[str, int, int], None]
Given = TypeVar("Given")
Made = TypeVar("Made")


@dataclass
class Results:
    """recorded_peer and foot_peer: method -> recording (or "") -> score; absent: why a peer is not in this run; speed:
    what -> seconds of signal handled in a second."""

    recorded: list[Recorded] = field(default_factory=list)
    recorded_peer: dict[str, dict[str, Walk]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    walked: list[Walked] = field(default_factory=list)
    foot_peer: dict[str, dict[str, Walk]] = field(default_factory=dict)
    still: list[Still] = field(default_factory=list)
    days: list[Day] = field(default_factory=list)
    detach: list[Day] = field(default_factory=list)
    pressed: list[Pressed] = field(default_factory=list)
    sets: list[Counted] = field(default_factory=list)
    absent: dict[str, str] = field(default_factory=dict)
    speed: dict[str, float] = field(default_factory=dict)


def gather(folder: Path | None, step: Step) -> Results:
    """folder: of recordings, None without. step(what, done, total) as it goes on."""
    found = Results()
    with ProcessPoolExecutor(PROCESSES) as pool:

        def each(what: str, work: Callable[[Given], Made], given: Iterable[Given]) -> list[Made]:
            todo = list(given)
            made = []
            for done, one in enumerate(pool.map(work, todo, chunksize=2)):
                step(what, done, len(todo))
                made.append(one)
            return made

        files = recorded.recordings(folder) if folder else []
        found.recorded = [one for one in each("recordings", recorded.recorded, files) if one is not None]
        found.walked = each("synthetic walks", walks.walked, battery())
        found.still = each("legs that do not walk", _still, still.names())
        found.days = each("days of wear", _day, days.names())
        found.pressed = each("days of pressure", pressing.pressed, pressing.SEEDS)
        found.sets = each("sets of exercise", sets.counted, sets.names())
    found.speed["Talus, gait events (CPython)"] = _factor(found.walked)
    step("gaitmap", 0, 1)
    _gaitmap(found, files)
    step("scikit-digital-health", 0, 1)
    _detach(found)
    return found


def _still(name: tuple[str, str]) -> Still:
    return still.still(*name)


def _day(name: tuple[str, int]) -> Day:
    return days.ours(*name)


def _factor(walked: list[Walked]) -> float:
    return sum(one.seconds for one in walked) / sum(one.took_s for one in walked)


def foot_cases() -> list[Case]:
    return [case for case in battery() if case.channels == "foot IMU"]


def _gaitmap(found: Results, files: list[Path]) -> None:
    signals: dict[str, np.ndarray] = {}
    truths = {}
    seconds = 0.0
    for path in files:
        given, true = recorded.foot_imu(path), recorded.reference_of(path)
        if given is not None and true is not None:
            truths[path.stem] = true
            signals |= {f"{path.stem}.{kind}": values for kind, values in given.items()}
            seconds += len(given["acc"]) / RAW_HZ
    for case in foot_cases():
        scene = case.scene()
        truths[f"case {case.seed}"] = truth_of(scene)
        signals |= {f"case {case.seed}.{kind}": values for kind, values in walks.foot_signals(scene).items()}
        seconds += scene.duration_s
    try:
        told = ask("gaitmap", signals)
    except PeerMissing as missing:
        found.absent["gaitmap"] = str(missing)
        return
    for method in walks.METHODS:
        rows = {name.partition("|")[0]: row for name, row in told.items() if name.endswith(f"|{method}")}
        found.recorded_peer[method], synthetic = {}, {"below 0.4 m/s": [], "0.4 m/s and more": []}
        for name, row in rows.items():
            if row["said"]:
                found.refused[f"{method}, {name}"] = row["said"]
            events, true = walks.events_of(row), truths[name]
            if name.startswith("case "):
                case = next(one for one in foot_cases() if name == f"case {one.seed}")
                synthetic[case.family.partition(", ")[2]].append(walk(events, true))
            else:
                found.recorded_peer[method][name] = walk(Labelled.of(true).cut(events), true)
        found.foot_peer[method] = {pace: pooled(every) for pace, every in synthetic.items()}
        found.speed[walks.METHODS[method]] = seconds / sum(row["seconds"] for row in rows.values())


def _detach(found: Results) -> None:
    signals = {}
    for name, seed in days.names():
        acceleration, temperature = days.raw_of(wear_days.make(name, seed))
        signals[f"{name}|{seed}.acc"] = acceleration.astype(np.float32)
        signals[f"{name}|{seed}.temperature"] = temperature.astype(np.float32)
    try:
        told: dict[str, Any] = ask("skdh", signals)
    except PeerMissing as missing:
        found.absent["skdh"] = str(missing)
        return
    for name, seed in days.names():
        row = told[f"{name}|{seed}"]
        found.detach.append(days.theirs(name, seed, [tuple(span) for span in row["worn"]], row["said"]))
    judged = [row["seconds"] for row in told.values() if not row["said"]]
    found.speed["DETACH (scikit-digital-health)"] = wear_days.DAY_S * len(judged) / sum(judged)
    begin = time.perf_counter()
    days.ours(*days.names()[0])
    found.speed["Talus, wear of a day at the desk, its minutes made too"] = wear_days.DAY_S / (
        time.perf_counter() - begin
    )
