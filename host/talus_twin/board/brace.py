# One brace as it was built, and the calibration a fitter would have made of it: chips, buses, clock, files and power
# around one leg. The build is the truth the chips work from; the calibration is what the firmware is told.

from talus.board import MAIN, SLOW, Board, part
from talus.calibration import ALIGNMENT, Calibration
from talus.wire import kinds
from talus_twin.board.bus import VirtualBus
from talus_twin.board.clock import VirtualClock
from talus_twin.board.costs import Costs
from talus_twin.board.files import MemoryFiles
from talus_twin.board.power import VirtualPower
from talus_twin.chips import leg as legs
from talus_twin.chips.ads1115 import ADS1115
from talus_twin.chips.as5600 import AS5600
from talus_twin.chips.leg import Leg
from talus_twin.chips.lsm6dso import LSM6DSO
from talus_twin.chips.max17048 import MAX17048
from talus_twin.chips.nau7802 import NAU7802
from talus_twin.chips.tmp117 import TMP117

# When the leg begins to move on the board's clock: the chips need a quarter of a second to wake.
START_US = 2000000

# (build, value, unit, why)
ROWS = (
    ("encoder_zero", 1234, "counts", "where the magnet happened to be glued"),
    ("encoder_direction", -1, "", "dorsiflexion counts down on this one"),
    ("stand_cdeg", 0, "0.01 deg", "a flat shoe, and the IMU aligned on an upright shank"),
    ("bridge_offset", 41000, "counts", "an unbalanced bridge"),
    ("bridge_per_100_mnm", 6000, "counts per 0.1 N.m", "full scale at 139 N.m"),
    ("bridge_per_degc", 900, "counts per degC", "0.015 N.m per degC"),
    ("bridge_plantar_per_100_mnm", 0, "counts per 0.1 N.m", "toward plantarflexion; 0: as the other way"),
    ("bridge_per_100_degc2", 0, "counts per 100 degC squared", "a drift that bends"),
    ("bridge_at_cdegc", 2500, "0.01 degC", "where the offset was measured"),
    ("bridge_error_ppm", 12000, "ppm", "its oscillator is 1.2 % fast"),
    ("bridge_noise", 15, "counts", "0.25 mN.m"),
    ("divider_full", 26400, "counts", "3.3 V at 125 uV"),
    ("divider_open", 40, "ratio x 16384", "a little conductance at rest"),
    ("divider_slope", 197, "10 Pa per 4096", "12.7 uS/kPa over 10 kohm: FSR of 12.7 mm"),
    ("divider_knots", (), "10 Pa and ratio by turns", "an FSR whose law is no line; then the slope says nothing"),
    ("adc_error_ppm", -40000, "ppm", "its oscillator is 4 % slow"),
    ("imu_bias", (12, -9, 5), "counts", "0.8, -0.6 and 0.4 deg/s"),
    ("imu_accel_bias", (20, -14, 8), "counts", "10, -7 and 4 milli-g"),
    ("imu_fine", -6, "0.15 %", "its oscillator is 0.9 % slow, and says so"),
    ("imu_error_ppm", 3000, "ppm", "and 0.3 % which it does not say"),
    ("imu_noise", 1, "counts", "as its filters leave it"),
    ("thermometer_error_ppm", 50000, "ppm", "its second is 5 % short"),
)
SITES = ("fibular_head", "lateral_malleolus", "dorsal_strap", "heel")


