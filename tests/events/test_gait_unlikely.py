"""Movements no leg makes: whatever the sensors say, a stride's record holds it, and time runs forward."""

import random

from talus.events.gait import INITIAL_CONTACT, STRIDE, TOE_OFF, Gait
from talus.settings import Settings
from talus.wire import kinds, record

KIND = kinds.BY_NAME["stride"]
TICKS = 6000
# Once each of these gave a contact or toe off seconds away, or a stride that ended before it began.
SEEDS = (3, 4, 136, 142, 254, 284, 286, 345, 360)


def thrashing(seed: int) -> list[list[int | None]]:
    """A minute of lurches of random size and length up to what the chips can say, with channels that drop out."""
    dice = random.Random(seed)
    left = rate = angle = moment = 0
    samples = []
    for _ in range(TICKS):
        if left <= 0:
            left, seen = dice.randint(3, 40), dice.random()
            goals = dice.choice((-1, 1)) * dice.randint(0, 8000), dice.randint(-3000, 3000), dice.randint(-32000, 32000)
        left -= 1
        rate += (goals[0] - rate) // 3
        angle += (goals[1] - angle) // 6
        moment += (goals[2] - moment) // 10
        sample: list[int | None] = [None] * kinds.SAMPLE_SIZE
        sample[kinds.GYRO_SAGITTAL] = rate if seen > 0.05 else None
        sample[kinds.GYRO_TRANSVERSE] = rate // 10
        sample[kinds.ANGLE] = angle if seen > 0.1 else None
        sample[kinds.MOMENT] = moment
        sample[kinds.ACC_UP], sample[kinds.ACC_FORWARD] = 1000 + rate // 5, rate // 7
        sample[kinds.PRESSURE_1] = abs(rate)
        samples.append(sample)
    return samples


def test_every_stride_of_a_thrashing_leg_fits_its_record() -> None:
    buffer = bytearray(64)
    strides = 0
    for seed in SEEDS:
        gait = Gait(Settings(), seed & 1, None, kinds.PRESSURE_1)
        for tick, sample in enumerate(thrashing(seed)):
            bits = gait.update(sample)
            if bits & STRIDE:
                strides += 1
                record.pack(KIND, 0, gait.stride, buffer)
            if bits & INITIAL_CONTACT:
                assert gait.contact_back_ms < 4000, (seed, tick)
            if bits & TOE_OFF:
                assert gait.toe_off_back_ms < 4000, (seed, tick)
    assert strides > 200


def test_an_impulse_beyond_its_field_is_not_known() -> None:
    """Held near full scale for four seconds, which is longer than a swing lasts."""
    gait = Gait(Settings())
    stride = gait._stride
    for tick in range(512):
        gait.moment[tick] = 32000
        gait.angle[tick] = 0
    stride.measure(100, 200, 4000)
    assert stride.values[KIND.index("assist_impulse")] is None
    assert stride.values[KIND.index("moment_swing")] == 32000
    record.pack(KIND, 0, stride.values, bytearray(64))


def test_a_stride_without_a_toe_off_has_no_swing_to_look_through() -> None:
    """An encoder alone may miss it; a week behind its start nobody looks through all the ticks of that week."""
    gait = Gait(Settings())
    stride = gait._stride
    for tick in range(512):
        gait.swing_rate[tick] = 3000
    stride.note_swing(2_000_000, 2_000_500)
    assert stride.swing_cdeg > 0
    stride.note_swing(-1, 2_000_500)
    assert stride.swing_cdeg == 0
