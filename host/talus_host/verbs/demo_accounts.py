"""The demo's three accounts, and an address for each that lets in by one click: no password, new at every start."""

from collections.abc import Callable

from talus_host.store import Store

ACCOUNTS = (("demo-patient", "patient"), ("demo-orthotist", "orthotist"), ("demo-developer", "developer"))
ONE = "Each address opens once; a browser is one of the three at a time, a private window holds a second."


class DemoAccounts:
    """Made the first time; afterwards found. A name that is somebody else's account by now gets no address."""

    def __init__(self, store: Store, person: str, utc_ms: Callable[[], int]) -> None:
        self._store = store
        self._person = person
        self._utc_ms = utc_ms
        self._known = self._accounts()

    def opens(self, base: str) -> str:
        """The line of each, for the address that the pages listen at."""
        origin = "/".join(base.split("/")[:3])
        lines = [
            f"as {role:<10} {origin}/enter?invitation={self._store.invite(account, self._utc_ms())}"
            for role, account in self._known
        ]
        return "\n".join([*lines, ONE])

    def _accounts(self) -> list[tuple[str, int]]:
        known = self._store.accounts().set_index("name")
        found = []
        for name, role in ACCOUNTS:
            if name not in known.index:
                person = self._person if role == "patient" else None
                found.append((role, self._store.add_account(name, role, self._utc_ms(), person)))
            elif not known.loc[name, "closed"] and known.loc[name, "role"] == role:
                found.append((role, int(known.loc[name, "account"])))
        return found
