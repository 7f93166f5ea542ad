"""The loop keeps its 10 ms on a board's costs: bytes on the bus, a pass, a collection, the slowest flash there is, a
host that takes what it can get. What cannot be kept is counted, to the tick, in the minute it belongs to."""

from firmware.test_app import Kept, read

from talus.app import App
from talus.settings import Settings
from talus_twin.board import brace, wearing
from talus_twin.board.costs import Costs
from talus_twin.body.activities import Activity
from talus_twin.body.person import Person
from talus_twin.body.scene import play

MINUTE_TICKS = 6000
TICK_US = 10_000
WORN = {f"pressure_{channel}": [300] for channel in range(1, 5)} | {"liner": [3200], "reference": [2400]}
RESTING = {name: [0] for name in ("ankle_angle", "moment", "gyro_x", "gyro_y", "gyro_z", "acc_x", "acc_z")}


def begin(costs: Costs) -> tuple[brace.Brace, App]:
    """A worn leg at rest that is sampled all the same."""
    one = brace.make({**RESTING, **WORN, "acc_y": [1000]}, costs=costs)
    app = wearing.app_of(one, Settings({"still_s": 600}))
    app.start()
    return one, app


def test_no_tick_is_late_though_the_heap_is_collected_each_second() -> None:
    costs = Costs()
    one, app = begin(costs)
    for _ in range(100):
        wearing.step(one, app)  # the start's own flush costs some ticks
    late, missed = app.sampler.late, app.sampler.missed
    for tick in range(MINUTE_TICKS - 200):
        wearing.step(one, app)
        if tick % 100 == 0:
            one.clock.spend(costs.collect_us)
    assert (app.sampler.late, app.sampler.missed) == (late, missed)


def test_the_slowest_erase_costs_its_own_ticks_and_as_many_to_catch_up() -> None:
    """The start, the don and two minutes are kept, each erasing a sector. A tick that is over still costs its pass."""
    costs = Costs({"erase_us": Costs().erase_worst_us})
    one, app = begin(costs)
    while app.sampler.taken + app.sampler.missed < 2 * MINUTE_TICKS + 100:
        wearing.step(one, app)
    erases = 5  # the first frame also makes its folder, and putting it on is kept at once
    assert app.sampler.missed <= 2 * erases * costs.erase_worst_us // TICK_US
    assert abs(app.now_ms() - app.sampler.tick_ms()) < 50, "the grid stays where it was"
    assert one.power.fed > 0, "and the watchdog never bit"


NOTIFY_US = 600  # E: NimBLE takes 244 bytes over from a Python call
BURST = 6  # notifications a connection event takes, as a host's credits allow


class BusyRadio:
    """A radio whose host takes all it can get: each connection interval a burst of notifications, in serve's turn."""

    connected, off, pairing_open = True, False, False

    def __init__(self, one: brace.Brace) -> None:
        self._one = one
        self._next_ms = 0
        self.bursts = 0
        self.served: list[tuple[int, int]] = []  # (ticks the sampler had done, late so far) at each burst

    def start(self) -> None:
        pass

    def pace(self, pace: int) -> None:
        pass

    def poll(self, now_ms: int) -> None:
        if now_ms >= self._next_ms:
            self._one.clock.spend(BURST * NOTIFY_US)
            self._next_ms = now_ms + self._one.costs.connection_interval_ms
            self.bursts += 1


class Counting:
    """Ticks by what the sampler did with them, counted beside it."""

    def __init__(self, app: App) -> None:
        self._take = app.sampler.take
        self._miss = app.sampler._miss
        self.taken = self.missed = 0
        app.sampler.take = self.take
        app.sampler._miss = self.miss

    def take(self) -> list[int | None]:
        self.taken += 1
        return self._take()  # type: ignore[no-any-return]

    def miss(self, due: int) -> list[int | None]:
        self.missed += 1
        return self._miss(due)  # type: ignore[no-any-return]


def busy(costs: Costs, radio: bool) -> tuple[brace.Brace, App, Counting, list[Kept]]:
    """Three minutes of walking with a flash that takes its worst time for each erase, and a host that reads."""
    scene = play(Person("foot_drop_brace", seed=2), [Activity("walk", 185)])
    one = brace.make(scene.columns, scene.rate_hz, build=brace.Build(alignment=scene.imu_alignment), costs=costs)
    app = wearing.app_of(one, Settings())
    if radio:
        app.radio = BusyRadio(one)
    counting = Counting(app)
    app.start()
    wearing.step_until(one, app, 3 * 60_000_000 + 2_000_000)
    app.stop()
    return one, app, counting, list(read(wearing.stream_of(app.journal)))


def test_sampling_goes_before_flash_and_flash_before_the_radio_with_all_three_busy() -> None:
    worst = Costs({"erase_us": Costs().erase_worst_us})
    alone = busy(worst, radio=False)[1].sampler
    _, app, counting, kept = busy(worst, radio=True)
    minutes = [one.values for one in kept if one.kind == "minute"]
    told = [int(str(values["missed"])) for values in minutes]
    assert len(minutes) == 3 and sum(told) > 0, "an erase of 400 ms costs samples, and says so"
    taken = sum(int(str(values["samples"])) for values in minutes)
    assert taken + sum(told) == 3 * MINUTE_TICKS, "each tick is told once: taken or missed"
    assert counting.missed - sum(told) <= 60, "all but those behind the last minute's end"
    assert app.sampler.missed == counting.missed and app.sampler.taken == counting.taken - counting.missed
    assert app.radio.bursts > 5000, "thirty-three times a second the host had its turn"
    assert app.sampler.missed <= 1.5 * alone.missed, "the radio costs the sampler next to nothing"
    assert app.sampler.missed <= 0.02 * 3 * MINUTE_TICKS
    strides = [one for one in kept if one.kind == "stride"]
    assert len(strides) > 130, "and the walk is told"
