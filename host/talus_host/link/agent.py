"""Consent to pair on Linux, for a computer nobody sits at: BlueZ pairs only where some program agrees.

A desktop has such a program, a server has none; then BlueZ refuses inside and says nothing until the brace gives up.
This one agrees for one brace, while that is being connected to, and refuses every other device. What makes a pairing
safe is the button on the brace, not this.
"""

import contextlib
import sys
from collections.abc import AsyncIterator
from typing import Any

from bleak.backends.device import BLEDevice

BLUEZ = "org.bluez"
MANAGER = "org.bluez.AgentManager1"
MANAGER_PATH = "/org/bluez"
INTERFACE = "org.bluez.Agent1"
PATH = "/org/talus/agent"
REFUSED = "org.bluez.Error.Rejected"


@contextlib.asynccontextmanager
async def consent(device: BLEDevice) -> AsyncIterator[None]:
    """Agree for this device alone, while the block runs. Without BlueZ, or if it takes no agent, nothing happens."""
    path = device.details.get("path") if isinstance(device.details, dict) else None
    if path is None or not sys.platform.startswith("linux"):
        yield
        return
    from dbus_fast import BusType, Message, MessageType
    from dbus_fast.aio import MessageBus
    from dbus_fast.errors import AuthError, InvalidAddressError

    def answer(message: Message) -> Message | None:
        if message.message_type != MessageType.METHOD_CALL or message.interface != INTERFACE:
            return None
        return reply_to(message, path)

    bus = MessageBus(bus_type=BusType.SYSTEM)
    bus.add_message_handler(answer)

    async def ask(member: str, signature: str, *body: Any) -> None:
        await bus.call(Message(BLUEZ, MANAGER_PATH, MANAGER, member, signature=signature, body=list(body)))

    try:
        with contextlib.suppress(OSError, EOFError, AuthError, InvalidAddressError):
            await bus.connect()
            await ask("RegisterAgent", "os", PATH, "NoInputNoOutput")
            await ask("RequestDefaultAgent", "o", PATH)
        yield
    finally:
        with contextlib.suppress(OSError, EOFError):
            bus.disconnect()  # BlueZ forgets an agent whose program has gone


def reply_to(message: Any, path: str) -> Any:
    """Yes to whether this device may pair; no to everything else. Goodbyes are only heard."""
    from dbus_fast import Message

    if message.member in ("Cancel", "Release"):
        return Message.new_method_return(message)
    if message.member == "RequestAuthorization" and message.body[:1] == [path]:
        return Message.new_method_return(message)
    return Message.new_error(message, REFUSED, "not asked for")
