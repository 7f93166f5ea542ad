"""Real walking through chips, drivers and firmware, against what somebody else found in it.

The chain must be sane on every recording; how close it comes is another matter and is printed by
`talus replay --table`.
"""

import json
from pathlib import Path

import numpy as np
import pytest
from conftest import missing

from talus_host.verbs.replay import conclude
from talus_twin.body import reference

# name -> strides the brace may be off by: 5 % on the long level walks, 1 where a file has fewer than five strides,
# and 10 % on the two treadmill recordings whose labels are themselves good to 0.1 s only
WALKS = {
    "gaitprint_young_l": 2,
    "gaitprint_young_r": 2,
    "gaitmap_healthy_l": 1,
    "gaitmap_healthy_r": 1,
    "fsr_healthy_h1": 2,
    "fsr_patient_p1": 1,
    "btk_pig_subjA_trial1_l": 1,
    "btk_pig_subjA_trial1_r": 1,
    "btk_pig_subjA_trial2_l": 1,
    "btk_pig_subjA_trial2_r": 1,
    "opensim_subject01_l": 1,
    "opensim_subject01_r": 1,
}


@pytest.mark.parametrize("name", WALKS)
def test_strides_of_a_recording_are_found(name: str, recordings: Path) -> None:
    path = recordings / f"{name}.csv"
    if not path.exists():
        missing(f"{path.name} is not in the folder of recordings")
    concluded = conclude(path, "cpython")
    valid = concluded.strides[concluded.strides["valid"]]
    spans = valid[["start_s", "end_s"]].to_numpy()
    toe_offs = concluded.events.loc[concluded.events["event"] == "TO", "time_s"].to_numpy()
    against = reference.compare(spans, toe_offs, reference.load_events(reference.events_path(path)))
    facts = json.loads(path.with_suffix(".meta.json").read_text())["reference_facts"]
    assert against.strides_reference == facts["n_strides"], "the table's own reference agrees with the data's README"
    assert len(valid) >= 1
    assert abs(len(valid) - against.strides_reference) <= WALKS[name]
    assert against.cadence_found == pytest.approx(facts["cadence_steps_per_min"], rel=0.05)
    assert against.hs_median_abs_ms <= 60
    assert against.to_median_abs_ms <= 60


def test_angles_of_a_recording_come_out_as_they_went_in(recordings: Path) -> None:
    """Ankle range and angle at contact through encoder counts, calibration and events: the reference is the file's."""
    path = recordings / "gaitprint_young_l.csv"
    facts = json.loads(path.with_suffix(".meta.json").read_text())["reference_facts"]
    strides = conclude(path, "cpython").strides
    # The reference range is the largest less the smallest; the brace's leaves out 5 % at either end.
    mean, spread = facts["ankle_rom_per_stride_deg_mean_sd"]
    assert mean - 3.0 <= strides["ankle_range_deg"].median() <= mean + spread
    mean, spread = facts["ankle_at_hs_deg_mean_sd"]
    assert abs(strides["ankle_at_contact_deg"].median() - mean) <= 2 * spread
    mean, spread = facts["peak_swing_dorsiflexion_deg_mean_sd"]
    assert abs(strides["ankle_swing_peak_deg"].median() - mean) <= 2 * spread


def test_what_a_recording_lacks_is_not_measured(recordings: Path) -> None:
    strides = conclude(recordings / "gaitmap_healthy_l.csv", "cpython").strides
    for column in (
        "ankle_at_contact_deg",
        "ankle_range_deg",
        "moment_swing_nm",
        "assist_impulse_nms",
        "slap_rate_deg_s",
    ):
        assert np.isnan(strides[column]).all(), column
