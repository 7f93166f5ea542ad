"""Hours from a battery: the firmware's own table of states (talus.power.STATES) times what each part draws in it.

A model, not a measurement: every current is a row with its source, and nothing here has met an ammeter.
`make energy` prints it. Currents are mA at the battery; the boards' regulators are linear or close to it, so a
milliampere on the 3.3 V side is one at the battery.
"""

import sys

from talus.board import BRIDGE_MV, BRIDGE_OHM
from talus.power import FULL, GUARD, LOOK, NOTHING, STATES, WINDOWS
from talus.radio import FAST, OFF, SLOW
from talus.settings_file import ROWS as SETTINGS

HOUR_S = 3600
DAY_S = 24 * HOUR_S
USABLE = 0.85  # of the rated charge: cut-off before empty, cold and age (reference table of battery life)
MARGIN = 1.25
WORN_16_H_MEAN_MA = 1000 * USABLE / MARGIN / 16
WEEK_MEAN_MA = 5.0

FSR_MA = 4 * 3.3 / (10 + 16)

# (part, not asked, GUARD, LOOK, FULL in mA, where from)
PARTS = (
    ("encoder AS5600", 0.0, 0.0, 0.1, 6.5, "datasheet 6.5; behind the gate, on for 15 ms of each second in LOOK"),
    ("bridge converter NAU7802", 0.001, 0.001, 0.001, 2.1, "datasheet; 1 uA powered down"),
    (f"bridge, {BRIDGE_OHM} ohm", 0.0, 0.0, 0.0, BRIDGE_MV / BRIDGE_OHM, "Ohm; 350 ohm gauges would be 7.7"),
    ("IMU LSM6DSO", 0.003, 0.026, 0.026, 0.55, "datasheet: both high performance; accelerometer at low power, 52 Hz"),
    ("pressure converter ADS1115", 0.001, 0.001, 0.002, 0.15, "datasheet: single shots"),
    ("four FSR dividers", 0.0, 0.0, 0.01, FSR_MA, "3.3 V over 10 + 16 kohm each: 5 kPa; gated"),
    ("thermometer TMP117", 0.001, 0.001, 0.004, 0.004, "datasheet: one conversion a second"),
    ("main bus's pull-ups", 0.0, 0.0, 0.001, 0.3, "1.8 mA a line while it is low: half of the 1.6 ms a tick asks"),
    (
        "the chip's own pull-ups",
        0.0,
        0.14,
        0.14,
        0.0,
        "3.3 V over 45 + 1.8 kohm, two lines, into the closed gate, if kept",
    ),
    ("gauge MAX17048", 0.004, 0.023, 0.023, 0.023, "datasheet: active; hibernating"),
)

Board = tuple[str, float, float, float, float, float, str]
# (board, CPU waiting in the loop at 160 MHz, busy at 160 MHz, radio on adds, light sleep, off; mA; where from)
BOARDS: tuple[Board, ...] = (
    ("xiao_esp32c3", 20.1, 26.8, 6.7, 0.40, 0.045, "measured by others: loop with a 10 ms delay 20.1, empty loop 26.8, "
     "light sleep 0.35 (R. Dobson 2023); BLE in modem sleep 26.8 (maker); off 45 uA (msfujino 2024)"),
    ("xiao_esp32c6", 23.0, 30.0, 6.7, 0.22, 0.0143, "estimated: datasheet's modem sleep 3 mA above the C3's, light "
     "sleep 180 uA; off 14.3 uA (msfujino 2024)"),
    ("xiao_esp32s3", 32.0, 45.0, 10.0, 0.29, 0.0119, "estimated: ESP-IDF's modem sleep 17.9 mA against the C3's 12, "
     "light sleep 240 uA; off 11.9 uA (msfujino 2024)"),
)  # fmt: skip
SLOWER = 0.7  # what 80 MHz draws of what 160 MHz does (datasheets of C3 and C6, modem sleep)
# Tick in ms -> awake and busy in it: 200,000 instructions of 2 cycles at 160 MHz; twice the twin's costs of one look.
BUSY_MS = {10: 2.5, 1000: 25.0, 60000: 60.0}

WALKING_S, BOUTS, AROUND_S = 90 * 60, 40, 10  # a day's walking, in so many bouts, each with a few seconds of shuffling


def setting(name: str) -> int:
    """Default of a setting by name."""
    return next(row[1] for row in SETTINGS if row[0] == name)


