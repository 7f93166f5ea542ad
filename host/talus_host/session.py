"""Bytes in, records out: what one brace's journal sends, told apart from noise, repeats and holes.

It never awaits and never opens anything. A record's identity is (journal, sequence); where a frame's CRC
does not hold, its bytes are counted as skipped and its records are a gap.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from talus.wire import clock, frame, packed, record
from talus.wire.errors import WireError


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
    """Four-timestamp exchanges with one boot of a brace; the one the radio delayed least is believed."""

    def __init__(self) -> None:
        self._exchanges: list[tuple[int, int]] = []
        self._last_ms = 0

    def __len__(self) -> int:
        return len(self._exchanges)

    def add(self, host_sent_ms: int, brace_got_ms: int, brace_sent_ms: int, host_got_ms: int) -> None:
        """host: UTC ms; brace: ms since boot."""
        self._exchanges.append(clock.exchange(host_sent_ms, brace_got_ms, brace_sent_ms, host_got_ms))
        self._last_ms = brace_sent_ms

    def best(self) -> ClockPair | None:
        chosen = clock.best(self._exchanges)
        if chosen is None:
            return None
        offset_ms, uncertainty_ms = chosen
        return ClockPair(self._last_ms, self._last_ms + offset_ms, min(uncertainty_ms, 65534))
