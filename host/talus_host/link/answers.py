"""What a brace answers, as its page gatt.py has it: whether it is the answer to what was asked, and what it ends."""

import contextlib
from collections.abc import Iterator

from talus.wire import gatt
from talus.wire.errors import WireError
from talus_host.errors import NotUnderstoodError, RefusedError

CANNOT_PACK = (gatt.OPCODE_UNSUPPORTED, gatt.NOT_COMPLETED)  # an older brace; one without the room for it now


class CannotPackError(Exception):
    """The brace sends its frames as they lie in flash only. Never leaves the link."""


def answers(opcode: int, operand: tuple[int, ...], answered: int, values: tuple[int, ...]) -> bool:
    """Whether an answer is one to this request: an old stamp taken for the new would put the clock wrong."""
    if answered == gatt.RESPONSE:
        return values[0] == opcode
    belongs = next(row[3] for row in gatt.REQUESTS if row[0] == opcode)
    return answered == belongs and (answered == gatt.COUNT_IS or values[0] == operand[0])


def end_of_report(data: bytes, size: int | None, crc: int | None) -> tuple[int | None, int | None]:
    """(bytes, CRC-32) if this answer ends a report, else what was known before. Raises RefusedError."""
    with understood("the brace's answer"):
        opcode, values = gatt.parse_answer(data)
    if opcode != gatt.RESPONSE or values[0] not in (gatt.REPORT, gatt.REPORT_PACKED, gatt.CREDIT):
        return size, crc
    if values[0] == gatt.REPORT_PACKED and values[1] in CANNOT_PACK and not values[2]:
        raise CannotPackError
    if values[1] not in (gatt.SUCCESS, gatt.NO_RECORDS):
        raise RefusedError(f"the brace stopped sending records: {gatt.RESULTS.get(values[1], values[1])}")
    return values[2], values[3]


@contextlib.contextmanager
def understood(what: str) -> Iterator[None]:
    """Bytes that are none of the language, as one line."""
    try:
        yield
    except WireError as error:
        raise NotUnderstoodError(f"{what}: {error}") from error