class Build:
    """How one brace was built: every row of ROWS as an attribute, and what the fitter chose.

    side, imu_place: names out of kinds; sites: four names out of kinds.SITES; alignment: chip axes -> leg axes, nine
    integers per 1000 (rows forward, up, lateral); changes: row name -> value. Raises ValueError for a strange name.
    """

    def __init__(self, side="left", imu_place="shank", sites=SITES, alignment=ALIGNMENT, changes=None):
        self.side = kinds.SIDES.index(side)
        self.imu_place = kinds.IMU_PLACES.index(imu_place)
        self.sites = tuple(kinds.SITES.index(name) for name in sites)
        self.alignment = tuple(alignment)
        changes = dict(changes or {})
        for name, value, _, _ in ROWS:
            setattr(self, name, changes.pop(name, value))
        for name in changes:
            raise ValueError("build %s: there is none of that name" % name)

    def calibration(self, leg, number=1, made_day=0):
        """What a brace makes of a perfect fitter's file."""
        return Calibration(self.fitted(leg, number, made_day))

    def fitted(self, leg, number=1, made_day=0):
        """What a perfect fitter would have written for this build on this leg: absent channels are not fitted."""
        given = {"id": number, "made_day": made_day, "side": self.side, "imu_place": self.imu_place}
        given["liner"] = int(leg.has(legs.LINER))
        given["reference"] = int(leg.has(legs.REFERENCE))
        given["alignment"] = self.alignment
        if leg.has(legs.ANGLE):
            given["stand_cdeg"] = self.stand_cdeg
            given["encoder"] = {"zero": self.encoder_zero, "direction": self.encoder_direction}
        if leg.has(legs.MOMENT):
            given["bridge"] = {
                "offset": self.bridge_offset,
                "counts_per_100_mnm": self.bridge_per_100_mnm,
                "counts_per_degc": self.bridge_per_degc,
                "at_cdegc": self.bridge_at_cdegc,
                "plantar_per_100_mnm": self.bridge_plantar_per_100_mnm or self.bridge_per_100_mnm,
                "counts_per_100_degc2": self.bridge_per_100_degc2,
            }
        for section, channel, bias in (
            ("gyro", legs.GYRO_X, self.imu_bias),
            ("accel", legs.ACC_X, self.imu_accel_bias),
        ):
            if leg.has(channel):
                given[section] = {"bias_x": bias[0], "bias_y": bias[1], "bias_z": bias[2]}
        given["pressure"] = [self._pressure(leg, channel) for channel in range(kinds.PRESSURE_CHANNELS)]
        return given

    def _pressure(self, leg, channel):
        if not self.sites[channel] or not leg.has(legs.PRESSURE_1 + channel):
            return None
        full, unloaded, slope = self.divider_full, self.divider_open, self.divider_slope
        given = {"site": self.sites[channel], "full": full, "open": unloaded, "slope": slope}
        if self.divider_knots:
            knots = self.divider_knots
            given["curve"] = [knots[i ^ 1] for i in range(len(knots))]
        return given

    def chips(self, leg):
        """The six chips, by part name."""
        divider = (self.divider_full, self.divider_open, self.divider_slope)
        dividers = tuple(divider if leg.has(legs.PRESSURE_1 + channel) else None for channel in range(4))
        found = {
            "encoder": AS5600(part("encoder")[2], leg, self.encoder_zero, self.encoder_direction),
            "bridge": NAU7802(
                part("bridge")[2],
                leg,
                self.bridge_offset,
                self.bridge_per_100_mnm,
                self.bridge_per_degc,
                self.bridge_at_cdegc,
                self.bridge_error_ppm,
                self.bridge_noise,
            ),
            "imu": LSM6DSO(
                part("imu")[2],
                leg,
                self.imu_bias,
                self.imu_accel_bias,
                self.imu_fine,
                self.imu_error_ppm,
                self.imu_noise,
            ),
            "pressure": ADS1115(part("pressure")[2], leg, dividers, self.adc_error_ppm),
            "thermometer": TMP117(part("thermometer")[2], leg, self.thermometer_error_ppm),
            "gauge": MAX17048(part("gauge")[2], leg),
        }
        if self.bridge_plantar_per_100_mnm:
            found["bridge"].plantar_per_100_mnm = self.bridge_plantar_per_100_mnm
        found["bridge"].per_100_degc2 = self.bridge_per_100_degc2
        found["pressure"].knots = self.divider_knots
        return found


class Brace:
    """The handles App is given, and behind them the chips a test may break.

    .clock .buses .files .power .board .calibration; .leg, .chips by part name, .build, .costs.
    """

    def __init__(self, leg, build, costs, clock, files, power, board):
        self.leg = leg
        self.build = build
        self.costs = costs
        self.clock = clock
        self.files = files
        self.power = power
        self.board = board
        self.chips = build.chips(leg)
        on_bus = {name: [chip for key, chip in self.chips.items() if part(key)[1] == name] for name in (MAIN, SLOW)}
        self.buses = {
            MAIN: VirtualBus(clock, costs, on_bus[MAIN]),
            SLOW: VirtualBus(clock, costs, on_bus[SLOW], costs.slow_i2c_bit_ns),
        }
        self.calibration = build.calibration(leg)
        power.imu = self.chips["imu"]


def make(
    columns=None,
    rate_hz=100,
    start_us=START_US,
    build=None,
    costs=None,
    files=None,
    clock=None,
    board=None,
    seed=None,
):
    """A brace on a leg.

    columns: channel -> integers (see talus_twin.chips.leg), whose first point lies at start_us on the board's clock;
    the leg rests before it. None: a leg with every channel, at rest. What else is None is made new: a build as ROWS
    say, costs as their rows, a clock at 0, files in memory, an XIAO ESP32-C6, chance nobody seeded.
    """
    costs = costs or Costs()
    clock = clock or VirtualClock(costs)
    leg = Leg()
    if columns is not None:
        leg.load(start_us, rate_hz, columns)
    files = files or MemoryFiles(clock, costs)
    power = VirtualPower(clock, seed=seed)
    return Brace(leg, build or Build(), costs, clock, files, power, board or Board("xiao_esp32c6"))
