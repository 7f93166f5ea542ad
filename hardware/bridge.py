"""The strain bridge in figures: what a moment on a strut gives in mV/V, and whether converter and gauges bear it.

Four active gauges along the strut, two on each face: output = gauge factor x strain, strain = M / (E w t^2 / 6).
"""

from hardware.checks import Check
from hardware.design import Design, PartRow
from hardware.limits import (
    GAUGE_FACTOR,
    GAUGE_MM2,
    GAUGE_MW_MM2,
    GAUGE_STRAIN,
    NAU_GAIN,
    NAU_HEADROOM_V,
    OFFSET_MV_V,
    RAILS,
    STRUTS,
    Strut,
)
from talus import board as firmware
from talus.sensors import nau7802

COUNTS = 1 << 23


def range_mv_v() -> float:
    """What the converter takes each way: half its reference over the gain, and its reference is the excitation."""
    return 1000 * 0.5 / NAU_GAIN


def strain_per_nm(strut: Strut) -> float:
    section_m3 = strut.width_mm * strut.thick_mm**2 / 6 * 1e-9
    return 1 / (strut.gpa * 1e9 * section_m3)


def mv_v_per_nm(strut: Strut) -> float:
    return 1000 * GAUGE_FACTOR * strain_per_nm(strut)


def most_nm(strut: Strut) -> float:
    """The moment at which range or gauges end."""
    by_range = (range_mv_v() - OFFSET_MV_V) / mv_v_per_nm(strut)
    return min(by_range, GAUGE_STRAIN / strain_per_nm(strut))


def counts_per_100_mnm(strut: Strut) -> float:
    """What a calibration will find, about."""
    return 0.1 * mv_v_per_nm(strut) / range_mv_v() * COUNTS


def register() -> tuple[int, int]:
    """(excitation in mV, gain) as the firmware sets them."""
    value = next(row[1] for row in nau7802.START_ROWS if row[0] == nau7802.CTRL1)
    return 4500 - 300 * (value >> 3 & 7), 1 << (value & 7)


def bridge_is_in_range(design: Design, _parts: dict[str, PartRow]) -> list[str]:
    """The strut that is meant keeps inside the converter's range, and converter and gauges inside their own."""
    found = []
    millivolts, gain = register()
    if (millivolts, gain) != (firmware.BRIDGE_MV, NAU_GAIN):
        found.append(f"nau7802.START_ROWS: {millivolts} mV, gain {gain}; {firmware.BRIDGE_MV} and {NAU_GAIN} are said")
    supply = next(row for row in RAILS if row.net == "3v3").least_v
    if supply - firmware.BRIDGE_MV / 1000 < NAU_HEADROOM_V - 1e-9:
        over = supply - firmware.BRIDGE_MV / 1000
        found.append(f"bridge: {over:.2f} V of 3v3 over board.BRIDGE_MV, its regulator needs {NAU_HEADROOM_V:g}")
    exc = next(row for row in RAILS if row.net == "exc")
    if not exc.least_v <= firmware.BRIDGE_MV / 1000 <= exc.most_v:
        found.append(f"limits.RAILS exc: {exc.least_v:g} to {exc.most_v:g} V, board.BRIDGE_MV is {firmware.BRIDGE_MV}")
    for two in design.twos:
        if two.key == "gauge 1k" and two.value != firmware.BRIDGE_OHM:
            found.append(f"{two.ref}: {two.value:g} ohm, board.BRIDGE_OHM is {firmware.BRIDGE_OHM}")
    mw = (firmware.BRIDGE_MV / 2) ** 2 / firmware.BRIDGE_OHM / 1000
    if mw / GAUGE_MM2 > GAUGE_MW_MM2:
        found.append(f"gauges: {mw / GAUGE_MM2:.2f} mW/mm2 warm the strut, {GAUGE_MW_MM2:g} are borne")
    for strut in STRUTS:
        if strut.meant and strut.moment_nm > most_nm(strut):
            found.append(
                f"limits.STRUTS {strut.name}: {strut.moment_nm:g} N.m give {strut.moment_nm * mv_v_per_nm(strut):.2f} "
                f"mV/V and {1e6 * strut.moment_nm * strain_per_nm(strut):.0f} ustrain; {most_nm(strut):.1f} N.m fit"
            )
    return found


BRIDGE: tuple[Check, ...] = (bridge_is_in_range,)
