# Who is connected, as far as secrets tell. Stock MicroPython has no pairing veto, and says "encrypted" before it stores
# a bond: so a host is known once its old secret was asked for, or its new one kept while the pairing window was open;
# one that pairs while it is shut is refused, and its secrets with it.

import struct

OUR_SECRET, PEER_SECRET = 1, 2  # kinds of secret, NimBLE's numbers: asked for by key when a bonded host encrypts
SHARE = 0xA0  # a kind of ours: what the host has of which journal; it lives and goes with the bond
SHARE_FORMAT = "<QI"


class Peer:
    """bonds: talus.bonds.Bonds; journal_id: of what is acknowledged. begin() forgets the last one."""

    def __init__(self, bonds, journal_id):
        self._bonds = bonds
        self._journal_id = journal_id
        self.begin()

    def begin(self):
        self.encrypted = self.bonded = False  # as the stack says
        self.stored = self.refused = self._restored = False
        self.host = None  # the name its secrets have

    @property
    def known(self):
        return self.encrypted and self.bonded and (self._restored or self.stored) and not self.refused

    def give(self, kind, index, key):
        """A secret the stack asks for, or None."""
        if self.refused and kind in (OUR_SECRET, PEER_SECRET):
            return None
        if key is None:
            return self._bonds.at(kind, index)
        secret = self._bonds.get(kind, bytes(key))
        if secret is not None and kind == OUR_SECRET:
            self._restored = True
            self.host = bytes(key)
        return secret

    def keep(self, kind, key, secret, may_pair):
        """What the stack wants kept, or deleted where secret is None; whether it was."""
        theirs = kind in (OUR_SECRET, PEER_SECRET)
        if theirs and not may_pair:
            self.refused = True
            return False
        kept = self._bonds.set(kind, bytes(key), None if secret is None else bytes(secret))
        if theirs and secret is not None:
            self.stored = self.stored or kept
            self.host = bytes(key)
        return kept

    @property
    def acknowledged(self):
        """All records below this sequence are with this host."""
        kept = None if self.host is None else self._bonds.get(SHARE, self.host)
        if kept is None:
            return 0
        journal_id, sequence = struct.unpack(SHARE_FORMAT, kept)
        return sequence if journal_id == self._journal_id else 0

    def acknowledge(self, sequence):
        """Never goes back."""
        if self.host is not None and sequence > self.acknowledged:
            self._bonds.set(SHARE, self.host, struct.pack(SHARE_FORMAT, self._journal_id, sequence))

    def forget(self):
        """This host is a stranger from its next connection on. False where no bond is known."""
        if self.host is None:
            return False
        for kind in (OUR_SECRET, PEER_SECRET, SHARE):
            self._bonds.set(kind, self.host, None)
        return True
