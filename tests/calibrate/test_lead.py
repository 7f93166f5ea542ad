"""Leading a person: one key a prompt, nothing lost when they leave, repeated, gone back, skipped, refused."""

from pathlib import Path
from typing import Any

import pytest
from calibrate.made import angles, loads

from talus_host.calibrate import readings as rows
from talus_host.calibrate.draw import page, plot
from talus_host.calibrate.encoder import fit_encoder
from talus_host.calibrate.fit import Fit
from talus_host.calibrate.lead import Led
from talus_host.calibrate.made import Brace
from talus_host.calibrate.plan import Kit, Situation
from talus_host.calibrate.readings import Readings
from talus_host.calibrate.weights import fit_weights
from talus_host.errors import BraceError, InputError


class Keys:
    """A person who presses these keys in turn; "^C" leaves. After the last, Enter."""

    def __init__(self, *keys: str) -> None:
        self.keys = list(keys)
        self.heard: list[str] = []
        self.shown: list[Fit] = []

    def ask(self, words: str, answers: Any) -> str:
        self.heard.append(words)
        key = self.keys.pop(0) if self.keys else answers[0]
        if key == "^C":
            raise KeyboardInterrupt
        assert key in answers
        return key

    def say(self, words: str) -> None:
        self.heard.append(words)

    def show(self, fit: Fit) -> None:
        self.shown.append(fit)


class Bench:
    """Readings of a brace in a jig, by what is asked; wrong: the index of a reading that goes wrong once."""

    def __init__(self, wrong: int | None = None, silent: int | None = None) -> None:
        self.rows = {one.angle_deg: one for one in angles([0.0, -20.0, 15.0])}
        self.asked: list[float | None] = []
        self.wrong, self.silent = wrong, silent

    def read(self, situation: Situation) -> rows.Angle:
        deg = situation.known["angle_deg"]
        self.asked.append(deg)
        if len(self.asked) - 1 == self.silent:
            raise BraceError("encoder does not answer")
        good = self.rows[deg]
        if len(self.asked) - 1 == self.wrong:
            return rows.Angle(good.counts + 300, good.sd_counts, deg)
        return good


def made(person: Keys, bench: Bench, path: Path, firm: bool = False) -> Led:
    readings = rows.read(path) if path.exists() else Readings()
    brace = Brace(0, 0, (0, 0, 0, 0))
    return Led(person, brace, Kit((0, 0, 0, 0)), readings, bench.read, lambda: _save(path, readings), firm=firm)


def _save(path: Path, readings: Readings) -> None:
    path.write_bytes(readings.as_json())


def test_leaving_at_every_prompt_loses_nothing(tmp_path: Path) -> None:
    """Ctrl-C at each prompt in turn: every reading that was taken is taken once in all."""
    path = tmp_path / "state.json"
    bench = Bench()
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            made(Keys("", "^C"), bench, path).step("encoder")
    found = made(Keys(), bench, path).step("encoder")
    assert bench.asked == [0.0, None, -20.0, 15.0] and found[0].accepted
    done = made(Keys("^C"), bench, path)
    assert done.step("encoder") == found, "a step that was accepted asks nothing again"


def test_back_and_skip(tmp_path: Path) -> None:
    bench = Bench()
    found = made(Keys("", "", "b", ""), bench, tmp_path / "a.json").step("encoder")
    assert found[0].accepted and bench.asked == [0.0, None, None, -20.0, 15.0]
    path = tmp_path / "b.json"
    assert made(Keys("", "s"), Bench(), path).step("encoder") == []
    assert rows.read(path).encoder == []


def test_a_refused_step_says_why_and_goes_back_or_begins_again(tmp_path: Path) -> None:
    person, bench = Keys("", "", "", "", "b"), Bench(wrong=3)
    found = made(person, bench, tmp_path / "a.json").step("encoder")
    assert found[0].accepted and bench.asked == [0.0, None, -20.0, 15.0, 15.0]
    assert any("encoder refused: the stop at 15.0 deg reads" in words for words in person.heard)
    assert [one.accepted for one in person.shown] == [False, True]
    person, bench = Keys("", "", "", "", "r"), Bench(wrong=0)
    assert made(person, bench, tmp_path / "b.json").step("encoder")[0].accepted
    assert bench.asked == [0.0, None, -20.0, 15.0] * 2
    assert made(Keys("", "", "", "", "s"), Bench(wrong=3), tmp_path / "c.json").step("encoder") == []


