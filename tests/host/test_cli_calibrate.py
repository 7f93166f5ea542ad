"""`talus calibrate` as it is typed: a virtual brace from end to end, a laboratory's readings, refusals in one line."""

import io
import json
import math
import time
from dataclasses import replace
from pathlib import Path

import pytest
import typer
from calibrate.made import angles, loads, squeezes, standing, strides, turned, warm
from host.commands import Talus, refused

from talus.calibration import Calibration
from talus_host.calibrate.readings import Readings
from talus_host.verbs.calibrate import Terminal
from talus_twin.board.interpreter import Interpreter


def bench(**changes: list) -> Readings:
    rows = turned((12, -20, 8))
    made = Readings(angles([0.0, -20.0, 15.0]), loads(), warm(b2=0.0), squeezes(), [standing(rows)], [strides(rows)])
    return replace(made, **changes)


def written(path: Path, readings: Readings) -> str:
    path.write_bytes(readings.as_json())
    return str(path)


def test_a_virtual_brace_from_the_first_prompt_to_the_file(
    talus: Talus, tmp_path: Path, micropython: Interpreter
) -> None:
    out, figure = tmp_path / "cal.json", tmp_path / "fit.html"
    words = ("--twin", "--json", "--role", "wearer", "--out", str(out), "--figure", str(figure))
    done = talus("calibrate", *words, home=tmp_path)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["written"] == 1 and said["calibration"] == json.loads(out.read_bytes())
    assert said["calibration"]["encoder"] == {"zero": 1234, "direction": -1, "gain": 64}
    day = int(time.time()) // 86400
    steps = [("encoder", "wearer"), ("weights", "wearer"), ("pressure", "wearer"), ("imu", "wearer")]
    assert [(step, role) for step, made, role in said["calibration"]["steps"] if day - 1 <= made <= day] == steps
    assert [one["step"] for one in said["fits"]][:2] == ["encoder", "weights"]
    assert "weights" in figure.read_text() and not list(tmp_path.glob("*calibrating.json")), (
        "nothing is left to go on with"
    )


def test_a_fitting_on_a_virtual_brace(talus: Talus, tmp_path: Path, micropython: Interpreter) -> None:
    """Its films do not creep: what a real one's would have in a quarter of an hour is taken off."""
    alone = talus("calibrate", "--twin", "--json", "--step", "fit", home=tmp_path)
    refused(alone, 65, "no pressure channel is calibrated")
    words = ("--twin", "--json", "--again", "--step", "pressure", "--step", "fit")
    done = talus("calibrate", *words, home=tmp_path)
    assert done.returncode == 0, done.stderr
    given = json.loads(done.stdout)["calibration"]
    crept = 1 + 0.05 * math.log10(1 + 90)
    expected = [value / crept for value in (160, 190, 140, 240)]
    assert [one["fit"] for one in given["pressure"]] == pytest.approx(expected, rel=0.08)
    assert [one["floor"] for one in given["pressure"]] == [100, 100, 100, 200]
    assert given["steps"][-1][0] == "fit"


def test_people_see_the_line_through_their_readings(talus: Talus, tmp_path: Path, micropython: Interpreter) -> None:
    done = talus("calibrate", "--twin", "--step", "weights", home=tmp_path)
    assert done.stdout == "calibration 1 is in force on the brace: weights\n"
    assert "weights accepted: counts_per_nm 5.999e+04" in done.stderr and "moment, N.m" in done.stderr
    assert "Hang 4 kg at 0.15 m from the hinge." in done.stderr


