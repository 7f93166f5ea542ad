"""Builds every part for every size, checks it, draws it. A check that fails, or a wrong dimension, ends it in one line.

python hardware/mechanics/build.py                              all named sizes, pictures and checks.md
python hardware/mechanics/build.py medium calf_radius=61        one size with dimensions of one's own, into own/
"""

import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from hardware.mechanics.layout import Layout, lay_out  # noqa: E402
from hardware.mechanics.parameters import SIZES, Impossible, size  # noqa: E402

MADE = ROOT / "hardware/made/mechanics"
DRAWN = "medium"


def told(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def given(words: list[str]) -> tuple[list[str], dict[str, float]]:
    """Sizes and changes from the command line."""
    sizes = [word for word in words if "=" not in word]
    changes = {}
    for word in words:
        if "=" in word:
            name, _, text = word.partition("=")
            try:
                changes[name] = float(text)
            except ValueError:
                raise Impossible(f"{name} {text}: is no number") from None
    return sizes or list(SIZES), changes


def build(name: str, changes: dict[str, float], folder: Path) -> tuple[Layout, dict[str, Any], Any]:
    """Solids of one size, written as STEP and STL, and its checks."""
    from hardware.mechanics import checks
    from hardware.mechanics.kernel import export_step, export_stl
    from hardware.mechanics.parts import PARTS

    begin = time.monotonic()
    a = lay_out(size(name, changes))
    folder.mkdir(parents=True, exist_ok=True)
    made = {}
    for part in PARTS:
        try:
            made[part.name] = part.make(a)
        except (ValueError, RuntimeError) as error:  # what the geometry kernel says when a round finds no room
            what = ", ".join(f"{key} {value:g}" for key, value in changes.items()) or name
            raise Impossible(f"{what}: {part.name} cannot be made: {error}") from error
    for part_name, solid in made.items():
        export_step(solid, str(folder / f"{part_name}.step"))
        export_stl(solid, str(folder / f"{part_name}.stl"), 0.02, 0.2)
    rows = checks.of_size(a, made)
    told(f"{name}: {len(made)} parts, {len(rows)} checks, {time.monotonic() - begin:.0f} s")
    return a, made, rows


def draw(a: Layout, made: dict[str, Any]) -> None:
    """Pictures of one size."""
    from hardware.mechanics import picture, scenes
    from hardware.mechanics.parts import PARTS

    for part in PARTS:
        picture.draw(MADE / f"{part.name}.png", scenes.part(part.name, made), 380, 380)
    for name, make in (
        ("assembly_pod_apart", scenes.apart),
        ("assembly_worn", scenes.worn),
        ("assembly_hinge", scenes.hinge),
        ("use_magnet_jig", scenes.stops),
        ("use_lever_jig", scenes.weights),
    ):
        panels = make(a, made)
        picture.draw(MADE / f"{name}.png", panels, 340 if len(panels) == 3 else 460, 460)


def run(sizes: list[str], changes: dict[str, float]) -> int:
    """All that was asked for; 1 where a check fails."""
    from hardware.mechanics import checks, prove

    whole = not changes and sizes == list(SIZES)
    if whole and prove.wrong(told):
        return 1
    results = {}
    for name in sizes:
        a, made, rows = build(name, changes, MADE / ("own" if changes else name))
        wrong = checks.failed(rows)
        for line in wrong:
            told(f"{name}: {line}")
        if wrong:
            return 1
        results[name] = rows
        if whole and name == DRAWN:
            draw(a, made)
    if whole:
        (MADE / "checks.md").write_text(checks.table(results))
    else:
        print(checks.table(results))
    told(f"written: {MADE.relative_to(ROOT)}")
    return 0


def main(words: list[str]) -> int:
    try:
        sizes, changes = given(words)
        for name in sizes:  # all dimensions before the first solid
            lay_out(size(name, changes))
        return run(sizes, changes)
    except Impossible as error:
        told(str(error))
        return 65


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
