"""How fast a day and a fortnight leave the brace over a timed link, as a share of what that link can carry.

Records are the virtual wearer's, through the firmware's journal and radio; the collector is the real one. Time is
virtual: a connection event each interval, so many packets in each, and a pass of the brace's loop as the table of costs
says. What flash and packing cost a board's CPU beyond that is not in it. ALL=1: two weeks on every link, too.
"""

import asyncio
import contextlib
import copy
import os
import sys
from collections.abc import AsyncGenerator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from bumble import hci
from twin.a_brace import Brace

from talus.wire import frame, gatt, packed
from talus_host.collect import collect
from talus_host.link.ble import Backend, BleLink, find
from talus_host.store import Put
from talus_twin.board.costs import Costs
from talus_twin.board.files import MemoryFiles
from talus_twin.body.course import Course
from talus_twin.body.history import live
from talus_twin.lived import lay_down
from talus_twin.radio import virtual_time
from talus_twin.radio.central import Central
from talus_twin.radio.ether import Ether, Radio, Timing

COSTS: Any = Costs()
END_MS = 1_790_000_000_000
STRIDES = 10_000
PACKET = gatt.MTU - 3
HEADS = 7  # L2CAP 4, ATT 3
LINKS = [(interval, packets) for interval in (15, 30) for packets in (1, 2, 4, 6)]
FEW = [(15, 6), (30, 1), (30, 6)]
DAY_KB, PAYLOAD_PCT = 200, 95


class PacedBrace(Brace):
    """Its loop takes the time of a pass; idle it waits for the next sample."""

    async def run(self) -> None:
        while True:
            self.radio.poll(self.status.now_ms())
            await asyncio.sleep(COSTS.pass_us / 1e6 if self.radio.busy else 0.01)


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


@dataclass
class Run:
    """Of one sync: records, bytes of Log, s of the report and of all, what the air carried both ways:
    values alone (att), with the heads of L2CAP and ATT (acl)."""

    records: int = 0
    octets: int = 0
    bodies: int = 0
    report_s: float = 0.0
    sync_s: float = 0.0
    acl: int = 0
    att: int = 0


def lived(days: int) -> tuple[MemoryFiles, int]:
    """The flash of a brace that kept so many days, of all tried the nearest to STRIDES a day, and its strides."""
    made = []
    for usual in range(7500, 12001, 500):
        what = Course(END_MS, seed=5, weeks=2, cut_days=days, strides_per_day=usual, not_worn_share=0.0, flat_times=0)
        history = live(what)
        strides = sum(kind == "stride" for boot in history.late for kind, _, _ in boot.records)
        made.append((abs(strides - STRIDES * days), strides, history))
    _, strides, history = min(made, key=lambda one: one[0])
    files = MemoryFiles()
    lay_down(history, files, "left", 1)
    return files, strides


@contextlib.contextmanager
def listening(run: Run) -> Iterator[None]:
    """Count what every radio sends, headers of L2CAP and ATT included."""
    sent = Radio.on_hci_acl_data_packet

    def count(self: Radio, packet: hci.HCI_AclDataPacket) -> None:
        run.acl += packet.data_total_length
        run.att += max(0, packet.data_total_length - HEADS)
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
    share = (
        f"{100 * run.bodies / run.octets:.1f} % of the report's bytes are records, {100 * run.bodies / run.att:.1f} %"
    )
    share += f" of all values both ways, {100 * run.bodies / run.acl:.1f} % with the heads of L2CAP and ATT"
    sys.stdout.write(f"  {told}; {share}\n")


def main() -> None:
    for days, links in ((1, LINKS), (14, LINKS if os.environ.get("ALL") else FEW)):
        files, strides = lived(days)
        sys.stdout.write(f"{days} days of {strides / days:.0f} strides; limit: {PACKET} bytes a packet\n")
        table(files, links, days)
    sys.stdout.write(f"promised: {DAY_KB} kB for a day of {STRIDES} strides, {PAYLOAD_PCT} % of the payload records\n")


if __name__ == "__main__":
    main()
