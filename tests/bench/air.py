"""How fast a day and a fortnight leave the brace over a timed link, as a share of what that link can carry, and how
many bytes a day of several people takes, packed.

Records are the virtual wearer's, through the firmware's journal and radio; the collector is the real one. Time is
virtual: a connection event each interval, so many packets in each, and the brace's loop, which looks after its radio
once a tick. ALL=1: two weeks on every link, too.
"""

import asyncio
import contextlib
import copy
import dataclasses
import os
import random
import sys
from collections.abc import AsyncGenerator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from bumble import hci
from twin.a_brace import Brace

import talus.packing
from talus.journal import Journal
from talus.packing import Packing
from talus.wire import frame, gatt, kinds, packed
from talus_host.collect import collect
from talus_host.link.ble import Backend, BleLink, find
from talus_host.store import Put
from talus_twin.board.files import MemoryFiles
from talus_twin.body.course import Course
from talus_twin.body.history import live
from talus_twin.body.person import Brace as Spring
from talus_twin.body.person import Person
from talus_twin.lived import ROOT, lay_down
from talus_twin.radio import virtual_time
from talus_twin.radio.central import Central
from talus_twin.radio.ether import Ether, Radio, Timing

END_MS = 1_790_000_000_000
STRIDES = 10_000
PACKET = gatt.MTU - 3
ATT, HEADS = 3, 7  # bytes of a notification's head; with L2CAP's
LINKS = [(interval, packets) for interval in (15, 30) for packets in (1, 2, 4, 6)]
FEW = [(15, 6), (30, 1), (30, 6)]
DAY_KB, PAYLOAD_PCT = 200, 95
DAY_MS = 86_400_000
LEAF = Spring()
PEOPLE: tuple[tuple[str, dict[str, Any]], ...] = (
    ("foot drop", {}),
    ("recovering", {"speed": (0.8, 1.1), "residual": (0.3, 0.8)}),
    ("stroke", {"person": Person("stroke", brace=LEAF), "speed": (0.3, 0.5), "residual": (0.1, 0.3)}),
    ("dragging", {"person": Person("drag", brace=LEAF), "speed": (0.5, 0.6), "residual": (0.05, 0.2)}),
    ("stiff brace", {"person": Person("foot_drop_brace", brace=Spring(stiffness=1.5))}),
    ("irregular, 8 %", {"person": Person("foot_drop_brace", brace=LEAF, variability_pct=8.0)}),
)
SEEDS = (5, 11)


class PacedBrace(Brace):
    """Its loop takes a pass each tick, as a brace's does that samples."""

    async def run(self) -> None:
        while True:
            self.radio.poll(self.status.now_ms())
            await asyncio.sleep(kinds.SAMPLE_MS / 1000)


class Counted:
    """A store that counts, and times the stream by what came."""

    def __init__(self) -> None:
        self.records = 0

    def first_missing(self, device: int, journal: int, first: int) -> int:
        return first

    def put(self, info: dict[str, int], records: Iterable[Any], received_utc_ms: int) -> Put:
        count = len(list(records))
        self.records += count
        return Put(count, count, 0, ())

    def end_sync(self, device: int, received_utc_ms: int, link: dict[str, int | None]) -> None:
        """The run is timed from outside."""


@dataclass
class Run:
    """Of one sync: records, notifications and bytes of Log, of these bodies of frames, s of the report and of all, and
    what the air carried both ways with the heads of L2CAP and ATT (acl)."""

    records: int = 0
    pieces: int = 0
    octets: int = 0
    bodies: int = 0
    report_s: float = 0.0
    sync_s: float = 0.0
    acl: int = 0


