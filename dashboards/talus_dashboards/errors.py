"""What can go wrong between the data and a browser.

    DashboardError
    ├── ReadError        the data cannot be read just now (theirs: store, disk)
    ├── ReportError      a report cannot be made: Pango is missing on this machine
    ├── AddressInUse     somebody else listens on that port
    └── NotLocal         asked to listen where other machines could connect

Each message is one line that names the value; only the command line prints it.
"""


class DashboardError(Exception):
    """The root: anything this room raises on purpose."""


class ReadError(DashboardError):
    """The reader could not give a table."""


class AddressInUse(DashboardError):
    """The port is taken."""


class NotLocal(DashboardError):
    """The host is not this machine alone."""


class ReportError(DashboardError):
    """A report cannot be made on this machine; the message says what is missing."""
