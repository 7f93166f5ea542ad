"""The table "found against reference": which events count, which pair, and what the errors are."""

from pathlib import Path

import numpy as np
import pytest

from talus_twin.body import reference
from talus_twin.body.errors import RecordingError


def test_labels_with_a_suffix_are_kept_apart(tmp_path: Path) -> None:
    path = tmp_path / "walk_events.csv"
    path.write_text("time_s,event,source\n1.0,HS,plate\n2.5,HS_zeni,a\n0.5,HS,plate\n1.2,TO,plate\n")
    events = reference.load_events(path)
    assert (
        events["HS"].tolist() == [0.5, 1.0] and events["HS_zeni"].tolist() == [2.5] and events["TO"].tolist() == [1.2]
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("time_s,source\n1,a\n", "walk_events.csv: column 'event' is missing"),
        ("time_s,event\n1,HS\nx,HS\n", "walk_events.csv, line 3, time_s: 'x' is not a number"),
        ("time_s,event\n1,\n", "walk_events.csv, line 2, event: the cell is empty where a label belongs"),
    ],
)
def test_a_bad_event_list_is_refused_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "walk_events.csv"
    path.write_text(text)
    with pytest.raises(RecordingError) as caught:
        reference.load_events(path)
    assert str(caught.value) == said


def test_strides_are_plausible_pairs_of_heel_strikes() -> None:
    strikes = np.array([0.0, 0.3, 1.3, 2.3, 3.3, 5.1, 6.1, 12.0, 13.0])
    # 0.3 s is too short, 1.8 s more than 1.6 medians, 5.9 s a pause.
    assert reference.strides_of(strikes).tolist() == [[0.3, 1.3], [1.3, 2.3], [2.3, 3.3], [5.1, 6.1], [12.0, 13.0]]
    assert reference.walking_of(reference.strides_of(strikes)).tolist() == [[0.3, 3.3], [5.1, 6.1], [12.0, 13.0]]
    assert reference.cadence_of(reference.strides_of(strikes)) == pytest.approx(120.0)
    assert len(reference.strides_of(np.array([1.0]))) == 0 and np.isnan(reference.cadence_of(np.empty((0, 2))))


def test_each_event_is_matched_once_and_the_nearest_first() -> None:
    pairs = reference.match(np.array([1.02, 1.30, 5.0]), np.array([1.0, 1.25, 9.0]), 0.5)
    assert pairs.tolist() == [[0, 0], [1, 1]]
    assert reference.errors_ms([1.02, 1.30, 5.0], [1.0, 1.25, 9.0]).tolist() == pytest.approx([20.0, 50.0])
    # The tolerance itself still counts, as in gaitmap; two found for one leave one over.
    assert reference.match(np.array([1.5]), np.array([1.0]), 0.5).tolist() == [[0, 0]]
    assert reference.match(np.array([0.9, 1.05]), np.array([1.0]), 0.5).tolist() == [[1, 0]]


def test_a_comparison_leaves_out_walking_the_reference_does_not_list() -> None:
    listed = np.arange(0, 6.1, 1.0)
    found = np.column_stack((np.arange(0, 12) + 0.02, np.arange(1, 13) + 0.02))  # goes on through a turn
    row = reference.compare(found, np.arange(0, 6) + 0.63, {"HS": listed, "TO": np.arange(0, 6) + 0.6})
    assert (row.strides_found, row.strides_covered, row.strides_reference, row.strides_matched) == (12, 6, 6, 6)
    assert row.hs_median_abs_ms == pytest.approx(20.0) and row.hs_bias_ms == pytest.approx(20.0)
    assert row.to_bias_ms == pytest.approx(30.0)
    assert row.cadence_found == pytest.approx(120.0) and row.cadence_reference == pytest.approx(120.0)


def test_nothing_found_is_a_row_without_numbers() -> None:
    row = reference.compare(np.empty((0, 2)), np.empty(0), {"HS": np.arange(5.0)})
    assert (row.strides_found, row.strides_reference, row.strides_matched) == (0, 4, 0)
    assert np.isnan(row.hs_median_abs_ms) and np.isnan(row.to_bias_ms) and np.isnan(row.cadence_found)


def test_reference_facts_of_the_real_recordings(recordings: Path) -> None:
    """Strides and cadence as the data's README prints them."""
    for name, strides, cadence in (
        ("gaitprint_young_l", 43, 106.5),
        ("gaitmap_healthy_r", 29, 109.56),
        ("fsr_patient_p1", 18, 60.85),
        ("btk_pig_subjA_trial1_r", 1, 94.49),
    ):
        found = reference.strides_of(reference.load_events(recordings / f"{name}_events.csv")["HS"])
        assert len(found) == strides and reference.cadence_of(found) == pytest.approx(cadence, abs=0.01)
