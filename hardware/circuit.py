"""The circuit as rows: what is soldered and plugged where, and on which net each pin lies.

Not written here: which chips, buses and addresses there are and which GPIO does what. Those are talus.board's; a net
named "sda" or "scl" is that of the bus on which talus.board has the part. Nothing of it has been built.
"""

from typing import NamedTuple

FOUR = (1, 2, 3, 4)  # pressure channels
ALL = ("xiao", "pico")
PICO = ("pico",)
XIAO_C3 = ("xiao_esp32c3",)  # a row may also name single boards

# Assemblies: what lies on one board or in one place; between two of them every net needs a cable.
PLACES = (
    ("pod", "shell behind the calf: carrier board with the bought board, converter of pressure, IMU, gauge"),
    ("hinge", "board on the hinge's outer side, over the magnet"),
    ("strut", "board on the posterior strut, beside the gauges"),
    ("gauges", "both faces of the posterior strut"),
    ("liner", "between liner and shell, over the sites"),
    ("panel", "rim of the shell: button and light"),
    ("motor", "inner side of the shell, against the calf"),
    ("dock", "rim of the shell: two contacts for a charging stand"),
    ("cell", "pocket of the pod, apart from the boards"),
)


class Chip(NamedTuple):
    """A part with named pins: (number, name, kind, net)."""

    ref: str
    key: str
    place: str
    boards: tuple[str, ...]
    pins: tuple[tuple[str, str, str, str], ...]


class Two(NamedTuple):
    """A part with two pins. kind: R in ohm, C in farad, D from a (anode) to b, the rest without a value."""

    ref: str
    kind: str
    key: str
    value: float
    a: str
    b: str
    place: str
    boards: tuple[str, ...]
    why: str


def pins(text: str) -> tuple[tuple[str, str, str, str], ...]:
    """Pins of a chip from lines "number name kind net", kinds with a dash where they have two words."""
    rows = (line.split() for line in text.strip().splitlines())
    return tuple((number, name, kind.replace("-", " "), net) for number, name, kind, net in rows)


