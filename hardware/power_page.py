"""How long a charge lasts, and what takes it: a page and a plot out of energy's rows.

The plot is written by hand, so that the same rows give the same bytes and nothing has to be installed to read it.
"""

from hardware import energy
from talus.board import BRIDGE_OHM

SHOWN = ("active", "quiet", "stored")
SMALL = 0.03  # of a bar: less is "other"
GROUPS = (
    ("computing", "#2f5d8a", ("board, computing",)),
    ("waiting awake", "#6f9fcb", ("board, waiting awake",)),
    ("light sleep", "#b9d3ea", ("board, light sleep", "board, off")),
    ("radio", "#c8553d", ("board, radio",)),
    ("encoder", "#e0a030", ("encoder AS5600",)),
    ("bridge and its converter", "#7a9a4a", ("bridge converter NAU7802", f"bridge, {BRIDGE_OHM} ohm")),
    ("pressure", "#8b6bb1", ("pressure converter ADS1115", "four FSR dividers")),
    ("all else", "#8a8a8a", ()),
)
WIDTH, HEIGHT, LEFT, TOP, PANEL_H, GAP = 760, 560, 130, 60, 120, 42
BAR_H, BAR_GAP = 26, 8
FONT = 'font-family="DejaVu Sans, Verdana, sans-serif"'


def grouped(board: energy.Board, state: str) -> list[tuple[str, float]]:
    """A state's current by GROUPS, in mA."""
    rows = energy.shares(board, state)
    named = {name for _, _, names in GROUPS for name in names}
    return [
        (group, sum(ma for name, ma in rows if name in names or (not names and name not in named)))
        for group, _, names in GROUPS
    ]


def dominant(board: energy.Board, state: str, count: int = 3) -> str:
    """The largest shares of a state, in words."""
    rows = sorted(energy.shares(board, state), key=lambda row: -row[1])
    whole = sum(ma for _, ma in rows)
    return ", ".join(f"{name} {100 * ma / whole:.0f} %" for name, ma in rows[:count] if ma / whole > SMALL)


def page() -> str:
    """Hours and days per board and battery, and what dominates each state."""
    sizes = energy.BATTERIES_MAH
    lines = [
        "# How long a charge lasts",
        "",
        "Made by `make hardware` from `hardware/energy.py` and the firmware's table of states. A model: no board has",
        f"met an ammeter. Usable is {100 * energy.USABLE:.0f} % of the rated charge. A Pico W is not in it: its naps",
        "are not modelled.",
        "",
        "![mean current in each state](power.svg)",
        "",
        "## Hours in one state alone, from a full charge",
        "",
        "| board | state | mean mA | " + " | ".join(f"{size} mAh" for size in sizes) + " |",
        "|---" * (3 + len(sizes)) + "|",
    ]
    for board in energy.BOARDS:
        for state in SHOWN:
            mean = energy.state_ma(board, state)
            hours = " | ".join(f"{24 * energy.days_from(size, mean):.0f} h" for size in sizes)
            lines.append(f"| {board[0]} | {state} | {mean:.2f} | {hours} |")
    lines += ["", "## Days", "", "| board | day | mean mA | " + " | ".join(f"{size} mAh" for size in sizes) + " |"]
    lines.append("|---" * (3 + len(sizes)) + "|")
    for board in energy.BOARDS:
        for name, active, quiet, stored, charging, meaning in energy.DAYS:
            mean = energy.day_ma(board, (active, quiet, stored, charging))
            days = " | ".join(f"{energy.days_from(size, mean):.1f} days" for size in sizes)
            lines.append(f"| {board[0]} | {name}: {meaning} | {mean:.2f} | {days} |")
    lines += ["", "## What dominates", "", "| board | state | largest shares |", "|---|---|---|"]
    for board in energy.BOARDS:
        lines += [f"| {board[0]} | {state} | {dominant(board, state)} |" for state in SHOWN]
    lines += [
        "",
        "While active the board itself takes two thirds and more: it waits awake between ticks, because stock",
        "MicroPython sleeps lightly only by hand and never with the radio on. Of the parts the encoder costs most,",
        "then the bridge. While quiet the radio's windows keep the board awake, and the dividers are fed all the time.",
        "To be measured first on a real board: waiting awake at 160 MHz, light sleep, and whether the chip keeps its",
        "own pull-ups on SDA and SCL while the gate is shut (the model says so: 0.14 mA).",
    ]
    return "\n".join(lines) + "\n"


def text(x: float, y: float, words: str, size: int = 12, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" {FONT}>{words}</text>'


def panel(state: str, top: float) -> list[str]:
    """One state: a stacked bar for each board, on a scale of its own."""
    most = max(energy.state_ma(board, state) for board in energy.BOARDS)
    scale = (WIDTH - LEFT - 90) / most
    found = [text(10, top - 10, f"{state}, mA", 13)]
    for i, board in enumerate(energy.BOARDS):
        y = top + i * (BAR_H + BAR_GAP)
        found.append(text(LEFT - 8, y + BAR_H * 0.68, board[0], 12, "end"))
        x = float(LEFT)
        for (group, ma), (_, colour, _) in zip(grouped(board, state), GROUPS, strict=True):
            if ma <= 0:
                continue
            found.append(
                f'<rect x="{x:.1f}" y="{y:.1f}" width="{ma * scale:.1f}" height="{BAR_H}" fill="{colour}" '
                f'stroke="white" stroke-width="0.6"><title>{board[0]}, {state}: {group} {ma:.2f} mA</title></rect>'
            )
            x += ma * scale
        found.append(text(x + 6, y + BAR_H * 0.68, f"{energy.state_ma(board, state):.2f}"))
    return found


def plot() -> str:
    """Mean current of each board in each state, stacked by what takes it."""
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        'role="img" aria-label="Mean current of each board while active, quiet and stored, by what takes it">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        text(10, 24, "Mean current by state and what takes it (computed, not measured; each panel its own scale)", 13),
    ]
    for i, state in enumerate(SHOWN):
        lines += panel(state, TOP + i * (PANEL_H + GAP - 10))
    base = HEIGHT - 46
    for i, (group, colour, _) in enumerate(GROUPS):
        x, y = 16 + (i % 4) * 184, base + (i // 4) * 22
        lines.append(f'<rect x="{x}" y="{y - 11}" width="13" height="13" fill="{colour}"/>')
        lines.append(text(x + 19, y, group))
    return "\n".join([*lines, "</svg>", ""])
