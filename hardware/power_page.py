"""How long a charge lasts, and what takes it: a page and a plot out of energy's rows.

The plot is written by hand, so that the same rows give the same bytes and nothing has to be installed to read it.
"""

from hardware import energy
from hardware.boards import BOARDS
from talus.board import BRIDGE_OHM

CHARGE_TAKES = 1.2
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
    ("pull-ups", "#5aa9a0", ("main bus's pull-ups", "the chip's own pull-ups")),
    ("all else", "#8a8a8a", ()),
)
WIDTH, HEIGHT, LEFT, TOP, PANEL_H, GAP = 760, 572, 130, 60, 120, 42
BAR_H, BAR_GAP = 26, 8
FONT = 'font-family="DejaVu Sans, Verdana, sans-serif"'

HEAD = (
    "# How long a charge lasts",
    "",
    "Made by `make hardware` from `hardware/energy.py` and the firmware's table of states. A model: no board has met",
    f"an ammeter. Usable is {100 * energy.USABLE:.0f} % of the rated charge. Of a Pico W only the charge is here: its",
    "naps are not modelled.",
    "",
    "![mean current in each state](power.svg)",
)
TAIL = (
    "",
    "While active the board itself takes two thirds and more: it waits awake between ticks, because stock MicroPython",
    "sleeps lightly only by hand and never with the radio on. Of the parts the encoder costs most, then the bridge.",
    "While quiet the radio's windows keep the board awake; stored, what the chip itself draws asleep. To be",
    "measured first on a real board: waiting awake at 160 MHz, light sleep, and whether the chip keeps its own",
    "pull-ups on SDA and SCL while the gate is shut (the model says it does: 0.14 mA).",
)


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


def head_row(first: str) -> list[str]:
    """The two head lines of a table with a column for each battery."""
    sizes = [f"{size} mAh" for size in energy.BATTERIES_MAH]
    cells = first.split(" | ") + sizes
    return ["", "| " + " | ".join(cells) + " |", "|" + "---|" * len(cells)]


def page() -> str:
    """Hours and days per board and battery, how long a charge takes, and what dominates each state."""
    return "\n".join([*HEAD, *hours(), *days(), *charging(), *dominating(), *TAIL]) + "\n"


def hours() -> list[str]:
    lines = ["", "## Hours in one state alone, from a full charge", *head_row("board | state | mean mA")]
    for board in energy.BOARDS:
        for state in SHOWN:
            mean = energy.state_ma(board, state)
            cells = " | ".join(f"{24 * energy.days_from(size, mean):.0f} h" for size in energy.BATTERIES_MAH)
            lines.append(f"| {board[0]} | {state} | {mean:.2f} | {cells} |")
    return lines


def days() -> list[str]:
    lines = ["", "## Days", *head_row("board | day | mean mA")]
    for board in energy.BOARDS:
        for name, active, quiet, stored, charger, meaning in energy.DAYS:
            mean = energy.day_ma(board, (active, quiet, stored, charger))
            cells = " | ".join(f"{energy.days_from(size, mean):.1f} days" for size in energy.BATTERIES_MAH)
            lines.append(f"| {board[0]} | {name}: {meaning} | {mean:.2f} | {cells} |")
    return lines


def charging() -> list[str]:
    lines = ["", "## Hours to fill it again", "", "A fifth more than charge over current: the end of a charge is slow."]
    lines += head_row("board | charger gives")
    for facts in BOARDS:
        times = [f"{CHARGE_TAKES * size / facts.charge_ma:.1f} h" for size in energy.BATTERIES_MAH]
        given = f"{facts.charge_ma:g} mA" if facts.charge_found else "not found"
        lines.append(
            f"| {facts.name} | {given} | " + " | ".join(times if facts.charge_found else "-" * len(times)) + " |"
        )
    return lines


def dominating() -> list[str]:
    lines = ["", "## What dominates", "", "| board | state | largest shares |", "|---|---|---|"]
    return lines + [f"| {b[0]} | {state} | {dominant(b, state)} |" for b in energy.BOARDS for state in SHOWN]


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
    base = HEIGHT - 64
    for i, (group, colour, _) in enumerate(GROUPS):
        x, y = 16 + (i % 3) * 240, base + (i // 3) * 22
        lines.append(f'<rect x="{x}" y="{y - 11}" width="13" height="13" fill="{colour}"/>')
        lines.append(text(x + 19, y, group))
    return "\n".join([*lines, "</svg>", ""])
