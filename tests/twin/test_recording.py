"""A recording of a leg becomes what chips feel, or one line that says exactly what is wrong with it."""

from pathlib import Path

import numpy as np
import pytest

from talus_twin.body import alignment, recording
from talus_twin.body.errors import RecordingError
from talus_twin.chips.leg import CHANNELS, Leg

HEAD = "time_s,ankle_angle_deg,shank_gyro_sag_dps"


def rows(count: int = 200, step_s: float = 0.01) -> list[str]:
    """Lines of a leg that swings once a second: file line of row i (from 0) is i + 2."""
    at = np.arange(count) * step_s
    return [f"{t:.4f},{5 * np.sin(2 * np.pi * t):.3f},{200 * np.sin(2 * np.pi * t):.2f}" for t in at]


def written(folder: Path, lines: list[str], header: str = HEAD) -> Path:
    path = folder / "walk.csv"
    path.write_text("\n".join([header, *lines]) + "\n")
    return path


def changed(line: int, text: str) -> list[str]:
    """rows() with the file's line `line` replaced."""
    lines = rows()
    lines[line - 2] = text
    return lines


# (what it shows, header, lines, the whole error line)
REFUSED = [
    ("no time", "ankle_angle_deg", ["1", "2"], "walk.csv: column 'time_s' is missing"),
    ("zero rows", HEAD, [], "walk.csv: zero rows under the header"),
    ("one row", HEAD, rows(1), "walk.csv: 1 row where at least 1 s belong"),
    (
        "only references",
        "time_s,grf_vertical_n,contact_ref,foot_pitch_mocap_deg",
        ["0,1,2,3"],
        "walk.csv: no column a brace could measure (it has grf_vertical_n, contact_ref, foot_pitch_mocap_deg; inputs "
        "are ankle_angle_deg, shank_gyro_sag_dps, foot_gyro_sag_dps and their raw axes)",
    ),
    (
        "a slip of the pen",
        "time_s,ankel_angle_deg,shank_gyro_sag_dps",
        rows(),
        "walk.csv: column 'ankel_angle_deg' is unknown; did you mean 'ankle_angle_deg'?",
    ),
    (
        "another unit in the name",
        "time_s,ankle_angle_deg,shank_gyro_sag_rads",
        rows(),
        "walk.csv: column 'shank_gyro_sag_rads' is unknown; did you mean 'shank_gyro_sag_dps'?",
    ),
    (
        "time in another unit",
        "time_ms,ankle_angle_deg,shank_gyro_sag_dps",
        rows(),
        "walk.csv: column 'time_ms' is unknown; did you mean 'time_s'?",
    ),
    (
        "a column twice",
        "time_s,ankle_angle_deg,ankle_angle_deg",
        rows(),
        "walk.csv: column 'ankle_angle_deg' is there 2 times",
    ),
    (
        "an angle of 2000",
        HEAD,
        changed(58, "0.56,2000,0"),
        "walk.csv, line 58, ankle_angle_deg: 2000 is outside -90 to 90 deg",
    ),
    (
        "a rate no leg has",
        HEAD,
        changed(12, "0.10,1,-50000"),
        "walk.csv, line 12, shank_gyro_sag_dps: -50000 is outside -4000 to 4000 deg/s",
    ),
    (
        "an empty cell",
        HEAD,
        changed(9, "0.07,,3"),
        "walk.csv, line 9, ankle_angle_deg: the cell is empty where a number belongs",
    ),
    ("NaN", HEAD, changed(9, "0.07,nan,3"), "walk.csv, line 9, ankle_angle_deg: 'nan' is not a finite number"),
    (
        "infinite",
        HEAD,
        changed(9, "0.07,1,1e999"),
        "walk.csv, line 9, shank_gyro_sag_dps: '1e999' is not a finite number",
    ),
    ("text", HEAD, changed(9, "0.07,off,3"), "walk.csv, line 9, ankle_angle_deg: 'off' is not a number"),
    (
        "no time in a row",
        HEAD,
        changed(9, ",1,3"),
        "walk.csv, line 9, time_s: the cell is empty where a number belongs",
    ),
    ("a short row", HEAD, changed(9, "0.07,1"), "walk.csv, line 9: 2 cells where the header has 3"),
    ("time runs backwards", HEAD, changed(9, "0.03,1,3"), "walk.csv, line 9, time_s: 0.03 runs backwards from 0.06"),
    ("time stands still", HEAD, changed(9, "0.06,1,3"), "walk.csv, line 9, time_s: 0.06 repeats 0.06"),
    (
        "a gap",
        HEAD,
        rows()[:100] + [f"{float(line.split(',')[0]) + 0.5:.2f},1,3" for line in rows()[100:]],
        "walk.csv, line 102, time_s: 1.5 leaves a gap of 0.510 s after 0.99, where rows are 0.01 s apart",
    ),
    ("too slow", HEAD, rows(60, 0.05), "walk.csv, time_s: 20 rows per second are outside 50 to 500 Hz"),
    ("too fast", HEAD, rows(3000, 0.001), "walk.csv, time_s: 1000 rows per second are outside 50 to 500 Hz"),
    ("too short", HEAD, rows(50), "walk.csv, time_s: 0.49 s are too short, at least 1 s belong"),
]