# Kinds of pins: "power in", "power out", "ground", "in", "out", "open drain", "analog", "passive", "none" (not wired).
CHIPS = (
    Chip("encoder", "AS5600", "hinge", ALL, pins("""
        1 VDD5V power-in gated_3v3
        2 VDD3V3 power-in gated_3v3
        3 OUT none -
        4 GND ground gnd
        5 PGO none -
        6 SDA open-drain sda
        7 SCL open-drain scl
        8 DIR in gnd""")),
    Chip("bridge", "NAU7802", "strut", ALL, pins("""
        1 REFP analog exc
        2 VIN1N analog sig_n_in
        3 VIN1P analog sig_p_in
        4 VIN2N passive pga_n
        5 VIN2P passive pga_p
        6 VBG out vbg
        7 REFN analog gnd
        8 AVSS ground gnd
        9 DVSS ground gnd
        10 XIN none -
        11 XOUT none -
        12 DRDY none -
        13 SCLK open-drain scl
        14 SDIO open-drain sda
        15 DVDD power-in 3v3
        16 AVDD power-out exc""")),
    Chip("imu", "LSM6DSO", "pod", ALL, pins("""
        1 SA0 in gnd
        2 SDX in gnd
        3 SCX in gnd
        4 INT1 out imu_int
        5 VDDIO power-in 3v3
        6 GND ground gnd
        7 GND2 ground gnd
        8 VDD power-in 3v3
        9 INT2 none -
        10 OCS_AUX none -
        11 SDO_AUX none -
        12 CS in 3v3
        13 SCL open-drain scl
        14 SDA open-drain sda""")),
    Chip("pressure", "ADS1115", "pod", ALL, pins("""
        1 ADDR in gnd
        2 ALERT none -
        3 GND ground gnd
        4 AIN0 analog ain_1
        5 AIN1 analog ain_2
        6 AIN2 analog ain_3
        7 AIN3 analog ain_4
        8 VDD power-in 3v3
        9 SDA open-drain sda
        10 SCL open-drain scl""")),
    Chip("thermometer", "TMP117", "liner", ALL, pins("""
        1 SCL open-drain scl
        2 GND ground gnd
        3 ALERT none -
        4 ADD0 in liner_3v3
        5 V+ power-in liner_3v3
        6 SDA open-drain sda""")),
    Chip("gauge", "MAX17048", "pod", ALL, pins("""
        1 CTG ground gnd
        2 CELL analog bat
        3 VDD power-in bat
        4 GND ground gnd
        5 ALRT none -
        6 QSTRT in gnd
        7 SCL open-drain scl
        8 SDA open-drain sda
        9 EP ground gnd""")),
    Chip("switch", "TPS22917", "pod", ALL, pins("""
        1 VIN power-in 3v3
        2 GND ground gnd
        3 ON in gate
        4 CT none -
        5 QOD none -
        6 VOUT power-out gated_3v3""")),
    Chip("esd_fsr", "USBLC6-4", "pod", ALL, pins("""
        1 IO1 passive fsr_1
        2 GND ground gnd
        3 IO2 passive fsr_2
        4 IO3 passive fsr_3
        5 VBUS passive 3v3
        6 IO4 passive fsr_4""")),
    Chip("esd_touch", "USBLC6-4", "pod", ALL, pins("""
        1 IO1 passive main_sda
        2 GND ground gnd
        3 IO2 passive main_scl
        4 IO3 passive button_out
        5 VBUS passive 3v3
        6 IO4 passive led_out""")),
    Chip("buzz", "AO3400A", "pod", ALL, pins("""
        1 G in haptic_gate
        2 S ground gnd
        3 D passive motor""")),
    Chip("reverse", "DMG2305UX", "pod", ALL, pins("""
        1 G in reverse_gate
        2 S passive bat
        3 D passive cell_fused""")),
    Chip("charger", "MCP73831", "pod", PICO, pins("""
        1 STAT none -
        2 VSS ground gnd
        3 VBAT passive bat
        4 VDD power-in vbus
        5 PROG out prog""")),
    Chip("share", "DMG2305UX", "pod", PICO, pins("""
        1 G in vbus
        2 S passive vsys
        3 D passive bat""")),
    Chip("cell", "cell 1000", "cell", ALL, pins("""
        1 + power-out cell
        2 - ground gnd""")),
    Chip("contacts", "contacts", "dock", ALL, pins("""
        1 + power-out dock
        2 - ground gnd""")),
)  # fmt: skip

