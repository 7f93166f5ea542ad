"""A recording run again on the desk says what the brace said of the same samples, to the last bit."""

import struct

import numpy as np
import pandas as pd
import pytest
from events.walk import make
from host.made_records import payload

from talus import board
from talus.settings import Settings
from talus.wire import frame, kinds, record
from talus_host import reanalyse, tables
from talus_host.errors import InputError
from talus_twin.board import brace, wearing
from talus_twin.body.activities import Activity
from talus_twin.body.person import Person
from talus_twin.body.scene import play

HEEL = kinds.SITES.index("heel")
WALKED = ("stride", "walk", "curve", "stumble")


def kept_by(app) -> list[tuple[str, int, bytes]]:  # type: ignore[no-untyped-def]
    reader = frame.Reader()
    found = []
    for one in reader.feed(wearing.stream_of(app.journal)) + reader.finish():
        for number, offset, body in record.split(one.body):
            name = kinds.BY_NUMBER[number].name
            if name in WALKED:
                found.append((name, one.base_ms + offset, bytes(body)))
    return found


@pytest.mark.parametrize("imu_place", kinds.IMU_PLACES)
def test_the_desk_tells_what_the_brace_kept(imu_place: str) -> None:
    """Two minutes and a half through the chips, with drags and turns: every stride, walk and stumble of App's."""
    person = Person("foot_drop_brace", seed=8, drag_share=0.1, imu_place=imu_place)
    scene = play(person, [Activity("stand", 15), Activity("walk", 130, turn_every_s=40), Activity("stand", 10)])
    (part,) = wearing.parts_of(scene.columns, scene.rate_hz)
    made = brace.Build(imu_place=imu_place, alignment=scene.imu_alignment, changes={"stand_cdeg": 250})
    one = brace.make(part, scene.rate_hz, build=made)
    app = wearing.app_of(one, Settings())
    app.start()
    samples, times = [], []
    update = app.walking.update

    def heard(sample: list[int | None]) -> int:
        samples.append(list(sample))
        times.append(app.sampler.tick_ms())
        return int(update(sample))

    app.walking.update = heard
    wearing.step_until(one, app, brace.START_US + round(scene.duration_s * 1e6) - wearing.AHEAD_US)
    app.stop()
    assert set(np.diff(times)) == {10}
    heel = 1 + one.calibration.sites.index(HEEL)
    leg = reanalyse.Leg(imu_place, board.delays_ms(), heel, one.calibration.stand_cdeg)
    told = reanalyse.reanalyse(samples, Settings(), leg=leg, start_ms=times[0])
    kept = kept_by(app)
    minutes = len(samples) // 6000
    assert minutes == 2 and [name for name, _, _ in kept].count("walk") == minutes
    # The brace ends in mid-minute: the desk tells what it would have kept at that minute's and hour's end.
    assert [row[0] for row in told.records[len(kept) :]] == ["walk", "curve"]
    assert told.records[: len(kept)] == kept
    assert len(told.strides) > 80 and told.of("stumble"), "and there was much to tell"
    assert told.strides["shank_to_vertical_deg"].notna().mean() > 0.9


def test_a_table_of_columns_and_the_brace_own_raw_records_are_the_same_samples() -> None:
    walk = make([1.1] * 6)
    table = pd.DataFrame(
        {
            "ankle_angle": [one[kinds.ANGLE] for one in walk.samples],
            "moment": [one[kinds.MOMENT] for one in walk.samples],
            "gyro_sagittal": [one[kinds.GYRO_SAGITTAL] for one in walk.samples],
        }
    )
    table.loc[300:302, "moment"] = np.nan
    blocks = []
    for first in range(0, len(table), 40):
        rows = table.iloc[first : first + 40].fillna(-32768).to_numpy(int)
        packed = b"".join(struct.pack("<3h", *row) for row in rows)
        blocks.append((5000 + 10 * first, payload("raw", channels=0b111, rate=100, samples=packed)))
    start_ms, samples = reanalyse.from_raw(blocks[::-1])
    assert start_ms == 5000
    assert samples == list(reanalyse.from_table(table))
    told = reanalyse.reanalyse(samples, Settings(), start_ms=start_ms)
    strides = told.strides
    assert list(strides.columns) == ["at_ms", *tables.strides([]).columns]
    assert strides["at_ms"].diff().dropna().tolist() == pytest.approx([1100] * 4, abs=10)
    assert strides["at_ms"].iloc[0] == pytest.approx(5000 + 1000 * walk.contacts[1], abs=20)


def test_what_lies_between_two_raw_records_is_unknown() -> None:
    one = payload("raw", channels=1, rate=100, samples=struct.pack("<2h", 5, 6))
    _, samples = reanalyse.from_raw([(0, one), (50, one)])
    assert [sample[kinds.ANGLE] for sample in samples] == [5, 6, None, None, None, 5, 6]


@pytest.mark.parametrize(
    ("blocks", "what"),
    [
        ([], "no record"),
        ([(0, payload("raw", channels=1, rate=200, samples=b"\0\0"))], "200 samples a second"),
        ([(0, payload("raw", channels=3, rate=100, samples=b"\0\0"))], "2 bytes are no samples of 2"),
        ([(0, payload("raw", channels=1, rate=100, samples=b"\0\0" * 3))] * 2, "ended -30 ms before"),
    ],
)
def test_a_raw_record_that_does_not_fit_is_refused(blocks: list[tuple[int, bytes]], what: str) -> None:
    with pytest.raises(InputError, match=what):
        reanalyse.from_raw(blocks)


def test_a_strange_column_or_value_is_refused() -> None:
    with pytest.raises(InputError, match="contact_ref"):
        list(reanalyse.from_table(pd.DataFrame({"contact_ref": [1]})))
    with pytest.raises(InputError, match="moment"):
        list(reanalyse.from_table(pd.DataFrame({"moment": [1.5]})))
    with pytest.raises(InputError, match="heel"):
        reanalyse.reanalyse([], Settings(), leg=reanalyse.Leg(heel=5))


def test_nothing_recorded_is_nothing_told() -> None:
    told = reanalyse.reanalyse([], Settings())
    assert told.records == [] and told.strides.empty and told.walks.empty
