"""What can go wrong between the data and a browser.

    DashboardError
    ├── ReadError        the data cannot be read just now (theirs: store, disk)
    ├── ReportError      a report cannot be made: Pango is missing on this machine
    ├── NotHere          no such page or person for who asks; which of them is not told
    │   └── Withheld     the person agrees no longer that who asks sees anything of them
    ├── Refused          an entry was not taken (the reader's own doing, or the store's)
    │   └── NotKept      the database could not be written (theirs: disk, another program)
    ├── Denied           nobody is let in by this name, password or invitation
    ├── AddressInUse     somebody else listens on that port
    └── NotLocal         asked to listen where other machines could connect, without what that needs

Each message is one line that names the value; only the command line prints it.
"""

from datetime import date


class DashboardError(Exception):
    """The root: anything this room raises on purpose."""


class ReadError(DashboardError):
    """The reader could not give a table."""


class NotHere(DashboardError):
    """Nothing is here for who asks."""


class Withheld(NotHere):
    """Consent to care was given and holds no more. ended: the day on the person's wall."""

    def __init__(self, ended: date) -> None:
        super().__init__(f"consent to care ended on {ended.isoformat()}")
        self.ended = ended


class Refused(DashboardError):
    """An entry was not taken; nothing stored was changed."""


class NotKept(Refused):
    """The entry was in order and could not be kept."""


class Denied(DashboardError):
    """Not let in. wait_s: when trying again has a point, None for at once."""

    def __init__(self, wait_s: int | None = None) -> None:
        super().__init__("not let in")
        self.wait_s = wait_s


class AddressInUse(DashboardError):
    """The port is taken."""


class NotLocal(DashboardError):
    """The host is not this machine alone, and there is no TLS, no name, or no certificate for it."""


class ReportError(DashboardError):
    """A report cannot be made on this machine; the message says what is missing."""
