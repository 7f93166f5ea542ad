"""Bluetooth as this computer has it now: adapter, permission, what is heard, and whether it still knows us."""

from collections.abc import Callable

from talus.wire import kinds
from talus_host.errors import NoAdapterError, NotPairedError, TalusError
from talus_host.link import ble
from talus_host.service.health import Health
from talus_host.service.pace import Pace
from talus_host.verbs.finding import NOTE, OK, WRONG, Finding

LISTEN_S = 5.0
OTHER_LAYOUTS = (
    "its records are laid out otherwise than this program knows: all of them are kept, what is new in them is not read "
    "until firmware and program are of the same version"
)
NEAR = "charge it, press its button, hold it near"


async def look(
    told: Health | None,
    watched: bool,
    clock: Callable[[], int],
    backend: ble.Backend | None = None,
    seconds: float = LISTEN_S,
) -> list[Finding]:
    """told: what the service left; watched: it runs, and has the braces' attention: they are not asked then."""
    try:
        heard = await ble.scan(backend, seconds)
    except NoAdapterError as error:
        return [Finding("Bluetooth", WRONG, str(error))]
    found = [Finding("Bluetooth", OK, "this computer's adapter answers")]
    if not heard:
        if watched:
            return [*found, Finding("braces in range", OK, "none heard: one that is being collected from is silent")]
        return [*found, Finding("braces in range", NOTE, f"none heard in {seconds:g} s: {NEAR}")]
    for one in heard:
        found.append(Finding(f"brace {one.address}", OK, f"heard at {one.rssi} dBm"))
        if not watched:
            found.append(await _bond(one, told, clock, backend))
    return found


async def _bond(one: ble.Found, told: Health | None, clock: Callable[[], int], backend: ble.Backend | None) -> Finding:
    """Ask it something it tells only those it knows; nothing is paired, nothing is forgotten."""
    what = f"bond with {one.address}"
    known = told is not None and (kept := told.braces.get(told.hash_of(one.address))) is not None and kept.device
    try:
        async with ble.BleLink(one, clock, backend, pairs=False, connect_s=Pace().connect_s) as link:
            info = await link.info()
    except NotPairedError as error:
        if known:
            return Finding(what, WRONG, f"lost, though it was collected from before: {error}")
        return Finding(what, NOTE, f"none: {error}; is it not yours, leave it")
    except TalusError as error:
        return Finding(what, NOTE, f"could not be asked: {error}")
    waiting = max(0, info["next"] - max(info["acknowledged"], info["first"]))
    more = f"; {waiting} records wait: `talus collect`" if waiting else ""
    says = f"it is brace {info['device']:016x} and knows this computer{more}"
    if info["layout"] != kinds.digest():
        return Finding(what, NOTE, f"{says}; {OTHER_LAYOUTS}")
    return Finding(what, OK, says)
