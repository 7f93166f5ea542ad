# A brace on a leg for a while, from the first tick to the last byte: the same code on both interpreters.
# Nothing of the firmware is replaced; what differs from a brace is handed in.

from talus.app import App
from talus.settings import Settings
from talus_twin.board import brace

CHUNK = 4096
LOADED_US = 600000000  # what a leg is given at a time: its microseconds wrap
AHEAD_US = 300000  # before the end of what it has: the chips look back through their filters, never ahead


def app_of(one, settings, ble=None, pins=None):
    """The firmware's App on the handles of a twin's brace."""
    return App(one.clock, one.buses, pins or {}, one.files, ble, one.power, one.board, settings, one.calibration)


def step(one, app):
    """One pass of an App that has been started, and the time its instructions take."""
    app.step()
    one.clock.spend(one.costs.pass_us)


def step_until(one, app, until_us):
    """Step an App until the board's clock reads until_us; a light sleep ends there too."""
    one.power.horizon_us = until_us
    while one.clock.elapsed_us() < until_us:
        step(one, app)
    one.power.horizon_us = None


def live(one, app, columns, rate_hz, from_us, spent_us=None):
    """Go on with these columns, which begin at from_us, whatever pace the brace takes; the moment they end.

    The clock is left AHEAD_US before that, where the next can be loaded. spent_us: list by power state, added to.
    """
    for part in parts_of(columns, rate_hz):
        one.leg.load(from_us, rate_hz, part)
        from_us += max(len(column) for column in part.values()) * 1000000 // rate_hz
        one.power.horizon_us = from_us - AHEAD_US
        now_us = one.clock.elapsed_us()
        while now_us < from_us - AHEAD_US:
            state = app.state
            step(one, app)
            before_us, now_us = now_us, one.clock.elapsed_us()
            if spent_us is not None:
                spent_us[state] += now_us - before_us
    one.power.horizon_us = None
    return from_us


def parts_of(columns, rate_hz):
    """Columns cut into lengths a leg can be given, in order; a column of one value stays whole."""
    size = LOADED_US * rate_hz // 1000000
    rows = max(len(column) for column in columns.values())
    for first in range(0, rows, size):
        yield {name: column[first : first + size] if len(column) > 1 else column for name, column in columns.items()}


def stream_of(journal, sequence=0):
    """Every flushed byte from a sequence on."""
    cursor = journal.reader(sequence)
    buffer = bytearray(CHUNK)
    pieces = []
    while True:
        got = cursor.readinto(buffer)
        if not got:
            cursor.close()
            return b"".join(pieces)
        pieces.append(bytes(buffer[:got]))


def whole(columns, rate_hz, imu_place, alignment, trace=True):
    """Wear these columns once, from rest to rest; the frame stream the brace kept. Its ms 0 is `brace.START_US`."""
    build = brace.Build(imu_place=imu_place, alignment=alignment)
    one = app = None
    end_us = brace.START_US
    for part in parts_of(columns, rate_hz):
        if one is None:
            one = brace.make(part, rate_hz, build=build)
            app = app_of(one, Settings({"trace_gait_events": int(trace)}))
            app.start()
        else:
            step_until(one, app, end_us - AHEAD_US)
            one.leg.load(end_us, rate_hz, part)
        end_us += max(len(column) for column in part.values()) * 1000000 // rate_hz
    step_until(one, app, end_us)
    app.stop()
    return stream_of(app.journal)
