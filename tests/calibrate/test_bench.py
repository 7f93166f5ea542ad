"""A virtual brace in a virtual jig, from the first prompt to the file: what is found is how it was built, and a brace
that wears the file measures what the leg does."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from talus.calibration import Calibration
from talus.sampling import Sampler
from talus.settings import Settings
from talus.wire import kinds
from talus_host.calibrate.bench import Bench
from talus_host.calibrate.fit import Fit
from talus_host.calibrate.lead import Led
from talus_host.calibrate.made import Brace, assembled
from talus_host.calibrate.plan import STEPS, Kit, Situation
from talus_host.calibrate.readings import Readings
from talus_host.errors import BraceError, InputError
from talus_twin.board import brace
from talus_twin.body.person import Person
from talus_twin.jig import Jig

# A brace unlike the usual one in everything a calibration finds. The FSR: P = a G^1.2, 20 kPa at a ratio of 40000.
KNOTS = tuple(
    value
    for kpa in (0, 0.5, 1, 2, 5, 10, 20, 50, 100)
    for value in (round(100 * kpa), round(60 + 40000 * (kpa / 20) ** (1 / 1.2)))
)
BUILT = {
    "encoder_zero": 4001,
    "encoder_direction": 1,
    "bridge_offset": -73210,
    "bridge_per_100_mnm": -5200,
    "bridge_plantar_per_100_mnm": -4600,
    "bridge_per_degc": -640,
    "bridge_per_100_degc2": 520,
    "imu_bias": (-21, 33, 8),
    "imu_accel_bias": (45, -38, 60),
    "divider_knots": KNOTS,
}
PERSON = Person(kind="foot_drop_brace", mount_deg=(14.0, -30.0, 10.0))


class Nobody:
    """Hands without a will: every answer is the first."""

    def ask(self, words: str, answers: Any) -> str:
        return answers[0]

    def say(self, words: str) -> None:
        pass

    def show(self, fit: Fit) -> None:
        pass


@pytest.fixture(scope="module")
def jig(micropython: object) -> Iterator[Jig]:
    with Jig(person=PERSON, changes=BUILT) as made:
        yield made


def led(jig: Jig, bench: Bench, before: dict[str, Any] | None = None, firm: bool = True) -> Led:
    def read(situation: Situation) -> Any:
        jig.pose(**situation.pose)
        return bench.read(situation.reads, situation.known)

    place = Brace(0, 0, (1, 2, 4, 5), True, before or {})
    return Led(Nobody(), place, Kit((1, 2, 4, 5)), Readings(), read, lambda: None, frozenset({"imu"}), firm)


@pytest.fixture(scope="module")
def found(jig: Jig) -> dict[str, Any]:
    bench = Bench(jig, prelude="")
    one = led(jig, bench)
    done = {step: one.step(step) for step in STEPS}
    return assembled(done, one.readings, one.brace, bench.next_number(), 20412, "orthotist")


def test_what_is_found_is_how_it_was_built(found: dict[str, Any]) -> None:
    assert found["encoder"] == {"zero": 4001, "direction": 1, "gain": 64}
    bridge = found["bridge"]
    assert bridge["offset"] == pytest.approx(-73210, abs=30) and bridge["at_cdegc"] == 2500
    assert bridge["counts_per_100_mnm"] == pytest.approx(-5200, rel=0.001)
    assert bridge["plantar_per_100_mnm"] == pytest.approx(-4600, rel=0.001)
    assert bridge["counts_per_degc"] == pytest.approx(-640, abs=2)
    assert bridge["counts_per_100_degc2"] == pytest.approx(520, abs=10)
    assert [found["gyro"][f"bias_{axis}"] for axis in "xyz"] == pytest.approx([-21, 33, 8], abs=1)
    assert [found["accel"][f"bias_{axis}"] for axis in "xyz"] == pytest.approx([45, -38, 60], abs=2)
    assert [one["site"] for one in found["pressure"]] == [1, 2, 4, 5]
    assert found["steps"] == [[step, 20412, "orthotist"] for step in STEPS]


def test_the_axes_are_the_legs_but_for_the_lean_it_stood_with(found: dict[str, Any], jig: Jig) -> None:
    """Up is where gravity was: the shank leant, and the ankle's angle of that stand says by how much."""
    got = np.array(found["alignment"]).reshape(3, 3) / 1000
    truth = np.array(jig.alignment).reshape(3, 3) / 1000
    assert np.degrees(np.arccos(min(1.0, got[2] @ truth[2]))) < 2.5, "the hinge"
    lean = np.degrees(np.arctan2(got[1] @ truth[0], got[1] @ truth[1]))
    assert abs(lean) == pytest.approx(abs(found["stand_cdeg"]) / 100, abs=1.0)
    assert np.linalg.det(got) == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("degc", [15, 25, 38])
