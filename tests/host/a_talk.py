"""A talk of a host and a brace as it was once, from tests/golden, and bleak's client whose brace says just that."""

from pathlib import Path

from bleak.backends.device import BLEDevice

from talus.wire import gatt
from talus_host.link.ble import Backend, BleLink, Found
from talus_host.session import Record
from talus_twin.radio.central import Central
from talus_twin.radio.ether import Ether

GOLDEN = Path(__file__).parents[1] / "golden"
STAMP = slice(2, 10)  # of TIME and its answer: the host's own


class Talk:
    """turns: what was asked, and what came upon it: (mark, bytes) of each line."""

    def __init__(self, name: str) -> None:
        self.infos: list[bytes] = []
        self.turns: list[tuple[bytes, list[tuple[str, bytes]]]] = []
        self.records: list[Record] = []
        for line in (GOLDEN / name).read_text().splitlines():
            mark, _, rest = line.partition(" ")
            if mark == "i":
                self.infos.append(bytes.fromhex(rest))
            elif mark == ">":
                self.turns.append((bytes.fromhex(rest), []))
            elif mark == "r":
                sequence, boot, at_ms, kind, payload = rest.split()
                self.records.append(Record(int(sequence), int(boot), int(at_ms), int(kind), bytes.fromhex(payload)))
            elif mark in "=<":
                self.turns[-1][1].append((mark, bytes.fromhex(rest)))

    def pieces(self) -> bytes:
        return b"".join(data for _, came in self.turns for mark, data in came if mark == "=")


class OldBrace:
    """In the place of bleak's client: answers what was answered then, and nothing else."""

    def __init__(self, talk: Talk, info: bytes | None = None) -> None:
        self.talk = talk
        self.info = info or talk.infos[0]
        self.written: list[bytes] = []
        self._reporting = False
        address = "AA:BB:CC:DD:EE:FF"
        found = Found(address, "Talus", -50, BLEDevice(address, "Talus", None))
        self.link = BleLink(found, lambda: 1_800_000_000_000, Backend(client=Central(Ether()).client))
        self.link._client = self  # type: ignore[assignment]

    async def read_gatt_char(self, _: str) -> bytes:
        return self.info

    async def write_gatt_char(self, _: str, data: bytes, response: bool) -> None:
        self.written.append(data)
        if data[0] == gatt.CREDIT:
            if self._reporting:
                self._tell(*(came for asked, came in self.talk.turns if asked[0] == gatt.CREDIT))
            self._reporting = False
            return
        of_any_operand = data[0] in (gatt.TIME, gatt.SET_CLOCK)
        for asked, came in self.talk.turns:
            if asked == data or (of_any_operand and asked[0] == data[0] and len(asked) == len(data)):
                self._reporting = data[0] in (gatt.REPORT, gatt.REPORT_PACKED) and not came
                self._tell(came, stamp=data[STAMP] if data[0] == gatt.TIME else b"")
                return
        raise AssertionError(f"no brace of then was asked {data.hex()}")

    def _tell(self, *turns: list[tuple[str, bytes]], stamp: bytes = b"") -> None:
        for mark, what in (line for came in turns for line in came):
            if mark == "=":
                self.link._on_piece(None, bytearray(what))
            else:
                self.link._on_answer(None, bytearray(what[:2] + stamp + what[2 + len(stamp) :]))
