"""How often a brace is asked, and how long it is left alone when that failed: rows with their reasons.

A wait doubles with each failure up to a bound and is shortened by chance, so that two braces, or two computers, that
failed together do not go on failing together. Only a whole sync, or a good piece of one, begins anew: connecting alone
does not, or a link that always breaks would be tried thousands of times.
"""

from dataclasses import dataclass

from talus_host.errors import NotPairedError, NotUnderstoodError, TalusError

PATIENT = (NotPairedError, NotUnderstoodError)  # only a person can change these: asked seldom
WORTH_RECORDS = 500  # what a broken sync must have brought to count as progress: half a minute of a slow radio


@dataclass(frozen=True)
class Pace:
    """Seconds. listen, pause: a brace at rest has its radio on for 30 s of 120, which holds a whole listening."""

    listen_s: float = 5.0
    pause_s: float = 10.0
    every_s: float = 900.0  # between syncs that went well: today's page is at most this old
    first_s: float = 6.0  # halved by chance still over 2 s, within which a bonded ESP32-S3 fails to come back
    most_s: float = 900.0
    connect_s: float = 10.0  # of a brace heard a moment ago; the adapter makes one connection at a time
    sync_s: float = 3600.0  # two weeks of records over the slowest link seen take a third of it
    keep_s: float = 60.0  # between two writings of the state when nothing but "last heard" changed

    def after(self, failures: int, error: BaseException | None, chance: float) -> float:
        """Seconds until the next try: failures in a row, the last error, chance from 0 to 1."""
        doubled = self.first_s * 2.0 ** min(failures - 1, 30)
        bound = self.most_s if isinstance(error, PATIENT) else min(self.most_s, doubled)
        return bound * (0.5 + 0.5 * chance)

    def again(self, chance: float) -> float:
        """Seconds until the next sync after one that went well."""
        return self.every_s * (0.9 + 0.1 * chance)


# (error, what a log says of it): sentences of ours only, since a message may name an address or a path.
ADVICE: tuple[tuple[str, str], ...] = (
    ("NotPairedError", "not paired: hold its button until its light blinks, run talus collect within a minute"),
    ("NotUnderstoodError", "it speaks another version: update Talus or the brace"),
    ("RefusedError", "it refused a request: tried again"),
    ("NoAdapterError", "no Bluetooth this program may use: talus doctor says which and what to do"),
    ("NoBraceError", "it went out of range: tried when it is heard again"),
    ("LinkLostError", "the connection broke: what came is kept, the rest is fetched next time"),
    ("StoreBusyError", "another program keeps the database locked: close it; nothing is lost, the brace keeps it"),
    ("StoreFullError", "the disk is full: make room; nothing is lost, the brace keeps it"),
    ("StoreReadOnlyError", "the database may not be written: look at its rights; nothing is lost, the brace keeps it"),
    ("StoreNewerError", "the database is a newer Talus's: update Talus"),
    ("ErasedError", "it holds records of a person who was erased here: talus erase on its cable empties it"),
    ("StoreError", "the database cannot be used: talus doctor says why"),
)


def advice(error: BaseException) -> str:
    """The sentence for an error's class, or the nearest above it."""
    told = dict(ADVICE)
    for kind in type(error).__mro__:
        if kind.__name__ in told:
            return told[kind.__name__]
    return "refused" if isinstance(error, TalusError) else "a fault of this program: please report it"
