# What a start finds in flash: where the segments are, and where the newest one ends.
# Used once, before the first sample. Damage costs what it covers: frames behind it are found, and where nobody knows
# how many records the last bytes held, as many sequences are skipped as can have been in them, and no more.

import struct

from talus.cursor import count_records
from talus.segments import GROUP_SEGMENTS
from talus.wire import frame, record

SMALLEST = record.HEADER + 1  # no record is shorter


def number_of(name):
    """The sequence a name says, or -1."""
    try:
        return int(name[:8], 16) if len(name) >= 8 else -1
    except ValueError:
        return -1


def load(segments, files, root, segment_bytes):
    """Find every segment; folders left empty are removed. Returns a sequence nothing in flash can have reached
    where a folder cannot be read, else 0."""
    behind = 0
    try:
        names = files.listdir(root)
    except OSError:
        names = []  # the root could not even be made
    firsts = [number_of(name) for name in names if name.endswith(".seg")]
    segments.flat = max(firsts) if firsts else -1
    for group in sorted(number_of(name) for name in names if len(name) == 8 and "." not in name):
        try:
            inside = [number_of(name) for name in files.listdir(segments.folder(group))]
            inside = [first for first in inside if first >= group >= 0]
            if not inside:
                files.rmdir(segments.folder(group))
                continue
            firsts += inside
        except OSError:
            behind = group + GROUP_SEGMENTS * (segment_bytes // SMALLEST)
        segments.groups.append(group)
    segments.firsts[:] = sorted(first for first in firsts if first >= 0)
    return behind


def scan(file, buffer, first):
    """(sequence behind the last whole frame, its boot or 0, its end, bytes behind it) of an open segment.

    The bytes are -1 where flash refuses to be read. Reads through `buffer`, which holds the largest frame.
    """
    behind, boot, end = first, 0, 0
    at = 0
    while True:
        try:
            file.seek(at)
            got = file.readinto(buffer)
        except OSError:
            return behind, boot, end, -1
        if not got:
            return behind, boot, end, at - end
        view = memoryview(buffer)[:got]
        step = 0
        while step < got:
            found, size = frame.parse(view, step)
            if found is not None:
                step += size
                end = at + step
                behind, boot = found.first_sequence + count_records(found.body), found.boot
            elif size == 0 and step and got == len(buffer):
                break  # the rest of it lies behind the buffer
            else:
                step = next_magic(view, step + 1)
        at += step


def next_magic(view, at):
    """Where the next frame may begin, or the end."""
    while at < len(view):
        if view[at] == frame.MAGIC_BYTES[0] and (at + 1 == len(view) or view[at + 1] == frame.MAGIC_BYTES[1]):
            return at
        at += 1
    return at


def most_records(file, buffer, at, left, behind):
    """How many records the `left` bytes at `at`, behind the last whole frame, held: counted where their frames' and
    records' heads still fit one another, else at most."""
    if frame.OVERHEAD < left <= len(buffer):
        file.seek(at)
        file.readinto(buffer)
        magic, length, _, first = struct.unpack_from("<HHHI", buffer, 0)
        if magic == frame.MAGIC and length == left - frame.OVERHEAD and first == behind:
            count = count_records(memoryview(buffer)[frame.HEADER : frame.HEADER + length])
            if count:
                return count
    return left // SMALLEST + 1
