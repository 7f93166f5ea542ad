"""BlueZ over D-Bus, for what bleak does not do: an agent that agrees, the power, what is known of a device."""

from types import TracebackType
from typing import Any, Self

from dbus_fast import BusType, Message, MessageType, Variant
from dbus_fast.aio import MessageBus

BLUEZ = "org.bluez"
ADAPTER, DEVICE, AGENT_MANAGER = "org.bluez.Adapter1", "org.bluez.Device1", "org.bluez.AgentManager1"
AGENT = "org.bluez.Agent1"
AGENT_PATH = "/agent"


class Bluez:
    """`async with Bluez() as bluez:`. asked: what BlueZ asked the agent, by name."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def __aenter__(self) -> Self:
        self._bus = await MessageBus(bus_type=BusType.SYSTEM).connect()
        self._bus.add_message_handler(self._agree)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._bus.disconnect()

    def _agree(self, message: Message) -> Message | None:
        """Every question of an agent without display and keys has the same answer: yes."""
        if message.message_type != MessageType.METHOD_CALL or message.interface != AGENT:
            return None
        self.asked.append(message.member)
        return Message.new_method_return(message)

    async def call(self, path: str, interface: str, member: str, signature: str = "", *body: Any) -> list[Any]:
        reply = await self._bus.call(
            Message(
                destination=BLUEZ,
                path=path,
                interface=interface,
                member=member,
                signature=signature,
                body=list(body),
            )
        )
        if reply is None or reply.message_type == MessageType.ERROR:
            raise OSError(f"{member}: {reply and reply.error_name} {reply and reply.body}")
        return reply.body

    async def register_agent(self) -> None:
        await self.call("/org/bluez", AGENT_MANAGER, "RegisterAgent", "os", AGENT_PATH, "NoInputNoOutput")
        await self.call("/org/bluez", AGENT_MANAGER, "RequestDefaultAgent", "o", AGENT_PATH)

    async def unregister_agent(self) -> None:
        await self.call("/org/bluez", AGENT_MANAGER, "UnregisterAgent", "o", AGENT_PATH)

    async def _objects(self, interface: str) -> dict[str, dict[str, Any]]:
        (objects,) = await self.call("/", "org.freedesktop.DBus.ObjectManager", "GetManagedObjects")
        return {
            path: {name: value.value for name, value in inside[interface].items()}
            for path, inside in objects.items()
            if interface in inside
        }

    async def adapter(self) -> tuple[str, dict[str, Any]] | None:
        """(path, properties) of the first one."""
        return next(iter((await self._objects(ADAPTER)).items()), None)

    async def power(self, on: bool) -> None:
        found = await self.adapter()
        assert found
        await self.call(found[0], "org.freedesktop.DBus.Properties", "Set", "ssv", ADAPTER, "Powered", Variant("b", on))

    async def device(self, address: str) -> dict[str, Any]:
        """Its properties; {} where BlueZ knows none."""
        for device in (await self._objects(DEVICE)).values():
            if device["Address"] == address:
                return device
        return {}

    async def remove(self, address: str) -> None:
        found = await self.adapter()
        assert found
        path = f"{found[0]}/dev_{address.replace(':', '_')}"
        await self.call(found[0], ADAPTER, "RemoveDevice", "o", path)
