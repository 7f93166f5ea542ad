"""The board's rows agree with the wire's and with themselves."""

import pytest

from talus import board
from talus.wire import kinds


def test_every_channel_of_a_sample_has_its_delay() -> None:
    names = [row[0] for row in kinds.RAW_CHANNELS] + ["liner", "reference"]
    assert [row[0] for row in board.DELAYS] == names
    assert len(board.delays_ms()) == kinds.SAMPLE_SIZE


def test_no_two_parts_share_an_address_on_a_bus() -> None:
    places = [(bus, address) for _, _, bus, address, _ in board.PARTS]
    assert len(set(places)) == len(places)
    assert board.part("encoder")[2] == board.part("gauge")[2] == 0x36


@pytest.mark.parametrize("row", board.BOARD_ROWS, ids=[row[0] for row in board.BOARD_ROWS])
def test_no_pin_serves_twice(row: tuple[object, ...]) -> None:
    pins = row[5:]
    assert len(set(pins)) == len(pins)
    assert board.Board(row[0]).model.endswith(str(row[0]))


def test_an_unknown_board_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"board 'nano': there is xiao_esp32c6, "):
        board.Board("nano")