@pytest.mark.parametrize(("header", "lines", "said"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_bad_input_is_refused_in_one_line(tmp_path: Path, header: str, lines: list[str], said: str) -> None:
    with pytest.raises(RecordingError) as caught:
        recording.load(written(tmp_path, lines, header))
    assert str(caught.value) == said
    assert "\n" not in str(caught.value)


def test_files_that_are_no_recording(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"^gone\.csv: there is no such file$"):
        recording.load(tmp_path / "gone.csv")
    (tmp_path / "empty.csv").write_text("")
    with pytest.raises(RecordingError, match=r"^empty\.csv: the file is empty, it has no header$"):
        recording.load(tmp_path / "empty.csv")
    (tmp_path / "noise.csv").write_bytes(b"time_s,\xff\xfe\x00")
    with pytest.raises(RecordingError, match=r"^noise\.csv: byte 7 is not text in UTF-8$"):
        recording.load(tmp_path / "noise.csv")
    with pytest.raises(RecordingError, match="cannot be read"):
        recording.load(tmp_path)


def test_a_reference_may_be_empty_and_is_never_an_input(tmp_path: Path) -> None:
    lines = [f"{line},{'' if i % 2 else '3.0'},1,nan" for i, line in enumerate(rows())]
    played = recording.load(written(tmp_path, lines, HEAD + ",foot_pitch_mocap_deg,contact_ref,grf_vertical_n"))
    assert set(played.columns) == {"ankle_angle", "gyro_x", "gyro_y", "gyro_z"}
    assert "references, never inputs: foot_pitch_mocap_deg, contact_ref, grf_vertical_n" in played.provenance


def test_a_stranger_is_left_alone_and_named(tmp_path: Path) -> None:
    played = recording.load(written(tmp_path, [line + ",1" for line in rows()], HEAD + ",knee_angle_deg"))
    assert "unknown columns, left alone: knee_angle_deg" in played.provenance
    assert "ankle_angle" in played.columns


def test_values_arrive_in_wire_units_between_lead_and_tail(tmp_path: Path) -> None:
    lines = [f"{7 + i / 100:.2f},{12.34 if i else 12.0},{-250.04}" for i in range(150)]
    played = recording.load(written(tmp_path, lines), lead_s=4.0, tail_s=3.0)
    angle, gyro = played.columns["ankle_angle"], played.columns["gyro_z"]
    assert len(angle) == 400 + 150 + 300
    assert angle[:401].tolist() == [1200] * 401 and angle[401:].tolist() == [1234] * 449
    assert set(gyro[400:550].tolist()) == {-2500}
    # A leg at rest does not turn: the rate rises from nothing in the last fifth of a second.
    assert not gyro[:380].any() and not gyro[570:].any()
    assert np.all(np.diff(gyro[379:401]) <= 0)
    assert played.own_s(4000) == pytest.approx(7.0) and played.own_s(5490) == pytest.approx(8.49)
    assert played.within(7.0) and played.within(8.49) and not played.within(6.99) and not played.within(8.5)


def test_the_leg_takes_what_was_loaded(tmp_path: Path) -> None:
    played = recording.load(written(tmp_path, rows()))
    assert set(played.columns) <= set(CHANNELS)
    leg = Leg()
    leg.load(0, played.rate_hz, played.columns)
    assert leg.read("ankle_angle", 4_250_000) == 500  # 5 deg at a quarter of a second
    assert leg.read("acc_x", 4_250_000) is None and leg.read("moment", 0) is None


@pytest.mark.parametrize(("given", "played_at"), [(100.0, 100), (200.0, 200), (60.0, 64), (128.0, 160), (204.8, 250)])
def test_other_rates_keep_their_shape(tmp_path: Path, given: float, played_at: int) -> None:
    played = recording.load(written(tmp_path, rows(int(4 * given), 1 / given)), lead_s=0, tail_s=0)
    assert played.rate_hz == played_at
    at = np.arange(len(played.columns["ankle_angle"])) / played_at
    # Straight lines between points: at 60 Hz a 1 Hz sine of 5 deg is missed by at most 5 (pi / 60)^2 / 2 deg.
    assert np.max(np.abs(played.columns["ankle_angle"] - 500 * np.sin(2 * np.pi * at))) <= 2.0
    assert len(at) / played_at == pytest.approx(4.0, abs=0.03)


def test_stamps_rounded_to_milliseconds_are_no_gap(tmp_path: Path) -> None:
    lines = [f"{round(i / 204.8, 3)},1.0,{i % 7}" for i in range(600)]
    assert recording.load(written(tmp_path, lines)).rate_hz == 250


def raw(place: str, turn: np.ndarray, seconds: float = 6.0) -> tuple[str, list[str], np.ndarray]:
    """A segment that stands 2 s and then swings, its chip turned by `turn` (leg axes forward, up, lateral -> chip)."""
    at = np.arange(int(seconds * 100)) / 100
    swing = np.where(at > 2, np.sin(2 * np.pi * 0.9 * (at - 2)), 0.0)
    pitch = np.radians(30 * swing)
    rate = np.degrees(np.gradient(pitch)) * 100
    gyro = turn @ np.vstack((np.zeros_like(at), np.zeros_like(at), rate))
    acc = turn @ np.vstack((np.sin(pitch), np.cos(pitch), np.zeros_like(at))) * 9.80665
    names = [f"{place}_gyro_{a}_dps" for a in "xyz"] + [f"{place}_acc_{a}_mps2" for a in "xyz"]
    header = ",".join(["time_s", f"{place}_gyro_sag_dps", *names])
    table = np.vstack((at, rate, gyro, acc)).T
    return header, [",".join(f"{v:.4f}" for v in row) for row in table], table


@pytest.mark.parametrize("place", ["shank", "foot"])
def test_the_way_a_chip_was_glued_on_is_found(tmp_path: Path, place: str) -> None:
    """Three turns one after another; the rows found must bring the chip's gravity and rate back to the leg."""
    a, b, c = 0.4, -1.1, 2.2
    turn = (
        np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]])
        @ np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
        @ np.array([[np.cos(c), 0, np.sin(c)], [0, 1, 0], [-np.sin(c), 0, np.cos(c)]])
    )
    header, lines, table = raw(place, turn)
    played = recording.load(written(tmp_path, lines, header), lead_s=0, tail_s=0)
    assert played.imu_place == place
    found = np.array(played.imu_alignment).reshape(3, 3) / 1000
    assert np.allclose(found, turn.T, atol=0.002)
    acc = np.vstack([played.columns[f"acc_{axis}"] for axis in "xyz"])
    gyro = np.vstack([played.columns[f"gyro_{axis}"] for axis in "xyz"])
    assert np.allclose(found @ acc[:, 100], [0, 1000, 0], atol=5)
    assert np.allclose((found @ gyro)[2], table[:, 1] * 10, atol=5)


