"""Both file systems of the twin keep the same contract: memory (in the dialect) and littlefs on a NOR flash."""

import pytest

from talus_twin.board.clock import VirtualClock
from talus_twin.board.costs import Costs
from talus_twin.board.files import MemoryFiles
from talus_twin.board.flash import LittleFiles, NorFlash, PowerCut

Files = MemoryFiles | LittleFiles
SECOND = bytes(range(250)) * 40


@pytest.fixture(params=["memory", "littlefs"])
def files(request: pytest.FixtureRequest) -> Files:
    return MemoryFiles() if request.param == "memory" else LittleFiles(NorFlash(256 * 1024))


def test_what_is_written_is_read_again(files: Files) -> None:
    files.mkdir("/log")
    with files.open("/log/a", "wb") as file:
        assert file.write(b"one") == 3
    with files.open("/log/a", "ab") as file:
        file.write(b"two")
    buffer = bytearray(4)
    with files.open("/log/a", "rb") as file:
        assert file.readinto(buffer) == 4
        assert (bytes(buffer), file.read(), file.read()) == (b"onet", b"wo", b"")
        file.seek(1)
        assert file.read(2) == b"ne"
    assert files.size("/log/a") == 6
    assert files.listdir("/log") == ["a"] and files.listdir("/") == ["log"]


def test_a_reader_sees_what_was_flushed_and_no_more(files: Files) -> None:
    writer = files.open("/a", "wb")
    writer.write(b"kept")
    writer.flush()
    writer.write(b"lost")
    with files.open("/a", "rb") as reader:
        assert reader.read() == b"kept"
    writer.close()
    assert files.size("/a") == 8


def test_an_empty_folder_goes_and_a_full_one_stays(files: Files) -> None:
    files.mkdir("/d")
    with files.open("/d/a", "wb") as file:
        file.write(bytes(20_000))
    with pytest.raises(OSError) as refused:
        files.rmdir("/d")
    assert refused.value.errno == 39
    before = files.free()
    files.remove("/d/a")
    assert files.free() >= before
    files.rmdir("/d")
    assert files.listdir("/") == []


def test_littlefs_says_what_is_free() -> None:
    files = LittleFiles(NorFlash(256 * 1024))
    before = files.free()
    with files.open("/a", "wb") as file:
        file.write(bytes(40_000))
    assert before == 62 * 4096, "the superblocks are a pair"
    assert before - files.free() == 10 * 4096


def test_a_block_that_takes_nothing_any_more_is_passed_over() -> None:
    flash = NorFlash(64 * 1024)
    files = LittleFiles(flash)
    flash.dead = {2, 3, 5, 7}
    for turn in range(5):
        with files.open("/a", "wb") as file:
            file.write(SECOND + bytes([turn]))
    flash.dead.clear()  # what was written elsewhere is read there
    with LittleFiles(flash).open("/a", "rb") as file:
        assert file.read() == SECOND + b"\x04"


def test_rename_replaces_and_remove_removes(files: Files) -> None:
    for name, data in (("/a", b"old"), ("/b", b"new")):
        with files.open(name, "wb") as file:
            file.write(data)
    files.rename("/b", "/a")
    with files.open("/a", "rb") as file:
        assert file.read() == b"new"
    files.remove("/a")
    assert files.listdir("/") == []


@pytest.mark.parametrize(
    ("what", "number"),
    [
        (lambda f: f.open("/none", "rb"), 2),
        (lambda f: f.open("/no/folder", "wb"), 2),
        (lambda f: f.size("/none"), 2),
        (lambda f: f.remove("/none"), 2),
        (lambda f: f.listdir("/none"), 2),
        (lambda f: (f.mkdir("/d"), f.mkdir("/d")), 17),
        (lambda f: (f.mkdir("/d"), f.open("/d/x", "wb").close(), f.remove("/d")), 39),
        (lambda f: f.rmdir("/none"), 2),
        (lambda f: (f.open("/x", "wb").close(), f.rmdir("/x")), 20),
    ],
)
def test_a_refusal_has_its_number(files: Files, what: object, number: int) -> None:
    with pytest.raises(OSError) as refused:
        what(files)  # type: ignore[operator]
    assert refused.value.errno == number


def test_an_empty_flash_is_formatted_once() -> None:
    flash = NorFlash(64 * 1024)
    assert LittleFiles(flash).formatted
    again = LittleFiles(flash)
    assert not again.formatted and again.listdir("/") == []


def test_flash_costs_time() -> None:
    """A flush takes at least one program of 0.7 ms; each erase adds 45 ms."""
    costs = Costs()
    clock = VirtualClock(costs)
    flash = NorFlash(256 * 1024)
    files = LittleFiles(flash)
    flash.attach(clock)
    programs, erases = flash.programs, flash.erases
    with files.open("/a", "wb") as file:
        file.write(bytes(1000))
    programs, erases = flash.programs - programs, flash.erases - erases
    assert programs >= 1 and erases >= 1
    least = programs * costs.program_us + erases * costs.erase_us
    assert least <= clock.elapsed_us() < least + 20000


def test_programming_only_clears_bits() -> None:
    flash = NorFlash(4096)
    flash.prog(None, 0, 0, b"\x0f")
    flash.prog(None, 0, 0, b"\xf5")
    assert flash.read(None, 0, 0, 1) == b"\x05"


def test_a_power_cut_anywhere_leaves_what_was_flushed() -> None:
    """Every program and erase of a second flush: the first one survives each of them."""
    cuts = 0
    while True:
        flash = NorFlash(64 * 1024)
        files = LittleFiles(flash)
        with files.open("/a", "wb") as file:
            file.write(b"first")
        flash.cut_after = cuts
        try:
            with files.open("/a", "ab") as file:
                file.write(SECOND)
        except PowerCut:
            pass
        if not flash.cut:
            break
        flash.restore()
        with LittleFiles(flash).open("/a", "rb") as file:
            assert file.read() in (b"first", b"first" + SECOND)
        cuts += 1
    assert cuts >= 40  # 10 kB of programs of at most 128 bytes each are more than that
