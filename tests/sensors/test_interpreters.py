"""Sampling on a real MicroPython: the same samples as on CPython, and no allocation, chips and bus included."""

import json
import math

from sensors.made import columns, take

from talus.sampling import Sampler
from talus.settings import Settings
from talus_twin.board import brace
from talus_twin.board.interpreter import Interpreter

TICKS = 700
INSIDE = """
import json, micropython
from talus.sampling import Sampler
from talus.settings import Settings
from talus_twin.board import brace

def begin(columns, start_ms=0):
    one = brace.make(columns)
    one.clock.us = start_ms * 1000 & 0x3FFFFFFF
    sampler = Sampler(one.clock, one.buses, one.board, one.calibration, Settings())
    sampler.start()
    return one, sampler

def many(sampler, ticks):
    while ticks:
        sampler.take()
        ticks -= 1

def locked(sampler, ticks):
    micropython.heap_lock()
    try:
        many(sampler, ticks)
        return "nothing"
    except MemoryError:
        return "something"
    finally:
        micropython.heap_unlock()
"""


def moving() -> dict[str, list[int]]:
    """Every channel in motion, over the ranges of a brisk walk."""

    def wave(size: int, period: float, middle: int = 0) -> list[int]:
        return [middle + round(size * math.sin(2 * math.pi * i / period)) for i in range(TICKS)]

    return columns(
        ankle_angle=wave(2000, 110),
        moment=wave(9000, 110),
        gyro_x=wave(400, 31),
        gyro_y=wave(700, 57),
        gyro_z=wave(4000, 110),
        acc_x=wave(2500, 23),
        acc_y=wave(3000, 55, 1000),
        acc_z=wave(500, 41),
        pressure_1=wave(400, 300, 500),
        pressure_2=wave(300, 200, 400),
        pressure_3=wave(200, 100, 300),
        pressure_4=wave(9000, 110, 9000),
        liner=wave(100, 600, 3100),
        reference=wave(500, 700, 2600),
    )


def test_both_interpreters_make_the_same_samples(micropython: Interpreter) -> None:
    given = moving()
    micropython.run(INSIDE)
    micropython.put("/moving.json", json.dumps(given).encode())
    micropython.run("with open('/moving.json') as f: columns = json.load(f)\none, sampler = begin(columns)")
    printed = micropython.run(f"print(json.dumps([list(sampler.take()) for _ in range({TICKS})]))")
    one = brace.make(given)
    sampler = Sampler(one.clock, one.buses, one.board, one.calibration, Settings())
    sampler.start()
    assert json.loads(printed) == take(sampler, TICKS)


def test_taking_samples_allocates_nothing(micropython: Interpreter) -> None:
    """A minute and its slow work, then a stretch in which the microseconds wrap; and the lock itself works."""
    micropython.run(INSIDE)
    micropython.put("/moving.json", json.dumps(moving()).encode())
    micropython.run("with open('/moving.json') as f: columns = json.load(f)\none, sampler = begin(columns)")
    micropython.run("many(sampler, 200)")
    assert micropython.run("print(locked(sampler, 6100))").strip() == "nothing"
    micropython.run("one, sampler = begin(columns, 1073741 - 4000)\nmany(sampler, 200)")
    assert micropython.run("print(locked(sampler, 600), one.clock.us < 6000000)").strip() == "nothing True"
    micropython.run("one.chips['encoder'].answers = lambda: [1]")
    assert micropython.run("print(locked(sampler, 5))").strip() == "something", "a list is an object"
