"""The firmware as it is deployed, small and compiled, keeps byte for byte what its sources keep from the same leg."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from talus.settings_file import ROWS
from talus_host.deploy import places
from talus_host.deploy.build import BuildError, Built, build, compiled, sources
from talus_host.deploy.compact import compacted
from talus_host.deploy.compact_bundle import BUNDLE
from talus_host.deploy.compact_rom import ROM_NAMES
from talus_host.deploy.compact_settings import placed
from talus_host.deploy.compact_text import Source, module_of
from talus_twin import board, chips
from talus_twin.board import wearing
from talus_twin.board.interpreter import Interpreter
from talus_twin.body.activities import Activity
from talus_twin.body.person import Person
from talus_twin.body.scene import Scene, play
from talus_twin.worn import INSIDE, as_arrays

TWIN = [Path(board.__file__).parent, Path(chips.__file__).parent]
# Ceilings, so that nobody adds to a brace's memory without seeing it.
MPY_BYTES_MAX = 118_000  # of flash; 10,000 of them are read only while a set goes on or a report is packed
IMPORT_BYTES_MAX = 155_000  # of a WebAssembly heap; its words are of a board's size
LEFT = re.findall(r'"(\w+)"', next(line for line in sources()["main.py"].splitlines() if line.startswith("LEFT")))
GUESTS = (*(file.read_text("utf-8") for folder in TWIN for file in sorted(folder.glob("*.py"))), INSIDE)


@pytest.fixture(scope="module")
def walk() -> Scene:
    acts = [Activity("sit", 20), Activity("walk", 60, turn_every_s=25), Activity("stand", 5), Activity("sit", 45)]
    return play(Person("foot_drop_brace", seed=4), acts)


def worn_inside(interpreter: Interpreter, walk: Scene) -> bytes:
    for name, column in as_arrays(walk.columns).items():
        interpreter.put(f"/columns/{name}", column.tobytes())
    interpreter.run(f"NAMES, RATE_HZ, PLACE, ALIGNMENT = "
                    f"{list(walk.columns)!r}, {walk.rate_hz}, 'shank', {tuple(walk.imu_alignment)!r}")  # fmt: skip
    interpreter.run(INSIDE)
    return interpreter.get("/stream")


def test_the_compiled_tree_keeps_the_same_bytes(walk: Scene, tmp_path: Path) -> None:
    with Interpreter() as inside:
        inside.install("talus_twin.chips", "talus_twin.board")
        for built in build(tmp_path, guests=GUESTS):
            inside.put("/lib/" + built.path, (tmp_path / built.path).read_bytes())
        kept = worn_inside(inside, walk)
    expected = wearing.whole(as_arrays(walk.columns), walk.rate_hz, "shank", tuple(walk.imu_alignment))
    assert len(expected) > 2000, "strides, minutes and phases were kept"
    assert kept == bytes(expected)


def test_lines_stay_where_they_are_or_the_table_says_where_they_come_from() -> None:
    """Every statement that is compiled begins where one of the source begins, in its room."""
    whole = sources()
    texts, table = compacted(whole)
    starts = {path: {node.lineno for node in ast.walk(ast.parse(source)) if isinstance(node, ast.stmt | ast.expr)}
              for path, source in whole.items()}  # fmt: skip
    files = {module_of(path): path for path in whole}
    for path, text in texts.items():
        found = {node.lineno for node in ast.walk(ast.parse(text)) if isinstance(node, ast.stmt)}
        if module_of(path) == BUNDLE:
            assert len(text.splitlines()) == len(table)
            rooms = [table[number - 1] for number in found if table[number - 1] != (BUNDLE, 1)]
            assert len({room for room, _ in rooms}) > 20
            assert [(room, number) for room, number in rooms if number not in starts[files[room]]] == []
        else:
            assert len(text.splitlines()) == len(whole[path].splitlines()), path
            assert found <= starts[path], path


CRASH = """
import io, sys
from talus import journal
from talus.events import gait
for guilty in (lambda: journal.Journal(None, "/log", None), lambda: gait.Gait(None)):
    try:
        guilty()
    except Exception as error:
        sys.print_exception(error)
