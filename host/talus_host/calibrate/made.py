"""Readings -> fits -> a calibration file: what was done anew replaces what the file held, what was not stays."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from talus.calibration import Calibration
from talus.wire.kinds import IMU_PLACES, PRESSURE_CHANNELS
from talus_host.calibrate.encoder import fit_encoder
from talus_host.calibrate.fit import Fit, refused
from talus_host.calibrate.fitting import fit_worn
from talus_host.calibrate.imu import fit_imu
from talus_host.calibrate.pressure import fit_pressure
from talus_host.calibrate.readings import Readings
from talus_host.calibrate.warmth import fit_warmth
from talus_host.calibrate.weights import fit_weights
from talus_host.errors import InputError


@dataclass(frozen=True)
class Brace:
    """What the fitter knows without measuring. sites: index into SITES of each channel, 0 for none."""

    side: int
    imu_place: int
    sites: Sequence[int]
    liner: bool = True
    before: dict[str, Any] = field(default_factory=dict)

    def section(self, name: str) -> dict[str, Any]:
        found = self.before.get(name)
        return dict(found) if isinstance(found, dict) else {}


def fits(step: str, readings: Readings, brace: Brace) -> list[Fit]:
    """What a step's readings come to: one fit, or one for each pressure channel."""
    if step == "encoder":
        return [fit_encoder(readings.encoder)]
    if step == "weights":
        return [fit_weights(readings.weights)]
    if step == "warmth":
        return [_warmth(readings, brace)]
    if step == "imu":
        bias = [brace.section("accel").get(f"bias_{axis}", 0) for axis in "xyz"]
        return [fit_imu(readings.still, readings.turning, IMU_PLACES[brace.imu_place], bias)]
    if step == "fit":
        return _worn(readings, brace)
    found = []
    for channel in range(1, PRESSURE_CHANNELS + 1):
        rows = [row for row in readings.pressure if row.channel == channel]
        if rows and brace.sites[channel - 1]:
            found.append(fit_pressure(rows, channel, brace.sites[channel - 1]))
    return found or [refused("pressure", "no channel was read")]


def _worn(readings: Readings, brace: Brace) -> list[Fit]:
    """By the curves of this session where there are any, else by those the brace has."""
    squeezed = [one for one in fits("pressure", readings, brace) if one.accepted] if readings.pressure else []
    bare = dict.fromkeys(("id", "made_day", "side", "imu_place", "liner", "reference"), 0)
    try:
        return fit_worn(readings.fit, Calibration({**bare, "pressure": _channels(squeezed, brace)}))
    except ValueError as error:
        return [refused("fit", str(error))]


def _warmth(readings: Readings, brace: Brace) -> Fit:
    bridge = brace.section("bridge")
    if readings.weights:
        weighed = fit_weights(readings.weights)
        if weighed.accepted:
            bridge = weighed.given["bridge"]
    if "counts_per_100_mnm" not in bridge:
        return refused("warmth", "what a count is worth is not known: weigh first")
    return fit_warmth(readings.warmth, bridge["at_cdegc"], bridge["counts_per_100_mnm"] * 10)


def assembled(
    done: dict[str, list[Fit]], readings: Readings, brace: Brace, number: int, day: int, role: str
) -> dict[str, Any]:
    """The file. done: step -> its accepted fits. Raises InputError where the brace would refuse it."""
    given = {key: value for key, value in brace.before.items() if key not in ("steps", "pressure")}
    given |= {"id": number, "made_day": day, "side": brace.side, "imu_place": brace.imu_place}
    given |= {"liner": int(brace.liner), "reference": 1}
    for step in ("encoder", "imu"):
        for one in done.get(step, []):
            given |= one.given
    bridge = brace.section("bridge")
    for step in ("weights", "warmth"):
        for one in done.get(step, []):
            if step == "weights":
                bridge.pop("plantar_per_100_mnm", None)
            bridge |= one.given["bridge"]
    if bridge:
        given["bridge"] = {"counts_per_degc": 0, **bridge}
    given["pressure"] = _channels(done.get("pressure", []), brace)
    for one in done.get("fit", []):
        given["pressure"][int(one.step.split()[1]) - 1] |= one.given
    counts = [row.ankle_counts for row in readings.still if row.what == "standing" and row.ankle_counts is not None]
    if "imu" in done and counts and given.get("encoder"):
        given.pop("stand_cdeg", None)
        given["stand_cdeg"] = Calibration({**given, "steps": ()}).angle(round(counts[-1]))
    given["steps"] = _steps(brace, done, readings, day, role)
    try:
        Calibration(given)
    except ValueError as error:
        raise InputError(str(error)) from error
    return given


def _channels(done: list[Fit], brace: Brace) -> list[Any]:
    before = brace.before.get("pressure")
    channels = (
        list(before) if isinstance(before, list) and len(before) == PRESSURE_CHANNELS else [None] * PRESSURE_CHANNELS
    )
    for one in done:
        channels[int(one.step.split()[1]) - 1] = one.given["pressure"]
    return channels


def _steps(brace: Brace, done: dict[str, list[Fit]], readings: Readings, day: int, role: str) -> list[list[Any]]:
    """Who did what and when, the last time each step was done."""
    found = brace.before.get("steps")
    kept = [row for row in found if row[0] not in done] if isinstance(found, list) else []
    return kept + [[step, day, readings.roles.get(step, role)] for step in done]
