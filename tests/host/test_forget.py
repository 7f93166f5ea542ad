"""`talus forget`: both bonds go, no record does, and each failure says what is left of what."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import typer
from host.commands import Talus, refused
from host.test_collect import sync
from twin.a_brace import Brace, Shelf, in_the_air

from talus.control import Control
from talus.wire import gatt
from talus_host.errors import BondKeptError, LinkLostError, NotPairedError, RefusedError
from talus_host.link.ble import Backend, Found, find
from talus_host.verbs import forget as verb
from talus_twin.radio.central import Central


@dataclass
class Known:
    """A brace and a computer that have met: shelf holds all there was."""

    brace: Brace
    central: Central
    backend: Backend
    shelf: Shelf
    address: str

    async def bonds_here(self) -> int:
        return len(await self.central.keystore.get_all())

    async def forget(self) -> str:
        return await verb.from_air(self.address, self.backend)


@contextlib.asynccontextmanager
async def met(strides: int = 200) -> AsyncIterator[Known]:
    async with in_the_air(strides) as (brace, central, backend):
        shelf = Shelf()
        await sync(backend, shelf)
        found = await find(backend=backend, seconds=5)
        assert brace.hosts() == 1 and len(await central.keystore.get_all()) == 1
        yield Known(brace, central, backend, shelf, found.address)


def test_both_sides_forget_and_no_record_is_lost() -> None:
    async def story() -> None:
        async with met() as known:
            before = known.brace.stream()
            assert "have forgotten each other" in await known.forget()
            await asyncio.sleep(0.1)
            assert (known.brace.hosts(), await known.bonds_here()) == (0, 0)
            assert known.brace.stream() == before
            with pytest.raises(NotPairedError, match="hold the brace's button"):
                await sync(known.backend, known.shelf)
            known.brace.radio.open_pairing()
            await sync(known.backend, known.shelf)  # Shelf refuses what comes twice
            assert [one.sequence for one in known.shelf.records()] == list(range(known.brace.journal.next))

    asyncio.run(story())


def test_another_computers_bond_stays() -> None:
    async def story() -> None:
        async with met() as known:
            second = Central(known.central.ether, "C0:FF:EE:00:00:02")
            theirs = Backend(second.scanner, second.client)
            known.brace.radio.open_pairing()
            await sync(theirs, Shelf())
            assert known.brace.hosts() == 2
            await known.forget()
            await asyncio.sleep(0.1)
            assert known.brace.hosts() == 1
            await sync(theirs, Shelf())
            await second.close()

    asyncio.run(story())


def test_what_waits_on_the_brace_is_told() -> None:
    async def story() -> None:
        async with met() as known:
            acknowledged = known.brace.journal.next
            known.brace.walk(40)
            waiting = known.brace.journal.next - acknowledged
            assert f"; {waiting} records wait there" in await known.forget()

    asyncio.run(story())


def test_a_brace_that_forgot_before_leaves_this_side_to_forget() -> None:
    async def story() -> None:
        async with met() as known:
            known.brace.radio.forget()
            assert "did not know this computer" in await known.forget()
            assert await known.bonds_here() == 0
            assert "did not know this computer" in await known.forget(), "once more is harmless"
            assert known.brace.hosts() == 0, "and nobody was paired on the way"

    asyncio.run(story())


@pytest.mark.parametrize(
    ("result", "said"),
    [(gatt.OPCODE_UNSUPPORTED, "firmware cannot forget one computer"), (gatt.NOT_COMPLETED, "not completed")],
)
def test_a_brace_that_says_no_changes_nothing(result: int, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    knowing = Control.handle

    def older(self: Control, data: bytes, came_ms: int) -> bytes | None:
        if data[0] == gatt.FORGET:
            return bytes(gatt.answer(gatt.RESPONSE, gatt.FORGET, result, 0, 0))
        return knowing(self, data, came_ms)

    async def story() -> None:
        async with met() as known:
            monkeypatch.setattr(Control, "handle", older)
            with pytest.raises(RefusedError, match=f"{said}.*nothing was changed: hold the brace's button for ten"):
                await known.forget()
            assert (known.brace.hosts(), await known.bonds_here()) == (1, 1)
            assert await sync(known.backend, known.shelf)

    asyncio.run(story())


def test_a_link_that_breaks_before_the_answer_keeps_this_side(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        async with met() as known:
            knowing = Control.handle

            def cut(self: Control, data: bytes, came_ms: int) -> bytes | None:
                if data[0] == gatt.FORGET:
                    known.brace.radio._disconnect()
                    return None
                return knowing(self, data, came_ms)

            monkeypatch.setattr(Control, "handle", cut)
            with pytest.raises(LinkLostError, match="whether the brace forgot is not known, giving it again is harm"):
                await known.forget()
            assert await known.bonds_here() == 1

    asyncio.run(story())


def test_a_platform_that_keeps_its_half_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        async with met() as known:

            async def none(self: object) -> None:
                raise NotImplementedError  # as bleak does on macOS

            assert known.backend.client
            monkeypatch.setattr(known.backend.client, "unpair", none)
            with pytest.raises(BondKeptError, match=r"the brace forgets this computer, but .*Bluetooth settings"):
                await known.forget()

    asyncio.run(story())


@pytest.mark.parametrize(("typed", "asked"), [(True, 1), (False, 1), (None, 0)])
def test_it_is_done_after_a_yes_only(
    talus: Talus, monkeypatch: pytest.MonkeyPatch, typed: bool | None, asked: int
) -> None:
    questions, done = [], []

    async def one(address: str | None) -> Found:
        return Found("D0:00:00:00:00:01", "Talus", -50, None)  # type: ignore[arg-type]

    async def from_air(address: str) -> str:
        done.append(address)
        return f"{address}: forgotten"

    def confirm(text: str, abort: bool, err: bool) -> None:
        questions.append(text)
        if not typed:
            raise typer.Abort

    monkeypatch.setattr(verb, "one_in_range", one)
    monkeypatch.setattr(verb, "from_air", from_air)
    monkeypatch.setattr(verb.typer, "confirm", confirm)
    told = talus("forget", *(["--yes"] if typed is None else []))
    assert len(questions) == asked
    if typed is False:
        refused(told, 130, "stopped")
        assert not done
    else:
        assert told.returncode == 0 and "D0:00:00:00:00:01: forgotten" in told.stderr
    for text in questions:
        assert "D0:00:00:00:00:01" in text and "stays here" in text and "paired anew" in text
