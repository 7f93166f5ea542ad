"""The only room that touches a database: records immutable as received, everything else a view of them."""

from talus_host.store.put import Put
from talus_host.store.store import Store

__all__ = ["Put", "Store"]
