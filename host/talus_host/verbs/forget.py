"""`talus forget`: a brace and this computer are strangers again, as before they were paired."""

import asyncio

import typer

from talus_host.link import ble
from talus_host.link.parting import part
from talus_host.verbs.collect import utc_ms
from talus_host.verbs.in_range import one_in_range
from talus_host.verbs.rim import aside

ASKED = (
    "Shall brace {address} and this computer forget each other? What was collected stays here, every record stays on "
    "the brace, and it speaks to this computer again only once its button is held and they are paired anew"
)


def forget(address: str | None, sure: bool) -> None:
    """Find, ask, forget. Raises InputError, RefusedError, BondKeptError and other RoadErrors."""
    found = asyncio.run(one_in_range(address))
    if not sure:
        typer.confirm(ASKED.format(address=found.address), abort=True, err=True)
    aside.print(asyncio.run(from_air(found.address)), highlight=False)


async def from_air(address: str, backend: ble.Backend | None = None) -> str:
    """What came of it, in words. Nothing is paired on the way, and doing it again is harmless."""
    found = await one_in_range(address, backend)
    waiting = await part(ble.BleLink(found, utc_ms, backend, pairs=False))
    if waiting is None:
        return f"{address}: the brace did not know this computer; now this computer does not know the brace, either"
    more = f"; {waiting} records wait there that were not collected" if waiting else ""
    return f"{address}: brace and computer have forgotten each other{more}"
