"""Settings on the brace: what is refused, what a power cut leaves, and that new ones lose nothing that is open."""

from pathlib import Path
from typing import Any

import pytest
from firmware import radio_story, settings_story
from hypothesis import given
from hypothesis import settings as given_settings
from hypothesis import strategies as st

from talus.control import Control
from talus.events import exercise, gait, minute, pressure, stumble, wear
from talus.journal import Journal
from talus.settings import Settings
from talus.settings_file import (
    IN_FORCE,
    POWER_ROWS,
    PREVIOUS,
    ROWS,
    SAMPLING_ROWS,
    SYNC_ROWS,
    WEAR_ROWS,
    keep,
    load,
    read,
)
from talus.wire import frame, gatt, kinds, record
from talus_twin.board import brace, wearing
from talus_twin.board.files import MemoryFiles
from talus_twin.board.flash import BLOCK, RP2_PROGRAM, UNIT, LittleFiles, NorFlash, PowerCut
from talus_twin.board.interpreter import Interpreter

SITES = tuple(kinds.SITES.index(name) for name in brace.SITES)
ALL = {row[0]: (row[3] if row[1] == row[2] else row[2]) for row in ROWS}  # every row, and none at its default


def test_the_story_holds_on_cpython() -> None:
    lines = settings_story.story()
    assert [line for line in lines if line.endswith("WRONG")] == []
    assert len(lines) > 90


def test_micropython_tells_the_same_story(micropython: Interpreter) -> None:
    for story in (radio_story, settings_story):
        name = story.__name__.rpartition(".")[2]
        micropython.put(f"/lib/firmware/{name}.py", Path(story.__file__).read_bytes())
    source = "from firmware import settings_story\nfor line in settings_story.story(): print(line)"
    assert micropython.run(source).splitlines() == settings_story.story()


@pytest.mark.parametrize("program_bytes", [UNIT, RP2_PROGRAM])
def test_power_lost_anywhere_in_a_change_leaves_the_old_settings_or_the_new(program_bytes: int) -> None:
    first, old, new = Settings(), Settings({"amber_mmhg": 45}), Settings(ALL)
    seen, cut = [], 0
    while True:
        flash = NorFlash(16 * BLOCK)
        files = LittleFiles(flash, program_bytes)
        keep(files, first, old)
        flash.cut_after = cut
        try:
            keep(files, old, new)
            break
        except PowerCut:
            flash.restore()
        files = LittleFiles(flash, program_bytes)
        after, why = load(files)
        assert (why, after.trouble) == (None, 0)
        seen.append(after.digest)
        assert Settings(read(files, PREVIOUS)).digest in (first.digest, old.digest)
        keep(files, after, new)  # and the next change goes as any
        assert load(files)[0].digest == new.digest
        cut += 1
    assert load(files)[0].digest == new.digest
    assert cut > 8
    assert set(seen) == {old.digest} or seen == sorted(seen, key=lambda one: one == new.digest), "old, then new"


class Status:
    """What a control point asks of App, with a file system that may refuse."""

    side, forget = 0, None

    def __init__(self) -> None:
        self.files = MemoryFiles()
        self.settings = Settings()

    def now_ms(self) -> int:
        return 5000

    def tune(self, settings: Settings) -> None:
        self.settings = settings


EDGES = st.sampled_from([value & 0xFFFFFFFF for row in ROWS for value in (row[2], row[2] - 1, row[3], row[3] + 1)])
VALUE = st.one_of(EDGES, st.integers(0, 0xFFFFFFFF))
STEP = st.one_of(
    st.tuples(st.just(gatt.BEGIN_SETTINGS), st.sampled_from([0, 0, 0, 1])),
    st.tuples(st.just(gatt.SET_SETTING), st.integers(0, len(ROWS)), VALUE),
    st.tuples(st.just(gatt.DEFAULT_SETTING), st.integers(0, 0xFFFF)),
    st.tuples(st.just(gatt.COMMIT_SETTINGS), st.booleans()),
    st.tuples(st.just(gatt.UNDO_SETTINGS), st.booleans()),
    st.tuples(st.just(gatt.ABORT)),
)


@given_settings(deadline=None)
@given(st.lists(STEP, max_size=30))
def test_no_sequence_of_requests_makes_settings_that_violate_a_row(steps: list[tuple[Any, ...]]) -> None:
    """A host that says the right digest of whatever it has been allowed to set."""
    status = Status()
    control = Control(Journal(status.files, "/log", lambda count: bytes(count)), status)
    believed: dict[int, int] = {}
    for opcode, *operand in steps:
        if opcode == gatt.BEGIN_SETTINGS:
            operand = [status.settings.rows ^ operand[0]]
        elif opcode == gatt.COMMIT_SETTINGS:
            values = {row[0]: getattr(status.settings, row[0]) for row in ROWS}
            values |= {ROWS[number][0]: value for number, value in believed.items()}
            operand = [Settings(values).digest if operand[0] else 1]
        elif opcode == gatt.UNDO_SETTINGS:
            operand = [status.settings.rows, status.settings.digest if operand[0] else 1]
        answer = control.handle(gatt.request(opcode, *operand), 5000)
        _, values = gatt.parse_answer(answer)
        assert values[1] in gatt.RESULTS
        if values[1] != gatt.SUCCESS or opcode not in (gatt.SET_SETTING, gatt.DEFAULT_SETTING):
            believed = {}
        else:
            believed[operand[0]] = gatt.signed(operand[1]) if len(operand) > 1 else ROWS[operand[0]][1]
        for name, _, low, high, _ in ROWS:
            assert low <= getattr(status.settings, name) <= high
        assert load(status.files)[0].digest == status.settings.digest


