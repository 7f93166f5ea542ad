"""Which line of which source a line of the bundle comes from: a file of the slot, read when a crash is told.

A traceback of a brace says `File "talus.app.3f2a", line 812`: the mark says which table holds. The table names each
room with the line it begins at, and below it one sign a line: how far its place lies behind the last one's.
"""

import hashlib
import itertools
import re

TABLE = "lines"  # its name in a slot
FIRST, FAR = ord("0"), 70  # the sign of a step of 0; FAR_SIGN: 70 lines on, and more to come
FAR_SIGN = "z"
NAMED = re.compile(r'File "talus\.app\.([0-9a-f]{4})", line (\d+)')
Place = tuple[str, int]


def sign(step: int) -> str:
    return FAR_SIGN * (step // FAR) + chr(FIRST + step % FAR)


def written(places: list[Place]) -> bytes:
    rows = []
    for room, lines in itertools.groupby(places, lambda place: place[0]):
        numbers = [number for _, number in lines]
        steps = (after - before for before, after in itertools.pairwise(numbers))
        rows += [f"{room} {numbers[0]}", "".join(map(sign, steps))]
    return ("\n".join(rows) + "\n").encode()


def read(table: bytes) -> list[Place]:
    places = []
    rows = table.decode().splitlines()
    for head, steps in zip(rows[::2], rows[1::2], strict=True):
        room, first = head.split(" ")
        number = int(first)
        places.append((room, number))
        for one in steps:
            if one == FAR_SIGN:
                number += FAR
                continue
            number += ord(one) - FIRST
            places.append((room, number))
    return places


def mark(table: bytes) -> str:
    return hashlib.sha256(table).hexdigest()[:4]


def with_sources(text: str, tables: list[bytes]) -> str:
    """What a brace told of a crash, its places those of the sources; one whose table is gone stays as it is."""
    known = {mark(table): read(table) for table in tables}

    def place(found: re.Match[str]) -> str:
        places, number = known.get(found[1], []), int(found[2])
        if not 1 <= number <= len(places):
            return found[0]
        return 'File "{}", line {}'.format(*places[number - 1])

    return NAMED.sub(place, text)
