"""The same firmware files under CPython and under a real MicroPython: the same bytes in flash from the same leg."""

from pathlib import Path

import pytest
from conftest import missing

from talus.wire import frame, record
from talus_twin.body import recording
from talus_twin.body.activities import Activity
from talus_twin.body.person import Person
from talus_twin.body.recording import Recording
from talus_twin.body.scene import play
from talus_twin.worn import wear_recording


def records(stream: bytes) -> list[tuple[str, int, tuple[object, ...]]]:
    reader = frame.Reader()
    found = []
    for one in reader.feed(stream) + reader.finish():
        for number, offset, payload in record.split(one.body):
            kind, values = record.read(number, payload)
            found.append((kind.name, one.base_ms + offset, values))
    assert reader.skipped == 0
    return found


def both(played: Recording) -> list[tuple[str, int, tuple[object, ...]]]:
    on_cpython = records(wear_recording(played, "cpython"))
    assert records(wear_recording(played, "micropython")) == on_cpython
    return on_cpython


@pytest.mark.usefixtures("micropython")
@pytest.mark.parametrize("kind", ["foot_drop_brace", "stroke"])
def test_a_synthetic_walk_is_the_same_record_for_record(kind: str) -> None:
    """Every channel, more than two minutes with sitting and standing, so that minutes are written too."""
    acts = [Activity("sit", 40), Activity("stand", 10), Activity("walk", 70, turn_every_s=25), Activity("sit", 15)]
    scene = play(Person(kind, seed=4), acts)
    played = Recording("synthetic", scene.rate_hz, scene.columns, 0.0, scene.duration_s, 0.0, 0.0, "shank",
                       scene.imu_alignment, False)  # fmt: skip
    found = both(played)
    names = [name for name, _, _ in found]
    assert names.count("minute") == 2
    assert names.count("stride") > 25


@pytest.mark.usefixtures("micropython")
@pytest.mark.parametrize("name", ["gaitprint_young_r", "fsr_patient_p1", "btk_pig_subjA_trial2_l"])
def test_a_recorded_walk_is_the_same_record_for_record(name: str, recordings: Path) -> None:
    path = recordings / f"{name}.csv"
    if not path.exists():
        missing(f"{path.name} is not in the folder of recordings")
    assert any(kind == "stride" for kind, _, _ in both(recording.load(path)))
