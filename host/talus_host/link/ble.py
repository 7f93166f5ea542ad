"""A brace over Bluetooth, by bleak. On a real machine the backend is the platform's own (None); the virtual
radio hands in its own, and nothing else differs.

Pairing happens where it must: a read the brace protects is refused, then this computer asks to pair. The
brace sends only what credits allow, and gets a new credit for each piece taken here: nothing piles up.
"""

import asyncio
import binascii
import contextlib
from collections.abc import AsyncGenerator, Callable, Iterator
from dataclasses import dataclass

from bleak import BleakClient, BleakScanner
from bleak.backends.client import BaseBleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import BaseBleakScanner
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakDBusError,
    BleakDeviceNotFoundError,
    BleakError,
    BleakGATTProtocolError,
)

from talus.wire import gatt
from talus_host.errors import (
    LinkLostError,
    NoBraceError,
    NotPairedError,
    NotUnderstoodError,
    RefusedError,
    TalusError,
)
from talus_host.link import Reply
from talus_host.link.adapter import no_adapter
from talus_host.link.agent import consent
from talus_host.link.answers import CannotPackError, answers, end_of_report, understood
from talus_host.link.door import Door

LISTEN_S = 10.0
CONNECT_S = 30.0
PAIR_S = 60.0  # a person may have to agree on a screen
ANSWER_S = 10.0
SILENCE_S = 10.0
PATIENCE_S = 30.0  # for an answer behind the leftovers of a report that was given up
WELCOME_S = 3.0  # from encrypted to authorised takes the brace one pass of its loop
WELCOME_STEP_S = 0.05
CREDITS_AT_ONCE = gatt.CREDITS_MAX // 2  # half, so that the brace never waits for the first of a new grant
NOT_ALLOWED = (5, 8, 12, 15)  # ATT: authentication, authorisation, key size, encryption
LIVE_WAITING = 100  # pieces: ten seconds
LIVE_LOOK_S = 1.0  # after a silence, whether the link still is there
ANSWER, PIECE, LOST = range(3)
BOND_HINT = "if that happens again, remove the brace from this computer's Bluetooth settings and pair anew"
PAIR_HINT = "hold the brace's button until its light blinks, then try again within a minute"
COLLECT_HINT = "hold the brace's button until its light blinks, then run `talus collect` within a minute"


@dataclass(frozen=True)
class Backend:
    """bleak's backends: the platform's own where None."""

    scanner: type[BaseBleakScanner] | None = None
    client: type[BaseBleakClient] | None = None


@dataclass(frozen=True)
class Found:
    """A brace heard in a scan."""

    address: str
    name: str
    rssi: int
    device: BLEDevice


async def scan(
    backend: Backend | None = None, seconds: float = LISTEN_S, until_first: bool = False, only: str | None = None
) -> list[Found]:
    """Braces heard within `seconds`, the strongest first; at the first one if `until_first`; `only` that address.

    Raises NoAdapterError.
    """
    heard: dict[str, Found] = {}
    try:
        async with BleakScanner(service_uuids=[gatt.SERVICE], backend=(backend or Backend()).scanner) as scanner:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    async for device, data in scanner.advertisement_data():
                        if only and device.address.upper() != only.upper():
                            continue
                        name = data.local_name or device.name or gatt.NAME
                        heard[device.address] = Found(device.address, name, data.rssi, device)
                        if until_first:
                            break
    except (BleakError, OSError) as error:
        raise no_adapter(error) from error
    return sorted(heard.values(), key=lambda one: -one.rssi)


async def find(address: str | None = None, backend: Backend | None = None, seconds: float = LISTEN_S) -> Found:
    """The brace at `address`, or the first one heard. Raises NoBraceError, NoAdapterError."""
    if found := await scan(backend, seconds, until_first=True, only=address):
        return found[0]
    raise unheard(f"brace {address}" if address else "brace", seconds)