def test_a_part_that_is_silent_once_is_asked_again_and_with_nobody_there_ends_it(tmp_path: Path) -> None:
    person, bench = Keys(), Bench(silent=1)
    assert made(person, bench, tmp_path / "a.json").step("encoder")[0].accepted
    assert "  encoder does not answer; try again" in person.heard
    with pytest.raises(BraceError):
        made(Keys(), Bench(silent=1), tmp_path / "b.json", firm=True).step("encoder")
    with pytest.raises(InputError, match=r"encoder refused: the stop at 15\.0 deg reads"):
        made(Keys(), Bench(wrong=3), tmp_path / "c.json", firm=True).step("encoder")


def test_readings_are_the_same_after_a_file(tmp_path: Path) -> None:
    path = tmp_path / "readings.json"
    told = Readings(
        encoder=angles([0.0, -20.0]), weights=loads(), roles={"weights": "wearer"}, done=["encoder"], device="x"
    )
    path.write_bytes(told.as_json())
    assert rows.read(path) == told


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("{", "no JSON: "),
        ("[]", "no JSON object"),
        ('{"dance": []}', "dance: there are encoder, weights, warmth, pressure, still, turning"),
        ('{"weights": 4}', "weights: a list of rows belongs here"),
        ('{"weights": [4]}', "weights row 1: row 4 is not an object"),
        ('{"weights": [{"counts": "many"}]}', "weights row 1: counts 'many' is not a number"),
        ('{"warmth": [{"counts": NaN, "degc": 1}]}', "warmth row 1: counts nan is not a number"),
        ('{"warmth": [{"counts": 1}]}', "warmth row 1: missing 1 required positional argument: 'degc'"),
        ('{"warmth": [{"counts": 1, "degc": 1, "who": "A"}]}', "warmth row 1: who 'A' is not a field there is"),
        ('{"turning": [{"what": "strides", "moments": [1, 2]}]}', "turning row 1: moments [1, 2] is not 21 numbers"),
        ('{"still": [{"what": "dancing"}]}', "still row 1: what 'dancing' is not standing or side"),
        ('{"done": 4}', "done: does not fit"),
        ('{"warmth": [{"counts": 1, "counts": 2, "degc": 1}]}', "no JSON: counts is given twice"),
        ("[" * 100_000, "no JSON: nested too deep"),
        ('{"pressure": [{"counts": 5, "channel": 9, "kpa": 2}]}', "pressure row 1: channel 9 is not 1 or 2 or 3 or 4"),
        ('{"weights": [{"counts": 5, "toward": 0.5}]}', "weights row 1: toward 0.5 is not 1 or -1"),
        ('{"pressure": [{"counts": 5, "channel": 1, "kpa": -2}]}', "pressure row 1: kpa -2 is not 0 or more"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_by_its_row(text: str, line: str, tmp_path: Path) -> None:
    path = tmp_path / "readings.json"
    path.write_text(text)
    with pytest.raises(InputError) as refused:
        rows.read(path)
    assert str(refused.value).startswith(f"readings {path}: ") and line in str(refused.value)


def test_the_drawing_has_its_points_where_they_were_read() -> None:
    found = fit_weights(loads(noise=0.0))
    assert found.drawing is not None
    lines = plot(found.drawing, 40, 11).splitlines()
    body = [line.partition("|")[2] for line in lines if "|" in line]
    assert len(body) == 11 and max(len(line) for line in body) <= 40
    assert body[0].rstrip().endswith("o") and body[-1].startswith("o"), (
        "the largest load top right, the other bottom left"
    )
    assert lines[0] == "counts" and "moment, N.m" in lines[-1]


def test_the_page_holds_every_fit_and_fetches_nothing() -> None:
    text = page([fit_encoder(angles([0.0, -20.0])), fit_weights(loads())])
    assert text.count("Plotly.newPlot(") >= 2 and 'src="http' not in text and "cdn" not in text.split("<body>")[0]
