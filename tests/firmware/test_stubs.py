"""boot.py and main.py call only what the boards have: a type checker reads them beside the stubs of both ports."""

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import missing

ROOT = Path(__file__).parents[2]
FIRMWARE = ROOT / "firmware"
# The stubs hold errors of their own, and None where a module may be missing is our way to say so.
CONFIG = """
[mypy]
custom_typeshed_dir = {stubs}
mypy_path = {stubs}
platform = {port}
check_untyped_defs = true
follow_imports = silent
disable_error_code = assignment
[mypy-talus.*]
follow_imports = skip
ignore_missing_imports = true
[mypy-bluetooth,esp32]
ignore_missing_imports = true
"""
# A call each port would stop at -> what the checker says; None where the port has it.
BREAKS = {
    "machine.Pin(1).valeu()": {"esp32": '"Pin" has no attribute "valeu"', "rp2": '"Pin" has no attribute "valeu"'},
    "machine.RTC().memory()": {"esp32": None, "rp2": '"RTC" has no attribute "memory"'},
    "machine.wake_reason()": {"esp32": None, "rp2": 'has no attribute "wake_reason"'},
    "machine.WDT(timeout_ms=8000)": {"esp32": 'argument "timeout_ms"', "rp2": 'argument "timeout_ms"'},
}


def complaints(port: str, folder: Path, *files: Path) -> list[str]:
    """What the checker says of these files on a port, without what it says of the stubs."""
    stubs = Path(sys.prefix) / "stubs" / port
    if not (stubs / "machine.pyi").exists():
        missing(f"the stubs of {port} are not there: `make test` fetches them")
    config = folder / "mypy.ini"
    config.write_text(CONFIG.format(stubs=stubs, port=port))
    command = [sys.executable, "-m", "mypy", "--config-file", str(config), "--cache-dir", str(folder / "cache")]
    said = subprocess.run([*command, *map(str, files)], capture_output=True, text=True, cwd=FIRMWARE, timeout=300)
    assert said.stdout, said.stderr
    return [line for line in said.stdout.splitlines() if any(f"{file.name}:" in line for file in files)]


@pytest.mark.parametrize("port", ["esp32", "rp2"])
def test_the_loader_and_the_composition_call_what_the_port_has(port: str, tmp_path: Path) -> None:
    assert complaints(port, tmp_path, Path("boot.py")) == []
    assert complaints(port, tmp_path, Path("main.py")) == []
    wrong = tmp_path / "wrong.py"
    wrong.write_text("import machine\n" + "\n".join(BREAKS) + "\n")
    said = "\n".join(complaints(port, tmp_path, wrong))
    for line, words in enumerate((row[port] for row in BREAKS.values()), 2):
        assert (f":{line}: error" in said) == (words is not None), said
        assert words is None or words in said
