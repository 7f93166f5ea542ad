"""One sample that stands for a second, or for a minute, says what the samples it stands for would have said."""

from talus.events.gait import STRIDE, Gait
from talus.events.minute import TICKS, Minute
from talus.events.pressure import CHANNELS, Pressure
from talus.settings import Settings
from talus.wire import kinds

SITES = tuple(kinds.SITES.index(name) for name in ("lateral_malleolus", "dorsal_strap", "heel", "calf_cuff"))


def sample(second: int) -> list[int | None]:
    """A still leg that changes by the second: 40 mmHg on one site for half an hour, then nothing."""
    s: list[int | None] = [None] * kinds.SAMPLE_SIZE
    s[kinds.ANGLE] = 100 + 7 * (second % 5)
    s[kinds.ACC_FORWARD], s[kinds.ACC_UP], s[kinds.ACC_LATERAL] = second % 3, 1000 - second % 2, 12 * (second % 4)
    s[kinds.PRESSURE_1] = 533 if second < 1800 else 0
    s[kinds.PRESSURE_3] = 90
    s[kinds.LINER] = 3100 + second // 60
    return s


def watched(seconds: int, step: int, creep_permille: int = 50) -> tuple[list[list[int | None]], list[tuple[int, ...]]]:
    """Minutes and pressure events of so many seconds; step: ticks a sample stands for, 1 as the grid gives them."""
    pressure = Pressure(Settings({"creep_permille": creep_permille}), SITES)
    minute = Minute(Settings(), pressure)
    minutes, events = [], []
    for tick in range(0, seconds * 100, step):
        s = sample(tick // 100)
        if step == 1:
            if pressure.update(s):
                events.append((tick // 6000, *pressure.values))
            ended = minute.update(s, 0)
        else:
            for channel in range(CHANNELS):
                if pressure.slow(s, channel, step):
                    events.append((tick // 6000, *pressure.values))
            ended = minute.slow(s, step)
        if ended:
            minutes.append(list(minute.values))
    return minutes, events


def test_a_sample_a_second_tells_the_same_hour() -> None:
    fast, told = watched(3000, 1, creep_permille=0)
    slow, told_slowly = watched(3000, 100, creep_permille=0)
    assert len(fast) == len(slow) == 50 and slow == fast
    assert told_slowly == told and len(told) >= 2, "the event opened and ended"


def test_a_sample_a_minute_fills_its_minute() -> None:
    """A brace in a drawer: the minute is complete, still, and its pressure is the one that was read."""
    minutes, events = watched(2400, TICKS, creep_permille=0)
    assert len(minutes) == 40
    names = kinds.BY_NAME["minute"].names
    one = dict(zip(names, minutes[20], strict=True))
    assert (one["liner"], one["still_axes"], one["angle_sd"]) == (3120, 3, 0)
    assert one["pressure_1"] == 535 and one["pressure_3"] == 95 and one["pressure_2"] is None, "middles of bins"
    assert [event[4] for event in events] == [0, 1]


def test_no_stride_goes_across_a_pause() -> None:
    """Ten strides, half a minute that nobody sampled, ten strides: each side stands for itself."""
    gait = Gait(Settings())
    durations, firsts = [], 0
    for tick in range(2 * 1200):
        if tick == 1200:
            gait.rest()
        at = tick % 120
        s: list[int | None] = [None] * kinds.SAMPLE_SIZE
        s[kinds.GYRO_SAGITTAL] = round(3000 * (1 - abs(at - 20) / 20)) if at < 40 else -380
        if gait.update(s) & STRIDE:
            durations.append(gait.stride[0])
            firsts += bool(int(gait.stride[2] or 0) & kinds.STRIDE_FIRST_OF_BOUT)
            assert gait.stride_back_ms <= (tick % 1200 + 1) * 10, "it began on this side of the pause"
    assert len(durations) >= 14 and firsts == 2
    assert min(durations) >= 1150 and max(durations) <= 1250