@pytest.mark.parametrize(
    ("columns", "factor", "said"),
    [
        (
            slice(5, 8),
            1 / 9.80665,
            "walk.csv, foot_acc_x/y/z_mps2: their usual length is 1 m/s2 where gravity is 9.81: another unit?",
        ),
        (
            slice(2, 5),
            np.pi / 180,
            "walk.csv, foot_gyro_x/y/z_dps: foot_gyro_sag_dps is 57.3 times what they turn: another unit?",
        ),
    ],
    ids=["g", "rad/s"],
)
def test_another_unit_in_the_raw_axes_is_refused(tmp_path: Path, columns: slice, factor: float, said: str) -> None:
    header, _, table = raw("foot", np.eye(3))
    table[:, columns] *= factor
    lines = [",".join(f"{v:.6f}" for v in row) for row in table]
    with pytest.raises(RecordingError) as caught:
        recording.load(written(tmp_path, lines, header))
    assert str(caught.value) == said


def test_raw_axes_that_are_another_movement_are_left_out(tmp_path: Path) -> None:
    header, _, table = raw("foot", np.eye(3))
    table[:, 2:5] = np.roll(table[:, 2:5], 47, axis=0)
    played = recording.load(written(tmp_path, [",".join(f"{v:.4f}" for v in row) for row in table], header))
    assert not any(name.startswith("acc") for name in played.columns)
    assert any(line.startswith("note: foot_gyro_x/y/z_dps explain") for line in played.provenance)
    assert np.array_equal(played.columns["gyro_z"][400:500], np.rint(table[:100, 1] * 10))


