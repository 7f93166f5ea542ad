"""What would stop a lesser loop: a flash that refuses, a value no field holds, a load no leg gives. It goes on."""

from collections.abc import Iterator

import pytest
from firmware.radio_story import Recorder

from talus.app import App
from talus.settings import Settings
from talus.wire import frame, kinds, record
from talus_twin.board import brace, wearing
from talus_twin.board.files import MemoryFiles

MINUTE_US = 60_000_000
FLASH = kinds.SENSORS.index("flash")
BRIDGE = kinds.SENSORS.index("bridge")


class WornFiles(MemoryFiles):
    """A flash that refuses every writing while .refuses holds an errno."""

    refuses: int | None = None

    def charge(self, n: int) -> None:
        if self.refuses is not None:
            raise OSError(self.refuses)


def begin(files: MemoryFiles, moment_mnm: int = 0) -> tuple[brace.Brace, App]:
    one = brace.make(
        {**{name: [0] for name in ("ankle_angle", "gyro_x", "acc_x")}, "acc_y": [1000], "moment": [moment_mnm]},
        files=files,
    )
    return one, wearing.app_of(one, Settings({"still_s": 600}))  # a leg at rest, sampled all the same


def live(one: brace.Brace, app: App, minutes: float) -> None:
    wearing.step_until(one, app, one.clock.elapsed_us() + round(minutes * MINUTE_US))


def kept(app: App) -> Iterator[tuple[int, str, dict[str, object]]]:
    """(sequence, kind, values by field) of what lies in flash."""
    reader = frame.Reader()
    for one in reader.feed(wearing.stream_of(app.journal)) + reader.finish():
        for index, (number, _, payload) in enumerate(record.split(one.body)):
            kind, values = record.read(number, payload)
            yield one.first_sequence + index, kind.name, dict(zip(kind.names, values, strict=True))


def health(app: App, sensor: int) -> list[tuple[str, str]]:
    rows = [values for _, kind, values in kept(app) if kind == "health" and values["sensor"] == sensor]
    return [(kinds.SENSOR_STATES[row["state"]], kinds.HEALTH_REASONS[row["reason"]]) for row in rows]  # type: ignore[index]


@pytest.mark.parametrize(("errno", "reason"), [(28, "full"), (5, "corrupt")])
def test_a_flash_that_refuses_is_told_and_the_brace_goes_on(errno: int, reason: str) -> None:
    files = WornFiles()
    one, app = begin(files)
    app.start()
    live(one, app, 1.1)
    files.refuses = errno
    live(one, app, 3)
    assert app.fault == FLASH + 1, "a host that connects now sees it at once"
    files.refuses = None
    live(one, app, 2)
    app.stop()
    assert health(app, FLASH) == [("failed", reason), ("ok", "none")]
    rows = list(kept(app))
    minutes = sum(kind == "minute" for _, kind, _ in rows)
    (lost,) = [values["count"] for _, kind, values in rows if kind == "loss"]
    assert minutes + int(str(lost)) == 6 and minutes >= 4, (
        "a frame holds little more than a minute; the rest is counted"
    )
    assert app.fault == 0


def test_a_brace_starts_and_stops_on_a_flash_that_refuses() -> None:
    files = WornFiles()
    files.refuses = 5
    one, app = begin(files)
    app.start()
    live(one, app, 1.1)
    app.stop()
    assert app.fault == FLASH + 1


def test_what_found_no_room_is_counted_when_it_can_be_written_again() -> None:
    files = WornFiles()
    one, app = begin(files)
    app.start()
    files.refuses = 5
    live(one, app, 60.1)
    files.refuses = None
    live(one, app, 2)
    app.stop()
    (loss,) = [values for _, kind, values in kept(app) if kind == "loss"]
    assert kinds.LOSS_CAUSES[loss["cause"]] == "no_room"  # type: ignore[index]
    sequences = [sequence for sequence, _, _ in kept(app)]
    assert len(sequences) + int(str(loss["count"])) == app.journal.next
    assert set(range(app.journal.next)) - set(sequences) == set(
        range(int(str(loss["first"])), int(str(loss["first"])) + int(str(loss["count"])))
    )


def test_a_value_no_field_holds_costs_its_record_and_is_counted() -> None:
    files = MemoryFiles()
    one, app = begin(files)
    app.start()
    live(one, app, 0.5)
    app.sampler.battery_pct = 1000  # a gauge gone mad
    live(one, app, 0.6)
    app.sampler.battery_pct = 80
    live(one, app, 2)
    app.stop()
    (loss,) = [values for _, kind, values in kept(app) if kind == "loss"]
    assert (loss["count"], kinds.LOSS_CAUSES[loss["cause"]]) == (1, "unfit")  # type: ignore[index]
    assert len([kind for _, kind, _ in kept(app) if kind == "minute"]) == 2


def test_of_two_heels_gait_listens_to_the_one_that_is_read_each_tick() -> None:
    one = brace.make(build=brace.Build(sites=("heel", "calf_cuff", "heel", "dorsal_strap")))
    app = wearing.app_of(one, Settings())
    assert app.walking.gait._channels[-1] == kinds.PRESSURE_1 == kinds.PRESSURE_1 + app.sampler._heel


def test_a_moment_beyond_every_record_is_unknown_and_the_bridge_says_why() -> None:
    one, app = begin(MemoryFiles(), moment_mnm=90_000)
    app.start()
    live(one, app, 1.1)
    app.stop()
    (minute,) = [values for _, kind, values in kept(app) if kind == "minute"]
    assert minute["moment_mean"] is None and minute["angle_mean"] is not None
    assert health(app, BRIDGE)[-1] == ("failed", "out_of_range")


def test_a_radio_that_does_not_start_is_tried_again_and_the_brace_measures_meanwhile() -> None:
    """No pressure goes untold because nobody can be told by air."""
    one = brace.make({"acc_x": [0], "acc_y": [1000]}, files=MemoryFiles())
    radio = Recorder()
    radio.refuse = [5] * 3
    app = wearing.app_of(one, Settings({"still_s": 600}), radio)
    app.start()
    live(one, app, 0.03)
    assert not radio.advertised and app.sampler.taken > 100
    live(one, app, 0.1)
    assert len(radio.advertised) == 1 and radio.on