def test_a_brace_that_wears_it_measures_what_the_leg_does(found: dict[str, Any], degc: int) -> None:
    """Limits: 0.1 deg, 0.05 N.m of drift and 1 % of the moment, 6 % of the pressure or 0.1 kPa."""
    leg = {"ankle_angle": [-1234], "moment": [0], "reference": [100 * degc], "liner": [3000]}
    leg |= {f"pressure_{n}": [0] for n in range(1, 5)} | {"gyro_x": [0], "gyro_y": [0], "gyro_z": [0]}
    leg |= {"acc_x": [0], "acc_y": [1000], "acc_z": [0]}
    build = brace.Build(sites=brace.SITES, changes=BUILT)
    for mnm, kpa in ((-4000, 1), (-500, 3), (0, 0), (700, 8), (5500, 19)):
        columns = {**leg, "moment": [mnm]} | {f"pressure_{n}": [100 * kpa] for n in range(1, 5)}
        one = brace.make(columns, build=build)
        sampler = Sampler(one.clock, one.buses, one.board, Calibration(found), Settings())
        sampler.start()
        for _ in range(40):
            sample = list(sampler.take())
        assert sample[kinds.ANGLE] == pytest.approx(-1234, abs=10)
        assert sample[kinds.MOMENT] == pytest.approx(mnm, abs=50 + 0.01 * abs(mnm))
        for channel in range(4):
            assert sample[kinds.PRESSURE_1 + channel] == pytest.approx(100 * kpa, rel=0.06, abs=10)
        assert sample[kinds.GYRO_SAGITTAL] == pytest.approx(0, abs=5)
        norm = np.linalg.norm([sample[i] for i in (kinds.ACC_FORWARD, kinds.ACC_UP, kinds.ACC_LATERAL)])
        assert norm == pytest.approx(1000, abs=15)


def test_it_comes_into_force_is_undone_and_never_half(found: dict[str, Any], jig: Jig) -> None:
    bench = Bench(jig, prelude="")
    first = bench.write({**found, "id": bench.next_number()})
    second = bench.write({**found, "id": bench.next_number(), "made_day": 20413})
    assert second > first and bench.in_force()["made_day"] == 20413
    assert bench.undo() == first and bench.in_force() == {**found, "id": first}
    with pytest.raises(BraceError, match=f"calibration id: {first} was used before"):
        bench.write({**found, "id": first})
    with pytest.raises(BraceError, match=r"calibration encoder\.zero: 5000 is not an integer from 0 to 4095"):
        bench.write({**found, "id": 99, "encoder": {"zero": 5000, "direction": 1}})
    assert bench.in_force()["id"] == first


@pytest.mark.parametrize(
    ("fault", "step", "line"),
    [
        (
            "one.chips['encoder'].magnet = 'missing'",
            "encoder",
            "encoder: no magnet is seen: set the magnet over the chip",
        ),
        (
            "one.chips['bridge'].silent = True",
            "weights",
            "the brace answered OSError: [Errno 19] ENODEV: bridge does not answer",
        ),
        (
            "one.chips['pressure'].shorted = (1,)",
            "pressure",
            "pressure 2 refused: 26400 counts at 0 kPa: at the supply",
        ),
        ("one.chips['bridge'].stuck = True", "weights", "counts per N.m: the bridge does not feel the load"),
        (
            "one.chips['imu'].saturated = True",
            "imu",
            "imu refused: the gyro reads 2293.7 deg/s at rest, and 10 is the limit",
        ),
    ],
)
def test_a_part_that_fails_at_the_bench_is_named(fault: str, step: str, line: str) -> None:
    with Jig() as broken:
        bench = Bench(broken, prelude="")
        one = led(broken, bench)
        one = replace(one, longer=frozenset())
        broken.run(fault)
        with pytest.raises((BraceError, InputError)) as refused:
            one.step(step)
        assert line in str(refused.value)


def test_a_step_alone_leaves_the_others_as_they_were(found: dict[str, Any], jig: Jig) -> None:
    bench = Bench(jig, prelude="")
    one = led(jig, bench, before={**found, "steps": [["imu", 20000, "wearer"], ["encoder", 20000, "wearer"]]})
    done = {"encoder": one.step("encoder")}
    again = assembled(done, one.readings, one.brace, 50, 20500, "technician")
    assert {key: again[key] for key in ("bridge", "pressure", "gyro", "alignment")} == {
        key: found[key] for key in ("bridge", "pressure", "gyro", "alignment")
    }
    assert again["steps"] == [["imu", 20000, "wearer"], ["encoder", 20500, "technician"]]
