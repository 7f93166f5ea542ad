"""Which braces a verb speaks with: those in range, or the only one that can be meant."""

import contextlib

from talus_host.errors import InputError
from talus_host.link import ble
from talus_host.verbs.rim import aside


async def all_in_range(address: str | None, backend: ble.Backend | None = None) -> list[ble.Found]:
    """That of this address, or every one. Raises NoBraceError, NoAdapterError."""
    with aside.status("listening for braces") if aside.is_terminal else contextlib.nullcontext():
        found = [await ble.find(address, backend)] if address else await ble.scan(backend)
    if not found:
        raise ble.unheard()
    return found


async def one_in_range(address: str | None, backend: ble.Backend | None = None) -> ble.Found:
    """That of this address, or the only one there is. Raises InputError where several are, besides."""
    found = await all_in_range(address, backend)
    if len(found) > 1:
        raise InputError("more than one brace in range: say --address " + " or ".join(one.address for one in found))
    return found[0]
