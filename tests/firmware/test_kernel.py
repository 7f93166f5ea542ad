"""The loops in machine code say what the plain ones say, and the plain ones the same on every interpreter.

A build of MicroPython named by MICROPYTHON=path compiles fast*.py and runs it. No package brings a 32-bit one: without
it the machine code is compiled (test_dialect.py) and held to its names and arguments, and not run.
"""

import ast
import os
import subprocess
from pathlib import Path

import pytest
from firmware import kernel_cases

import talus
from talus import plain, plain_bits, plain_chips
from talus.kernel import chips, kernel
from talus.kernel_bits import bits
from talus_twin.board.interpreter import Interpreter

FIRMWARE = Path(talus.__file__).parents[1]
HERE = Path(__file__).parent
PROGRAM = os.environ.get("MICROPYTHON")
TELL = (
    "import kernel_cases\nfrom talus.kernel import chips, kernel\nfrom talus.kernel_bits import bits\n"
    "print(kernel.__name__, chips.__name__, bits.__name__)\n"
    "for line in kernel_cases.tell(kernel, chips, bits): print(line)"
)

PLAIN = "talus.plain talus.plain_chips talus.plain_bits"


def functions(name: str) -> dict[str, list[str]]:
    tree = ast.parse((FIRMWARE / "talus" / name).read_text())
    return {one.name: [arg.arg for arg in one.args.args] for one in tree.body if isinstance(one, ast.FunctionDef)}


def test_cpython_takes_the_plain_file() -> None:
    assert kernel is plain and chips is plain_chips and bits is plain_bits


@pytest.mark.parametrize(
    ("fast", "meant", "inner"),
    [
        ("fast.py", "plain.py", {"percentile", "evidence", "around"}),
        ("fast_chips.py", "plain_chips.py", set()),
        ("fast_bits.py", "plain_bits.py", {"tell_one", "tell_place"}),
    ],
)
def test_each_loop_of_machine_code_has_its_plain_sibling_with_the_same_arguments(
    fast: str, meant: str, inner: set[str]
) -> None:
    quick, plainly = functions(fast), functions(meant)
    assert len(quick) > 1
    assert {name: plainly.get(name) for name in quick} == quick
    assert set(plainly) - set(quick) == inner, "what only the plain ones are made of"


def test_webassembly_falls_back_on_the_plain_file_and_says_the_same(micropython: Interpreter) -> None:
    micropython.put("/lib/kernel_cases.py", (HERE / "kernel_cases.py").read_bytes())
    out = micropython.run(TELL)  # fmt: skip
    assert out.splitlines() == [PLAIN, *kernel_cases.tell(plain, plain_chips, plain_bits)]


if PROGRAM:

    def test_machine_code_says_what_the_plain_file_says() -> None:
        word = "import struct; print(struct.calcsize('P'))"
        word_bits = int(subprocess.run([PROGRAM, "-c", word], capture_output=True, text=True, check=True).stdout) * 8
        source = f"import sys\nsys.path[:] = [{str(FIRMWARE)!r}, {str(HERE)!r}]\n{TELL}"
        done = subprocess.run([PROGRAM, "-c", source], capture_output=True, text=True, check=True)
        names = PLAIN.replace("plain", "fast") if word_bits == 32 else PLAIN
        assert done.stdout.splitlines() == [names, *kernel_cases.tell(plain, plain_chips, plain_bits)]