def unheard(who: str = "brace", seconds: float = LISTEN_S) -> NoBraceError:
    return NoBraceError(f"no {who} in range: heard none in {seconds:g} s; is it charged, switched on and near?")


class BleLink(Door):
    """One brace. clock: UTC ms of this host, called when a stamp is taken; pairs: whether it may ask to pair; turn:
    held while connecting, as an adapter makes one connection at a time; connect_s: how long that may take."""

    def __init__(
        self,
        found: Found,
        clock: Callable[[], int],
        backend: Backend | None = None,
        *,
        pairs: bool = True,
        turn: contextlib.AbstractAsyncContextManager[object] | None = None,
        connect_s: float | None = None,
    ) -> None:
        self._clock = clock
        self._pairs = pairs
        self._turn = turn or contextlib.nullcontext()
        self._connect_s = connect_s
        self._lost = False
        self._packs = True  # until it says that it cannot
        self._device = found.device
        self._paired = paired(found.device)
        self._inbox: asyncio.Queue[tuple[int, bytes, int]] = asyncio.Queue()  # bounded by the credits granted
        kind = (backend or Backend()).client
        self._client = BleakClient(found.device, self._on_lost, timeout=CONNECT_S, backend=kind)

    async def open(self) -> None:
        """Connect, pair if the brace does not know this computer, subscribe."""
        try:
            asks = self._paired is False and self._pairs
            async with consent(self._device) if asks else contextlib.nullcontext():
                await self._connect()
                await self._be_allowed()
            with self._said_plainly("subscribing"):
                async with asyncio.timeout(ANSWER_S):
                    await self._client.start_notify(gatt.CONTROL, self._on_answer)
                    await self._client.start_notify(gatt.LOG, self._on_piece)
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        with contextlib.suppress(BleakError, OSError, TimeoutError, EOFError):
            async with asyncio.timeout(ANSWER_S):
                await self._client.disconnect()

    async def _connect(self) -> None:
        """A platform encrypts over its bond by itself; where the brace has none any more, that ends the link.

        BlueZ says of it what it says of a weak link, so the bond stays: whoever advertises as a brace could end it,
        and be paired with in its place. A person may remove it.
        """
        try:
            with self._said_plainly("connecting"):
                # bleak's own does not cover reading the services
                async with self._turn, asyncio.timeout(self._connect_s or CONNECT_S + ANSWER_S):
                    await self._client.connect()
                self._must_be_a_brace()
        except LinkLostError as error:
            raise LinkLostError(f"{error}; {BOND_HINT}") if self._paired else error from error.__cause__

    def _must_be_a_brace(self) -> None:
        if self._client.services.get_characteristic(gatt.INFO) is None:
            raise NotUnderstoodError(
                f"{self._client.address} is not a Talus brace, or its services changed: forget and retry"
            )

    async def _be_allowed(self) -> None:
        """Read what is protected; where that is refused, pair and read again.

        A pairing the brace did not keep is forgotten here too: else this computer would believe in it and
        never ask again.
        """
        try:
            if await self._may_read():
                return
        except LinkLostError:
            if self._paired is not False:
                raise
            # BlueZ pairs by itself when that read is refused, and the brace sends a stranger away in the middle of it
            await self.forget_bond()
            raise NotPairedError(f"the brace does not know this computer: {PAIR_HINT}") from None
        if not self._pairs:
            raise NotPairedError(f"the brace does not know this computer, or the reverse: {COLLECT_HINT}")
        try:
            async with asyncio.timeout(PAIR_S):
                await self._client.pair()
        except NotImplementedError:
            pass  # macOS: the protected read itself asked the person
        except (BleakError, OSError, TimeoutError) as error:
            await self.forget_bond()
            raise NotPairedError(f"the brace did not pair with this computer: {PAIR_HINT}") from error
        try:
            allowed = await self._may_read()
        except LinkLostError:
            allowed = False  # a brace sends strangers away
        if not allowed:
            await self.forget_bond()
            raise NotPairedError(f"the brace does not know this computer: {PAIR_HINT}")

    async def forget_bond(self) -> bool:
        """This computer's half; also of a link that is closed. Whether the platform did it."""
        with contextlib.suppress(BleakError, OSError, NotImplementedError, TimeoutError):
            async with asyncio.timeout(ANSWER_S):
                await self._client.unpair()
                return True
        return False

    async def _may_read(self) -> bool:
        """False when Info is refused, or empty for longer than a welcome takes."""
        try:
            async with asyncio.timeout(PAIR_S):
                for _ in range(int(WELCOME_S / WELCOME_STEP_S)):
                    if await self._client.read_gatt_char(gatt.INFO):
                        return True
                    await asyncio.sleep(WELCOME_STEP_S)
        except (BleakError, OSError, TimeoutError, EOFError) as error:
            if is_refusal(error):
                return False
            raise lost("reading its state", reason(error)) from error
        return False

    @contextlib.contextmanager
    def _said_plainly(self, doing: str) -> Iterator[None]:
        """bleak's errors as ours."""
        try:
            yield
        except BleakDeviceNotFoundError as error:
            raise NoBraceError(f"the brace went out of range while {doing}") from error
        except BleakBluetoothNotAvailableError as error:
            raise no_adapter(error) from error
        except (BleakError, OSError, TimeoutError, EOFError) as error:
            if is_refusal(error):
                raise NotPairedError(f"the brace does not know this computer: {PAIR_HINT}") from error
            raise lost(doing, reason(error)) from error

    def _on_answer(self, _: object, data: bytearray) -> None:
        self._inbox.put_nowait((ANSWER, bytes(data), self._clock()))

    def _on_piece(self, _: object, data: bytearray) -> None:
        self._inbox.put_nowait((PIECE, bytes(data), 0))

    def _on_lost(self, _: BleakClient) -> None:
        self._lost = True
        self._inbox.put_nowait((LOST, b"", 0))

    async def _next(self, seconds: float, doing: str) -> tuple[int, bytes, int]:
        """What came next: (ANSWER or PIECE, bytes, when heard). Raises LinkLostError on a disconnect or a silence."""
        try:
            async with asyncio.timeout(seconds):
                what = await self._inbox.get()
        except TimeoutError:
            raise lost(doing, f"nothing came for {seconds:g} s") from None
        if what[0] == LOST:
            raise lost(doing, "it broke")
        return what

    async def _write(self, data: bytes, response: bool = True) -> None:
        with self._said_plainly("asking the brace"):
            async with asyncio.timeout(ANSWER_S):
                await self._client.write_gatt_char(gatt.CONTROL, data, response=response)

    async def info(self) -> dict[str, int]:
        with self._said_plainly("reading its state"):
            async with asyncio.timeout(ANSWER_S):
                data = bytes(await self._client.read_gatt_char(gatt.INFO))
        with understood("the brace's state"):
            info = gatt.unpack_info(data)
        if info["protocol"] != gatt.PROTOCOL:
            ours, theirs = gatt.PROTOCOL, info["protocol"]
            same = "bring firmware and program to the same version"
            raise NotUnderstoodError(f"the brace speaks protocol {theirs}, this program {ours}: {same}")
        return info

    async def request(self, opcode: int, *operand: int) -> Reply:
        asked_ms = self._clock()
        await self._write(gatt.request(opcode, *operand))
        end_s = asyncio.get_running_loop().time() + PATIENCE_S
        while asyncio.get_running_loop().time() < end_s:
            kind, data, heard_ms = await self._next(ANSWER_S, "waiting for an answer")
            if kind == ANSWER:
                with understood("the brace's answer"):
                    answered, values = gatt.parse_answer(data)
                if answers(opcode, operand, answered, values):
                    return Reply(answered, values, asked_ms, heard_ms)
            # else a piece or an answer of a report that was given up, or an answer to something asked before
        raise lost("waiting for an answer", f"other things came for {PATIENCE_S:g} s")

    async def live(self) -> AsyncGenerator[bytes, None]:
        """Pieces of Live until nobody asks for more. Raises RefusedError where the brace has none to send now."""
        pieces: asyncio.Queue[bytes] = asyncio.Queue(LIVE_WAITING)

        def take(_: object, data: bytearray) -> None:
            if pieces.full():
                pieces.get_nowait()  # whoever watches is late: what is newest counts, and the gap shows
            pieces.put_nowait(bytes(data))

        with self._said_plainly("subscribing"):
            async with asyncio.timeout(ANSWER_S):
                await self._client.start_notify(gatt.LIVE, take)
        reply = await self.request(gatt.WATCH, 1)
        if reply.values[1] != gatt.SUCCESS:
            raise RefusedError(f"the brace sends no samples now: {gatt.RESULTS.get(reply.values[1], reply.values[1])}")
        try:
            while not self._lost:
                try:
                    async with asyncio.timeout(LIVE_LOOK_S):
                        piece = await pieces.get()
                except TimeoutError:
                    continue
                yield piece
            raise lost("watching", "it broke")
        finally:
            if not self._lost:
                with contextlib.suppress(TalusError):
                    await self.request(gatt.WATCH, 0)

    async def stream(self, first: int) -> AsyncGenerator[bytes, None]:
        """Packed where the brace can; else as it lies in its flash."""
        opcode = gatt.REPORT_PACKED if self._packs else gatt.REPORT
        try:
            async with contextlib.aclosing(self._stream(opcode, first)) as pieces:
                async for piece in pieces:
                    yield piece
        except CannotPackError:
            self._packs = False
            async with contextlib.aclosing(self._stream(gatt.REPORT, first)) as pieces:
                async for piece in pieces:
                    yield piece

    async def _stream(self, opcode: int, first: int) -> AsyncGenerator[bytes, None]:
        await self._write(gatt.request(opcode, first))
        await self._write(gatt.request(gatt.CREDIT, gatt.CREDITS_MAX), response=False)
        finished = False
        try:
            async for piece in self._report():
                yield piece
            finished = True
        finally:
            if not finished and not self._lost:
                with contextlib.suppress(TalusError):
                    await self._write(gatt.request(gatt.ABORT))

    async def _report(self) -> AsyncGenerator[bytes, None]:
        """Pieces, until as many bytes as the brace says it sent have come; then the CRC must agree."""
        got = crc = taken = 0
        size = sent_crc = None
        while size is None or got < size:
            kind, data, _ = await self._next(SILENCE_S, "receiving records")
            if kind == ANSWER:
                size, sent_crc = end_of_report(data, size, sent_crc)
                continue
            got += len(data)
            crc = binascii.crc32(data, crc)
            taken += 1
            if taken >= CREDITS_AT_ONCE and size is None:
                await self._write(gatt.request(gatt.CREDIT, taken), response=False)
                taken = 0
            yield data
        if got != size or crc != sent_crc:
            raise LinkLostError(f"{got} of {size} bytes came, or came damaged: collect again, what was whole is kept")


def paired(device: BLEDevice) -> bool | None:
    """Whether this computer believed in a bond when it heard the device: BlueZ says so in a scan, others do not."""
    known = device.details.get("props") if isinstance(device.details, dict) else None
    return None if known is None else bool(known.get("Paired", False))


def reason(error: BaseException) -> str:
    return str(error) or ("no answer in time" if isinstance(error, TimeoutError) else type(error).__name__)


def lost(doing: str, why: str) -> LinkLostError:
    return LinkLostError(f"the connection was lost while {doing} ({why}): what had arrived is kept, try again")


def is_refusal(error: BaseException) -> bool:
    """Whether the brace, or the platform for it, said that this link is not encrypted or not known."""
    if isinstance(error, BleakGATTProtocolError):
        return int(error.args[0]) in NOT_ALLOWED
    if isinstance(error, BleakDBusError):
        return error.dbus_error.endswith(("NotPermitted", "NotAuthorized", "AuthenticationFailed"))
    return False