ACTIVE_S = WALKING_S + BOUTS * (AROUND_S + setting("still_s"))
# (day, seconds active, quiet, stored, charging; what it is)
DAYS = (
    ("never still", 16 * HOUR_S, 0, 8 * HOUR_S, 0, "16 h worn, moving all the time"),
    ("usual", ACTIVE_S, 16 * HOUR_S - ACTIVE_S, 8 * HOUR_S, 0, f"16 h worn, 1.5 h of walking in {BOUTS} bouts"),
)
BATTERIES_MAH = (500, 1000, 2000)


def radio_share(radio: int, every: str) -> float:
    """Part of the time the radio is on."""
    if radio == WINDOWS:
        return setting("radio_window_s") / setting(every)
    return {OFF: 0.0, SLOW: 1.0, FAST: 1.0}[radio]


def shares(board: Board, name: str) -> list[tuple[str, float]]:
    """What a state's mean current is made of, in mA: what the board does, then each part."""
    _, waiting, busy, radio_adds, asleep, off, _ = board
    _, tick_ms, chips, radio, every, mhz, sleeps, _ = next(row for row in STATES if row[0] == name)
    column = {NOTHING: 1, GUARD: 2, LOOK: 3, FULL: 4}[chips]
    parts = [(str(row[0]), float(row[column])) for row in PARTS]
    if chips == NOTHING:
        return [("board, off", off), *parts]
    speed = 1.0 if mhz >= 160 else SLOWER
    share = radio_share(radio, every)
    working = BUSY_MS[tick_ms] / tick_ms
    awake = share if sleeps else 1.0
    return [
        ("board, computing", busy * speed * working),
        ("board, waiting awake", waiting * speed * awake * (1 - working)),
        ("board, light sleep", asleep * (1 - awake) * (1 - working)),
        ("board, radio", radio_adds * share),
        *parts,
    ]


def state_ma(board: Board, name: str) -> float:
    """Mean current of a board in a state."""
    return sum(ma for _, ma in shares(board, name))


def day_ma(board: Board, seconds: tuple[int, int, int, int]) -> float:
    """Mean current of a day of so many seconds active, quiet, stored and charging."""
    names = ("active", "quiet", "stored", "charging")
    return sum(state_ma(board, name) * s for name, s in zip(names, seconds, strict=True)) / sum(seconds)


def days_from(battery_mah: float, mean_ma: float) -> float:
    return battery_mah * USABLE / mean_ma / 24


def report() -> str:
    """The whole model as text."""
    lines = ["mean current in each state, mA (a model: no board has been measured)", ""]
    names = [row[0] for row in STATES]
    lines.append(f"{'':16}" + "".join(f"{name:>10}" for name in names))
    for board in BOARDS:
        lines.append(f"{board[0]:16}" + "".join(f"{state_ma(board, name):10.2f}" for name in names))
    sizes = "".join(f"{f'{size} mAh':>10}" for size in BATTERIES_MAH)
    lines += ["", f"{'':16}{'day':14}{'mean mA':>8}{sizes}   days"]
    for name, *seconds, meaning in DAYS:
        lines.append(f"  {name}: {meaning}")
        for board in BOARDS:
            mean = day_ma(board, (seconds[0], seconds[1], seconds[2], seconds[3]))
            days = "".join(f"{days_from(size, mean):10.1f}" for size in BATTERIES_MAH)
            lines.append(f"{board[0]:16}{name:14}{mean:8.2f}{days}")
    lines += ["", "16 h worn on 1000 mAh with 25 % margin: the mean while worn may be at most "]
    lines[-1] += f"{WORN_16_H_MEAN_MA:.1f} mA"
    for board in BOARDS:
        worn = state_ma(board, "active")
        lines.append(
            f"  {board[0]:14} never still {worn:6.1f} mA   {'holds' if worn <= WORN_16_H_MEAN_MA else 'MISSED'}"
        )
    lines.append(f"7 days of 16 h worn with 1.5 h of walking: the mean of the day may be at most {WEEK_MEAN_MA} mA")
    usual = next(row for row in DAYS if row[0] == "usual")
    for board in BOARDS:
        mean = day_ma(board, (usual[1], usual[2], usual[3], usual[4]))
        lines.append(f"  {board[0]:14} usual day {mean:8.2f} mA   {'holds' if mean <= WEEK_MEAN_MA else 'MISSED'}")
    lines += ["", "what each part draws, mA, and where the figure is from"]
    for row in PARTS:
        lines.append(f"  {row[0]:28}{row[4]:6.3f} active {row[3]:6.3f} quiet {row[2]:6.3f} stored   {row[5]}")
    lines += [f"  {board[0]:28}{board[6]}" for board in BOARDS]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(report())
