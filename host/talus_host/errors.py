"""Everything Talus refuses on the host, as one small tree. Each leaf has an exit code; only the CLI speaks to people.

TalusError
|-- OursError           a mistake in Talus itself                                       exit 70
|-- InputError          what the person gave does not fit: names the field and value    exit 65
|-- StoreError          the database: refused, nothing half-written                      exit 74
|   |-- StoreNewerError     made by a newer Talus                                       exit 76
|   |-- StoreFullError      no room left on the disk                                    exit 73
|   |-- StoreReadOnlyError  may be read, not written                                    exit 77
|   `-- StoreBusyError      another program kept it locked                              exit 75
"""


class TalusError(Exception):
    """Root of the tree. `exit_code` follows sysexits.h."""

    exit_code = 70


class OursError(TalusError):
    """A mistake in Talus itself."""


class InputError(TalusError):
    """What was given does not fit: the message names the field, the value and what fits."""

    exit_code = 65


class StoreError(TalusError):
    """The database could not do what was asked; what it held before it still holds."""

    exit_code = 74


class StoreNewerError(StoreError):
    """The database was made by a newer Talus."""

    exit_code = 76


class StoreFullError(StoreError):
    """The disk has no room left; the whole step was undone."""

    exit_code = 73


class StoreReadOnlyError(StoreError):
    """The database may be read but not written; nothing was changed."""

    exit_code = 77


class StoreBusyError(StoreError):
    """Another program kept the database locked for too long; nothing was changed."""

    exit_code = 75
