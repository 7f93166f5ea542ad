# In maintenance: a new calibration comes into force, or the one before does again, whole or not at all whenever the
# power goes. What is in force stays in force until the last rename; a file that does not fit never gets that far.
# files: open, listdir, remove, rename, mkdir; loads: bytes or text -> dict. Numbers grow and are never used twice.

from talus.calibration import Calibration
from talus.calibration_file import IN_FORCE, KEEP, KEPT, kept_ids

NEW = "/calibration.new"  # what a fitter hands in


def read(files, path):
    with files.open(path, "rb") as file:
        return file.read()


def write(files, path, data):
    """Beside its name first, then renamed: it is there whole or not.

    In the same folder: littlefs cut inside a rename between two hides one of them until the next write.
    """
    part = path + ".part"
    with files.open(part, "wb") as file:
        file.write(data)
    files.rename(part, path)


def number_of(files, loads, path):
    """Id of a calibration that fits; None where there is none that does."""
    try:
        given = loads(read(files, path))
        return Calibration(given).id if given else None
    except (ValueError, OSError, TypeError):
        return None


def path_of(number):
    return "%s/%d.json" % (KEPT, number)


def next_number(files, loads):
    return max([number_of(files, loads, IN_FORCE) or 0] + kept_ids(files.listdir)) + 1


def accept(files, loads):
    """NEW comes into force; its number. The one before is kept, the oldest beyond KEEP are let go.

    Raises ValueError naming the field that does not fit, or a number that was used before.
    """
    data = read(files, NEW)
    number = Calibration(loads(data)).id
    if number < next_number(files, loads):
        raise ValueError("calibration id: %d was used before" % number)
    try:
        files.mkdir(KEPT)
    except OSError:
        pass  # it is there
    before = number_of(files, loads, IN_FORCE)
    if before is not None and before not in kept_ids(files.listdir):
        write(files, path_of(before), read(files, IN_FORCE))
    write(files, path_of(number), data)
    write(files, IN_FORCE, data)
    files.remove(NEW)
    for old in kept_ids(files.listdir)[KEEP:]:
        files.remove(path_of(old))
    return number


def undo(files, loads):
    """The newest kept one made before the one in force comes into force again; its number.

    Raises ValueError where there is none.
    """
    now = number_of(files, loads, IN_FORCE)
    for number in kept_ids(files.listdir):
        if (now is None or number < now) and number_of(files, loads, path_of(number)) == number:
            write(files, IN_FORCE, read(files, path_of(number)))
            return number
    raise ValueError("calibration: none is kept from before %s" % ("this" if now is None else "number %d" % now))
