"""What the parts bear and what the design asks of them, as rows: the figures hardware/checks.py holds the circuit to.

Each with where it is from: a datasheet, or a decision of this design. Nothing is measured.
"""

from typing import NamedTuple


class Rail(NamedTuple):
    """A net that feeds. limit_ma and peak_ma: what its driver gives for long and for an instant."""

    net: str
    least_v: float
    most_v: float
    limit_ma: float
    peak_ma: float
    fed_by: str
    why: str


RAILS = (
    Rail("gnd", 0.0, 0.0, 0, 0, "", "what all is measured against"),
    Rail("dock", 4.75, 5.5, 600, 1500, "", "a stand's 5 V, 5 % less; fuse: holds 0.6 A warm, trips at 1.5"),
    Rail("vbus", 4.3, 5.5, 500, 900, "", "the board's own plug: 4.5 behind a cable; the dock behind its diode"),
    Rail("cell", 3.4, 4.2, 600, 1500, "", "battery_cutoff_mv to full; fuse: holds 0.6 A warm, trips at 1.5"),
    Rail("bat", 3.4, 4.2, 600, 1500, "cell", "behind fuse and FET: millivolts less"),
    Rail("3v3", 3.2, 3.4, 300, 500, "bat", "Espressif asks for 500 mA; 0.3 A beside a Pico W's; 3.2 at a flat cell"),
    Rail("gated_3v3", 3.2, 3.4, 2000, 2000, "3v3", "TPS22917: 2 A"),
    Rail("fsr_3v3", 3.1, 3.4, 4, 150, "gated_3v3", "behind 22 ohm: 4 mA would lose 3 % of it"),
    Rail("liner_3v3", 3.1, 3.4, 10, 150, "3v3", "behind 22 ohm: 10 mA would lose 0.2 V"),
    Rail("gate", 3.1, 3.4, 4, 4, "3v3", "a GPIO's level; 4 mA is what an RP2040's pin drives after reset"),
    Rail("exc", 2.6, 2.8, 10, 10, "3v3", "NAU7802's regulator: 10 mA at least, at board.BRIDGE_MV"),
    Rail("vsys", 3.4, 5.5, 600, 1500, "bat", "Pico W: 1.8 to 5.5 V; only there"),
)


class Bears(NamedTuple):
    """A chip's supply and what any other pin of it bears, absolute or above its supply (above=True)."""

    key: str
    supply_least_v: float
    supply_most_v: float
    pin_most_v: float
    above: bool
    pin_pf: float
    source: str


BEARS = (
    Bears("AS5600", 3.0, 3.6, 0.3, True, 10, "DS000365: 3.3 V operation; pins VDD + 0.3"),
    Bears("NAU7802", 2.7, 5.5, 0.3, True, 10, "rev 1.7; pins VDD + 0.3"),
    Bears("LSM6DSO", 1.71, 3.6, 0.3, True, 5, "DS12140; pins VDDIO + 0.3"),
    Bears("ADS1115", 2.0, 5.5, 5.5, False, 10, "SBAS444: digital pins 5.5; inputs VDD + 0.3"),
    Bears("TMP117", 1.7, 5.5, 6.0, False, 5, "SNOSD82: any pin 6 V"),
    Bears("MAX17048", 2.5, 4.5, 5.5, False, 50, "19-6171: SDA, SCL 5.5; 50 pF is its elder MAX17043's"),
    Bears("TPS22917", 1.0, 5.5, 6.0, False, 0, "SLVSDW8"),
    Bears("USBLC6-4", 0.0, 5.25, 5.25, False, 3, "stand-off 5 V; 3 pF a line"),
    Bears("AO3400A", 0.0, 30.0, 12.0, False, 0, "gate 12 V"),
    Bears("DMG2305UX", 0.0, 20.0, 8.0, False, 0, "gate 8 V, drain 20 V"),
    Bears("MCP73831", 3.75, 6.0, 6.0, False, 0, "DS20001984: 3.75 to 6.0 V"),
)
ANALOG_ABOVE_V = 0.3  # an input of a converter over its supply

BOARD_PF = 15  # of the board's pin and its trace on the carrier: a decision, pins of an ESP32 are 2 pF
CABLE_PF_PER_M = 100  # flat or twisted, thin insulation: a decision on the safe side
DIODE_V = 0.45  # 1N5819HW at 1 A
# I2C-bus specification UM10204: (hertz, longest rise in ns, mA a chip must sink at 0.4 V)
I2C_MODES = ((100_000, 1000.0, 3.0), (400_000, 300.0, 3.0))

# The pressures a channel is for: clinical reference, a strap's least worry to a heel's peak.
PRESSURE_KPA = (5.0, 100.0)
FSR_US_PER_KPA = 12.7  # FSR 402 of 12.7 mm: 129 g on 1.27 cm2 are 10 kPa, about 8 kohm in the maker's curve
FSR_TOP = 0.98  # of the supply: above it host/talus_host/calibrate calls it a short
FSR_STEP_PA = 100  # a channel must tell at least this: 0.75 mmHg
ADS_COUNT_V = 125e-6

# Bridge: gauge factor, what of the range the unloaded bridge may take, and the strut it is made for.
GAUGE_FACTOR = 2.1
OFFSET_MV_V = 1.0  # four gauges of one pack, sorted to 0.1 %: 1 ohm of 1 kohm
NAU_GAIN = 128
NAU_HEADROOM_V = 0.3  # rev 1.7: DVDD at least so much above the regulator's output
GAUGE_MM2 = 20.0  # 6.4 x 3.2 mm of grid
GAUGE_MW_MM2 = 0.3  # 0.2 W per square inch: the least of what is usual on filled plastics and carbon
GAUGE_STRAIN = 1500e-6  # a million cycles, constantan gauge


class Strut(NamedTuple):
    """What the gauges are glued to, and the moment the range must hold."""

    name: str
    gpa: float
    width_mm: float
    thick_mm: float
    moment_nm: float
    meant: bool


STRUTS = (
    Strut("carbon, posterior", 60, 45, 7.0, 25, True),
    Strut("carbon, thin", 60, 40, 4.0, 25, False),
    Strut("aluminium 7075 bar", 71.7, 16, 6.0, 25, False),
    Strut("steel bar", 200, 16, 6.0, 25, False),
    Strut("polypropylene shell", 1.3, 60, 4.0, 10, False),
)

MOTOR_MA = (60.0, 120.0)  # at 3 V as its seller says; twice that while it starts, estimated
LED_MA = 1.3
