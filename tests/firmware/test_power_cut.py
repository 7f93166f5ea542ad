"""The power goes, or the watchdog bites, inside every single program and erase of an hour of journal, on a real
littlefs as both ports mount it: the volume mounts, every flushed record is whole and there once, the sequence goes on;
a loss of power costs at most the unfinished minute and a reset nothing."""

from collections.abc import Callable

import pytest
from firmware.cutting import Found, Hour, dice, flash_of, perform, small, steps, values_of

from talus.journal import Journal
from talus.wire import kinds
from talus_twin.board.flash import BLOCK, RP2_PROGRAM, UNIT, LittleFiles, NorFlash
from talus_twin.board.memory import Memory

AFTER_MS = 50_000_000
WEAR = kinds.BY_NAME["wear"]


@pytest.fixture(autouse=True)
def small_ring(monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch)


@pytest.fixture(params=[UNIT, RP2_PROGRAM], ids=["esp32", "rp2"])
def hour(request: pytest.FixtureRequest, small_ring: None) -> Hour:
    return Hour(request.param)


def last(log: list[tuple[int, int]], cut: int) -> int:
    """What was true before that operation began."""
    return [what for operations, what in log if operations <= cut][-1]


def begin(flash: NorFlash, program_bytes: int, memory: bytes = b"") -> Journal:
    kept = Memory()
    kept.kept = memory
    return Journal(LittleFiles(flash, program_bytes), "/log", dice, kept)


def check(hour: Hour, cut: int, journal: Journal, least: int, boots: int = 1) -> None:
    """A journal that began after that cut, one record later: at least `least` records outlived it, and
    they are of the first boot; boots: starts since it."""
    journal.append(WEAR, AFTER_MS, values_of("wear"))
    journal.flush()
    journal.flush()  # a loss told by the first
    found = Found(journal)
    assert found.sequences == sorted(set(found.sequences)), f"cut {cut}: a sequence came twice"
    times = [at_ms for _, at_ms in hour.kept]
    assert found.times[-1] == AFTER_MS
    alive = len(found.times) - 1
    first = times.index(found.times[0]) if alive else 0
    assert found.times[:-1] == times[first : first + alive], f"cut {cut}: a record is missing or came twice"
    assert not alive or (set(found.boots[:-1]) == {1} and 1 < found.boots[-1] <= 1 + boots), (
        f"cut {cut}: a record changed its boot"
    )
    assert first + alive >= least, f"cut {cut}: {least} records were safe, {first + alive} are there"
    assert journal.acknowledged >= last(hour.acknowledged, cut)
    assert found.untold(journal.acknowledged, journal.next) == [], f"cut {cut}: lost and not told"


def test_the_hour_meets_everything(hour: Hour) -> None:
    """Segments begun and released, acknowledged and not, folders made and removed, and every kind of flush."""
    found = Found(hour.journal)
    assert found.lost and hour.journal.first > hour.acknowledged[-1][1], "the ring gave up what nobody had acknowledged"
    assert hour.journal._segments.groups[0] > 0, "a folder went"
    assert len(hour.journal._segments.groups) >= 2
    assert len(hour.flushed) > 65
    assert found.untold(hour.journal.acknowledged, hour.journal.next) == []


def test_a_loss_of_power_costs_at_most_the_unfinished_minute(hour: Hour) -> None:
    cuts = 0
    for cut, image, _ in hour.cuts():
        check(hour, cut, begin(flash_of(image), hour.program_bytes), last(hour.flushed, cut))
        cuts += 1
    assert cuts > (1500 if hour.program_bytes == UNIT else 300)


def test_a_reset_costs_no_finished_record(hour: Hour) -> None:
    recovered = 0
    for cut, image, memory in hour.cuts():
        journal = begin(flash_of(image), hour.program_bytes, memory)
        check(hour, cut, journal, [operations <= cut for operations, _ in hour.kept].count(True))
        recovered += journal.recovered
    assert recovered > 1000


def test_a_start_that_is_cut_itself_keeps_the_tail_and_keeps_it_once(hour: Hour) -> None:
    """A second reset, inside each program and erase of the start after a first one."""
    nested = 0
    for cut, image, memory in [*hour.cuts()][::29]:
        flash = flash_of(image)
        begin(flash, hour.program_bytes, memory)
        again = bytearray(image)
        finished = [operations <= cut for operations, _ in hour.kept].count(True)
        for operation in flash.log:
            torn = bytearray(again)
            perform(torn, operation, torn=True)
            check(hour, cut, begin(flash_of(bytes(torn)), hour.program_bytes, memory), finished, 2)
            perform(again, operation)
            nested += 1
    assert nested > 40


@pytest.mark.parametrize("every", [1, 7, 50])
def test_a_soft_reset_at_every_so_many_steps_loses_nothing(every: int, hour: Hour) -> None:
    flash = NorFlash(60 * BLOCK)
    memory = Memory()
    files = LittleFiles(flash, hour.program_bytes)
    journal = Journal(files, "/log", dice, memory)
    kept = []
    for number, (what, at_ms) in enumerate(steps(), 1):
        if what == "flush":
            journal.flush()
        elif what != "acknowledge":
            journal.append(kinds.BY_NAME[what], at_ms, values_of(what))
            kept.append((at_ms, journal.boot))
        if number % every == 0:
            files = LittleFiles(flash, hour.program_bytes)
            journal = Journal(files, "/log", dice, memory)
    journal.flush()
    found = Found(journal)
    assert list(zip(found.times, found.boots, strict=True)) == kept
    assert found.sequences == list(range(len(kept)))
    assert journal.boot == 1 + number // every


@pytest.mark.parametrize(
    ("name", "spoil", "recovered"),
    [
        ("whole", lambda whole: whole, 3),
        ("none", lambda whole: b"", 0),
        ("short", lambda whole: whole[:-1], 0),
        ("spoilt", lambda whole: whole[:40] + bytes([whole[40] ^ 1]) + whole[41:], 0),
        ("another's", lambda whole: bytes([whole[0] ^ 1]) + whole[1:], 0),
        ("noise", lambda whole: bytes(range(256)) * 8, 0),
    ],
)
def test_a_torn_tail_is_no_tail(name: str, spoil: Callable[[bytes], bytes], recovered: int) -> None:
    memory = Memory()
    before = Journal(LittleFiles(NorFlash(60 * BLOCK)), "/log", dice, memory)
    for edge in range(3):
        before.append(WEAR, edge, values_of("wear"))
    journal = begin(NorFlash(60 * BLOCK), UNIT, spoil(memory.kept))
    assert (journal.recovered, journal.next, journal.boot) == (recovered, recovered, 1 + bool(recovered))
