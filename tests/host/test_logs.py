"""`talus logs` tells a crash in places of the sources, by the table beside the program that crashed."""

from host.a_board import board
from host.commands import Talus

from talus_host.deploy import places
from talus_twin.usb.board import PtyBoard

__all__ = ["board"]
OLD = places.written([("talus.app", 1), ("talus.radio", 40)])
NOW = places.written([("talus.app", 1), ("talus.journal", 21), ("talus.journal", 120), ("talus.wire.frame", 9)])


def test_a_crash_is_told_by_the_table_of_its_program(talus: Talus, board: PtyBoard) -> None:
    for slot, table in (("a", OLD), ("b", NOW)):
        (board.flash / slot).mkdir()
        (board.flash / slot / places.TABLE).write_bytes(table)
    crash = 'Traceback:\n  File "talus.app.{}", line 3, in e\n  File "talus.app.0000", line 3, in e\nOSError: 28\n'
    (board.flash / "crash.txt").write_text(crash.format(places.mark(NOW)))
    done = talus("logs", "--port", board.port)
    assert done.returncode == 0, done.stderr
    assert 'File "talus.journal", line 120, in e' in done.stdout
    assert 'File "talus.app.0000", line 3, in e' in done.stdout, "a program that is gone"
