"""`talus live`: what is refused before anybody is asked, and what is kept when a link breaks."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from host.commands import Talus, refused

from talus.wire.errors import RemoteError
from talus_host.errors import LinkLostError
from talus_host.link import ble
from talus_host.store.recordings import of
from talus_host.verbs import live as verb
from talus_host.verbs import live_page
from talus_host.watching import COLUMNS, Samples, Watching


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--record", "."), 65, "record .: is a folder"),
        (("--record", "nowhere/a.parquet"), 65, "there is no folder nowhere"),
        (("--seconds", "0"), 64, "'--seconds'"),
        (("--page", "--record", "."), 65, "record .: is a folder"),
        (("--page", "--port", "0"), 64, "'--port'"),
        (("--page", "--port", "http"), 64, "--port"),
        (("--port", "70000"), 64, "'--port'"),
    ],
)
def test_what_cannot_be_kept_is_refused(talus: Talus, words: tuple[str, ...], code: int, said: str) -> None:
    refused(talus("live", *words), code, said)


def test_a_port_in_use_is_said_before_a_brace_is_looked_for(talus: Talus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ble, "scan", None)  # would be called
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused(talus("live", "--page", "--port", str(port)), 69, f"port {port} on 127.0.0.1 is already in use")


def test_the_page_needs_a_brace_as_the_lines_do(talus: Talus, monkeypatch: pytest.MonkeyPatch) -> None:
    async def silence(*_: object, **__: object) -> list[ble.Found]:
        return []

    monkeypatch.setattr(ble, "scan", silence)
    refused(talus("live", "--page", "--port", str(free_port())), 69, "no brace in range")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def test_a_page_keeps_what_came_too(talus: Talus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def shown(address: str | None, seconds: float | None, take: verb.Take, port: int) -> None:
        take(Samples(np.array([1000, 1010]), np.zeros((2, len(COLUMNS)))), Watching())

    monkeypatch.setattr(live_page, "show", shown)
    done = talus("live", "--page", "--port", str(free_port()), "--record", str(tmp_path / "a.parquet"))
    assert done.returncode == 0
    assert pd.read_parquet(tmp_path / "a.parquet")["since_boot_ms"].tolist() == [1000, 1010]


def test_a_brace_that_sends_nothing_is_a_lost_link(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[str] = []

    async def pieces() -> AsyncGenerator[bytes, None]:
        try:
            yield b"1"
            await asyncio.Event().wait()
        finally:
            ended.append("told to stop")

    async def story() -> list[bytes]:
        came = []
        with pytest.raises(LinkLostError, match="sent no sample for"):
            async for piece in verb.steady(pieces()):
                came.append(piece)
        return came

    monkeypatch.setattr(verb, "SILENT_S", 0.1)
    assert asyncio.run(story()) == [b"1"] and ended == ["told to stop"]


def test_a_silence_while_records_come_is_waited_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sync is never given up for the sake of samples."""
    busy = [True] * 3

    async def pieces() -> AsyncGenerator[bytes, None]:
        yield b"1"
        await asyncio.sleep(0.25)
        yield b"2"
        await asyncio.Event().wait()

    async def story() -> list[bytes]:
        came = []
        with pytest.raises(LinkLostError):
            async for piece in verb.steady(pieces(), lambda: bool(busy and busy.pop())):
                came.append(piece)
        return came

    monkeypatch.setattr(verb, "SILENT_S", 0.1)
    assert asyncio.run(story()) == [b"1", b"2"]
    assert busy == []


def test_a_link_that_breaks_keeps_what_came(talus: Talus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(address: str | None, seconds: float | None, take: verb.Take) -> None:
        watching = Watching()
        watching.device = "00000000000000a1"
        for at_ms in (1000, 1010, 1050):
            values = np.full((1, len(COLUMNS)), 0.5)
            values[0, 3] = np.nan
            take(Samples(np.array([at_ms]), values), watching)
        raise LinkLostError("the connection was lost while watching (it broke)")

    monkeypatch.setattr(verb, "watch", broken)
    done = talus("live", "--record", str(tmp_path / "a.parquet"))
    assert done.returncode == 75
    kept = pd.read_parquet(tmp_path / "a.parquet")
    assert kept["since_boot_ms"].tolist() == [1000, 1010, 1050]
    assert kept["ankle_angle_deg"].tolist() == [0.5] * 3
    assert kept[COLUMNS[3]].isna().all()
    assert of(tmp_path, ["00000000000000a1"]) == (
        [tmp_path / "a.parquet"],
        [],
    )  # to be erased with them


def test_unknown_is_no_number_and_units_are_the_wires() -> None:
    piece = (5000).to_bytes(4, "little") + b"".join(
        value.to_bytes(2, "little", signed=True) for value in [1234, -32768, *([0] * 10), -500, 2000, *([0] * 10)]
    )
    found = Watching().feed(piece)
    assert found.at_ms.tolist() == [5000, 5010]
    assert found.values[0, :2].tolist()[0] == 12.34 and np.isnan(found.values[0, 1])
    assert found.values[1, :2].tolist() == [-5.0, 2.0]


@pytest.mark.parametrize("size", [0, 4, 5, 27, 29])
def test_a_piece_that_is_none_is_said(size: int) -> None:
    with pytest.raises(RemoteError, match="no whole number of samples"):
        Watching().feed(bytes(size))
