"""`talus live`: what is refused before anybody is asked, and what is kept when a link breaks."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from host.commands import Talus, refused

from talus.wire.errors import RemoteError
from talus_host.errors import LinkLostError
from talus_host.verbs import live as verb
from talus_host.watching import COLUMNS, Samples, Watching


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--record", "."), 65, "record .: is a folder"),
        (("--record", "nowhere/a.parquet"), 65, "there is no folder nowhere"),
        (("--seconds", "0"), 64, "'--seconds'"),
    ],
)
def test_what_cannot_be_kept_is_refused(talus: Talus, words: tuple[str, ...], code: int, said: str) -> None:
    refused(talus("live", *words), code, said)


def test_a_link_that_breaks_keeps_what_came(talus: Talus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(address: str | None, seconds: float | None, take: verb.Take) -> None:
        watching = Watching()
        for at_ms in (1000, 1010, 1050):
            values = np.full((1, len(COLUMNS)), 0.5)
            values[0, 3] = np.nan
            take(Samples(np.array([at_ms]), values), watching)
        raise LinkLostError("the connection was lost while watching (it broke)")

    monkeypatch.setattr(verb, "watch", broken)
    done = talus("live", "--record", str(tmp_path / "a.parquet"))
    assert done.returncode == 75
    kept = pd.read_parquet(tmp_path / "a.parquet")
    assert kept["since_boot_ms"].tolist() == [1000, 1010, 1050]
    assert kept["ankle_angle_deg"].tolist() == [0.5] * 3
    assert kept[COLUMNS[3]].isna().all()


def test_unknown_is_no_number_and_units_are_the_wires() -> None:
    piece = (5000).to_bytes(4, "little") + b"".join(
        value.to_bytes(2, "little", signed=True) for value in [1234, -32768, *([0] * 10), -500, 2000, *([0] * 10)]
    )
    found = Watching().feed(piece)
    assert found.at_ms.tolist() == [5000, 5010]
    assert found.values[0, :2].tolist()[0] == 12.34 and np.isnan(found.values[0, 1])
    assert found.values[1, :2].tolist() == [-5.0, 2.0]


@pytest.mark.parametrize("size", [0, 4, 5, 27, 29])
def test_a_piece_that_is_none_is_said(size: int) -> None:
    with pytest.raises(RemoteError, match="no whole number of samples"):
        Watching().feed(bytes(size))
