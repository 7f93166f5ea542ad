"""What `make hardware` runs: judge the rows, write pages and bills, check the circuit by SKiDL, draw the wiring,
shape the printed parts. The first finding stops it: one line that names the row, and no file is written.

`python -m hardware.build --texts` does what needs no environment of its own: checks and texts.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from hardware import texts
from hardware.bridge import BRIDGE
from hardware.checks import WIRING, judge, unused
from hardware.checks_electric import ELECTRIC
from hardware.design import NAMES, Design, PartRow, parts, resolve

HERE = Path(__file__).parent
MADE = HERE / "made"
CHECKS = WIRING + ELECTRIC + BRIDGE


def findings(designs: list[Design], rows: dict[str, PartRow]) -> list[str]:
    """All that is wrong with the rows, each once."""
    found = [finding for design in designs for finding in judge(design, rows, CHECKS)]
    return list(dict.fromkeys(found + unused(rows)))


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def refuse(found: list[str]) -> None:
    """Ends with the first finding, where there is one."""
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        sys.exit(f"hardware: {found[0]}{more}")


def main(arguments: list[str]) -> None:
    try:
        rows = parts()
        designs = [resolve(name) for name in NAMES]
    except ValueError as error:
        sys.exit(f"hardware: {error}")
    refuse(findings(designs, rows))
    say(f"rows     {len(NAMES)} boards, {len(rows)} parts, {len(CHECKS)} checks: nothing found")
    MADE.mkdir(exist_ok=True)
    made = texts.all_texts(rows)
    for name, text in made.items():
        (MADE / name).write_text(text, encoding="utf-8")
    say(f"texts    {len(made)} files: bills, addresses, cables, bridge, power")
    if "--texts" not in arguments:
        tools(designs, rows)


def tools(designs: list[Design], rows: dict[str, PartRow]) -> None:
    """What needs SKiDL, WireViz, graphviz and the kernel of the printed parts."""
    from hardware import blocks, erc, wiring

    refuse(erc.probe(designs[0]) + erc.write(designs, rows, MADE))
    say("erc      SKiDL finds no error and no warning; it finds the faults put in to try it")
    if shutil.which("dot") is None:
        sys.exit(
            "hardware: graphviz is missing. Install it (Debian, Ubuntu: apt install graphviz; macOS: brew) and go on"
        )
    for design in designs:
        try:
            wiring.draw(design, rows, MADE)
            (MADE / f"blocks_{design.name}.svg").write_bytes(wiring.drawn(blocks.dot(design), "svg"))
        except ValueError as error:
            sys.exit(f"hardware: drawing of {design.name}: {error}")
    say(f"drawn    wiring as SVG and PDF and the circuit at a glance, of {len(designs)} boards")
    if (HERE / "mechanics" / "build.py").exists():
        ran = subprocess.run([sys.executable, "-m", "hardware.mechanics.build"], cwd=HERE.parent, check=False)
        if ran.returncode:
            sys.exit(ran.returncode)


if __name__ == "__main__":
    main(sys.argv[1:])
