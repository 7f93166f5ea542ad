"""One `talus watch` per data folder: a lock of the system's, which goes with its process however that ends."""

import contextlib
import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from talus_host.errors import AlreadyWatchingError

NAME = "watch.lock"
TAKEN = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Raises AlreadyWatchingError while another process is in such a block for the same folder."""
    handle = os.open(folder / NAME, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _lock(handle):
            raise AlreadyWatchingError(f"another `talus watch` collects into {folder} already: stop it first")
        yield
    finally:
        os.close(handle)  # and the lock with it


def is_watched(folder: Path) -> bool:
    """Whether a `talus watch` runs on this folder now."""
    if not (folder / NAME).exists():
        return False
    with contextlib.suppress(OSError):
        handle = os.open(folder / NAME, os.O_RDWR)
        try:
            return not _lock(handle)
        finally:
            os.close(handle)
    return False


def _lock(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in TAKEN:
            return False
        raise
    return True
