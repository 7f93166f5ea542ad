"""`make test-bluez`: boot the machine, put a brace on the air before it, tell what the story in the guest found.

Ends with 0 where every step of the story passed, 1 where one failed or the guest never said, 2 where the machine
cannot be had on this host.
"""

import asyncio
import contextlib
import os
import re
import sys
import tempfile
import time
from pathlib import Path

import machine
from air import Adapter, Air
from bumble.transport.common import StreamPacketSink, StreamPacketSource

from talus_twin.radio.ether import Ether, Timing

PORTS = ("hci", "orders")
BOOT_S = 60.0
WHOLE_S = 1500.0
LINE_OCTETS = 1 << 24


async def connected(path: Path) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """QEMU waits for us at each port before it boots."""
    async with asyncio.timeout(BOOT_S):
        while True:
            with contextlib.suppress(FileNotFoundError, ConnectionRefusedError):
                return await asyncio.open_unix_connection(path, limit=LINE_OCTETS)
            await asyncio.sleep(0.05)


async def feed(reader: asyncio.StreamReader, source: StreamPacketSource) -> None:
    while data := await reader.read(4096):
        source.data_received(data)


async def obey(air: Air, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while line := await reader.readline():
        writer.write((await air.obey(line.decode()) + "\n").encode())
        await writer.drain()


async def watch(console: asyncio.StreamReader) -> int:
    """The guest's console, passed on; the exit code it says, 1 if it says none."""
    code = 1
    while line := await console.readline():
        text = re.sub(r"\x1b[\[c]?[?0-9;]*[a-zA-Z]?", "", line.decode(errors="replace")).rstrip()
        if text:
            print(text, flush=True)
        if found := re.match(r"guest: exit (\d+)", text):
            code = int(found[1])
    return code


async def boot(layer: Path, folder: Path) -> int:
    image = folder / "initramfs"
    image.write_bytes(machine.initramfs(layer, Path(sys.executable).absolute()))
    ports = [(name, folder / name) for name in PORTS]
    line, environment = machine.command(layer, image, ports)
    guest = await asyncio.create_subprocess_exec(
        *line, env=environment, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, limit=LINE_OCTETS
    )
    beside: list[asyncio.Task[None]] = []
    try:
        (hci, to_hci), (orders, answers) = [await connected(path) for _, path in ports]
        ether = Ether(Timing())
        source = StreamPacketSource()
        Adapter(ether, source, StreamPacketSink(to_hci))
        air = Air(ether)
        await air.on()
        beside += [asyncio.create_task(feed(hci, source)), asyncio.create_task(obey(air, orders, answers))]
        assert guest.stdout
        async with asyncio.timeout(WHOLE_S):
            return await watch(guest.stdout)
    finally:
        for task in beside:
            task.cancel()
        with contextlib.suppress(ProcessLookupError):
            guest.kill()
        await guest.wait()


def main(folder: Path, kernels: tuple[str, ...]) -> int:
    began = time.monotonic()
    try:
        layer = machine.fetch(folder, kernels)
    except machine.Missing as error:
        print(f"test-bluez cannot run here: {error}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as place:
        try:
            code = asyncio.run(boot(layer, Path(place)))
        except TimeoutError:
            print(f"the guest did not finish in {WHOLE_S:g} s", file=sys.stderr)
            code = 1
    print(f"{time.monotonic() - began:.0f} s in all, {os.cpu_count()} cores; {'passed' if code == 0 else 'FAILED'}")
    return code


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).absolute(), tuple(sys.argv[2:]) or machine.KERNELS))
