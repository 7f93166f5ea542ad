"""In its steady state a pass of the firmware's loop allocates nothing: shown by locking the heap of a real MicroPython.

Ticks that keep a record (a stride, a minute) may allocate and are found by a first run; on every other tick of a
second, identical run the heap is locked, so that a single allocation raises MemoryError. The same for a brace at rest.
"""

from array import array

import numpy as np

from talus_twin.board.interpreter import Interpreter
from talus_twin.body.activities import Activity
from talus_twin.body.person import Person
from talus_twin.body.scene import play

INSIDE = """
import micropython
from array import array
from talus.settings import Settings
from talus_twin.board import brace, wearing

columns = {}
for name in NAMES:
    with open('/columns/' + name, 'rb') as file:
        columns[name] = array('i', file.read())

FIRST = 200

def begin():
    one = brace.make(columns, 100)
    app = wearing.app_of(one, Settings({"still_s": STILL_S, "settle_min": 1}), None, {"gate": one.chips["encoder"]})
    app.start()
    for _ in range(BEFORE):
        app.step()
    return app

def keeping():
    app = begin()
    ticks = bytearray(TICKS)
    for tick in range(TICKS):
        before = app.journal.pending, app.journal.next
        app.step()
        ticks[tick] = before != (app.journal.pending, app.journal.next)
    return ticks

def locked(kept, spoil):
    app = begin()
    raised = bytearray(TICKS)
    for tick in range(TICKS):
        # a chip is asked for its temperature by a first call of its own: the first two seconds warm up
        if kept[tick] or tick < FIRST:
            app.step()
            continue
        micropython.heap_lock()
        try:
            if spoil and tick == 1000:
                spoil(tick)
            app.step()
        except MemoryError:
            raised[tick] = 1
        finally:
            micropython.heap_unlock()
    return [tick for tick in range(TICKS) if raised[tick]]
"""

TICKS = 7300


def test_no_sample_allocates(micropython: Interpreter) -> None:
    acts = [Activity("stand", 12), Activity("walk", 45), Activity("sit", 20)]
    scene = play(Person("foot_drop_brace", seed=3), acts)
    for name, column in scene.columns.items():
        micropython.put(f"/columns/{name}", array("i", column.astype(np.int32).tobytes()).tobytes())
    micropython.run(f"NAMES, TICKS, BEFORE, STILL_S = {list(scene.columns)!r}, {TICKS}, 0, 30")
    micropython.run(INSIDE)
    kept = int(micropython.run("kept = keeping()\nprint(sum(kept))"))
    assert 20 < kept < 120, "strides and a minute were kept, and most ticks kept nothing"
    assert micropython.run("print(locked(kept, None))").strip() == "[]"
    assert micropython.run("print(locked(kept, lambda tick: [tick]))").strip() != "[]", "the lock itself works"


def test_no_slow_sample_allocates(micropython: Interpreter) -> None:
    """A worn leg that sits, passes of sleep and looks, for two minutes; then one on a table."""
    for worn, passes in ((1, 260), (0, 120)):
        columns = dict.fromkeys(("ankle_angle", "moment", "gyro_x", "gyro_y", "gyro_z", "acc_x", "acc_z"), 0)
        columns |= {"acc_y": 1000, "reference": 2400, "liner": 3200 if worn else 2400}
        columns |= {f"pressure_{channel}": 300 * worn for channel in range(1, 5)}
        for name, value in columns.items():
            micropython.put(f"/columns/{name}", array("i", [value]).tobytes())
        before = 700 if worn else 1400
        micropython.run(f"NAMES, TICKS, BEFORE, STILL_S = {list(columns)!r}, {passes}, {before}, 5")
        micropython.run(INSIDE)
        state = micropython.run("app = begin()\nprint(app.state)").strip()
        assert state == ("1" if worn else "2"), "quiet, or stored"
        kept = int(micropython.run("kept = keeping()\nprint(sum(kept))"))
        assert 1 <= kept <= 8
        micropython.run(f"FIRST = {20 if worn else 40}")
        assert micropython.run("print([tick for tick in locked(kept, None) if tick >= FIRST])").strip() == "[]"
