# A host changes the settings: row by row, then all of it or nothing. Checked here by the same rows, whatever the host
# has checked; a refused step ends the change, and so does a host that leaves or asks for a report. Told twice, nothing
# happens twice.

from talus import settings_file
from talus.settings import Settings
from talus.wire import gatt


def obey(control, status, opcode, operand):
    """The answer to one request. status: settings, files and tune(), as App has them."""
    if opcode == gatt.READ_SETTINGS:
        return read(status.settings, operand[0])
    row = value = 0
    if opcode in (gatt.SET_SETTING, gatt.DEFAULT_SETTING):
        row = operand[0]
        value = operand[1] if opcode == gatt.SET_SETTING else None
        result = put(control.change, row, value)
    elif opcode == gatt.COMMIT_SETTINGS:
        result = commit(control.change, status, operand[0])
    elif operand[0] != status.settings.rows:
        result = gatt.OTHER_ROWS
    else:
        result = gatt.SUCCESS if opcode == gatt.BEGIN_SETTINGS else undo(status, operand[1])
    if result != gatt.SUCCESS or opcode in (gatt.COMMIT_SETTINGS, gatt.UNDO_SETTINGS):
        control.change = None
    elif opcode == gatt.BEGIN_SETTINGS:
        control.change = {}
    return gatt.answer(gatt.RESPONSE, opcode, result, row, value or 0)


def read(settings, first):
    """Four values from that row on."""
    values = []
    for number in range(first, first + gatt.SETTINGS_AT_ONCE):
        row = settings_file.row(number)
        values.append(settings.kept[number] & 0xFFFFFFFF if row else 0)
    if settings_file.row(first) is None:
        return gatt.answer(gatt.RESPONSE, gatt.READ_SETTINGS, gatt.UNKNOWN_SETTING, first, 0)
    return gatt.answer(gatt.SETTINGS_ARE, first, *values)


def put(change, number, value):
    """Note one value, as it came; None is the default."""
    if change is None:
        return gatt.NOT_BEGUN
    row = settings_file.row(number)
    if row is None:
        return gatt.UNKNOWN_SETTING
    value = row[1] if value is None else gatt.signed(value)
    if not row[2] <= value <= row[3]:
        return gatt.OUT_OF_RANGE
    change[number] = value
    return gatt.SUCCESS


def commit(change, status, wanted):
    if change is None:
        return gatt.NOT_BEGUN
    changes = settings_file.values(status.settings)
    for number in change:
        changes[settings_file.row(number)[0]] = change[number]
    return take(status, Settings(changes), wanted)


def undo(status, undone):
    try:
        changes = settings_file.read(status.files, settings_file.PREVIOUS)
        if not changes:
            return gatt.NO_PREVIOUS
        made = Settings(changes)
    except ValueError:
        return gatt.NO_PREVIOUS
    return take(status, made, made.digest) if status.settings.digest == undone else gatt.OTHER_DIGEST


def take(status, made, wanted):
    """Keep them and let the brace work with them. OSError leaves: nothing has changed then."""
    before = status.settings
    if made.digest != wanted:
        return gatt.OTHER_DIGEST
    if made.digest != before.digest or before.trouble:
        settings_file.keep(status.files, before, made)
        status.tune(made)
    return gatt.SUCCESS
