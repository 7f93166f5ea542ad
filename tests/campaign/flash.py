"""A brace's flash with a switch: power that goes in the middle of a write, writes that are refused.

littlefs puts a flush into flash whole or not at all; here a cut may also leave the first part of it, as a file
system with less care would.
"""

import random
from collections.abc import Callable

from talus_twin.board.files import MemoryFile, MemoryFiles

EIO = 5  # never ENOSPC: a full flash may release what nobody has, and tells it


class PowerCut(BaseException):
    """The power is gone. No `except Exception` of the firmware may see it."""


class Flash(MemoryFiles):
    """MemoryFiles that tell struck() what befell them."""

    def __init__(self, chance: random.Random, struck: Callable[[str], None], before: "Flash | None" = None) -> None:
        super().__init__()
        self.struck = struck
        self.chance = chance
        self.dead = False
        self.cut_in: int | None = None  # changes until the power goes
        self.refuse = 0  # changes that will be refused
        if before is not None:
            self.kept = dict(before.kept)
            self._folders = set(before._folders)

    def change(self) -> bool:
        """One change is about to be made. True: the power goes in it."""
        if self.dead:
            raise PowerCut
        if self.cut_in is not None:
            self.cut_in -= 1
            if self.cut_in <= 0:
                self.dead = True
                self.struck("power cut in a write")
                return True
        if self.refuse:
            self.refuse -= 1
            self.struck("flash refuses")
            raise OSError(EIO)
        return False

    def open(self, path: str, mode: str = "r") -> MemoryFile:
        if self.dead:
            raise PowerCut
        made = super().open(path, mode)
        made.__class__ = File
        return made

    def rename(self, old: str, new: str) -> None:
        cut = self.change()
        if not cut or self.chance.random() < 0.5:
            super().rename(old, new)
        if cut:
            raise PowerCut

    def remove(self, path: str) -> None:
        if self.change():
            raise PowerCut
        super().remove(path)

    def mkdir(self, path: str) -> None:
        if self.change():
            raise PowerCut
        super().mkdir(path)


class File(MemoryFile):
    """One open file of a Flash."""

    def flush(self) -> None:
        if not self._dirty:
            return
        files, before = self._files, self._files.kept.get(self._path, b"")
        try:
            cut = files.change()
        except OSError:
            self._dirty = 0  # littlefs drops what a file in error still holds: close() writes no more of it
            self._data = bytearray(before)
            raise
        if cut:
            whole = bytes(self._data)
            if files.chance.random() < 0.5 and whole[: len(before)] == before:
                files.kept[self._path] = whole[: files.chance.randint(len(before), len(whole))]
            raise PowerCut
        super().flush()
