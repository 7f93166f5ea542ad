# What the brace answers at its control point: request bytes in, answer bytes out, and the frame stream of
# one report. Knows no radio. A malformed request is answered with its result, never with an exception.

import binascii
import struct

from talus.wire import gatt, kinds

UTC_MAX_MS = kinds.CODES["I"][2] * 1000 + 999  # a clock record's seconds, to the year 2106

# What makes a record or a file may be asked for so often running, and then once in so long: a host gone wrong would
# push a fortnight of records out of the ring within the hour.
MAKING = (gatt.SET_CLOCK, gatt.BEGIN_SET, gatt.COMMIT_SETTINGS, gatt.UNDO_SETTINGS)
RUNNING = 40
EACH_MS = 15000


class Control:
    """Serves one host. journal, status: as `Radio` was handed them; peer: who it is, or None.

    begin() forgets everything of the last.
    """

    def __init__(self, journal, status, peer=None):
        self._journal = journal
        self._peer = peer
        self._status = status
        self._reader = None
        self._opcode = gatt.REPORT  # that is under way
        self._heavy = False
        self._buffer = bytearray(gatt.MTU)
        self.room = gatt.MTU  # bytes of a notification, as the radio says
        self._made_ms = -RUNNING * EACH_MS  # up to then all that may be made was
        self._utc_zero_ms = None  # UTC at this boot's zero, as the last host said
        self.begin()

    def begin(self):
        """A new host: no report is under way, no credit is granted."""
        self._close()
        if self._heavy and self._status.forget is not None:
            self._status.forget()
        self._heavy = False
        self.change = None  # of the settings: row -> value, once begun
        self.credits = 0
        self.piece = None  # what of the report is read and not sent
        self._bytes = 0
        self._crc = 0

    @property
    def reporting(self):
        return self._reader is not None

    def _close(self):
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def handle(self, data, came_ms):
        """The answer to one request, or None where none belongs. came_ms: ms since boot when it came.

        TIME's answer says 0 ms held: whoever sends it puts in how long it really was.
        """
        result, operand = gatt.parse_request(data)
        opcode = data[0] if len(data) else 0
        if result != gatt.SUCCESS:
            return self._respond(opcode, result)
        try:
            return self._obey(opcode, operand, came_ms)
        except (OSError, MemoryError):  # flash or the heap said no: not a reason to stop; the host may ask again
            self._close()
            return self._respond(opcode, gatt.NOT_COMPLETED)

    def _obey(self, opcode, operand, came_ms):
        if opcode == gatt.CREDIT:
            self.credits = min(self.credits + operand[0], gatt.CREDITS_MAX)
            return None
        if opcode == gatt.TIME:
            return gatt.answer(gatt.TIME_IS, operand[0], *(gatt.split_ms48(came_ms) + (0,)))
        if opcode == gatt.COUNT:
            return gatt.answer(gatt.COUNT_IS, max(0, self._journal.next - max(operand[0], self._journal.first)))
        if opcode in (gatt.REPORT, gatt.REPORT_PACKED):
            return self._report(opcode, operand[0])
        if opcode == gatt.ABORT:
            return self._respond(opcode, self._abort())
        if opcode == gatt.ACKNOWLEDGE:
            return self._respond(opcode, self._acknowledge(operand[0]))
        if opcode in MAKING and not self._may_make():
            return self._respond(opcode, gatt.TOO_OFTEN)
        if gatt.BEGIN_SETTINGS <= opcode <= gatt.READ_SETTINGS:
            self._heavy = True
            from talus.changing import obey  # with the rows it takes some kilobytes, until this host is gone

            return obey(self, self._status, opcode, operand)
        if opcode == gatt.BEGIN_SET:
            self._heavy = True  # a set goes on when this host has gone; what began it need not stay
            return self._respond(opcode, self._status.begin_set(operand[0]))
        if opcode == gatt.END_SET:
            return self._respond(opcode, self._status.now.end_set())
        if opcode == gatt.WATCH:
            if operand[0] > 1:
                return self._respond(opcode, gatt.INVALID_OPERAND)
            self._heavy = True
            return self._respond(opcode, self._status.now.watch(self.room if operand[0] else 0))
        if opcode == gatt.FORGET:
            forgotten = self._peer is not None and self._peer.forget()
            return self._respond(opcode, gatt.SUCCESS if forgotten else gatt.NOT_COMPLETED)
        return self._respond(opcode, self._set_clock(operand))

    def _respond(self, opcode, result, size=0, crc=0):
        return gatt.answer(gatt.RESPONSE, opcode, result, size, crc)

    def _report(self, opcode, sequence):
        """Begin to report; the answer comes when all is sent. A second REPORT replaces the first."""
        self.begin()
        self._opcode = opcode
        if sequence >= self._journal.next:
            return self._respond(opcode, gatt.NO_RECORDS)
        self._reader = self._journal.reader(sequence)
        if opcode == gatt.REPORT_PACKED:
            self._heavy = True
            from talus.packing import Packing

            self._reader = Packing(self._reader)
        return None

    def _may_make(self):
        now_ms = self._status.now_ms()
        from_ms = max(self._made_ms, now_ms - RUNNING * EACH_MS)
        if from_ms + EACH_MS > now_ms:
            return False
        self._made_ms = from_ms + EACH_MS
        return True

    def _abort(self):
        if not self.reporting:
            return gatt.ABORT_FAILED
        self.begin()
        return gatt.SUCCESS

    def _acknowledge(self, sequence):
        if sequence > self._journal.next:
            return gatt.INVALID_OPERAND
        self._journal.acknowledge(sequence)
        if self._peer is not None:
            self._peer.acknowledge(sequence)
        return gatt.SUCCESS

    def _set_clock(self, operand):
        brace_ms = gatt.join_ms48(operand[0], operand[1])
        if brace_ms > self._status.now_ms():
            return gatt.INVALID_OPERAND
        utc_ms = gatt.join_ms48(operand[2], operand[3])
        if utc_ms > UTC_MAX_MS:
            return gatt.INVALID_OPERAND
        self._utc_zero_ms = utc_ms - brace_ms
        self._status.on_set_clock(brace_ms, utc_ms, operand[4])
        self._journal.flush()  # it has to travel with the records it places
        return gatt.SUCCESS

    def utc_ms(self, now_ms):
        """UTC at `now_ms` since boot, or None when no host has said it in this boot."""
        return None if self._utc_zero_ms is None else self._utc_zero_ms + now_ms

    def fill(self, room):
        """Have the report's next piece, of at most `room` bytes, in .piece; or the answer that ends the report.

        Neither where the next piece takes another pass.
        """
        size, result = 0, gatt.SUCCESS
        try:
            if not self._reader.prepare():
                return None
            size = self._reader.readinto(memoryview(self._buffer)[:room])
        except OSError:  # flash could not be read
            result = gatt.NOT_COMPLETED
        if not size:
            return self._end_report(result)
        self.piece = memoryview(self._buffer)[:size]
        self._bytes += size
        self._crc = binascii.crc32(self.piece, self._crc)
        return None

    def _end_report(self, result):
        """The answer that ends a report: how many bytes were sent and their CRC-32."""
        opcode, size, crc = self._opcode, self._bytes, self._crc & 0xFFFFFFFF
        self.begin()
        return self._respond(opcode, result, size, crc)


def current_time(utc_ms):
    """The ten bytes of Current Time (0x2A2B), in UTC: the brace knows no zone."""
    second, ms = divmod(utc_ms, 1000)
    days, second = divmod(second, 86400)
    era, day_of_era = divmod(days + 719468, 146097)  # counted from 1 March of year 0, so leap days come last
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36524 - day_of_era // 146096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    month = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * month + 2) // 5 + 1
    month = month + 3 if month < 10 else month - 9
    year = year_of_era + era * 400 + (1 if month <= 2 else 0)
    clock = (second // 3600, second // 60 % 60, second % 60)
    weekday = (days + 3) % 7 + 1  # 1970-01-01 was a Thursday, the fourth
    return struct.pack("<H8B", year, month, day, *(clock + (weekday, ms * 256 // 1000, 0)))
