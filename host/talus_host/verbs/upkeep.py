"""Keeps flags and claims of the caseload up to date beside the pages, a slice at a time, so that nobody waits for them.

A database that is busy or cannot be written is tried again later: until then the caseload says "not judged".
"""

import asyncio
import contextlib

from talus_host.errors import StoreError
from talus_host.store import Store
from talus_host.verbs.collect import utc_ms

SLICE_S = 1.0  # of work at once; a person with a year takes about half of it
BREATH_S = 1.0  # between slices while somebody is left: half of the time is the pages'
REST_S = 3.0  # until it is asked again whether something came: a row is "not judged" for no longer


async def keep_judged(store: Store) -> None:
    """Judge for as long as it is not cancelled."""
    while True:
        left = 0
        with contextlib.suppress(StoreError):
            left = await asyncio.to_thread(store.judge_cases, utc_ms(), None, SLICE_S)
        await asyncio.sleep(BREATH_S if left else REST_S)
