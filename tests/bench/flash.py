"""What a day of wear costs the flash, and how many days fit, on a real littlefs with the twin's table of costs.

A day: strides in walking minutes of 45, a minute record and a flush each minute, a curve each worn hour, health and
power records, pressure events flushed at once, one sync. Nobody acknowledges, as when the brace is away from its host.
Volumes are those of MicroPython's stock images, with two copies of the program on them.
"""

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

from talus.board import BOARD_ROWS
from talus.journal import RESERVE_BYTES, Journal
from talus.wire import frame, kinds, record
from talus_twin.board.clock import VirtualClock
from talus_twin.board.costs import Costs
from talus_twin.board.flash import BLOCK, RP2_PROGRAM, UNIT, LittleFiles, NorFlash
from talus_twin.board.wearing import stream_of

DAYS = 14  # promised on an 8 MiB board
AT_MOST = 40
STRIDES, STRESS = 5_000, 10_000
WALKED = 45  # strides of a walking minute
WORN = range(7 * 60, 23 * 60)
PROGRAM_BYTES = 2 * 160 << 10  # both slots, compiled
ENDURANCE = 100_000  # erases a block of NOR flash is made to stand
# flash MiB of a board -> KiB its stock image leaves for files (partitions-4MiB.csv, -8MiB.csv; RP2: 2048 less 1200)
VOLUME_KIB = {"RP2": {2: 848}, "ESP32": {4: 2048, 8: 6144}}
SIZES = {kind.name: [7 if len(row[1]) == 1 else (7,) * int(row[1][:-1]) for row in kind.fields] for kind in kinds.KINDS
         if not kind.open_ended}  # fmt: skip