TWOS = (
    # the main bus: fed by the gate's own level, which is there within a microsecond
    Two("r_sda", "R", "R 1.8k", 1800, "gate", "main_sda", "pod", ALL, "pull-up of 400 kHz"),
    Two("r_scl", "R", "R 1.8k", 1800, "gate", "main_scl", "pod", ALL, "pull-up of 400 kHz"),
    Two("r_slow_sda", "R", "R 10k", 10e3, "3v3", "slow_sda", "pod", ALL, "pull-up of 100 kHz; holds a C3's strap high"),
    Two("r_slow_scl", "R", "R 10k", 10e3, "3v3", "slow_scl", "pod", ALL, "pull-up of 100 kHz; holds a C3's strap high"),
    Two("r_strap", "R", "R 10k", 10e3, "3v3", "strap", "pod", XIAO_C3, "GPIO 2 of a C3 must be high at a start"),
    # VBUS sense: 60 % of it
    Two("r_vbus", "R", "R 100k", 100e3, "vbus", "vbus_sense", "pod", ALL, "upper half of the divider"),
    Two("r_vbus_low", "R", "R 150k", 150e3, "vbus_sense", "gnd", "pod", ALL, "lower half; low without a charger"),
    # bridge: four active gauges, filter, references of the converter
    Two("gauge_1", "R", "gauge 1k", 1000, "exc", "sig_p", "gauges", ALL, "posterior face, along"),
    Two("gauge_2", "R", "gauge 1k", 1000, "sig_p", "gnd", "gauges", ALL, "anterior face, along"),
    Two("gauge_3", "R", "gauge 1k", 1000, "exc", "sig_n", "gauges", ALL, "anterior face, along"),
    Two("gauge_4", "R", "gauge 1k", 1000, "sig_n", "gnd", "gauges", ALL, "posterior face, along"),
    Two("r_sig_p", "R", "R 100", 100, "sig_p", "sig_p_in", "strut", ALL, "filter of 40 kHz and ESD"),
    Two("r_sig_n", "R", "R 100", 100, "sig_n", "sig_n_in", "strut", ALL, "filter of 40 kHz and ESD"),
    Two("c_sig", "C", "C 100n", 100e-9, "sig_p_in", "sig_n_in", "strut", ALL, "filter, 20 us"),
    Two("c_pga", "C", "C 330p", 330e-12, "pga_p", "pga_n", "strut", ALL, "noise: across the unused second input"),
    Two("c_vbg", "C", "C 100n", 100e-9, "vbg", "gnd", "strut", ALL, "converter's reference"),
    Two("c_exc", "C", "C 1u", 1e-6, "exc", "gnd", "strut", ALL, "converter's regulator"),
    Two("c_bridge", "C", "C 100n", 100e-9, "3v3", "gnd", "strut", ALL, "at DVDD"),
    # pressure: each sensor to the supply, 10 kohm to ground, filtered behind
    Two("r_fsr", "R", "R 22", 22, "gated_3v3", "fsr_3v3", "pod", ALL, "a lead crushed to ground takes 150 mA"),
    Two("r_liner", "R", "R 22", 22, "3v3", "liner_3v3", "pod", ALL, "the same for the thermometer's"),
    *(Two(f"sensor_{i}", "R", "FSR 402", 16e3, "fsr_3v3", f"fsr_{i}", "liner", ALL, "at 5 kPa") for i in FOUR),
    *(Two(f"r_fsr_{i}", "R", "R 10k", 10e3, f"fsr_{i}", "gnd", "pod", ALL, "divider") for i in FOUR),
    *(Two(f"r_ain_{i}", "R", "R 1k", 1e3, f"fsr_{i}", f"ain_{i}", "pod", ALL, "ESD, filter") for i in FOUR),
    *(Two(f"c_ain_{i}", "C", "C 10n", 10e-9, f"ain_{i}", "gnd", "pod", ALL, "filter, 10 us") for i in FOUR),
    # panel and touch
    Two("r_button", "R", "R 100k", 100e3, "3v3", "button", "pod", ALL, "holds it in deep sleep"),
    Two("r_button_out", "R", "R 1k", 1e3, "button", "button_out", "pod", ALL, "ESD"),
    Two("c_button", "C", "C 10n", 10e-9, "button", "gnd", "pod", ALL, "ESD"),
    Two("key", "S", "button", 0, "button_out", "gnd", "panel", ALL, "pairing window"),
    Two("r_led", "R", "R 1k", 1e3, "led", "led_out", "pod", ALL, "1.3 mA"),
    Two("light", "D", "LED", 0, "led_out", "gnd", "panel", ALL, "light"),
    Two("r_haptic", "R", "R 100", 100, "haptic", "haptic_gate", "pod", ALL, "calms the edge"),
    Two("r_haptic_low", "R", "R 100k", 100e3, "haptic_gate", "gnd", "pod", ALL, "silent while a chip starts"),
    Two("shaker", "M", "motor", 0, "3v3", "motor", "motor", ALL, "touch"),
    Two("d_motor", "D", "1N5819HW", 0, "motor", "3v3", "pod", ALL, "takes the motor's kick"),
    # charge and cell
    Two("f_dock", "F", "fuse 0.75A", 0, "dock", "dock_fused", "pod", ALL, "a short across the contacts"),
    Two("t_dock", "Z", "SMF6.0A", 0, "gnd", "dock_fused", "pod", ALL, "ESD; reversed, it opens the fuse"),
    Two("d_dock", "D", "1N5819HW", 0, "dock_fused", "vbus", "pod", ALL, "bare contacts are never live from USB"),
    Two("f_cell", "F", "fuse 0.75A", 0, "cell", "cell_fused", "pod", ALL, "beside the cell's own protection"),
    Two("r_reverse", "R", "R 100k", 100e3, "reverse_gate", "gnd", "pod", ALL, "opens for a cell the right way round"),
    Two("r_prog", "R", "R 4.7k", 4700, "prog", "gnd", "pod", PICO, "0.21 A of charge: 1000 V / R"),
    Two("r_share", "R", "R 100k", 100e3, "vbus", "gnd", "pod", PICO, "the cell feeds when VBUS is gone"),
    # beside each chip
    Two("c_encoder", "C", "C 100n", 100e-9, "gated_3v3", "gnd", "hinge", ALL, "at VDD5V; more would dip the rail"),
    Two("c_imu", "C", "C 100n", 100e-9, "3v3", "gnd", "pod", ALL, "at VDD"),
    Two("c_imu_io", "C", "C 100n", 100e-9, "3v3", "gnd", "pod", ALL, "at VDDIO"),
    Two("c_pressure", "C", "C 100n", 100e-9, "3v3", "gnd", "pod", ALL, "at VDD"),
    Two("c_thermometer", "C", "C 100n", 100e-9, "liner_3v3", "gnd", "liner", ALL, "at V+"),
    Two("c_gauge", "C", "C 100n", 100e-9, "bat", "gnd", "pod", ALL, "at VDD"),
    Two("c_switch", "C", "C 1u", 1e-6, "3v3", "gnd", "pod", ALL, "at VIN"),
    Two("c_rail", "C", "C 10u", 10e-6, "3v3", "gnd", "pod", ALL, "what the motor's start takes"),
    Two("c_charger_in", "C", "C 10u", 10e-6, "vbus", "gnd", "pod", PICO, "charger's input: 4.7 uF or more"),
    Two("c_charger_out", "C", "C 10u", 10e-6, "bat", "gnd", "pod", PICO, "charger's output: 4.7 uF or more"),
)

