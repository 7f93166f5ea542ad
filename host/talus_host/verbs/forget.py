"""`talus forget`: a brace and this computer are strangers again, as before they were paired."""

import asyncio

import typer

from talus.wire import gatt
from talus_host.errors import BondKeptError, LinkLostError, NotPairedError, RefusedError
from talus_host.link import ble
from talus_host.verbs.collect import utc_ms
from talus_host.verbs.in_range import one_in_range
from talus_host.verbs.rim import aside

ASKED = (
    "Shall brace {address} and this computer forget each other? What was collected stays here, every record stays on "
    "the brace, and it speaks to this computer again only once its button is held and they are paired anew"
)
SETTINGS = "remove the brace in this computer's Bluetooth settings"
GESTURE = "hold the brace's button for ten seconds: it then forgets every computer"


def forget(address: str | None, sure: bool) -> None:
    """Find, ask, forget. Raises InputError, RefusedError, BondKeptError and other RoadErrors."""
    found = asyncio.run(one_in_range(address))
    if not sure:
        typer.confirm(ASKED.format(address=found.address), abort=True, err=True)
    aside.print(asyncio.run(from_air(found.address)), highlight=False)


async def from_air(address: str, backend: ble.Backend | None = None) -> str:
    """What came of it, in words. Nothing is paired on the way, and doing it again is harmless."""
    found = await one_in_range(address, backend)
    link = ble.BleLink(found, utc_ms, backend, pairs=False)
    try:
        async with link:
            waiting = await _ask(link)
    except NotPairedError:
        waiting = None  # it has forgotten before, or never knew: what is left is this side
    if not await link.forget_bond():
        brace = "the brace does not know this computer" if waiting is None else "the brace forgets this computer"
        raise BondKeptError(f"{brace}, but its half of the bond here could not be taken away: {SETTINGS}")
    if waiting is None:
        return f"{address}: the brace did not know this computer; now this computer does not know the brace, either"
    more = f"; {waiting} records wait there that were not collected" if waiting else ""
    return f"{address}: brace and computer have forgotten each other{more}"


async def _ask(link: ble.BleLink) -> int:
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
