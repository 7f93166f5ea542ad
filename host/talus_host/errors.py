"""Everything Talus refuses on the host, as one small tree. Each leaf has an exit code; only the CLI speaks to people.

TalusError
|-- InputError          what the person gave does not fit: names the field and value    exit 65
|   `-- NoRoomError         no room on the disk for a file that was asked for             exit 73
|-- DeniedError         a name or password that opens nothing, or too many of them      exit 77
|-- UnservedError       the pages cannot be served here                                exit 69
|-- UnprintedError      a report cannot be made on this machine                      exit 69
|-- AlreadyWatchingError  a `talus watch` runs on this folder already                 exit 75
|-- StoreError          the database: refused, nothing half-written                      exit 74
|   |-- StoreNewerError     made by a newer Talus                                       exit 76
|   |-- StoreFullError      no room left on the disk                                    exit 73
|   |-- StoreReadOnlyError  may be read, not written                                    exit 77
|   |-- ErasedError         a brace holds records of a person who was erased            exit 77
|   `-- StoreBusyError      another program kept it locked                              exit 75
|-- BraceError          theirs: the brace, or what it sent                              exit 76
|   |-- NotPairedError      it does not know this computer                              exit 77
|   |-- NotUnderstoodError  it speaks a version, or bytes, this program cannot read     exit 76
|   `-- RefusedError        it answered a request with a no                             exit 76
`-- RoadError           everything between us and the brace: asking again is harmless   exit 69
    |-- NoAdapterError      this machine has no Bluetooth it may use                    exit 69
    |-- BondKeptError       this machine's Bluetooth kept its half of a bond            exit 77
    |-- NoBraceError        none in range                                               exit 69
    |   `-- PortForbiddenError  its serial port is not for this user                      exit 77
    `-- LinkLostError       the connection broke or went silent; what came is kept      exit 75
"""


class TalusError(Exception):
    """Root of the tree. `exit_code` follows sysexits.h."""

    exit_code = 70


class InputError(TalusError):
    """What was given does not fit: the message names the field, the value and what fits."""

    exit_code = 65


class NoRoomError(InputError):
    """The disk has no room for a file that was asked for; nothing of it was kept."""

    exit_code = 73


class DeniedError(TalusError):
    """Nobody is let in by this. until_ms: when trying again has a point, None for at once; which part was wrong, or
    whether there is such an account, is not told."""

    exit_code = 77

    def __init__(self, message: str, until_ms: int | None = None) -> None:
        super().__init__(message)
        self.until_ms = until_ms


class UnservedError(TalusError):
    """The pages cannot be served: the port is taken, or nobody else may be let in."""

    exit_code = 69


class UnprintedError(TalusError):
    """A report cannot be made on this machine; the message says what it lacks."""

    exit_code = 69


class AlreadyWatchingError(TalusError):
    """One `talus watch` per data folder: another one runs."""

    exit_code = 75


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


class ErasedError(StoreError):
    """The brace's journal is of a person who was erased here; nothing was fetched or acknowledged."""

    exit_code = 77


class StoreBusyError(StoreError):
    """Another program kept the database locked for too long; nothing was changed."""

    exit_code = 75


class BraceError(TalusError):
    """The brace, or what it sent, is not as it should be."""

    exit_code = 76


class NotPairedError(BraceError):
    """The brace does not know this computer; the message says how to change that."""

    exit_code = 77


class NotUnderstoodError(BraceError):
    """The brace speaks a newer protocol, or sent what is none."""


class RefusedError(BraceError):
    """The brace answered no; the message says to what and why."""


class RoadError(TalusError):
    """Something between us and the brace; repeating the run is harmless."""

    exit_code = 69


class NoAdapterError(RoadError):
    """No Bluetooth adapter, or none this program may use."""


class BondKeptError(RoadError):
    """This machine's Bluetooth did not give up its half of a bond; a person can remove it."""

    exit_code = 77


class NoBraceError(RoadError):
    """No brace answered."""


class PortForbiddenError(NoBraceError):
    """A serial port is there and this user may not open it."""

    exit_code = 77


class LinkLostError(RoadError):
    """The connection broke or went silent; what had arrived is kept."""

    exit_code = 75
