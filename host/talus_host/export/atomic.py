"""A file is there whole or not at all: written beside its name, forced to the disk, then renamed.

Only a regular file is ever replaced: a device, a pipe or a folder of that name is refused. What is written is its
owner's alone to read.
"""

import errno
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from talus_host.errors import InputError, NoRoomError, TalusError


def write(path: Path, fill: Callable[[BinaryIO], None]) -> None:
    """Let `fill` write the file's bytes. On any exception nothing of it remains and an older file stays as it was.

    Raises InputError naming the path where it cannot be written, NoRoomError on a full disk. Behind a link the file it
    names is written.
    """
    check(path)
    target = path.resolve()
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    except OSError as error:
        raise _refusal(path, error) from error
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            fill(file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise _refusal(path, error) from error
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def check(path: Path) -> None:
    """Raises InputError where `write` would have to refuse this path; ask before long work."""
    target = path.resolve()
    try:
        taken = target.exists() and not target.is_file()
        homeless = not target.parent.is_dir()
    except OSError as error:
        raise _refusal(path, error) from error
    if taken:
        raise InputError(f"file {path}: cannot be written: there is something of that name that is no regular file")
    if homeless:
        raise InputError(f"file {path}: cannot be written: there is no folder {target.parent}")


def _refusal(path: Path, error: OSError) -> TalusError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return NoRoomError(f"file {path}: no room left on the disk; nothing of it was kept")
    return InputError(f"file {path}: cannot be written: {error.strerror or error}")