def lived(days: int, person: str = PEOPLE[0][0], seed: int = 5) -> tuple[MemoryFiles, int]:
    """The flash of a brace that kept so many whole days, of those lived nearest to STRIDES a day, and its strides."""
    who = Course(END_MS, seed=seed, weeks=3, cut_days=21, not_worn_share=0.0, flat_times=0, strides_per_day=9300)
    history = live(dataclasses.replace(who, **dict(PEOPLE)[person]))
    boot = history.late[-1]
    kept: list[list[Any]] = [[] for _ in range(22)]
    for one in boot.records:
        kept[one[1] // DAY_MS].append(one)
    whole = [day for day, rows in enumerate(kept) if sum(kind == "minute" for kind, _, _ in rows) == 1440]
    walked = [sum(kind == "stride" for kind, _, _ in rows) for rows in kept]
    firsts = [day for day in whole if day + days - 1 in whole]
    first = min(firsts, key=lambda day: abs(sum(walked[day : day + days]) - STRIDES * days))
    records = [one for rows in kept[first : first + days] for one in rows]
    files = MemoryFiles()
    lay_down(dataclasses.replace(history, boots=(dataclasses.replace(boot, records=tuple(records)),)), files, "left", 1)
    return files, sum(walked[first : first + days])


def packed_bytes(files: MemoryFiles) -> int:
    """What the whole of a flash is, packed."""
    packing = Packing(Journal(files, ROOT, random.Random(1).randbytes).reader(0))
    buffer, count = bytearray(PACKET), 0
    while True:
        if packing.prepare():
            size = packing.readinto(buffer)
            if not size:
                return count
            count += size


def people() -> None:
    """A day of STRIDES of each: strides in proportion, the rest as it is."""
    sys.stdout.write("a day, packed; kB per 10,000 strides\n")
    for person, _ in PEOPLE:
        for seed in SEEDS:
            files, strides = lived(1, person, seed)
            kilobytes = packed_bytes(files) / 1000
            plain = sum(len(data) for name, data in files.kept.items() if not name.endswith("meta")) / 1000
            sys.stdout.write(f"  {person:<20}seed {seed:<4}{strides:>6} strides {plain:>7.1f} kB plain")
            sys.stdout.write(f"{kilobytes:>7.1f} packed {kilobytes * STRIDES / strides:>7.1f} per 10,000\n")


@contextlib.contextmanager
def listening(run: Run) -> Iterator[None]:
    """Count what every radio sends, headers of L2CAP and ATT included."""
    sent = Radio.on_hci_acl_data_packet

    def count(self: Radio, packet: hci.HCI_AclDataPacket) -> None:
        run.acl += packet.data_total_length
        sent(self, packet)

    Radio.on_hci_acl_data_packet = count  # type: ignore[method-assign]
    try:
        yield
    finally:
        Radio.on_hci_acl_data_packet = sent  # type: ignore[method-assign]


def bodies_of(data: bytes) -> int:
    """Bytes of a stream that are records: bodies of frames, without a packed one's count."""
    return sum(len(one.body) - (packed.COUNT if one.packed else 0) for one in frame.Reader().feed(data))


async def sync(files: MemoryFiles, timing: Timing, packs: bool) -> Run:
    run, now = Run(), asyncio.get_running_loop().time
    ether = Ether(timing)
    central = Central(ether)
    brace = PacedBrace(ether, copy.deepcopy(files))
    async with brace:
        brace.radio.open_pairing()
        backend = Backend(central.scanner, central.client)
        found = await find(backend=backend)
        began = now()
        async with BleLink(found, lambda: int(now() * 1000), backend) as link:
            link._packs = packs
            heard, times = bytearray(), []
            stream = link.stream

            async def timed(first: int) -> AsyncGenerator[bytes, None]:
                times.append(now())
                async for piece in stream(first):
                    run.pieces += 1
                    heard.extend(piece)
                    yield piece
                times.append(now())

            link.stream = timed  # type: ignore[method-assign]
            store = Counted()
            with listening(run):
                await collect(link, store, clock=lambda: int(now() * 1000), batch=1 << 30, run=virtual_time.inline)
            run.sync_s = now() - began
        run.records, run.octets, run.bodies = store.records, len(heard), bodies_of(bytes(heard))
        run.report_s = times[1] - times[0]
        assert store.records == brace.journal.next - brace.journal.first, "all of it"
        await central.close()
    return run


def table(files: MemoryFiles, links: list[tuple[int, int]], days: int) -> None:
    sys.stdout.write(f"  {'link':<18}{'frames':<8}{'kB':>8}{'s':>8}{'kB/s':>7}{'of limit':>10}{'whole sync':>12}")
    sys.stdout.write(f"{'of it records':>15}\n")
    for interval, packets in links:
        limit = PACKET * packets / interval  # kB/s
        for packs in (False, True):
            run = virtual_time.run(sync(files, Timing(interval, packets), packs))
            rate = run.octets / run.report_s / 1000
            sys.stdout.write(
                f"  {interval} ms, {packets} packets".ljust(20) + ("packed" if packs else "plain").ljust(8)
            )
            sys.stdout.write(f"{run.octets / 1000:>8.1f}{run.report_s:>8.1f}{rate:>7.1f}{100 * rate / limit:>8.0f} %")
            sys.stdout.write(f"{run.sync_s:>10.1f} s{100 * run.bodies / run.acl:>13.1f} %\n")
            sys.stdout.flush()
    told = f"{run.records} records of {days} days, {run.octets / days / 1000:.1f} kB a day packed"
    sys.stdout.write(f"  {told}; bodies of frames are\n")
    for share, what in (
        (run.octets, "of the report's bytes"),
        (run.octets + ATT * run.pieces, "of its notifications, with ATT's heads"),
        (run.octets + HEADS * run.pieces, "of its notifications, with ATT's and L2CAP's heads"),
        (run.acl, "of every byte of the whole sync, both ways, credits, answers, clock and discovery in it"),
    ):
        sys.stdout.write(f"    {100 * run.bodies / share:.1f} % {what}\n")


def main() -> None:
    talus.packing.FAST = True  # it packs as many records a pass as a brace with machine code
    people()
    for days, links in ((1, LINKS), (14, LINKS if os.environ.get("ALL") else FEW)):
        files, strides = lived(days)
        sys.stdout.write(f"{days} days of {strides / days:.0f} strides; limit: {PACKET} bytes a packet\n")
        table(files, links, days)
    sys.stdout.write(f"promised: {DAY_KB} kB for a day of {STRIDES} strides, {PAYLOAD_PCT} % of the payload records\n")


if __name__ == "__main__":
    main()
