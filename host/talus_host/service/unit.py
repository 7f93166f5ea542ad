"""The systemd unit of the user that keeps `talus watch` running: its text, its place, and what to tell systemd."""

import os
from pathlib import Path

from talus_host.errors import InputError

NAME = "talus-watch.service"
TEMPLATE = Path(__file__).with_name(NAME)
AFTER_INSTALL = (("daemon-reload",), ("enable", "--now", NAME))
BEFORE_REMOVAL = (("disable", "--now", NAME),)
AFTER_REMOVAL = (("daemon-reload",),)


def place() -> Path:
    """Where the user's own units are."""
    told = os.environ.get("XDG_CONFIG_HOME")
    return (Path(told) if told else Path.home() / ".config") / "systemd/user" / NAME


def text(command: Path, folder: Path, minutes: float) -> str:
    """The unit that runs `command watch` on a data folder. Raises InputError for a path no unit can hold."""
    told = {"command": quoted(command), "folder": quoted(folder), "minutes": f"{minutes:g}"}
    written = TEMPLATE.read_text(encoding="utf-8")
    for name, value in told.items():
        written = written.replace("{%s}" % name, value)
    return written


def quoted(path: Path) -> str:
    """A path as systemd reads it back. Raises InputError for what its lines give a meaning in places."""
    told = str(path)
    if not path.is_absolute() or any(ord(letter) < 32 or letter in '"\\$' for letter in told):
        raise InputError(f"path {told!r}: a systemd unit cannot hold it; name another folder with --data")
    return '"' + told.replace("%", "%%") + '"'