# Without a pin: (ref, key, quantity, place, boards)
LOOSE = (
    ("magnet", "magnet 6x2.5", 1, "hinge", ALL),
    ("charge_tip", "USB-C tip", 1, "dock", ALL),
    ("glue", "M-Bond AE-10", 1, "gauges", ALL),
    ("coat", "M-Coat A", 1, "gauges", ALL),
    ("relief", "strain relief", 6, "pod", ALL),
    ("lid_screw", "screw M2.5x12", 4, "pod", ALL),
    ("lid_insert", "insert M2.5", 4, "pod", ALL),
    ("clip_screw", "screw M3x8", 1, "strut", ALL),
    ("clip_insert", "insert M3", 1, "pod", ALL),
    ("encoder_screw", "screw M2", 2, "hinge", ALL),
    ("bar_screw", "screw M3 bar", 3, "hinge", ALL),
    ("foam", "foam", 1, "pod", ALL),
)

# Which pads beside talus.board's are wired: (board, pad, net)
MORE_PADS = (("xiao_esp32c3", "D0", "strap"),)

# What a pin of address lies on, and the address that is: (chip, pin, net, address); a chip with one row has no choice.
ADDRESSES = (
    ("AS5600", "", "", 0x36),
    ("NAU7802", "", "", 0x2A),
    ("LSM6DSO", "SA0", "gnd", 0x6A),
    ("LSM6DSO", "SA0", "3v3", 0x6B),
    ("ADS1115", "ADDR", "gnd", 0x48),
    ("ADS1115", "ADDR", "3v3", 0x49),
    ("TMP117", "ADD0", "gnd", 0x48),
    ("TMP117", "ADD0", "liner_3v3", 0x49),
    ("MAX17048", "", "", 0x36),
)
