"""The store's questions about a brace as a device, by its 16 hex digits. Store is one of these.

Each raises InputError for a device that is not known. What the tables hold is said in store/devices.py.
"""

from collections.abc import Callable

import pandas as pd
from sqlalchemy import Engine

from talus_host.store import devices
from talus_host.store.engine import reading
from talus_host.store.read import Day


class Technical:
    """A part of Store: nothing it tells names or leads to a person."""

    engine: Engine

    def devices(self) -> pd.DataFrame:
        """Every brace: see devices.listed."""
        with reading(self.engine) as connection:
            return devices.listed(connection)

    def device_health(self, device: str) -> pd.DataFrame:
        """See devices.health."""
        return self._of_device(devices.health, device)

    def device_starts(self, device: str) -> pd.DataFrame:
        """See devices.starts."""
        return self._of_device(devices.starts, device)

    def device_settings(self, device: str) -> pd.DataFrame:
        """See devices.settings."""
        return self._of_device(devices.settings, device)

    def device_syncs(self, device: str) -> pd.DataFrame:
        """See devices.syncs."""
        return self._of_device(devices.syncs, device)

    def device_missing(self, device: str) -> pd.DataFrame:
        """See devices.missing."""
        return self._of_device(devices.missing, device)

    def device_drifts(self, device: str) -> pd.DataFrame:
        """See devices.drifts."""
        return self._of_device(devices.drifts, device)

    def device_clock(self, device: str, days: int = 14) -> pd.DataFrame:
        """See devices.clock."""
        return self._of_device(devices.clock, device, days)

    def device_hours(self, device: str, start: Day = None, end: Day = None) -> pd.DataFrame:
        """See devices.hours."""
        return self._of_device(devices.hours, device, start, end)

    def _of_device(self, read_one: Callable[..., pd.DataFrame], device: str, *asked: object) -> pd.DataFrame:
        with reading(self.engine) as connection:
            return read_one(connection, devices.number_of(connection, device), *asked)
