"""A process that fills a store and tells what it does, to be killed at any moment."""

from multiprocessing.connection import Connection
from pathlib import Path

from host.made_records import HOUR_MS, Brace, utc_ms

from talus_host.store import Store

START = utc_ms("2026-05-05T00:00:00", "Europe/Berlin")
RECEIVED = utc_ms("2026-05-09T08:00:00")
PIECE = 200


def a_brace(hours: int = 20) -> Brace:
    brace = Brace(boot_utc_ms=START)
    brace.clock(START)
    for hour in range(hours):
        brace.minutes(START + hour * HOUR_MS, 60, hour % 2)
        brace.walk(START + hour * HOUR_MS, 20)
    return brace


def write(path: Path, told: Connection) -> None:
    """Go on where the store says, and tell before each put and after each commit."""
    brace = a_brace()
    with Store(path) as store:
        store.assign(brace.device, "1", "left")
        for at in range(store.first_missing(brace.device, brace.journal), len(brace.records), PIECE):
            told.send(("putting", at))
            store.put(brace.info(), brace.records[at : at + PIECE], RECEIVED)
            told.send(("committed", min(at + PIECE, len(brace.records))))
    told.close()
