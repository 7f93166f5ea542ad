"""Sustained pressure: the units, the tiers of each site, the end, and what a refractory time may silence."""

import pytest

from talus.events.histogram import Histogram
from talus.events.pressure import AMBER, MINUTES_MAX, RED, WINDOWS_MAX, Pressure, from_mmhg
from talus.settings import Settings
from talus.settings_file import PRESSURE_ROWS
from talus.wire import kinds

HEEL = kinds.SITES.index("heel")
FIBULAR = kinds.SITES.index("fibular_head")
SITES = (HEEL, FIBULAR, HEEL, HEEL)
CHANNEL, SITE, TIER, ENDED, LASTED, PEAK, MEAN, DOSE, ONSET = range(9)


PA_PER_MMHG = 133.322387415  # 1 mmHg, exactly: 13595.1 kg/m3 x 9.80665 m/s2 x 1 mm


def test_units_are_pinned() -> None:
    """A mix-up is a factor 7.5."""
    assert pytest.approx(4.666, abs=5e-4) == 35 * PA_PER_MMHG / 1000
    assert pytest.approx(67.5, abs=0.01) == 9000 / PA_PER_MMHG
    assert from_mmhg(35) == 467  # of 10 Pa
    assert from_mmhg(67) < 900 < from_mmhg(68)
    assert [from_mmhg(mmhg) for mmhg in range(301)] == [round(mmhg * PA_PER_MMHG / 10) for mmhg in range(301)]


@pytest.mark.parametrize(("site", "kpa"), [(HEEL, (4.666, 8.933, 19.998)), (FIBULAR, (3.333, 6.666, 19.998))])
def test_settings_are_mmhg_records_are_10_pa(site: int, kpa: tuple[float, ...]) -> None:
    """35, 67, 150 mmHg, at the fibular head 25, 50, 150: as a level of a record's unit."""
    for level, expected in enumerate(kpa):
        pressure = Pressure(Settings(), (site, 0, 0, 0))
        assert pressure._sites[0].levels[level] == round(100 * expected)
    units = {row[0]: row[2:4] for row in kinds.BY_NAME["pressure"].fields}
    assert units["peak"] == units["mean"] == (100, "kPa") and units["dose"] == (100, "kPa.h")


class Watch:
    """Minutes of steady pressure on one channel, and what was told with the minute it came in.

    Its readings do not creep, so nothing is taken off for that; test_film has those that do.
    """

    def __init__(self, channel: int = 0, **more: tuple[int, ...]) -> None:
        self.pressure = Pressure(Settings({"creep_permille": 0}), SITES, **more)
        self.channel = channel
        self.minute = 0
        self.told: list[tuple[int, list[int], bool]] = []

    def hold(self, mmhg: float | None, minutes: int, peaks_mmhg: float | None = None) -> None:
        """With `peaks_mmhg`: half of each second, as in walking."""
        sample: list[int | None] = [None] * kinds.SAMPLE_SIZE
        steady = None if mmhg is None else round(mmhg * 13.3322)
        for _ in range(minutes):
            for tick in range(6000):
                sample[kinds.PRESSURE_1 + self.channel] = steady
                if peaks_mmhg is not None and tick % 100 < 50:
                    sample[kinds.PRESSURE_1 + self.channel] = round(peaks_mmhg * 13.3322)
                if self.pressure.update(sample):
                    self.told.append((self.minute, list(self.pressure.values), self.pressure.prompt))
            self.minute += 1

    def tiers(self) -> list[tuple[int, int, int]]:
        return [(minute, values[TIER], values[ENDED]) for minute, values, _ in self.told]


def test_minutes_nobody_measured_are_no_pressure_of_zero() -> None:
    watch = Watch()
    watch.hold(45, 20)
    watch.hold(None, 20)
    watch.hold(45, 2)
    watch.pressure.doff(0)
    values = watch.pressure.values
    assert values[ENDED] and values[LASTED] >= 40
    assert values[MEAN] == pytest.approx(45 * 13.3322, rel=0.02)


# (channel, mmHg, minutes until amber, minutes until red; None never within 75 minutes)
TIERS = (
    (0, 34, None, None),
    (0, 37, 15, None),
    (0, 70, 15, 60),
    (0, 160, None, 15),
    (1, 24, None, None),
    (1, 27, 10, None),
    (1, 52, 10, 30),
)


@pytest.mark.parametrize(("channel", "mmhg", "amber", "red"), TIERS)
def test_tiers(channel: int, mmhg: float, amber: int | None, red: int | None) -> None:
    watch = Watch(channel)
    watch.hold(mmhg, 63)
    first = {tier: minute for minute, tier, _ in reversed(watch.tiers())}
    assert set(first) == {tier for tier, at in ((AMBER, amber), (RED, red)) if at is not None}
    for tier, at in ((AMBER, amber), (RED, red)):
        if at is not None:
            assert 0.95 * at <= first[tier] <= at + 2  # 95 % of the window; then the quantile and the minute


def test_stride_peaks_are_not_sustained() -> None:
    watch = Watch()
    watch.hold(10, 20, peaks_mmhg=200)
    assert watch.told == []
    assert watch.pressure.sustained[0] == pytest.approx(10 * 13.33, abs=10)


