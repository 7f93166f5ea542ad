# The power-on self-test: each fitted chip has answered, is the chip it should be, and gives a first reading that can be
# true; one that does not is off, says why, and is looked at again after 1, 2, 4 ... 64 s. Needed once a start.
# What it found is the parts' state, which proof.py says in lines.

from talus.board import PRESSURE_SETTLE_US
from talus.parts import ABSENT
from talus.wire import kinds

STUCK = kinds.HEALTH_REASONS.index("stuck")
OUT_OF_RANGE = kinds.HEALTH_REASONS.index("out_of_range")
FIRST_MS = 200  # a thermometer's first conversion takes 125
STEP_MS = 10

# (chip of the sampler, call of its driver, lowest, highest, unit and why)
READINGS = (
    ("_encoder", "read", 0, 4095, "counts; its magnet is told at each reading"),
    ("_imu", "read_temperature", -4000, 8500, "0.01 degC: where the chip works"),
    ("_liner", "read", -4000, 8500, "0.01 degC: where the brace may lie"),
    ("_gauge", "read", 2500, 4500, "mV: one lithium cell"),
)


def test(sampler):
    """Read each chip that woke once; call it between waking them and the first tick."""
    for name, call, low, high, _ in READINGS:
        chip = getattr(sampler, name)
        value = first(sampler, chip, getattr(chip.driver, call))
        if chip.on and not (value is not None and low <= value <= high):
            chip.restart(STUCK if value is None else OUT_OF_RANGE)
    adc = sampler._adc
    for channel in range(kinds.PRESSURE_CHANNELS):
        if sampler._pressure_parts[channel].state != ABSENT and adc.tell(adc.driver.begin, channel):
            sampler._clock.sleep_us(PRESSURE_SETTLE_US)
            sampler._pressure(channel)  # says itself that it is shorted
    sampler._take_bridge()  # says itself that it stands at a rail


def first(sampler, chip, call):
    """What a chip gives; one that has nothing yet is waited for."""
    value = chip.ask(call)
    waited_ms = 0
    while value is None and chip.on and waited_ms < FIRST_MS:
        sampler._clock.sleep_ms(STEP_MS)
        waited_ms += STEP_MS
        value = chip.ask(call)
    return value