def test_the_shank_is_preferred_and_a_derivative_is_called_one(tmp_path: Path) -> None:
    lines = [line + ",1,2" for line in rows()]
    both = recording.load(written(tmp_path, lines, "time_s,ankle_angle_deg,foot_gyro_sag_dps,shank_gyro_sag_dps,x"))
    assert both.imu_place == "shank" and "inputs not used: foot_gyro_sag_dps" in both.provenance
    header = "time_s,ankle_angle_deg,foot_gyro_sag_dps,shank_rate_derived_dps,x"
    derived = recording.load(written(tmp_path, lines, header))
    assert derived.derived and derived.imu_place == "shank"
    assert any("derived from angles, not gyro samples" in line for line in derived.provenance)


def test_a_moment_beyond_every_record_is_said(tmp_path: Path) -> None:
    lines = [f"{k / 100:.2f},{40 if k < 3 else 1}" for k in range(200)]
    played = recording.load(written(tmp_path, lines, "time_s,moment_nm"))
    assert "note: moment_nm is beyond what a brace records in 3 rows (+-32.767 N.m): unknown there" in played.provenance


def test_a_rate_beyond_the_chip_saturates_and_says_so(tmp_path: Path) -> None:
    played = recording.load(written(tmp_path, changed(100, "0.98,1,2500")), lead_s=0, tail_s=0)
    assert played.columns["gyro_z"].max() == 20000
    assert "note: gyro_z saturates the chip in 1 rows (+-2000 deg/s)" in played.provenance


def test_without_a_sagittal_column_the_swing_says_which_way_is_forward() -> None:
    rate = np.array([-60.0] * 60 + [300.0] * 30) * 1.0  # stance slow and negative, swing fast and positive
    axis, share = alignment.lateral_by_variance(np.outer(np.tile(rate, 5), [0.0, -0.6, 0.8]), "shank", 100)
    assert np.allclose(axis, [0, -0.6, 0.8], atol=1e-6) and share > 0.99
    still_then_down = np.array([0.0] * 40 + [-200.0] * 20 + [150.0] * 40)
    axis, _ = alignment.lateral_by_variance(np.outer(np.tile(still_then_down, 5), [1.0, 0, 0]), "foot", 100)
    assert axis[0] == pytest.approx(1.0)


def test_every_real_recording_is_played(recordings: Path) -> None:
    """What the data's own README says of each file: its channels, and nothing else, move the chips."""
    for name, place, channels in (
        ("btk_pig_subjA_trial1_l", None, {"ankle_angle"}),
        ("opensim_subject01_r", None, {"ankle_angle"}),
        ("gaitprint_young_l", "shank", {"ankle_angle", "gyro_x", "gyro_y", "gyro_z"}),
        ("gaitmap_healthy_l", "foot", {f"{kind}_{axis}" for kind in ("gyro", "acc") for axis in "xyz"}),
        ("fsr_patient_p1", "foot", {f"{kind}_{axis}" for kind in ("gyro", "acc") for axis in "xyz"}),
    ):
        played = recording.load(recordings / f"{name}.csv")
        assert (played.imu_place, set(played.columns)) == (place, channels)
    # Its meta says: x towards the toes, y to the left, z up, toe-up = -gyro_y; the instep slopes a few degrees.
    found = np.array(recording.load(recordings / "gaitmap_healthy_l.csv").imu_alignment).reshape(3, 3)
    assert np.allclose(found, [[1000, 0, 0], [0, 0, 1000], [0, -1000, 0]], atol=100)
