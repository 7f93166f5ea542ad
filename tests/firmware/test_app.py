"""One hour of a brace's life through App: what it keeps, and the moments it says it of, against the leg's own truth."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest

from talus.settings import Settings
from talus.wire import frame, kinds, record
from talus_twin.board import brace, wearing
from talus_twin.body.activities import Activity
from talus_twin.body.person import Person
from talus_twin.body.scene import Press, Scene, play

FROM_MS = brace.START_US // 1000
SILENT_S, SPEAKS_S = 60.0, 75.0
SET_AT_MS, SET_UTC_MS = 123_456, 1_793_664_000_789
AMBER = kinds.TIERS.index("amber")
ENCODER = kinds.SENSORS.index("encoder")

# (kind, seconds): worn and pressed for 20 minutes, walked with turns, taken off, put on again
LIFE = (
    ("sit", 1140),
    ("stand", 20),
    ("walk", 240),
    ("sit", 300),
    ("doff", 20),
    ("off", 1080),
    ("don", 20),
    ("sit", 860),
)
PRESSED = Press(2, 0.0, 1700.0, 9.0)  # 68 mmHg at the lateral malleolus until the brace comes off


@dataclass(frozen=True)
class Kept:
    kind: str
    at_ms: int
    values: dict[str, object]


@dataclass(frozen=True)
class Hour:
    scene: Scene
    kept: list[Kept]

    def of(self, kind: str) -> list[Kept]:
        return [one for one in self.kept if one.kind == kind]

    def begins_s(self, index: int) -> float:
        """When an activity of LIFE begins, on the scene's clock."""
        return float(sum(seconds for _, seconds in LIFE[:index]))


def read(stream: bytes) -> Iterator[Kept]:
    reader = frame.Reader()
    for one in reader.feed(stream) + reader.finish():
        for number, offset, payload in record.split(one.body):
            kind, values = record.read(number, payload)
            yield Kept(kind.name, one.base_ms + offset, dict(zip(kind.names, values, strict=True)))


@pytest.fixture(scope="module")
def hour() -> Hour:
    acts = [Activity(kind, seconds, turn_every_s=30 if kind == "walk" else 0) for kind, seconds in LIFE]
    scene = play(Person("foot_drop_brace", seed=11), acts, presses=(PRESSED,))
    parts = list(wearing.parts_of(scene.columns, scene.rate_hz))
    one = brace.make(parts[0], scene.rate_hz, build=brace.Build(alignment=scene.imu_alignment))
    app = wearing.app_of(one, Settings())
    app.start()
    end_us = brace.START_US
    encoder = one.chips["encoder"]
    for part in parts:
        if end_us > brace.START_US:
            wearing.step_until(one, app, end_us - wearing.AHEAD_US)
            one.leg.load(end_us, scene.rate_hz, part)
        else:
            wearing.step_until(one, app, end_us + round(SILENT_S * 1e6))
            encoder.silent = True
            wearing.step_until(one, app, end_us + round(SPEAKS_S * 1e6))
            encoder.silent = False
            wearing.step_until(one, app, (SET_AT_MS + 1) * 1000)
            app.on_set_clock(SET_AT_MS, SET_UTC_MS, 7)
        end_us += len(part["ankle_angle"]) * 1_000_000 // scene.rate_hz
    wearing.step_until(one, app, end_us)
    app.stop()
    return Hour(scene, list(read(wearing.stream_of(app.journal))))


