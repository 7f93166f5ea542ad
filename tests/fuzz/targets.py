"""What reads bytes of somebody else's, one function each: any bytes give a value, or the error it promises.

A function returns; whatever leaves it is a finding. They run under hypothesis, in CI, and under Atheris (run.py).
"""

import asyncio
import contextlib
import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from fuzz.desk import Desk

from talus import calibration_file, settings_file
from talus.calibration import Calibration
from talus.wire import frame, gatt, packed, record
from talus.wire.errors import RemoteError
from talus_host.errors import TalusError
from talus_host.link.replay import ReplayLink
from talus_host.session import Session
from talus_twin.board.files import MemoryFiles

Target = Callable[[bytes], None]


def frame_reader(data: bytes) -> None:
    """The same frames whole and in pieces, nothing counted twice."""
    whole, torn = frame.Reader(), frame.Reader()
    size = 1 + (data[0] if data else 0)
    found = whole.feed(data) + whole.finish()
    again = [one for at in range(0, len(data), size) for one in torn.feed(data[at : at + size])] + torn.finish()
    assert [vars(one) for one in found] == [vars(one) for one in again]
    assert whole.skipped + sum(len(one.body) + frame.OVERHEAD for one in found) == len(data)


def records(data: bytes) -> None:
    try:
        for number, _, payload in record.split(data):
            record.read(number, payload)
    except RemoteError:
        pass


def packed_records(data: bytes) -> None:
    try:
        for number, at_ms, payload in packed.split(data):
            assert 0 <= number <= 255 and len(payload) <= 2 * 255 and isinstance(at_ms, int)
    except RemoteError:
        pass


def gatt_words(data: bytes) -> None:
    result, operand = gatt.parse_request(data)
    if result == gatt.SUCCESS:
        assert gatt.request(data[0], *operand) == data
    for parse in (gatt.parse_answer, gatt.unpack_info):
        with contextlib.suppress(RemoteError):
            parse(data)


def session(data: bytes) -> None:
    """Bytes as they come, and the same as the body of frames whose CRC holds."""
    one, seen = Session(0, len(data)), set()
    took = one.feed(data) + one.finish()
    for magic in (frame.MAGIC, frame.MAGIC_PACKED):
        body = data[: frame.BODY_MAX]
        if body:
            buffer = bytearray(bytes(frame.HEADER) + body + bytes(frame.TRAILER))
            size = frame.seal(buffer, len(body), 1, len(data) + 1, 5, magic)
            took += one.feed(bytes(buffer[:size]))
    for each in took:
        assert each.sequence not in seen, "one sequence, twice"
        assert each.at_ms >= 0
        seen.add(each.sequence)
    for first, behind in one.gaps:
        assert first < behind and not seen & set(range(first, min(behind, first + 5000)))


def settings(data: bytes) -> None:
    files = MemoryFiles()
    files.kept["settings.json"] = files.kept["settings.prev.json"] = data
    made, _ = settings_file.load(files)
    made.digest.to_bytes(4, "little")
    with contextlib.suppress(ValueError):
        settings_file.read(files, settings_file.IN_FORCE)


def calibration(data: bytes) -> None:
    try:
        given = json.loads(data)
    except (ValueError, RecursionError):
        return
    with contextlib.suppress(ValueError):
        Calibration(given)
    calibration_file.load(lambda _: given, lambda _: ["1.json", "x", "2.json"])


def replay(data: bytes) -> None:
    async def read(path: Path) -> None:
        async with ReplayLink(path) as link:
            info = await link.info()
            found = Session(info["journal"])
            async for piece in link.stream(0):
                found.feed(piece)
            found.finish()

    with tempfile.NamedTemporaryFile(suffix=".talus") as file:
        file.write(data)
        file.flush()
        with contextlib.suppress(TalusError):
            asyncio.run(read(Path(file.name)))


def messages(data: bytes) -> Iterator[bytes]:
    """Bytes as a list of messages: a length, then so many."""
    at = 0
    while at < len(data):
        size = data[at] % (gatt.CONTROL_MAX + 3)
        yield data[at + 1 : at + 1 + size]
        at += 1 + size


def control(data: bytes) -> None:
    """Any requests in any order, with passes of the radio between: an answer or silence, and it serves on."""
    desk = Desk()
    for one in messages(data):
        desk.ask(one)
    desk.must_serve()


TARGETS: dict[str, Target] = {
    one.__name__: one
    for one in (
        frame_reader,
        records,
        packed_records,
        gatt_words,
        session,
        settings,
        calibration,
        replay,
        control,
    )
}
