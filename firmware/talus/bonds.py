# The secrets of bonded hosts, in one file: whole or as it was before. They change in a radio interrupt,
# so changes wait in memory until save() is called from the loop.

import binascii
import struct

HOSTS_MAX = 12  # each has a secret of two kinds and a share; the stack keeps a secret of its own besides
LENGTHS = "<BHH"
HEADER = 5


class Bonds:
    """(kind, key) -> secret, all bytes as the radio's own stack made them. `fs` opens and renames; without
    one they live as long as this boot."""

    def __init__(self, fs=None, path=None):
        self._fs = fs
        self._path = path
        self._changed = False
        self._secrets = {}
        self._load()

    def __len__(self):
        return len(self._secrets)

    def get(self, kind, key):
        return self._secrets.get((kind, key))

    def at(self, kind, index):
        """The index-th secret of a kind, or None: for a stack that walks through them."""
        for one, key in sorted(self._secrets):
            if one == kind:
                if index == 0:
                    return self._secrets[(one, key)]
                index -= 1
        return None

    def _count(self, kind):
        count = 0
        for one, _ in self._secrets:
            if one == kind:
                count += 1
        return count

    def set(self, kind, key, secret):
        """Keep a secret, or forget it when None. False when there was nothing to forget or no room."""
        if secret is None:
            if (kind, key) not in self._secrets:
                return False
            del self._secrets[(kind, key)]
        else:
            if (kind, key) not in self._secrets and self._count(kind) >= HOSTS_MAX:
                return False
            self._secrets[(kind, key)] = secret
        self._changed = True
        return True

    def clear(self):
        self._secrets = {}
        self._changed = True

    def save(self):
        """Put what changed into flash. Raises OSError, once: the change then lives as long as this boot."""
        if not self._changed or self._fs is None:
            return
        self._changed = False  # also if it fails: a full flash must not be tried a hundred times a second
        parts = []
        # All of them at once: an interrupt may forget one while they are written.
        for (kind, key), secret in sorted(self._secrets.items()):
            parts.append(struct.pack(LENGTHS, kind, len(key), len(secret)) + key + secret)
        data = b"".join(parts)
        with self._fs.open(self._path + ".new", "wb") as file:
            file.write(data + struct.pack("<I", binascii.crc32(data) & 0xFFFFFFFF))
        self._fs.rename(self._path + ".new", self._path)

    def _load(self):
        """A file that is not whole is nobody's bond: hosts pair again."""
        if self._fs is None:
            return
        try:
            with self._fs.open(self._path, "rb") as file:
                data = file.read()
        except OSError:
            return
        end = len(data) - 4
        if end < 0 or struct.unpack_from("<I", data, end)[0] != binascii.crc32(data[:end]) & 0xFFFFFFFF:
            return
        at = 0
        while at + HEADER <= end:
            kind, key_size, secret_size = struct.unpack_from(LENGTHS, data, at)
            at += HEADER
            self._secrets[(kind, data[at : at + key_size])] = data[at + key_size : at + key_size + secret_size]
            at += key_size + secret_size
