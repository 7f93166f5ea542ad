"""The ways frames arrive: a .talus file, and what is said when there is no road."""

import asyncio
import os
import sys
from pathlib import Path

import pytest
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import BaseBleakScanner
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakGATTProtocolError,
)
from host.test_session import STREAM
from twin.a_brace import Shelf

from talus.wire import gatt
from talus_host.collect import collect
from talus_host.errors import (
    InputError,
    LinkLostError,
    NoAdapterError,
    NoBraceError,
    NotPairedError,
    NotUnderstoodError,
)
from talus_host.link import agent, ble, replay
from talus_host.link.answers import answers
from talus_host.link.ble import Backend, BleLink, Found, find
from talus_twin.radio.central import Central
from talus_twin.radio.ether import Ether

UNLIKELY_ERROR = 14
INFO = dict.fromkeys((row[0] for row in gatt.INFO_ROWS), 0) | {
    "protocol": gatt.PROTOCOL,
    "device": 11,
    "journal": 12,
    "next": 8,
}


def test_a_file_is_collected_like_a_brace(tmp_path: Path) -> None:
    path = tmp_path / "one.talus"
    with path.open("wb") as file:
        replay.dump(file, INFO, [STREAM])
    shelf = Shelf()

    async def once() -> int:
        async with replay.ReplayLink(path) as link:
            return (await collect(link, shelf, clock=lambda: 1000)).records

    assert asyncio.run(once()) == 8
    assert [one.sequence for one in shelf.records()] == list(range(8))
    assert asyncio.run(once()) == 0
    assert len(shelf.held) == 8


class Stubborn:
    """In the place of bleak's client: sends pieces without end, answers nothing, never lets go."""

    def __init__(self, link: BleLink) -> None:
        self.link = link

    async def write_gatt_char(self, *_: object, **__: object) -> None:
        self.sending = asyncio.get_running_loop().create_task(self.send())

    async def send(self) -> None:
        while True:
            self.link._on_piece(None, bytearray(b"noise"))
            await asyncio.sleep(0.01)

    async def connect(self) -> None:
        await asyncio.Event().wait()

    disconnect = connect


def test_a_brace_that_only_babbles_or_never_lets_go_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONNECT_S", "ANSWER_S", "PATIENCE_S"):
        monkeypatch.setattr(ble, name, 0.1)

    async def story() -> None:
        address = "AA:BB:CC:DD:EE:FF"
        found = Found(address, "Talus", -50, BLEDevice(address, "Talus", None))
        link = BleLink(found, int, Backend(client=Central(Ether()).client))
        client = Stubborn(link)
        monkeypatch.setattr(link, "_client", client)
        async with asyncio.timeout(5):
            with pytest.raises(LinkLostError, match="waiting for an answer"):
                await link.request(gatt.TIME, 0)
            client.sending.cancel()
            with pytest.raises(LinkLostError, match=r"connecting .*no answer in time"):
                await link.open()
            await link.close()

    asyncio.run(story())


class SentAway:
    """In the place of bleak's client over BlueZ, which pairs by itself when a read is refused: the brace sent us away
    in the middle of it, and BlueZ says so in these words."""

    def __init__(self) -> None:
        self.forgot = 0

    async def read_gatt_char(self, _: object) -> bytes:
        raise BleakGATTProtocolError(UNLIKELY_ERROR)

    async def unpair(self) -> None:
        self.forgot += 1

    async def connect(self) -> None:
        """What BlueZ says of a link that its peer does not encrypt, and of one that broke."""
        raise BleakDBusError("org.bluez.Error.Failed", ["br-connection-canceled"])

    async def disconnect(self) -> None:
        pass


@pytest.mark.parametrize(
    ("known", "said", "forgot"),
    [
        ({"props": {"Paired": False}}, NotPairedError, 1),
        ({"props": {"Paired": True}}, LinkLostError, 0),  # over a bond, a link that breaks is a link that breaks
        ({"props": {}}, NotPairedError, 1),
        (None, LinkLostError, 0),  # other platforms do not say
    ],
)
def test_a_stranger_that_is_sent_away_is_told_to_press_the_button(
    known: object, said: type[Exception], forgot: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        address = "AA:BB:CC:DD:EE:FF"
        found = Found(address, "Talus", -50, BLEDevice(address, "Talus", known))
        link = BleLink(found, int, Backend(client=Central(Ether()).client))
        client = SentAway()
        monkeypatch.setattr(link, "_client", client)
        with pytest.raises(said):
            await link._be_allowed()
        assert client.forgot == forgot
        with pytest.raises(LinkLostError, match="pair anew" if known == {"props": {"Paired": True}} else "try again$"):
            await link.open()
        assert client.forgot == forgot  # whoever advertises as a brace could end the bond with it

    asyncio.run(story())


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="BlueZ is Linux's")
@pytest.mark.parametrize(
    ("question", "signature", "body", "agrees"),
    [
        ("RequestAuthorization", "o", ["/org/bluez/hci0/dev_1"], True),
        ("RequestAuthorization", "o", ["/org/bluez/hci0/dev_2"], False),
        ("RequestConfirmation", "ou", ["/org/bluez/hci0/dev_1", 123456], False),
        ("AuthorizeService", "os", ["/org/bluez/hci0/dev_1", gatt.SERVICE], False),
        ("Cancel", "", [], True),
    ],
)
def test_the_agent_agrees_to_one_brace_and_to_nothing_else(
    question: str, signature: str, body: list[object], agrees: bool
) -> None:
    from dbus_fast import Message, MessageType

    asked = Message(agent.BLUEZ, agent.PATH, agent.INTERFACE, question, signature=signature, body=body, serial=7)
    reply = agent.reply_to(asked, "/org/bluez/hci0/dev_1")
    assert reply.message_type == (MessageType.METHOD_RETURN if agrees else MessageType.ERROR)


