"""A brace and this computer forget each other: its half of the bond, then ours; a failure says what is left."""

from talus.wire import gatt
from talus_host.errors import BondKeptError, LinkLostError, NotPairedError, RefusedError
from talus_host.link.ble import BleLink

SETTINGS = "remove the brace in this computer's Bluetooth settings"
GESTURE = "hold the brace's button for ten seconds: it then forgets every computer"


async def part(link: BleLink) -> int | None:
    """How many records wait there that are not here; None where the brace did not know this computer.

    link: not open yet, and one that asks nobody to pair. Doing it again is harmless. Raises BondKeptError where the
    platform keeps its half, RefusedError and RoadErrors where nothing was changed here.
    """
    try:
        async with link:
            waiting: int | None = await ask(link)
    except NotPairedError:
        waiting = None  # it has forgotten before, or never knew: what is left is this side
    if not await link.forget_bond():
        brace = "the brace does not know this computer" if waiting is None else "the brace forgets this computer"
        raise BondKeptError(f"{brace}, but its half of the bond here could not be taken away: {SETTINGS}")
    return waiting


async def ask(link: BleLink) -> int:
    """Have the brace forget us; how many records it keeps that are not here."""
    try:
        info = await link.info()
        reply = await link.request(gatt.FORGET)
    except LinkLostError as error:
        raise LinkLostError(f"{error}; whether the brace forgot is not known, giving it again is harmless") from error
    if reply.values[1] == gatt.OPCODE_UNSUPPORTED:
        raise RefusedError(f"this brace's firmware cannot forget one computer, and nothing was changed: {GESTURE}")
    if reply.values[1] != gatt.SUCCESS:
        why = gatt.RESULTS.get(reply.values[1], f"result {reply.values[1]}")
        raise RefusedError(f"the brace did not forget this computer ({why}), and nothing was changed: {GESTURE}")
    return max(0, info["next"] - max(info["acknowledged"], info["first"]))
