"""What one sample of the deployed firmware costs while walking, on every interpreter there is, beside a fixed loop.

WebAssembly always. MICROPYTHON=path adds a 32-bit unix build. QEMU_ELF=path adds a build of MicroPython's qemu port for
the MPS2 AN500, a Cortex-M7 (make BOARD=MPS2_AN500 MICROPY_HEAP_SIZE=2097152), where a nanosecond of virtual time is one
instruction. `cost.py profile` says what the sample is made of.
Promised on the Cortex-M7: 200,000 instructions on average and 400,000 at worst, bus and flash waits aside.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import cost_machines as machines
import cost_recording

from talus_twin.board.costs import Costs

TICKS, FIRST = 4000, 1000  # the first strides teach the brace what this person's are like
TICKS_QEMU = 2500
TURNS = 10000
ALLOCATING_TICKS = 150

BEGIN = """
import cost_replay as replay
bench = replay.Bench(replay.kept_answers(ROOT + '/answers'), PASS_US, ALIGNMENT)
turns_us = replay.timed(replay.loop, TURNS)
"""
MEASURE = """
runs = [bench.run(TICKS, FIRST) for _ in range(RUNS)]
took = replay.least([run[0] for run in runs])
print(turns_us, sum(took) * 1000 // len(took), max(took) * 1000, runs[0][1] * 1000, bench.allocated(ALLOCATING, 100))
"""
PROFILE = """
print(turns_us)
for row in bench.profile(TICKS, FIRST): print(*row)
"""


def script(ticks: int, runs: int, alignment: tuple[int, ...], what: str) -> str:
    head = f"TICKS, FIRST, RUNS, TURNS = {ticks}, {FIRST}, {runs}, {TURNS}\nALLOCATING = {ALLOCATING_TICKS}\n"
    return head + f"PASS_US, ALIGNMENT = {Costs().pass_us}, {alignment}\n{BEGIN}{what}"


def asked() -> list[tuple[str, int, int, Callable[[dict[str, bytes], str], str]]]:
    """(name, ticks, runs, how to run a script on it) of each interpreter there is."""
    found: list[tuple[str, int, int, Callable[[dict[str, bytes], str], str]]] = [
        ("WebAssembly", TICKS, 3, machines.on_wasm)
    ]
    unix, elf = os.environ.get("MICROPYTHON"), os.environ.get("QEMU_ELF")
    if unix:
        found.append(("unix", TICKS, 3, lambda files, text: machines.on_unix(unix, files, text)))
    if elf:
        found.append(("Cortex-M7", TICKS_QEMU, 1, lambda files, text: machines.on_qemu(elf, files, text)))
    return found


def measured(name: str, out: str) -> str:
    turns_us, mean, worst, aside, left = map(int, out.split())
    turn = turns_us * 1000 / TURNS
    row = f"{name:<14}{mean / turn:10.0f}{worst / turn:10.0f}{left:14d}"
    if name != "Cortex-M7":
        return row + f"{mean / 1000:12.0f} us{worst / 1000:10.0f} us\n"
    return row + f"{mean:12d}{worst:13d} instructions (stand-ins, {aside} a sample, taken off)\n"


def profiled(name: str, out: str) -> str:
    lines = out.splitlines()
    turn = int(lines[0]) / TURNS
    rows = (line.split() for line in lines[1:])
    table = "".join(f"  {row[0]:<12}{int(row[1]) / turn:10.0f}{int(row[2]) / turn:10.0f}\n" for row in rows)
    return f"{name}\n{table}"


def main() -> None:
    answers, alignment = cost_recording.record(TICKS)
    files = machines.stand_ins(Path(__file__).with_name("cost_replay.py"))
    files |= {f"/answers/{place}": data for place, data in answers.items()}
    files["/answers/index"] = "".join(f"{place} {place}\n" for place in answers).encode()
    profile = "profile" in sys.argv
    head = "a sample while walking, in turns of the reference loop: mean and worst"
    sys.stdout.write(head + ("\n" if profile else "; bytes left on the heap\n"))
    for name, ticks, runs, on in asked():
        out = on(files, script(ticks, runs, alignment, PROFILE if profile else MEASURE))
        sys.stdout.write(profiled(name, out) if profile else measured(name, out))


if __name__ == "__main__":
    main()
