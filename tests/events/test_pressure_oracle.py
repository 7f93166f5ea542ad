"""Of random stories the brace tells what the clinical reference's text says, on the fast grid and on the slow."""

import numpy as np
import pytest
from events.pressure_oracle import Limits, Story, Told, judge, limits, sustained
from hypothesis import assume, given
from hypothesis import settings as runs
from hypothesis import strategies as st

from talus.events.pressure import Pressure
from talus.settings import Settings
from talus.wire import kinds

PA_PER_MMHG = 133.322387415
SITES = tuple(kinds.SITES.index(name) for name in ("fibular_head", "lateral_malleolus", "dorsal_strap", "heel"))
# 1.5 mmHg beside every level and its release: the brace's histogram has steps of 0.75 mmHg, and of 3.75 high up.
MMHG = st.sampled_from([3.0, 12.0, 17.0, 22.0, 28.0, 31.0, 38.0, 45.0, 54.0, 60.0, 72.0, 110.0, 160.0, 220.0])
# Whole twenties of seconds: then no window holds just 95 % of its seconds, where a second's delay would decide.
BLOCK = st.tuples(st.one_of(MMHG, MMHG, MMHG, st.none()), st.integers(1, 90).map(lambda n: 20 * n))
STORY = st.lists(BLOCK, min_size=2, max_size=9)


def play(story: Story, channel: int, step: int, **more: tuple[int, ...]) -> list[tuple[int, str, int, bool]]:
    """step: ticks a sample stands for."""
    pressure = Pressure(Settings({"creep_permille": 0}), SITES, **more)
    sample: list[int | None] = [None] * kinds.SAMPLE_SIZE
    found: list[tuple[int, str, int, bool]] = []
    open_now = False
    tick = 0
    # What the brace judges a moment after the minute, so that the last one is judged too.
    for mmhg, seconds in [*story, (story[-1][0], 1)]:
        sample[kinds.PRESSURE_1 + channel] = None if mmhg is None else round(mmhg * PA_PER_MMHG / 10)
        for _ in range(0, 100 * seconds, step):
            tick += step
            told = []
            if step == 1:
                told.append(pressure.update(sample))
            else:
                told += [pressure.slow(sample, one, step) for one in range(kinds.PRESSURE_CHANNELS)]
            for one in told:
                if one:
                    values = pressure.values
                    what = "end" if values[3] else "rise" if open_now else "open"
                    open_now = not values[3]
                    found.append((tick // 6000, what, values[2], pressure.prompt))
    return found


def same(told: list[tuple[int, str, int, bool]], expected: list[Told]) -> None:
    assert [one[1:] for one in told] == [(one.what, one.tier, one.prompted) for one in expected]
    assert all(abs(one[0] - other.minute) <= 1 for one, other in zip(told, expected, strict=True)), (told, expected)


def clear(p_sus: np.ndarray, what: Limits) -> bool:
    """Whether no window is within three seconds of just held, or just not: there both answers are right."""
    levels = [*what.red, *([what.amber] if what.amber else [])]
    for mmhg, minutes in levels:
        above = np.convolve(p_sus >= mmhg, np.ones(60 * minutes), "full")[: len(p_sus)]
        if (np.abs(above[59::60] - 57 * minutes) <= 3).any():
            return False
    known = (~np.isnan(p_sus[: len(p_sus) // 60 * 60])).reshape(-1, 60).sum(1)
    if (np.abs(known - 30) <= 3).any():
        return False
    low = np.where(np.isnan(p_sus), 0, p_sus) < what.release
    return not any(0 < int((~low[at : at + 60]).sum()) <= 3 for at in range(0, len(low) - 59, 60))


@pytest.mark.parametrize("channel", [0, 1])
@runs(max_examples=30, deadline=None, derandomize=True)
@given(story=STORY)
def test_of_any_story_the_text_is_told(channel: int, story: Story) -> None:
    p_sus, what = sustained(story), limits(channel == 0)
    assume(clear(p_sus, what))
    same(play(story, channel, 1), judge(p_sus, what))


@pytest.mark.parametrize("channel", [0, 1])
@runs(max_examples=150, deadline=None, derandomize=True)
@given(story=STORY)
def test_at_rest_a_sample_a_second_tells_it_too(channel: int, story: Story) -> None:
    p_sus, what = sustained(story), limits(channel == 0)
    assume(clear(p_sus, what))
    same(play(story, channel, 100), judge(p_sus, what))


@runs(max_examples=100, deadline=None, derandomize=True)
@given(
    story=STORY,
    channel=st.sampled_from([0, 1]),
    fit=st.sampled_from([None, 8.0, 16.0, 27.0, 44.0]),
    floor=st.sampled_from([0.0, 9.0, 40.0, 73.0]),
)
def test_a_fitting_and_a_floor_move_what_is_told(story: Story, channel: int, fit: float | None, floor: float) -> None:
    p_sus, what = sustained(story), limits(channel == 0, fit, floor)
    levels = [what.release, *([what.amber[0]] if what.amber else [])]
    used = [mmhg for mmhg, _ in story if mmhg is not None]
    assume(all(abs(one - level) > 1 for one in used for level in levels))
    assume(clear(p_sus, what))
    more = {name: [0, 0, 0, 0] for name in ("fits", "floors")}
    more["fits"][channel] = round((fit or 0) * PA_PER_MMHG / 10)
    more["floors"][channel] = round(floor * PA_PER_MMHG / 10)
    same(play(story, channel, 100, **{name: tuple(values) for name, values in more.items()}), judge(p_sus, what))


def test_the_stories_reach_every_tier_and_end() -> None:
    """Two of them by hand, the second with a red that an amber just before would have silenced."""
    climbing = [(12.0, 300), (45.0, 1200), (110.0, 4000), (12.0, 600)]
    found = judge(sustained(climbing), limits(False))
    assert [(one.what, one.tier, one.prompted) for one in found] == [
        *(("open", 1, True), ("rise", 2, True), ("end", 2, False))
    ]
    again = [(45.0, 1200), (3.0, 600), (45.0, 1200), (3.0, 600), (160.0, 1200)]
    found = judge(sustained(again), limits(False))
    assert [(one.what, one.tier, one.prompted) for one in found if one.what != "end"] == [
        *(("open", 1, True), ("open", 1, False), ("open", 2, True))
    ]