def day(number: int, strides: int) -> Iterator[tuple[str, int]]:
    """(kind or "flush", ms since the start) of everything a day keeps."""
    walking = {WORN[i * len(WORN) * WALKED // strides] for i in range(strides // WALKED)}
    left = strides - len(walking) * WALKED
    for minute in range(24 * 60):
        at = (number * 24 * 60 + minute) * 60_000
        count = WALKED if minute in walking else min(left, WALKED) if minute in WORN else 0
        left -= 0 if minute in walking else count
        for stride in range(count):
            yield "stride", at + 500 + stride * 1_300
        if minute in (WORN[0] + 200, WORN[0] + 240):
            yield "pressure", at + 30_000
            yield "flush", at + 30_000
        if minute in (WORN[0] + 2, WORN[-1] + 3):
            yield "wear", at + 60_000
        if minute in WORN and minute % 48 == 0:
            yield "health", at + 60_000
        if minute in WORN and minute % 12 == 0:
            yield "power", at + 60_000
        yield "minute", at
        if minute in WORN and minute % 60 == 59:
            yield "curve", at + 60_000
        yield "flush", at + 60_000


@dataclass(frozen=True)
class Figures:
    """What some days cost: bytes a day, factor, erases a day (mean block, hottest), ms (mean and worst flush)."""

    payload: float
    stored: float
    amplification: float
    erases: float
    mean_block: float
    hottest: float
    mean_ms: float
    worst_ms: float
    days: int  # lived
    held: float  # of them in flash at the end
    told: bool  # all that is not there is told lost

    @property
    def years(self) -> float:
        """Until the hottest block has had the erases it is made to stand."""
        return ENDURANCE / self.hottest / 365


def begin(volume_kib: int, program_bytes: int) -> tuple[NorFlash, LittleFiles, VirtualClock]:
    flash = NorFlash(volume_kib << 10)
    files = LittleFiles(flash, program_bytes)
    with files.open("/program", "wb") as file:
        file.write(bytes(PROGRAM_BYTES))
    clock = VirtualClock(Costs())
    flash.attach(clock)
    flash.programmed_bytes = flash.erases = 0
    flash.worn = [0] * flash.blocks
    return flash, files, clock


def live(volume_kib: int, program_bytes: int, strides: int, most: int) -> Figures:
    """Days on a volume until the oldest record goes, or so many."""
    flash, files, clock = begin(volume_kib, program_bytes)
    journal = Journal(files, "/log", bytes)
    taken, payload = [], 0
    days = 0
    while days < most and not journal.first:
        for what, at_ms in day(days, strides):
            if what != "flush":
                journal.append(kinds.BY_NAME[what], at_ms, SIZES[what])
                payload += record.HEADER + kinds.BY_NAME[what].size
                continue
            before = clock.elapsed_us()
            journal.flush()
            taken.append(clock.elapsed_us() - before)
            journal.since_ms = at_ms
        days += 1
    journal.flush()
    oldest, first_held, untold = read_back(journal, days)
    return Figures(
        payload / days,
        sum(journal._segments.size(first) for first in journal.segments) / (days - oldest),
        flash.programmed_bytes / payload,
        flash.erases / days,
        sum(flash.worn) / flash.blocks / days,
        max(flash.worn) / days,
        sum(taken) / len(taken) / 1000,
        max(taken) / 1000,
        days,
        days - oldest,
        not untold and first_held == journal.first,
    )


def read_back(journal: Journal, days: int) -> tuple[float, int, bool]:
    """(day of the oldest record, its sequence, whether something is gone without a word) by reading all of it."""
    reader = frame.Reader()
    at_ms = sequence = told = None
    count = 0
    for one in reader.feed(stream_of(journal)) + reader.finish():
        for index, (number, offset, payload) in enumerate(record.split(one.body)):
            if at_ms is None:
                at_ms, sequence = one.base_ms + offset, one.first_sequence + index
            if number == kinds.BY_NAME["loss"].number:
                told = sum(record.read(number, payload)[1][:2])
            count += 1
    assert at_ms is not None and sequence is not None
    return at_ms / 86_400_000, sequence, count != journal.next - sequence or (told or 0) != sequence


def volumes() -> dict[tuple[int, int], list[str]]:
    """(KiB for files, littlefs' program size) -> the boards that have it."""
    found: dict[tuple[int, int], list[str]] = {}
    for name, chip, mib, *_ in BOARD_ROWS:
        rp2 = chip.startswith("RP2")
        key = VOLUME_KIB["RP2" if rp2 else "ESP32"][mib], RP2_PROGRAM if rp2 else UNIT
        found.setdefault(key, []).append(name)
    return found


def fits(volume_kib: int, stored_a_day: float) -> float:
    """Days that lie in a volume beside the programs, the reserve and the folders, before the oldest goes."""
    return ((volume_kib << 10) - PROGRAM_BYTES - RESERVE_BYTES - 24 * BLOCK) / (stored_a_day * 1.001)


HEAD = (
    "boards | files KiB | strides a day | KiB a day | written / kept | erases a day | mean block, hottest a day | years"
    " | flush ms mean, worst | days that fit | days lived, held at the end"
)


def main() -> int:
    begun = time.perf_counter()
    sys.stdout.write(f"| {HEAD} |\n|{'---|' * (HEAD.count('|') + 1)}\n")
    failed = 0
    for (kib, program), boards in volumes().items():
        for strides in (STRIDES, STRESS):
            told = live(kib, program, strides, AT_MOST)
            failed += not told.told or (kib >= 6144 and told.held < DAYS)
            sys.stdout.write(
                f"| {', '.join(boards)} | {kib} | {strides:,} | {told.stored / 1024:.0f} | x{told.amplification:.1f} "
                f"| {told.erases:,.0f} | {told.mean_block:.1f}, {told.hottest:.1f} | {told.years:.0f} "
                f"| {told.mean_ms:.0f}, {told.worst_ms:.0f} | {fits(kib, told.stored):.1f} "
                f"| {told.days}, {told.held:.1f} |\n"
            )
    sys.stdout.write(f"{time.perf_counter() - begun:.0f} s\n")
    return failed


if __name__ == "__main__":
    sys.exit(main())
