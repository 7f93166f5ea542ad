"""Every view anew from the records."""

from pathlib import Path

from talus_host.store import Store
from talus_host.verbs.rim import database, progress, result


def rebuild_views(folder: Path) -> None:
    """`talus rebuild`: one transaction, so a run that fails changes nothing."""
    with Store(database(folder), create=False) as store, progress("rebuilding", "days") as step:
        days = store.rebuild(step)
    result.print(f"{days} days made anew from their records", highlight=False)
