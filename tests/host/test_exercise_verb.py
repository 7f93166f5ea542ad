"""The verb of exercises: what is listed, what is said of a set, what is refused before anything is asked of a brace."""

import asyncio
import json
import os
from pathlib import Path

import pandas as pd
import pytest
from host.commands import Talus, refused
from host.made_records import Brace, payload
from host.stores import NOON, ZONE, lived

from talus.wire import kinds
from talus_host import tables
from talus_host.errors import InputError
from talus_host.store import Store
from talus_host.verbs.exercise import enter, sentences

ANGLE, MOMENT, STANCE = (kinds.EXERCISE_SIGNS.index(name) for name in ("angle", "moment", "stance"))
TOE_RAISES, STAND = (kinds.EXERCISES.index(name) for name in ("dorsiflexion", "single_leg_stand"))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    def life(brace: Brace) -> None:
        brace.add("exercise", NOON + 60_000, exercise=TOE_RAISES, repetitions=12, range=8.4, counted_by=ANGLE)
        brace.add("exercise", NOON + 120_000, exercise=TOE_RAISES, counted_by=0)
        brace.clock(NOON + 130_000)

    return lived(tmp_path, life)


def test_sets_are_listed_and_what_was_not_measured_is_no_zero(talus: Talus, data: Path) -> None:
    done = talus("exercise", "--data", str(data))
    assert done.returncode == 0
    counted, unseen = [line.split() for line in done.stdout.splitlines() if "toe raises" in line]
    assert counted[2:7] == ["left", "toe", "raises", "12", "8.4"]
    assert unseen[2:] == ["left", "toe", "raises"] + ["–"] * 7
    told = json.loads(talus("exercise", "--json", "--data", str(data)).stdout)
    assert [one["repetitions"] for one in told["sets"]] == [12, None]


def test_where_there_is_no_set_it_says_how_one_begins(talus: Talus, tmp_path: Path) -> None:
    with Store(tmp_path / "talus.db") as store:
        store.add_person("A", ZONE)
    assert "no set yet; `talus exercise dorsiflexion`" in talus("exercise", "--data", str(tmp_path)).stderr


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("circles",), 65, "exercise 'circles': is none of dorsiflexion, heel_raise, hold, single_leg_stand"),
        (("--seconds", "20"), 64, "belong to an exercise"),
        (("hold", "--seconds", "0"), 64, "'--seconds'"),
        (("hold", "--seconds", "nan"), 64, "'--seconds'"),
        (("hold", "--person", "A"), 64, "a brace knows no names"),
    ],
)
def test_what_cannot_be_counted_is_refused(
    talus: Talus, data: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    refused(talus("exercise", *words, home=data), code, said)


def row(**told: float) -> "pd.Series[object]":
    return tables.table("exercise", [payload("exercise", **told)]).iloc[0]


def test_a_set_in_words() -> None:
    seen = row(exercise=TOE_RAISES, repetitions=12, range=8.4, hold=1.5, fatigue=91, counted_by=ANGLE)
    assert sentences(seen) == [
        "toe raises: 12",
        "8.4° each, in the middle",
        "held for 1.5 s",
        "the last three were 91 % of the first three",
    ]
    weak = row(exercise=TOE_RAISES, repetitions=9, moment_dip=0.45, counted_by=MOMENT)
    assert sentences(weak) == [
        "toe raises: 9",
        "counted by the pull on the brace: the foot itself hardly moved",
        "the brace was relieved of 0.45 N.m",
    ]
    assert sentences(row(exercise=TOE_RAISES, counted_by=0)) == ["toe raises: not measurable"]
    stood = row(exercise=STAND, repetitions=2, hold=12.3, sway=3.1, counted_by=STANCE)
    assert sentences(stood) == [
        "standing on one leg: twice",
        "12.3 s each, in the middle",
        "the shank swayed by 3.1°/s",
    ]
    assert sentences(row(exercise=STAND, repetitions=0, counted_by=STANCE)) == ["standing on one leg: not once"]


def test_enter_ends_the_wait_and_nobody_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    read, write = os.pipe()
    with os.fdopen(read) as typed:
        monkeypatch.setattr("sys.stdin", typed)
        os.write(write, b"\n")
        asyncio.run(asyncio.wait_for(enter(), 5))
        os.close(write)
        with pytest.raises(InputError, match="nobody is there to press Enter"):
            asyncio.run(asyncio.wait_for(enter(), 5))
