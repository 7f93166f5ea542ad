"""What the documents say of columns and verbs is all there is: a new one without a word fails here."""

from pathlib import Path

from talus_twin.body import columns

HOST = (Path(__file__).parents[2] / "host/README.md").read_text()


def test_every_column_of_a_recording_is_described() -> None:
    assert [column.name for column in columns.INPUTS if f"`{column.name}`" not in HOST] == []
