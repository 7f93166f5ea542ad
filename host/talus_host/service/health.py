"""How each brace fares, as one small file beside the database: `talus watch` writes it, doctor and pages read it.

It is its owner's alone to read. Braces are keyed by a hash of their address, salted at random for each folder, since an
address is short enough to be guessed; the id of a brace is the database's own.
"""

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from talus_host.export import atomic

NAME = "watch.json"
VERSION = 1
BRACES_MAX = 64  # in a clinic's waiting room, say; beyond it strangers not heard for longest are dropped
HASH_OCTETS = 4


@dataclass
class BraceHealth:
    """Moments are UTC ms, None: never. records: brought by all syncs told of here; error: the last one in words, kept
    when a later sync went well (failures is 0 then); clock: (boot, brace ms, UTC ms) of the last exchange."""

    device: str | None = None  # 16 hex digits, once it told
    side: str | None = None
    seen_ms: int | None = None
    synced_ms: int | None = None
    next_try_ms: int | None = None
    records: int = 0
    missing: int = 0
    battery_pct: int | None = None
    fault: str | None = None
    failures: int = 0
    error: str | None = None
    error_kind: str | None = None
    error_ms: int | None = None
    clock: list[int] | None = None
    clock_moved_s: float | None = None
    clock_moved_ms: int | None = None


@dataclass
class Health:
    """The service's own: beat_ms is when it last was seen alive, stopped_ms None while it runs or died."""

    salt: str = field(default_factory=lambda: secrets.token_hex(16))
    started_ms: int | None = None
    beat_ms: int | None = None
    stopped_ms: int | None = None
    adapter: str | None = None  # what is wrong with it, in words
    braces: dict[str, BraceHealth] = field(default_factory=dict)

    def hash_of(self, name: str) -> str:
        """8 hex digits that stand for an address or an id, here and nowhere else."""
        key = bytes.fromhex(self.salt)
        return hashlib.blake2b(name.upper().encode(), key=key, digest_size=HASH_OCTETS).hexdigest()

    def shown(self, key: str) -> str:
        """What a log calls a brace: the hash of its id; of one that never told it, of its address."""
        one = self.braces.get(key)
        return self.hash_of(one.device) if one is not None and one.device else key

    def known(self) -> list[BraceHealth]:
        """Braces that were collected from or refused us by name, those heard last first; mere strangers left out."""
        told = [one for one in self.braces.values() if one.device or one.error]
        return sorted(told, key=lambda one: -(one.seen_ms or 0))

    def is_same(self, key: str, device: str) -> None:
        """The brace of this key told its id: what was kept of it under an earlier address is dropped."""
        self.braces[key].device = device
        for other in [name for name, one in self.braces.items() if one.device == device and name != key]:
            self.braces[key].records += self.braces.pop(other).records

    def trim(self) -> None:
        """Forget the strangers not heard for longest, beyond BRACES_MAX."""

        def worth(key: str) -> tuple[bool, int]:
            return self.braces[key].device is not None, self.braces[key].seen_ms or 0

        order = sorted(self.braces, key=worth)
        for key in order[: max(0, len(order) - BRACES_MAX)]:
            del self.braces[key]


def read(folder: Path) -> Health | None:
    """What was written last, None where there is nothing or it cannot be read: it is no more than a note."""
    try:
        told = json.loads((folder / NAME).read_text(encoding="utf-8"))
        if told["version"] != VERSION:
            return None
        braces = {str(key): BraceHealth(**_fit(BraceHealth, one)) for key, one in told["braces"].items()}
        health = Health(**_fit(Health, told) | {"braces": braces})
        bytes.fromhex(health.salt)
        return health
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _fit(kind: type[Any], told: dict[str, Any]) -> dict[str, Any]:
    return {one.name: told[one.name] for one in fields(kind) if one.name in told}


def text(health: Health) -> bytes:
    """The file's bytes: taken at once, so that they may be written in another thread."""
    return (json.dumps({"version": VERSION} | asdict(health), indent=1) + "\n").encode()


def write(folder: Path, content: bytes) -> None:
    """Replace the file, whole or not at all. Raises InputError, NoRoomError."""

    def fill(file: Any) -> None:
        file.write(content)

    atomic.write(folder / NAME, fill)
