"""Bytes in, records out: what one brace's journal sends, told apart from noise, repeats and holes.

It never awaits and never opens anything. A record's identity is (journal, sequence); where a frame's CRC
does not hold, its bytes are counted as skipped and its records are a gap.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from talus.wire import clock, frame, packed, record
from talus.wire.errors import RemoteError, WireError

GOLDEN, SILVER = 0.6180339887, 0.4142135624  # steps that spread evenly however many there are
LONGEST_PAUSE_MS = 200


@dataclass(frozen=True, slots=True)
class Record:
    """One record as received: sequence, boot, ms since that boot, kind's number, payload bytes."""

    sequence: int
    boot: int
    at_ms: int
    kind: int
    payload: bytes


class Session:
    """One journal's records, from the first missing sequence `have` on.

    gaps: half-open (first, behind) stretches of sequences that should have come and did not; duplicates:
    records that were there already; skipped: bytes that were no frame.
    """

    def __init__(self, journal_id: int = 0, have: int = 0) -> None:
        self.journal_id = journal_id
        self.next = have
        self.gaps: list[tuple[int, int]] = []
        self.duplicates = 0
        self._reader = frame.Reader()
        self._torn = 0

    @property
    def skipped(self) -> int:
        return self._reader.skipped + self._torn

    def feed(self, data: bytes) -> list[Record]:
        """Records completed by these bytes, each sequence at most once."""
        return self._take(self._reader.feed(data))

    def finish(self) -> list[Record]:
        """No more bytes will come on this stream: what hid behind a damaged length. Call before a new stream."""
        return self._take(self._reader.finish())

    def _take(self, frames: Iterable[frame.Frame]) -> list[Record]:
        taken: list[Record] = []
        for one in frames:
            sequence = one.first_sequence
            try:
                for kind, offset_ms, payload in packed.split(one.body) if one.packed else record.split(one.body):
                    if one.base_ms + offset_ms < 0:
                        raise RemoteError("a record from before its boot")
                    if self._is_new(sequence):
                        taken.append(Record(sequence, one.boot, one.base_ms + offset_ms, kind, bytes(payload)))
                    sequence += 1
            except WireError:  # the CRC held: a brace wrote this wrongly, and what follows it is unreadable
                self._torn += len(one.body)
        return taken

    def _is_new(self, sequence: int) -> bool:
        if sequence >= self.next:
            if sequence > self.next:
                self.gaps.append((self.next, sequence))
            self.next = sequence + 1
            return True
        for index, (first, behind) in enumerate(self.gaps):
            if first <= sequence < behind:
                halves = [(first, sequence), (sequence + 1, behind)]
                self.gaps[index : index + 1] = [(low, high) for low, high in halves if low < high]
                return True
        self.duplicates += 1
        return False


@dataclass(frozen=True, slots=True)
class ClockPair:
    """A moment on both clocks: ms since the brace's boot, UTC ms, and the half-width it is known within."""

    brace_ms: int
    utc_ms: int
    uncertainty_ms: int


class ClockExchange:
    """Four-timestamp exchanges with one boot of a brace. Each says when the brace's zero was at the earliest and at the
    latest; the truth lies where all agree, so the least delay there and the least delay back count, each by itself.

    A radio waits for its next interval on both ways. What is asked at moments spread over the interval, and answered
    at moments spread over it, has once nearly not waited: before the next exchange wait `pause_ms`, and have the answer
    wait `hold_ms`.
    """

    def __init__(self) -> None:
        self._exchanges: list[tuple[int, int]] = []
        self._bounds: list[tuple[int, int]] = []
        self._delay_ms = 0
        self._last_ms = 0

    def __len__(self) -> int:
        return len(self._exchanges)

    def add(self, host_sent_ms: int, brace_got_ms: int, brace_sent_ms: int, host_got_ms: int) -> None:
        """host: UTC ms; brace: ms since boot."""
        stamps = (host_sent_ms, brace_got_ms, brace_sent_ms, host_got_ms)
        self._exchanges.append(clock.exchange(*stamps))
        self._bounds.append(clock.bounds(*stamps))
        delay_ms = (host_got_ms - host_sent_ms) - (brace_sent_ms - brace_got_ms)
        self._delay_ms = max(self._delay_ms, delay_ms)
        self._last_ms = brace_sent_ms

    @property
    def pause_ms(self) -> float:
        """How long to wait before asking again: up to the longest delay seen, which is an interval or two."""
        return min(self._delay_ms, LONGEST_PAUSE_MS) * (len(self) * GOLDEN % 1)

    @property
    def hold_ms(self) -> int:
        """How long the brace is to wait with the answer."""
        return round(min(self._delay_ms, clock.HOLD_MASK) * (len(self) * SILVER % 1))

    def best(self) -> ClockPair | None:
        chosen = self._agreed() or clock.best(self._exchanges)
        if chosen is None:
            return None
        offset_ms, uncertainty_ms = chosen
        return ClockPair(self._last_ms, self._last_ms + offset_ms, min(uncertainty_ms, 65534))

    def _agreed(self) -> tuple[int, int] | None:
        if not self._bounds:
            return None
        least, most = zip(*self._bounds, strict=True)
        return clock.narrowed(max(least), min(most))
