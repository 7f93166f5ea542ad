"""Raw counts for a fitter: the twin's truth through the chips, numpy's figures, and both interpreters alike."""

import ast

import numpy as np
import pytest
from sensors.made import columns

from talus import fitting
from talus_host.calibrate import tools
from talus_host.calibrate.imu import moments_of
from talus_twin.board import brace
from talus_twin.board.interpreter import HEAP_BYTES, Interpreter

CALLS = (
    "encoder(bus, clock)",
    "bridge(bus, clock)",
    "pressure(bus, clock, 3)",
    "warmth(bus, clock)",
    "still(bus, clock, 1000)",
    "stretch(bus, clock, 2000, (12, -9, 5), 100)",
)


def one() -> brace.Brace:
    moving = [round(3000 * np.sin(i / 20)) for i in range(600)]
    given = columns(ankle_angle=[700], moment=[-2500], pressure_4=[4000], reference=[3000], gyro_z=moving)
    return brace.make(given, start_us=0)


def test_a_spread_is_numpys() -> None:
    rng = np.random.default_rng(1)
    for values in ([5], [-3, 4], rng.integers(-8388608, 8388607, 101).tolist()):
        median, mean, sd, n = fitting.spread(values)
        assert n == len(values) and median == sorted(values)[n // 2]
        assert mean == pytest.approx(np.mean(values), abs=0.5) and sd == pytest.approx(
            100 * np.std(values), rel=1e-6, abs=1
        )


@pytest.mark.parametrize("zero", [2, 1234, 4094])
def test_an_encoder_that_lies_across_the_wrap_has_one_median(zero: int) -> None:
    made = brace.make(columns(), build=brace.Build(changes={"encoder_zero": zero}))
    chip = made.chips["encoder"]
    counts = iter([3, -2, 1, 0, -1] * 40)
    read = chip.read

    def shaken(register: int, buffer: bytearray, now: int) -> None:
        if register == 0x0B:
            chip.zero = (zero + next(counts)) % 4096
        read(register, buffer, now)

    chip.read = shaken
    median, mean, sd, n, gain, status = fitting.encoder(made.buses["main"], made.clock, 199)
    assert (median, mean, n, gain) == (zero, zero, 199, 64) and status & 0x20
    assert sd == pytest.approx(100 * np.std([3, -2, 1, 0, -1]), rel=0.03)


def test_the_parts_give_what_the_leg_does() -> None:
    made = one()
    bus, clock = made.buses["main"], made.clock
    assert fitting.encoder(bus, clock)[0] == 1234 - round(7 * 4096 / 360)
    median, mean, sd, n, warm = fitting.bridge(bus, clock)
    assert mean == pytest.approx(41000 - 2500 * 60 + 900 * 5, abs=3) and abs(median - mean) < 5
    assert sd == pytest.approx(100 * 15 / 3**0.5, rel=0.2) and (n, warm) == (320, 3000)
    ratio = 40 + 4000 * 4096 / 197
    assert fitting.pressure(bus, clock, 3)[0] == pytest.approx(26400 * ratio / (ratio + 16384), abs=2)
    assert fitting.warmth(bus, clock) == (3000, 3150)
    made.chips["thermometer"].wrong_id = True
    assert fitting.warmth(bus, clock) == (3000, None), "another chip has no temperature, and the bridge is read on"
    made.chips["imu"].silent = True
    assert fitting.bridge(bus, clock)[4] is None


def test_the_moments_of_a_stretch_are_those_of_its_readings() -> None:
    made = one()
    counts = [row[1:] for row in fitting.words(made.buses["main"], made.clock, 2000) if row[0] == 1]
    again = one()
    got = fitting.stretch(again.buses["main"], again.clock, 2000, (0, 0, 0), 500)
    assert [got[0], *got[2:]] == [v for i, v in enumerate(moments_of(np.array(counts), 500)) if i != 1]


def test_nobody_there_is_told_by_name() -> None:
    made = one()
    made.chips["bridge"].silent = True
    made.chips["encoder"].silent = True
    with pytest.raises(OSError, match="encoder does not answer"):
        fitting.encoder(made.buses["main"], made.clock)
    made.chips["imu"].wrong_id = True
    with pytest.raises(ValueError, match="imu is another chip"):
        fitting.still(made.buses["main"], made.clock)


def test_both_interpreters_read_alike(micropython: Interpreter) -> None:
    source = "from talus import fitting\nfrom talus_twin.board import brace\none = brace.make()\n"
    micropython.run(source + "bus, clock = one.buses['main'], one.clock")
    made = brace.make()
    names = {"bus": made.buses["main"], "clock": made.clock}
    for call in CALLS:
        inside = ast.literal_eval(micropython.run(f"print(fitting.{call})"))
        assert inside == eval(f"fitting.{call}", {"fitting": fitting, **names}), call


def test_what_is_brought_to_a_brace_is_all_it_needs() -> None:
    """Only these files, under their folder, in a MicroPython that has nothing else."""
    with Interpreter(HEAP_BYTES) as bare:
        for path, text in tools.needed().items():
            bare.put(f"{tools.FOLDER}/{path}", text.encode())
        bare.run(f"import sys\nsys.path[:] = [{tools.FOLDER!r}]\nfrom talus import fitting, calibration_keep")
        assert bare.run("print(fitting.spread([3, 1, 2]))").strip() == "(2, 2, 82, 3)"
    assert all(name.startswith("/fitting/talus/") and name.endswith(".mpy") for name in tools.compiled())
