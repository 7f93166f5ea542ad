# The first moments of a boot: the self-test, and why the brace started, from what the chip says and from the voltage
# that was seen last: an ESP32 that browned out often says power-on, and a battery that was nearly empty explains it.
# Needed once a start.

from talus import VERSION, selftest
from talus.parts import DEGRADED
from talus.wire import kinds

CRASHED = kinds.HEALTH_REASONS.index("crashed")
POWER_ON = kinds.RESET_CAUSES.index("power_on")
BROWN_OUT = kinds.RESET_CAUSES.index("brown_out")
BROWN_OUT_MV = 3400  # E: a lithium cell this low sinks below a board's 3.3 V at the next burst of the radio


def cause_of(told, last_mv, stopped=False):
    """Index into RESET_CAUSES; told: what the board says, or None.

    last_mv: seen before this start, None unknown; stopped: the brace had switched itself off.
    """
    if told == POWER_ON and not stopped and last_mv is not None and last_mv < BROWN_OUT_MV:
        return BROWN_OUT
    return told


def begin(app, power):
    """Wake and test every part, note the start in the support log; the values of its "boot" record."""
    power.feed()  # the program was read and the journal's end looked for: seconds
    app.sampler.start(selftest.test)
    journal, battery_mv = app.journal, app.sampler.battery_mv
    last_mv = app.support.last_mv if journal.last_battery_mv is None else journal.last_battery_mv
    cause = cause_of(power.reset_cause(), last_mv, app.support.stopped)
    if app.support.started(cause, app.slot, VERSION, journal.recovered, battery_mv):
        app.program.say(DEGRADED, CRASHED, 0)
    power.feed()
    return (cause,) + VERSION + (kinds.digest(), battery_mv, None, app.slot, last_mv, journal.recovered)