"""


def told_places(said: str) -> list[tuple[str, str]]:
    """(room, line) of everything a traceback passes, outermost first; the lines of CRASH itself left out."""
    found = re.findall(r'File "([^"]*)", line (\d+)', said)
    return [(file.removeprefix("/lib/").removesuffix(".py").replace("/", "."), line) for file, line in found
            if "talus" in file]  # fmt: skip


def test_a_traceback_of_the_bundle_is_told_in_places_of_the_sources(tmp_path: Path) -> None:
    with Interpreter() as inside:
        inside.install("talus")
        expected = told_places(inside.run(CRASH))
    with Interpreter() as inside:
        for one in build(tmp_path, guests=(CRASH,)):
            inside.put("/lib/" + one.path, (tmp_path / one.path).read_bytes())
        inside.run("import sys\nsys.path.append('/lib')")
        said = inside.run(CRASH)
    table = (tmp_path / places.TABLE).read_bytes()
    assert said.count(f'File "talus.app.{places.mark(table)}"') >= 2
    assert len(expected) >= 2 and told_places(places.with_sources(said, [b"talus.app 1\n\n", table])) == expected
    assert places.with_sources(said, []) == said, "nothing is told that is not known"


def test_a_table_of_lines_is_read_as_it_was_written() -> None:
    told = [("talus.app", 1), ("talus.app", 1), ("talus.bonds", 7), ("talus.bonds", 400), ("talus.bonds", 470),
            ("talus.app", 12)]  # fmt: skip
    assert places.read(places.written(told)) == told


def test_the_same_sources_give_the_same_bytes_under_any_hash_seed(tmp_path: Path) -> None:
    script = "import sys, pathlib; from talus_host.deploy.build import build; print(build(pathlib.Path(sys.argv[1])))"
    said = {
        subprocess.run(
            [sys.executable, "-c", script, str(tmp_path / seed)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1


def test_what_the_compiler_refuses_is_said_with_its_file(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"(?s)talus/app\.py.*line 2"):
        compiled("talus/app.py", "x = 1\nx ==== 2\n", tmp_path)


def test_built_files_say_what_they_are(tmp_path: Path) -> None:
    built = build(tmp_path)
    assert all(isinstance(one, Built) and (tmp_path / one.path).stat().st_size == one.size for one in built)
    assert "talus/app.mpy" in {one.path for one in built}
    assert {one.path for one in built} == {
        file.relative_to(tmp_path).as_posix() for file in tmp_path.rglob("*") if file.is_file()
    }


def test_what_only_the_desk_reads_is_left_out_and_what_a_brace_reaches_is_kept() -> None:
    texts, _ = compacted(sources())
    kinds, whole = texts["talus/wire/kinds.py"], "".join(texts.values())
    for told in ("why it started", "navicular", "def unpack"):
        assert told not in whole, f"{told}: only the desk reads it"
    assert "ankle_angle" not in kinds, "only the desk reads what a raw sample holds"
    assert "fitting" not in whole, "nothing on a brace reaches it"
    assert "'imu_gyro'" in kinds, "a part is asked for by its word"
    assert "stride_min_ms" in texts["talus/settings_file.py"], "a file says its name"


def test_what_stays_in_memory_is_one_file_and_what_leaves_it_is_none_of_it() -> None:
    texts, table = compacted(sources())
    rooms = {room for room, _ in table}
    assert {"talus.journal", "talus.radio", "talus.sampling", "talus.events.gait", "talus.wire.gatt"} < rooms
    left = {module_of(path) for path in texts} - {BUNDLE}
    left_rooms = {"talus." + room for room in LEFT} & {module_of(path) for path in sources()}
    assert left_rooms <= left and not left_rooms & rooms and not rooms & left


def test_every_word_that_is_to_cost_nothing_is_in_the_interpreter() -> None:
    """A word it has not is kept beside the program: then the count of such words grows."""

    def known(inside: Interpreter) -> int:
        found = re.search(r"n_qstr=(\d+)", inside.run("micropython.qstr_info()"))
        assert found
        return int(found[1])

    with Interpreter() as inside:
        inside.run("import micropython")
        before = known(inside)
        inside.run("lambda x: (" + ", ".join("x." + name for name in ROM_NAMES) + ")")
        assert known(inside) == before
        inside.run("lambda x: x.no_word_of_an_interpreter")
        assert known(inside) == before + 1


def test_a_setting_is_known_by_its_place_and_its_name_is_asked_of_settings_only() -> None:
    small, _ = compacted(sources())
    assert [row[0] for row in ROWS if any(f".{row[0]}" in text for text in small.values())] == []
    place = next(place for place, row in enumerate(ROWS) if row[0] == "battery_cutoff_mv")
    said = "".join(
        placed([Source("talus/it.py", "def low(settings):\n    return settings.battery_cutoff_mv\n")]).values()
    )
    assert f"return settings.kept[{place}]" in said
    with pytest.raises(ValueError, match="battery_cutoff_mv"):
        placed([Source("talus/it.py", "def low(gauge):\n    return gauge.battery_cutoff_mv\n")])


def test_the_program_stays_below_its_ceilings(tmp_path: Path) -> None:
    """make bench tells the figures one by one."""
    files = build(tmp_path)
    assert sum(one.size for one in files) <= MPY_BYTES_MAX
    with Interpreter() as inside:
        for one in files:
            inside.put("/slot/" + one.path, (tmp_path / one.path).read_bytes())
        inside.run("import gc, sys\nsys.path.insert(0, '/slot')\ngc.collect()\nbefore = gc.mem_alloc()")
        heap = int(inside.run("import talus.app\ngc.collect()\nprint(gc.mem_alloc() - before)"))
    assert heap <= IMPORT_BYTES_MAX, heap