def test_a_laboratorys_readings_need_nobody(talus: Talus, tmp_path: Path) -> None:
    out = tmp_path / "cal.json"
    given = written(tmp_path / "readings.json", bench())
    done = talus(
        "calibrate", "--readings", given, "--side", "right", "--sites", "heel,,,", "--out", str(out), home=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "fits: encoder, weights, warmth, pressure, imu\n"
    made = Calibration(json.loads(out.read_bytes()))
    made.warm(2500)
    assert made.side == 1 and made.sites == (5, 0, 0, 0)
    assert made.moment(41000 + 60000) == pytest.approx(1000, abs=3)


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        (
            {"encoder": [replace(row, sd_counts=4.0) for row in angles([0.0, -20.0])]},
            "encoder refused: the counts at 0 deg spread by 4.0, and 2 is the limit: a jig not held, or a loose magnet",
        ),
        (
            {"weights": loads(masses=(0.0, 2.0))},
            "weights refused: 1 loads toward dorsiflexion, and 3 are needed: two points fit any line",
        ),
        (
            {"warmth": warm(degc=(18, 20, 22, 24, 26, 28))},
            "warmth refused: the run went over 18.0 to 28.0 degC; 15 to 40 are needed",
        ),
        (
            {"pressure": squeezes(g0=30000.0)},
            "pressure 1 refused: it conducts 74 % of its most with nothing on it: wet, or pinched",
        ),
        (
            {"turning": [strides(turned((0, 0, 0)), 0.01, 6)]},
            "imu refused: 6 strides, and 10 are needed",
        ),
    ],
)
def test_a_bad_fit_is_one_line_and_writes_nothing(changes: dict, line: str, talus: Talus, tmp_path: Path) -> None:
    out = tmp_path / "cal.json"
    given = written(tmp_path / "readings.json", bench(**changes))
    done = talus("calibrate", "--readings", given, "--side", "left", "--out", str(out), "--json", home=tmp_path)
    refused(done, 65, line)
    assert done.stderr == f"talus: {line}\n" and not out.exists()


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        ((), 65, "name the brace with --port (or --port auto), or give --twin or --readings FILE"),
        (("--side", "left"), 65, "name the brace with --port (or --port auto), or give --twin or --readings FILE"),
        (("--undo",), 65, "--undo: name the brace with --port"),
        (("--role", "Anna"), 64, "--role: 'Anna' is none of orthotist, technician, wearer, developer"),
        (("--step", "dance"), 64, "--step: 'dance' is none of encoder, weights, warmth, pressure, imu, fit"),
        (("--twin", "--port", "x"), 64, "give either --port or --twin"),
        (("--twin", "--sites", "heel"), 65, "--sites: 1 names where 4 belong; none for a free channel"),
        (("--twin", "--sites", "knee,,,"), 65, "--sites: 'knee' is none of none, fibular_head"),
        (("--twin", "--masses", "1,-2"), 65, "--masses: '1,-2' is no list of kilograms, by commas"),
        (
            ("--twin", "--json", "--masses", "1,2", "--step", "weights"),
            65,
            "2 loads toward dorsiflexion, and 3 are needed",
        ),
        (
            ("--twin", "--json", "--masses", "0.2,0.5,1", "--lever", "0.1", "--step", "weights"),
            65,
            "the largest load is 1.0 N.m",
        ),
        (("--twin", "--undo"), 76, "calibration: none is kept from before this"),
        (("--readings", "nowhere.json", "--side", "left"), 65, "readings nowhere.json: No such file or directory"),
        (("--twin", "--out", "/nowhere/x.json"), 65, "cannot be written: there is no folder /nowhere"),
    ],
)
def test_what_does_not_fit_is_said_in_one_line(
    words: tuple[str, ...], code: int, line: str, talus: Talus, tmp_path: Path, micropython: Interpreter
) -> None:
    refused(talus("calibrate", *words, home=tmp_path), code, line)


def test_an_interrupted_session_of_another_brace_is_not_mixed_in(
    talus: Talus, tmp_path: Path, micropython: Interpreter
) -> None:
    state = tmp_path / "state.json"
    kept = written(state, Readings(encoder=angles([0.0, -20.0]), device="e6614c"))
    refused(
        talus("calibrate", "--twin", "--json", "--state", kept, home=tmp_path),
        65,
        "an interrupted session of brace e6614c",
    )
    done = talus("calibrate", "--twin", "--json", "--again", "--state", kept, "--step", "encoder", home=tmp_path)
    assert done.returncode == 0 and not state.exists()


def test_keys_are_read_until_one_fits_and_the_end_of_input_is_somebody_leaving(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    person = Terminal(False, False)
    monkeypatch.setattr("sys.stdin", io.StringIO("x\nSkip\n\n"))
    assert person.ask("Hang 1 kg.", ("", "b", "s")) == "s"
    assert person.ask("Hang 2 kg.", ("", "b", "s")) == ""
    with pytest.raises(typer.Abort):
        person.ask("Hang 4 kg.", ("", "b", "s"))
    assert "one of: Enter, b, s" in capfd.readouterr().err
