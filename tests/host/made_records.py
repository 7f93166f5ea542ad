"""Records made by hand for the tests of the host: real payloads through the real language, one brace at a time."""

import struct
from collections import namedtuple
from datetime import datetime
from zoneinfo import ZoneInfo

from talus.wire import frame, record
from talus.wire.kinds import BY_NAME, SITES, STRIDE_FIRST_OF_BOUT, STRIDE_LOW_CONFIDENCE

Record = namedtuple("Record", "sequence boot at_ms kind payload")
MINUTE_MS = 60_000
HOUR_MS = 3_600_000


def utc_ms(text: str, zone: str = "UTC") -> int:
    """UTC ms of a wall time in a zone."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


def payload(kind: str, **fields: object) -> bytes:
    """A payload from values in the rows' own units (angle in deg, ...); what is not named is unknown."""
    layout = BY_NAME[kind]
    values = []
    for name, code, per, _, _ in layout.fields:
        value = fields.pop(name, None)
        if len(code) > 1:
            value = tuple(None if v is None else round(v * per) for v in value or [None] * int(code[:-1]))
        elif code == "*":
            value = value or b""
        elif value is not None:
            value = round(value * per)
        values.append(value)
    assert not fields, f"{kind} has no {fields}"
    buffer = bytearray(300)
    end = record.pack(layout, 0, values, buffer)
    return bytes(buffer[record.HEADER : end])


def framed(one: Record) -> bytes:
    """One record as a frame of its own; any kind, also one this program does not know."""
    body = struct.pack("<BBH", one.kind, len(one.payload), 0) + one.payload
    buffer = bytearray(bytes(frame.HEADER) + body + bytes(frame.TRAILER))
    frame.seal(buffer, len(body), one.boot, one.sequence, one.at_ms)
    return bytes(buffer)


class Brace:
    """Writes records as a brace does: a global sequence, a boot, milliseconds since that boot."""

    def __init__(self, device: int = 0xA1, journal: int = 0xB2, side: int = 0, boot_utc_ms: int = 0, boot: int = 1):
        self.device, self.journal, self.side, self.boot = device, journal, side, boot
        self.boot_utc_ms = boot_utc_ms
        self.records: list[Record] = []
        self.sequence = 0

    def info(self, **changes: int) -> dict[str, int]:
        found = {"protocol": 1, "side": self.side, "device": self.device, "journal": self.journal, "layout": 0}
        found |= {"boot": self.boot, "now_ms": 0, "first": 0, "next": self.sequence, "acknowledged": 0}
        found |= {"battery": 80, "fault": 0, "fault_reason": 0, "state": 0, "settings": 0, "rows": 0}
        return found | changes

    def restart(self, boot_utc_ms: int) -> None:
        self.boot += 1
        self.boot_utc_ms = boot_utc_ms

    def add(self, kind: str, at_utc_ms: int, **fields: object) -> Record:
        """One record whose true time is at_utc_ms."""
        made = Record(
            self.sequence, self.boot, at_utc_ms - self.boot_utc_ms, BY_NAME[kind].number, payload(kind, **fields)
        )
        self.sequence += 1
        self.records.append(made)
        return made

    def clock(self, at_utc_ms: int, *, says_ms: int | None = None, uncertainty: int = 5, source: int = 0) -> Record:
        """A clock record; says_ms is what the host's clock said, the truth unless told otherwise."""
        says = at_utc_ms if says_ms is None else says_ms
        return self.add(
            "clock", at_utc_ms, utc=says // 1000, utc_ms=says % 1000, uncertainty=uncertainty, source=source
        )

    def minutes(self, start_ms: int, count: int, worn: int | None, **fields: object) -> None:
        fields.setdefault("strides", 0)
        for i in range(count):
            self.add("minute", start_ms + i * MINUTE_MS, worn=worn, samples=6000, **fields)

    def walk(self, start_ms: int, count: int, duration: float = 1.1, **fields: object) -> int:
        """Strides one after another; returns the moment behind the last."""
        at = start_ms
        for i in range(count):
            self.stride(at, duration, first=i == 0, **fields)
            at += round(duration * 1000)
        return at

    def stride(
        self,
        at_ms: int,
        duration: float = 1.1,
        *,
        contact: int = 1,
        invalid: int = 0,
        low: bool = False,
        first: bool = False,
        **fields: object,
    ) -> Record:
        flags = invalid | contact << 4 | STRIDE_LOW_CONFIDENCE * low | STRIDE_FIRST_OF_BOUT * first
        fields.setdefault("stance", duration * 0.6)
        return self.add("stride", at_ms, duration=duration, flags=flags, **fields)

    def sites(self, at_ms: int, *names: str) -> Record:
        chosen = {f"site_{i + 1}": SITES.index(name) for i, name in enumerate(names)}
        return self.add("settings", at_ms, settings=1, calibration=1, side=self.side, imu_place=0, **chosen)
