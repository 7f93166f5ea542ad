"""A file is there whole or not at all: written beside its name, forced to the disk, then renamed."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from talus_host.errors import InputError


def write(path: Path, fill: Callable[[BinaryIO], None]) -> None:
    """Let `fill` write the file's bytes. On any exception nothing of it remains and an older file stays as it was.

    Raises InputError naming the path where it cannot be written.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    except OSError as error:
        raise InputError(f"file {path}: cannot be written: {error.strerror}") from error
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            fill(file)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o600)  # what a body did is nobody else's to read
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise InputError(f"file {path}: cannot be written: {error.strerror or error}") from error
    except BaseException:
        part.unlink(missing_ok=True)
        raise
