"""Each target under Atheris, which goes where an input reached something new: inputs tried, findings, lines reached.

Seconds for each target in FUZZ_S (60). What it learns stays in .hypothesis/fuzz, a finding in the folder it names.
"""

import os
import re
import subprocess
import sys
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

ROOT = Path(__file__).parents[2]
for room in ("tests", "firmware", "host"):
    sys.path.insert(0, str(ROOT / room))
LIBRARY = ROOT / ".venv/fuzz"
CORPUS = ROOT / ".hypothesis/fuzz"
SECONDS = int(os.environ.get("FUZZ_S", "60"))
SEED = 20261
LONGEST = 4096
# What each target is to reach, as files; the lines that only a start needs count, too.
READS = {
    "frame_reader": ("firmware/talus/wire/frame.py",),
    "records": ("firmware/talus/wire/record.py",),
    "packed_records": ("firmware/talus/wire/packed.py",),
    "gatt_words": ("firmware/talus/wire/gatt.py",),
    "session": ("host/talus_host/session.py",),
    "settings": ("firmware/talus/settings_file.py",),
    "calibration": ("firmware/talus/calibration_file.py",),
    "replay": ("host/talus_host/link/replay.py",),
    "control": (
        "firmware/talus/control.py",
        "firmware/talus/changing.py",
        "firmware/talus/packing.py",
        "firmware/talus/packer.py",
    ),
}


def fuzz(name: str, options: list[str]) -> None:
    """In a process of its own: libFuzzer ends it."""
    sys.path.append(str(LIBRARY))
    import atheris

    with atheris.instrument_imports(include=["talus", "talus_host"]):
        from fuzz.targets import TARGETS
    atheris.Setup([sys.argv[0], *options], lambda data: TARGETS[name](bytes(data)))
    atheris.Fuzz()


def lines_of(code: CodeType) -> set[int]:
    """Lines of a file's functions; what an import runs is no reach."""
    found: set[int] = set()
    for one in code.co_consts:
        if isinstance(one, CodeType):
            if not one.co_name.startswith("<") and one.co_name[0].islower() | (one.co_name[0] == "_"):
                found |= {line for _, _, line in one.co_lines() if line and line > one.co_firstlineno}
            found |= lines_of(one)
    return found


def reached(name: str, inputs: list[bytes]) -> tuple[int, int]:
    """(lines these inputs reach, lines of functions there are) in the target's files."""
    from fuzz.targets import TARGETS

    files = {str(ROOT / one): one for one in READS[name]}
    seen: set[tuple[str, int]] = set()

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        if frame.f_code.co_filename not in files:
            return None
        if event == "line":
            seen.add((frame.f_code.co_filename, frame.f_lineno))
        return trace

    TARGETS[name](b"")
    sys.settrace(trace)
    try:
        for one in inputs:
            TARGETS[name](one)
    finally:
        sys.settrace(None)
    there = {(file, line) for file in files for line in lines_of(compile(Path(file).read_text(), file, "exec"))}
    return len(seen & there), len(there)


def one_target(name: str) -> bool:
    """Its line of the table; whether nothing was found."""
    from fuzz.seeds import seeds

    folder = CORPUS / name
    folder.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(seeds(name)):
        (folder / f"seed{number}").write_bytes(data)
    options = [f"-max_total_time={SECONDS}", f"-seed={SEED}", f"-max_len={LONGEST}", "-print_final_stats=1"]
    options += [f"-artifact_prefix={folder.parent}/{name}-", "-timeout=20", "-verbosity=1", str(folder)]
    done = subprocess.run([sys.executable, __file__, name, *options], capture_output=True, text=True, check=False)
    tried = re.search(r"number_of_executed_units: (\d+)", done.stderr)
    edges = re.findall(r"cov: (\d+) ft: (\d+)", done.stderr) or [("0", "0")]
    lines, all_lines = reached(name, [path.read_bytes() for path in sorted(folder.iterdir())])
    said = f"  {name:<16}{tried.group(1) if tried else '?':>10} inputs {edges[-1][0]:>7} edges"
    sys.stdout.write(f"{said} {lines:>5} of {all_lines} lines ({100 * lines / all_lines:.0f} %)")
    sys.stdout.write("   nothing found\n" if done.returncode == 0 else "   FOUND\n" + done.stderr[-3000:] + "\n")
    sys.stdout.flush()
    return done.returncode == 0


def main() -> int:
    if not (LIBRARY / "atheris").exists():
        sys.stdout.write("Atheris has no wheel for this machine: the short part in `make test` is all there is.\n")
        return 0
    sys.stdout.write(f"{SECONDS} s for each target, seed {SEED}; lines are those of the functions in its files\n")
    return 0 if all(one_target(name) for name in READS) else 1


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] in READS:
        fuzz(sys.argv[1], sys.argv[2:])
    else:
        sys.exit(main())
