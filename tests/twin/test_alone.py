"""The brace of its own process: what it says where it cannot run, and what its small parts do on either interpreter."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from bleak import BleakClient
from twin.a_brace import Brace

from talus_host.link.ble import Backend, find
from talus_twin.alone import NAMED_BY, find_interpreter
from talus_twin.board.alone import FolderFiles, obey
from talus_twin.board.interpreter import InterpreterMissing
from talus_twin.radio.apart import Apart
from talus_twin.radio.central import Central

HERE = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("named", "why"),
    [(None, "names no interpreter"), ("/nowhere", "no program"), (sys.executable, "has no `bluetooth` that can bond")],
)
def test_an_interpreter_that_does_not_fit_is_said_in_one_line(
    named: str | None, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(NAMED_BY, raising=False)
    if named:
        monkeypatch.setenv(NAMED_BY, named)
    with pytest.raises(InterpreterMissing, match=why) as missing:
        find_interpreter()
    assert "\n" not in str(missing.value)


def test_the_flag_without_one_says_so_and_runs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAMED_BY, "/nowhere")
    command = [sys.executable, "-m", "pytest", "-q", "--brace=process", str(HERE / "twin/test_probes.py")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=HERE.parent, check=False)
    said = [line for line in done.stderr.splitlines() if line]
    assert (done.returncode, said) == (4, ["ERROR: --brace=process: MICROPYTHON=/nowhere: no program"])


def test_the_files_of_a_folder_are_those_the_firmware_knows(tmp_path: Path) -> None:
    files = FolderFiles(str(tmp_path))
    files.mkdir("/log")
    with files.open("/log/one", "wb") as file:
        file.write(b"12345")
    files.rename("/log/one", "/log/two")
    assert (files.listdir("/log"), files.size("/log/two")) == (["two"], 5)
    with pytest.raises(OSError):
        files.open("/log/one", "rb")
    assert files.free() > 1 << 20
    files.remove("/log/two")
    files.remove("/log")
    assert files.listdir("/") == []


def test_an_order_that_fails_is_told_and_ends_nothing() -> None:
    words = {"app": 7}
    assert obey('{"tell": "app + 1"}', words) == {"ok": 8}
    assert obey('{"tell": "bytes(2)"}', words) == {"ok": {"hex": "0000"}}
    assert obey('{"do": "app = 9"}', words) == {"ok": None}
    assert obey('{"tell": "nobody"}', words)["error"].startswith("NameError")
    assert "error" in obey("no json", words)


def test_an_air_of_its_own_thread_carries_what_the_loop_says() -> None:
    """A host of this loop finds a brace of this loop; their radios are elsewhere."""

    async def story() -> None:
        air = Apart()
        central = Central(air)
        async with Brace(air):
            found = await find(backend=Backend(central.scanner, central.client), seconds=5)
            async with BleakClient(found.device, backend=central.client) as client:
                assert client.is_connected
        await central.close()
        air.close()

    asyncio.run(story())
