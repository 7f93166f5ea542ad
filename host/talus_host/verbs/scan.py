"""What is in range."""

import asyncio

from talus_host.link import ble
from talus_host.verbs.rim import aside, print_json, print_table


def scan_air(seconds: float, as_json: bool) -> None:
    """List braces by signal strength. Raises NoAdapterError, and NoBraceError when none was heard."""
    with aside.status(f"listening for {seconds:g} s"):
        found = asyncio.run(ble.scan(seconds=seconds))
    if as_json:
        print_json([{"address": one.address, "name": one.name, "rssi_dbm": one.rssi} for one in found])
        return
    if not found:
        raise ble.unheard(seconds=seconds)
    rows = [[one.address, one.name, f"{one.rssi} dBm"] for one in found]
    print_table("", ("address", "name", "signal"), rows, left=2)