def test_every_minute_is_told_once_by_its_start(hour: Hour) -> None:
    starts = [one.at_ms for one in hour.of("minute")]
    assert len(starts) == int(hour.scene.duration_s // 60) or len(starts) == int(hour.scene.duration_s // 60) + 1
    assert set(np.diff(starts)) == {60_000}
    assert 0 <= starts[0] < 1000, "the first begins with the first sample, while the brace wakes"
    for one in hour.of("minute"):
        taken, missed = int(str(one.values["samples"])), int(str(one.values["missed"]))
        assert taken + missed == one.values["due"] and missed <= 30, "flash stops everything for some 50 ms: told"


def test_minutes_say_what_was_walked_in_them(hour: Hour) -> None:
    """A stride is told up to some seconds after it began, so a minute's count may be off by what straddles its end."""
    contacts = hour.scene.truth.strides["start_s"] * 1000 + FROM_MS
    for one in hour.of("minute"):
        inside = np.count_nonzero((contacts >= one.at_ms) & (contacts < one.at_ms + 60_000))
        assert one.values["strides"] == pytest.approx(inside, abs=8)
    told = sum(int(str(one.values["strides"])) for one in hour.of("minute"))
    valid = [one for one in hour.of("stride") if not int(str(one.values["flags"])) & kinds.STRIDE_INVALID]
    assert told == len(valid)


def test_wear_edges_lie_where_the_brace_came_off_and_went_on(hour: Hour) -> None:
    edges = [
        (one.values["worn"], (one.at_ms - FROM_MS) / 1000 - float(str(one.values["edge_back"])))
        for one in hour.of("wear")
    ]
    worn, off, again = edges
    assert [worn[0], off[0], again[0]] == [1, 0, 1]
    assert off[1] == pytest.approx(hour.begins_s(4), abs=180)
    assert again[1] == pytest.approx(hour.begins_s(6), abs=180)


def test_a_pressure_event_opens_when_it_has_lasted_and_ends_when_the_brace_is_off(hour: Hour) -> None:
    events = [one for one in hour.of("pressure") if one.values["channel"] == PRESSED.channel]
    assert [one.values["ended"] for one in events] == [0, 1]
    opened, ended = events
    assert opened.values["tier"] == AMBER
    assert 15 <= (opened.at_ms - FROM_MS) / 60_000 <= 26, "15 minutes above 35 mmHg, after up to 10 to build up"
    off_ms = FROM_MS + hour.begins_s(5) * 1000
    assert off_ms < ended.at_ms <= off_ms + 7 * 60_000, "below for five minutes"


def test_the_hours_curve_is_the_mean_of_its_valid_strides(hour: Hour) -> None:
    (curve,) = hour.of("curve")
    strides = [one for one in hour.of("stride") if one.at_ms < curve.at_ms]
    valid = [one for one in strides if not int(str(one.values["flags"])) & kinds.STRIDE_INVALID]
    assert len(valid) < len(strides), "turning strides are told and not drawn"
    assert curve.values["strides"] == len(valid)
    angle = np.array(curve.values["angle"]) / 100
    truth = hour.scene.truth.strides
    swing = angle[18:]  # 75 to 100 % of the stride
    assert swing.max() == pytest.approx(np.median(truth["ankle_swing_peak_deg"]), abs=1.5)


def test_a_silent_chip_is_told_once_when_it_falls_silent_and_once_when_it_is_back(hour: Hour) -> None:
    told = [one for one in hour.of("health") if one.values["sensor"] == ENCODER]
    states = [kinds.SENSOR_STATES[int(str(one.values["state"]))] for one in told]
    assert states == ["failed", "ok"]
    assert SILENT_S <= (told[0].at_ms - FROM_MS) / 1000 <= SILENT_S + 1.1, "a reading a second while it sits"
    assert SPEAKS_S <= (told[1].at_ms - FROM_MS) / 1000 <= SPEAKS_S + 17, "asked again after 1, 2, 4, 8 ... seconds"


def test_the_clock_record_says_what_the_host_said(hour: Hour) -> None:
    (clock,) = hour.of("clock")
    assert clock.at_ms == SET_AT_MS
    assert clock.values == {"utc": 1_793_664_000, "utc_ms": 789, "uncertainty": 7, "source": 0}


def test_it_begins_with_what_woke_and_with_what_settings(hour: Hour) -> None:
    assert [one.kind for one in hour.kept[:2]] == ["boot", "settings"]
    assert hour.kept[0].values["layout"] == kinds.digest()
    sites = [hour.kept[1].values[f"site_{channel}"] for channel in range(1, 5)]
    assert tuple(kinds.SITES[int(str(site))] for site in sites) == brace.SITES


def test_a_set_that_is_begun_is_counted_kept_and_forgotten() -> None:
    one = brace.make()
    app = wearing.app_of(one, Settings({"set_pause_ms": 5000}))
    app.start()
    which = kinds.EXERCISES.index("heel_raise")
    app.begin_set(which)
    wearing.step_until(one, app, brace.START_US + 8_000_000)
    app.stop()
    told = [kept.values for kept in read(wearing.stream_of(app.journal)) if kept.kind == "exercise"]
    assert [(one["exercise"], one["repetitions"]) for one in told] == [(which, 0)]
