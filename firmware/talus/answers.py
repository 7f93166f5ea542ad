# From a chip's answer to a number of the sample, for what is asked in each tick: functions made once, whose state lies
# in what they close over. A reading says how its part is; one that is not believed is None.
# While a chip answers each is one call of its driver, one of the kernel and few looks at attributes. MicroPython takes
# what they close over and their arguments together, up to five: a sixth would be an object at each call, and so is the
# frame of a function of more than 11 words (locals, stack, three for a try).

from talus.kernel import chips
from talus.parts import DEGRADED, FAILED
from talus.resampling import HALF, MASK
from talus.sensors.as5600 import MD, MH, ML
from talus.sensors.nau7802 import HIGHEST, LOWEST
from talus.wire import kinds

MAGNET_MISSING = kinds.HEALTH_REASONS.index("magnet_missing")
MAGNET_WEAK = kinds.HEALTH_REASONS.index("magnet_weak")
MAGNET_STRONG = kinds.HEALTH_REASONS.index("magnet_strong")
SATURATED = kinds.HEALTH_REASONS.index("saturated")
SHORT = kinds.HEALTH_REASONS.index("short")
OUT_OF_RANGE = kinds.HEALTH_REASONS.index("out_of_range")
MOMENT_MAX_MNM = kinds.CODES["h"][2]  # what a record, a raw block and gait's rings can hold
MAGNET = MD | ML | MH
BEYOND = 0x10000  # as chips.pressed() says it


def waiter(clock):
    """wait(moment): sleep until it, whole milliseconds first, which cost the least current; us it had been over."""
    ticks_us, sleep_ms, sleep_us = clock.ticks_us, clock.sleep_ms, clock.sleep_us

    def wait(moment):
        us = moment - ticks_us() & MASK
        if us >= HALF:
            return MASK - us + 1
        if us > 2000:
            sleep_ms(us // 1000 - 1)
            us = moment - ticks_us() & MASK
        if 0 < us < HALF:
            sleep_us(us)
        return 0

    return wait


def angle(chip, part, fitted):
    """() -> centidegrees, or None."""
    ask, driver, read = chip.ask, chip.driver, chip.driver.read
    turn = fitted.turn if fitted.encoder else None

    def take():
        counts = ask(read)
        if counts is None:
            return None
        if (driver.status & MAGNET != MD or part.state) and not magnet(driver.status, part):
            return None
        return chips.bent(turn, counts)

    return take


def magnet(status, part):
    """Say how it is; whether there is one."""
    if not status & MD:
        part.say(FAILED, MAGNET_MISSING, status)
        return False
    if status & (ML | MH):
        part.say(DEGRADED, MAGNET_WEAK if status & ML else MAGNET_STRONG, status)
    else:
        part.good()
    return True


def bridge(chip, part, fitted, sums):
    """(take, moment): take() reads one conversion; moment() -> mN.m of the mean of those since it was asked last, None
    beyond what any record can say: a bridge that came off its strut. sums: array("i") of their sum and count."""
    ask, read = chip.ask, chip.driver.read
    table = fitted.strain if fitted.bridge else None

    def take():
        counts = ask(read)
        if counts is None:
            return
        if LOWEST < counts < HIGHEST:
            if part.state:
                part.good()
            sums[0] += counts
            sums[1] += 1
        else:
            part.say(FAILED, SATURATED, counts)

    def moment():
        if not sums[1]:
            return None
        counts = sums[0] // sums[1]
        sums[0] = sums[1] = 0
        found = chips.strain(table, counts)
        if -MOMENT_MAX_MNM <= found <= MOMENT_MAX_MNM:
            return found
        part.say(FAILED, OUT_OF_RANGE, counts)
        return None

    return take, moment


def pressure(chip, parts, fitted):
    """(channel) -> 10 Pa of the conversion that has ended, or None."""
    ask, read = chip.ask, chip.driver.read
    tables = tuple(None if one is None else one.table for one in fitted.pressure)

    def take(channel):
        counts = ask(read)
        if counts is None:
            return None
        value = chips.pressed(tables[channel], counts)
        if 0 <= value < BEYOND and not parts[channel].state:
            return value
        return doubted(parts[channel], value, counts)

    return take


def doubted(part, value, counts):
    """A pressure that says something of its part, or of a part in trouble."""
    if value < 0:
        part.say(FAILED, SHORT, counts)
        return None
    if value >= BEYOND:
        part.say(DEGRADED, SATURATED, counts)
        return value - BEYOND
    part.good()
    return value
