"""What can go wrong between the data and a browser.

    DashboardError
    ├── ReadError        the data cannot be read just now (theirs: store, disk)
    ├── ReportError      a report cannot be made: Pango is missing on this machine
    ├── NotHere          no such page or person for who asks; which of them is not told
    ├── Refused          an entry was not taken (the reader's own doing, or the store's)
    ├── AddressInUse     somebody else listens on that port
    └── NotLocal         asked to listen where other machines could connect

Each message is one line that names the value; only the command line prints it.
"""


class DashboardError(Exception):
    """The root: anything this room raises on purpose."""


class ReadError(DashboardError):
    """The reader could not give a table."""


class NotHere(DashboardError):
    """Nothing is here for who asks."""


class Refused(DashboardError):
    """An entry was not taken; nothing stored was changed."""


class AddressInUse(DashboardError):
    """The port is taken."""


class NotLocal(DashboardError):
    """The host is not this machine alone."""


class ReportError(DashboardError):
    """A report cannot be made on this machine; the message says what is missing."""