def test_the_record_of_an_event_from_begin_to_end() -> None:
    watch = Watch()
    watch.hold(40, 30)
    watch.hold(5, 10)
    (begun, opened, prompt), (ended, closed, _) = watch.told
    assert opened[:4] == [1, HEEL, AMBER, 0]
    assert prompt
    assert opened[ONSET] == 15
    assert closed[:4] == [1, HEEL, AMBER, 1]
    assert 34 <= ended <= 37  # five minutes below 25 mmHg
    assert closed[LASTED] == pytest.approx(ended - begun + 15, abs=1)
    assert closed[PEAK] == pytest.approx(40 * 13.33, abs=10)
    assert closed[DOSE] == pytest.approx(20 * 0.133322 * 30 / 60 * 100, rel=0.06)  # 20 mmHg above 20, half an hour


def test_a_dip_of_four_minutes_does_not_end_it_and_ten_mmhg_are_needed() -> None:
    watch = Watch()
    watch.hold(40, 20)
    watch.hold(5, 4)
    watch.hold(30, 10)  # below onset, but not by 10 mmHg
    assert watch.tiers() == [(watch.told[0][0], AMBER, 0)]


def test_a_refractory_time_silences_an_amber_but_never_the_record_nor_a_red() -> None:
    watch = Watch()
    for _ in range(2):
        watch.hold(40, 20)
        watch.hold(0, 8)
    assert [(v[TIER], v[ENDED], p) for _, v, p in watch.told if not v[ENDED]] == [(AMBER, 0, True), (AMBER, 0, False)]
    watch.hold(160, 20)
    assert watch.told[-1][1][TIER] == RED
    assert watch.told[-1][2]


def test_a_tier_below_the_sensor_floor_is_not_measurable() -> None:
    """An FSR of 5 mm starts near 73 mmHg: neither amber nor the first red can be told by it."""
    watch = Watch(floors=(from_mmhg(73), 0, 0, 0))
    assert not watch.pressure.measurable(0, AMBER)
    assert watch.pressure.measurable(1, AMBER)
    watch.hold(60, 20)
    assert watch.told == []


def test_amber_follows_a_fitting_reference() -> None:
    """16 mmHg at the fitting: amber from 24, well under the general 35."""
    watch = Watch(fits=(from_mmhg(16), 0, 0, 0))
    watch.hold(27, 18)
    assert [tier for _, tier, _ in watch.tiers()] == [AMBER]


def test_amber_never_comes_near_red() -> None:
    """45 mmHg at a fitting would make 67 of amber: at the fibular head that is above its red of 50."""
    watch = Watch(1, fits=(0, from_mmhg(45), 0, 0))
    assert watch.pressure._sites[1].levels[0] == pytest.approx(from_mmhg(50) - from_mmhg(10), abs=1)
    tight = Watch(1, fits=(0, from_mmhg(5), 0, 0))
    assert tight.pressure._sites[1].levels[0] == from_mmhg(20), "nothing below 20 mmHg counts as pressure"


def test_an_event_ends_by_the_lowest_tier_the_sensor_can_tell() -> None:
    """A floor of 73 mmHg leaves 150: below 140 for five minutes it is over, whatever happens under the floor."""
    watch = Watch(floors=(from_mmhg(73), 0, 0, 0))
    watch.hold(180, 20)
    watch.hold(145, 10)
    assert [v[ENDED] for _, v, _ in watch.told] == [0]
    watch.hold(120, 8)
    assert [(v[TIER], v[ENDED]) for _, v, _ in watch.told] == [(RED, 0), (RED, 1)]


def test_a_channel_that_is_not_measured_says_nothing() -> None:
    watch = Watch()
    watch.hold(None, 20)
    assert watch.told == []
    assert watch.pressure.sustained == [None] * 4


def test_taking_the_brace_off_ends_the_event() -> None:
    watch = Watch()
    watch.hold(40, 20)
    assert watch.pressure.doff(0) == 1
    assert watch.pressure.values[ENDED] == 1
    assert watch.pressure.doff(0) == 0


def test_quantiles_of_a_minute() -> None:
    histogram = Histogram()
    for i in range(600):
        histogram.put(i)  # 0 to 5.99 kPa
    assert histogram.quantile(20) == pytest.approx(120, abs=10)
    assert histogram.quantile(50) == pytest.approx(300, abs=10)
    for _ in range(600):
        histogram.put(5000)  # 50 kPa, in the coarse bins
    assert histogram.quantile(20) == pytest.approx(5000, abs=25)
    for _ in range(301):
        histogram.put(None)
    assert histogram.quantile(20) is None


def test_every_window_a_clinician_may_set_is_remembered() -> None:
    """The seconds of a level are kept for its longest window, in a ring that goes into two hours."""
    longest = {row[0]: row[3] for row in PRESSURE_ROWS}
    names = (("amber_min", "amber_fibular_min"), ("red_a_min", "red_fibular_min"), ("red_b_min",))
    assert [max(longest[name] for name in level) for level in names] == list(WINDOWS_MAX)
    assert all(MINUTES_MAX % minutes == 0 for minutes in WINDOWS_MAX)
