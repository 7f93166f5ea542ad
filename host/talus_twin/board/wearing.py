# A brace on a leg for a while, from the first tick to the last byte: the same code on both interpreters.
# Nothing of the firmware is replaced; what differs from a brace is handed in.

from talus.app import App
from talus.settings import Settings
from talus_twin.board import brace

CHUNK = 4096


def app_of(one, settings, ble=None, pins=None):
    """The firmware's App on the handles of a twin's brace."""
    return App(one.clock, one.buses, pins or {}, one.files, ble, one.power, one.board, settings, one.calibration)


def wear(one, app, until_us):
    """Step an App that has been started until the board's clock reads until_us."""
    while one.clock.elapsed_us() < until_us:
        app.step()


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
    one = brace.make(columns, rate_hz, build=build)
    app = app_of(one, Settings({"trace_gait_events": int(trace)}))
    app.start()
    rows = max(len(column) for column in columns.values())
    wear(one, app, brace.START_US + rows * 1000000 // rate_hz)
    app.stop()
    return stream_of(app.journal)