class Short(Status):
    """A brace whose heap has no room for settings beside those it works with."""

    @property
    def settings(self) -> Settings:
        raise MemoryError

    @settings.setter
    def settings(self, settings: Settings) -> None: ...


def test_a_heap_without_room_for_a_change_refuses_it_and_the_brace_goes_on() -> None:
    status = Short()
    control = Control(Journal(status.files, "/log", lambda count: bytes(count)), status)
    for request in (gatt.request(gatt.READ_SETTINGS, 0), gatt.request(gatt.BEGIN_SETTINGS, 0)):
        _, values = gatt.parse_answer(control.handle(request, 5000))
        assert values[1] == gatt.NOT_COMPLETED


def made(settings: Settings) -> list[Any]:
    """One of each that works with settings."""
    seen = pressure.Pressure(settings, SITES, (0, 0, 300, 0), (0, 500, 0, 0))
    parts = [gait.Gait(settings, 0, None, kinds.PRESSURE_4), minute.Minute(settings, seen), stumble.Stumble(settings)]
    return [*parts, seen, wear.Wear(settings), exercise.Exercise(settings)]


def inside(one: Any) -> Any:
    """Everything an object holds, however deep."""
    if isinstance(one, Settings):
        return one.digest
    if hasattr(one, "__dict__"):
        return {name: inside(value) for name, value in vars(one).items()}
    return [inside(each) for each in one] if isinstance(one, (list, tuple)) else one


NOT_OF_EVENTS = SAMPLING_ROWS + POWER_ROWS + SYNC_ROWS


@pytest.mark.parametrize("row", [row for row in ROWS if row not in NOT_OF_EVENTS], ids=lambda row: row[0])
def test_every_setting_reaches_what_works_with_it(row: tuple[str, int, int, int, str]) -> None:
    plain, changed = Settings(), Settings({row[0]: ALL[row[0]]})
    without_wear = [one for one in zip(made(plain), made(changed), strict=True) if not isinstance(one[0], wear.Wear)]
    reached = any(inside(one) != inside(other) for one, other in without_wear)
    assert reached or row in WEAR_ROWS, "wear keeps all of them and reads each when it weighs"


def test_what_is_retuned_is_as_if_it_were_made_so() -> None:
    retuned, fresh = made(Settings()), made(Settings(ALL))
    assert all(inside(a) != inside(b) for a, b in zip(retuned, fresh, strict=True))
    for one in retuned:
        one.retune(Settings(ALL))
    for one, other in zip(retuned, fresh, strict=True):
        assert inside(one) == inside(other), type(one).__name__


def press(one: pressure.Pressure, minutes: int, decapascals: int) -> list[list[int]]:
    """Hold so much on the third channel; the records it gave."""
    sample: list[int | None] = [None] * kinds.SAMPLE_SIZE
    sample[kinds.PRESSURE_1 + 2] = decapascals
    return [list(one.values) for _ in range(minutes * 6000) if one.update(sample)]


def test_an_open_pressure_event_outlives_new_settings() -> None:
    """5.3 kPa, 40 mmHg: amber after 15 minutes, ended by the new settings' own release."""
    one = pressure.Pressure(Settings(), SITES)
    (opened,) = press(one, 17, 533)
    assert (opened[2], opened[3]) == (pressure.AMBER, 0)
    one.retune(Settings({"amber_mmhg": 45, "offset_mmhg": 15, "offset_min": 3}))
    assert press(one, 5, 533) == [], "above its release of 30 mmHg: still open, and not told again"
    (ended,) = press(one, 5, 300)
    assert (ended[2], ended[3]) == (pressure.AMBER, 1)
    assert 22 <= ended[4] <= 27, "minutes from its own onset"


def kept(app: Any) -> list[tuple[str, list[Any]]]:
    """(kind, values) of all the journal has in flash."""
    found = []
    for one in frame.Reader().feed(wearing.stream_of(app.journal)):
        for number, _, payload in record.split(one.body):
            kind = kinds.BY_NUMBER[number]
            found.append((kind.name, list(record.unpack(kind, payload))))
    return found


def test_a_change_is_in_force_from_the_next_minute_and_told() -> None:
    one = brace.make()
    app = wearing.app_of(one, Settings())
    app.start()
    wearing.step_until(one, app, 20_000_000)
    wanted = Settings({"amber_mmhg": 40, "still_sd_mg": 6, "gauge_every_s": 30})
    app.tune(wanted)
    wearing.step_until(one, app, 40_000_000)
    assert app.settings_digest == Settings().digest
    wearing.step_until(one, app, 65_000_000)
    assert app.settings_digest == wanted.digest
    assert [values[0] for name, values in kept(app) if name == "settings"] == [Settings().digest, wanted.digest]
    assert app._minute._still == 6
    wearing.step_until(one, app, 130_000_000)
    assert [name for name, _ in kept(app)].count("settings") == 2


def test_a_bad_file_is_told_as_health_until_a_change_makes_it_good() -> None:
    one = brace.make()
    with one.files.open(IN_FORCE, "wb") as file:
        file.write(b'{"amber_mmhg": 99}')
    settings, why = load(one.files)
    assert why == "setting amber_mmhg: 99 is not an integer from 30 to 50; the defaults are in force"
    app = wearing.app_of(one, settings)
    app.start()
    part, reason = kinds.SENSORS.index("settings"), kinds.HEALTH_REASONS.index("corrupt")
    assert (app.fault, app.fault_reason) == (part + 1, reason)
    wearing.step_until(one, app, 5_000_000)
    app.tune(Settings())
    wearing.step_until(one, app, 65_000_000)
    assert app.fault == 0
    told = [values[2:4] for name, values in kept(app) if name == "health" and values[0] == part]
    assert told[0] == [kinds.SENSOR_STATES.index("failed"), reason]
