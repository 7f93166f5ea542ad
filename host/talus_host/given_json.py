"""A JSON file that a person wrote: no name twice, no nesting without end, the mark that Windows' editor puts before it
allowed. Refused in one line that names the file."""

import json
from pathlib import Path
from typing import Any

from talus_host.errors import InputError

LARGEST_BYTES = 4_000_000


def read(path: Path, name: str) -> Any:
    """What the file holds; name: what to call it. Raises InputError."""
    try:
        size = path.stat().st_size
        if size > LARGEST_BYTES:
            raise InputError(f"{name}: {size} bytes; {LARGEST_BYTES} at most")
        return json.loads(path.read_text("utf-8-sig"), object_pairs_hook=_once)
    except OSError as error:
        raise InputError(f"{name}: {error.strerror or error}") from error
    except RecursionError as error:
        raise InputError(f"{name}: no JSON: nested too deep") from error
    except ValueError as error:
        raise InputError(f"{name}: no JSON: {error}") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    for name, _ in pairs if len(found) < len(pairs) else ():
        if sum(one == name for one, _ in pairs) > 1:
            raise ValueError(f"{name} is given twice")
    return found