def test_where_there_is_no_dbus_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere/at/all")

    async def story() -> None:
        async with agent.consent(BLEDevice("AA:BB:CC:DD:EE:FF", "Talus", {"path": "/org/bluez/hci0/dev_1"})):
            pass
        async with agent.consent(BLEDevice("AA:BB:CC:DD:EE:FF", "Talus", None)):
            pass

    asyncio.run(story())


def test_a_file_that_is_none_is_refused_in_one_line(tmp_path: Path) -> None:
    async def opening(path: Path) -> None:
        async with replay.ReplayLink(path):
            pass

    short = tmp_path / "short.talus"
    short.write_bytes(b"hello")
    with pytest.raises(NotUnderstoodError, match=r"short\.talus: not a \.talus file: info has 5 bytes"):
        asyncio.run(opening(short))
    newer = tmp_path / "newer.talus"
    with newer.open("wb") as file:
        replay.dump(file, INFO | {"protocol": 9}, [])
    with pytest.raises(NotUnderstoodError, match="protocol 9, this program reads 1"):
        asyncio.run(opening(newer))
    with pytest.raises(InputError, match=r"none\.talus: No such file"):
        asyncio.run(opening(tmp_path / "none.talus"))
    os.mkfifo(tmp_path / "pipe.talus")
    with pytest.raises(InputError, match=r"pipe\.talus: is no regular file"):
        asyncio.run(opening(tmp_path / "pipe.talus"))


class SwitchedOff(BaseBleakScanner):
    """What bleak's backends do on a machine whose Bluetooth is off."""

    def __init__(self, *_: object, **__: object) -> None:
        super().__init__(None, None)

    async def start(self) -> None:
        reason = BleakBluetoothNotAvailableReason.POWERED_OFF
        raise BleakBluetoothNotAvailableError("No powered Bluetooth adapters found.", reason)

    async def stop(self) -> None:
        pass


def test_no_adapter_is_one_clear_line() -> None:
    with pytest.raises(NoAdapterError) as caught:
        asyncio.run(find(backend=Backend(scanner=SwitchedOff)))
    assert str(caught.value) == (
        "no Bluetooth adapter this program may use (Bluetooth is switched off): "
        "switch it on (Linux: `bluetoothctl power on`, `rfkill list`)"
    )


def test_no_brace_is_one_clear_line() -> None:
    async def alone() -> None:
        central = Central(Ether())
        try:
            await find(backend=Backend(central.scanner, central.client), seconds=0.2)
        finally:
            await central.close()

    with pytest.raises(NoBraceError, match=r"^no brace in range: heard none in 0\.2 s; is it charged, switched on"):
        asyncio.run(alone())


@pytest.mark.parametrize(
    "request_, answer, fits",
    [
        ((gatt.TIME, 2), (gatt.TIME_IS, 2, 5000, 0, 1), True),
        ((gatt.TIME, 2), (gatt.TIME_IS, 1, 4000, 0, 1), False),
        ((gatt.TIME, 2), (gatt.COUNT_IS, 2), False),
        ((gatt.ACKNOWLEDGE, 9), (gatt.COUNT_IS, 9), False),
        ((gatt.ACKNOWLEDGE, 9), (gatt.RESPONSE, gatt.ACKNOWLEDGE, gatt.SUCCESS, 0, 0), True),
        ((gatt.ACKNOWLEDGE, 9), (gatt.RESPONSE, gatt.ABORT, gatt.SUCCESS, 0, 0), False),
        ((gatt.READ_SETTINGS, 4), (gatt.SETTINGS_ARE, 4, 1, 2, 3, 4), True),
        ((gatt.READ_SETTINGS, 4), (gatt.SETTINGS_ARE, 0, 1, 2, 3, 4), False),
    ],
)
def test_an_answer_left_over_is_not_taken_for_the_one_asked_for(
    request_: tuple[int, ...], answer: tuple[int, ...], fits: bool
) -> None:
    assert answers(request_[0], request_[1:], answer[0], answer[1:]) is fits
