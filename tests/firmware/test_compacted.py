"""The firmware as it is deployed, small and compiled, keeps byte for byte what its sources keep from the same leg."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from talus.settings_file import ROWS
from talus_host.deploy.build import BuildError, Built, build, compiled, sources
from talus_host.deploy.compact import compacted
from talus_host.deploy.compact_settings import placed
from talus_host.deploy.compact_text import Source
from talus_twin import board, chips
from talus_twin.board import wearing
from talus_twin.board.interpreter import Interpreter
from talus_twin.body.activities import Activity
from talus_twin.body.person import Person
from talus_twin.body.scene import Scene, play
from talus_twin.worn import INSIDE, as_arrays

TWIN = [Path(board.__file__).parent, Path(chips.__file__).parent]
# Ceilings, so that nobody adds to a brace's memory without seeing it.
MPY_BYTES_MAX = 100_000
IMPORT_BYTES_MAX = 165_000  # of a WebAssembly heap; its words are of a board's size
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


def test_lines_stay_where_they_are_and_definitions_too(tmp_path: Path) -> None:
    """A traceback of a brace names a file and a line: they are the source's."""
    whole = sources()
    for path, text in compacted(whole).items():
        source = whole[path]
        assert len(text.splitlines()) == len(source.splitlines()), path
        starts = {node.lineno for node in ast.walk(ast.parse(source)) if isinstance(node, ast.stmt | ast.expr)}
        assert {node.lineno for node in ast.walk(ast.parse(text)) if isinstance(node, ast.stmt)} <= starts, path


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
    small = compacted(sources())
    kinds, gatt = small["talus/wire/kinds.py"], small["talus/wire/gatt.py"]
    for told, text in (("why it started", kinds), ("navicular", kinds), ("ankle_angle", kinds), ("def unpack", gatt)):
        assert told not in text, f"{told}: only the desk reads it"
    assert "talus/fitting.py" not in small, "nothing on a brace reaches it"
    assert "'imu_gyro'" in kinds, "a part is asked for by its word"
    assert "stride_min_ms" in small["talus/settings_file.py"], "a file says its name"


def test_a_setting_is_known_by_its_place_and_its_name_is_asked_of_settings_only() -> None:
    small = compacted(sources())
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
