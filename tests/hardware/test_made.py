"""What lies in hardware/made/ is what the rows give, totals are right, and a bad row stops the build, named."""

import csv
import io
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from hardware import blocks, power_page, texts, wiring
from hardware.build import MADE
from hardware.design import NAMES, parts, resolve

from talus import board as firmware

ROOT = Path(__file__).parents[2]
MADE_NOW = texts.all_texts(parts())


@pytest.mark.parametrize("name", sorted(MADE_NOW))
def test_what_is_kept_is_what_the_rows_give(name: str) -> None:
    """Where this fails: `make hardware`, look at what changed, keep it."""
    assert (MADE / name).read_text(encoding="utf-8") == MADE_NOW[name]


@pytest.mark.parametrize("name", NAMES)
def test_the_netlist_kept_has_every_net_and_pin_of_the_rows(name: str) -> None:
    """Read back from KiCad's format: made by SKiDL, compared with the rows."""
    net, found = "", {}
    for line in (MADE / f"netlist_{name}.net").read_text().splitlines():
        words = line.replace("(", " ( ").replace(")", " ) ").split('"')
        if line.startswith("    (net "):
            net = words[3]
        elif line.startswith("      (node "):
            found.setdefault(net, []).append((words[1], words[3]))
    rows = {net: sorted((pin.ref, pin.number) for pin in pins) for net, pins in resolve(name).nets().items()}
    assert found == rows


@pytest.mark.parametrize("name", NAMES)
def test_the_netlist_kept_buys_what_the_parts_list_names(name: str) -> None:
    bought = parts()
    placed = {pin.ref: pin.key for pins in resolve(name).nets().values() for pin in pins}
    lines = (MADE / f"netlist_{name}.net").read_text().splitlines()
    told = [line.split('"') for line in lines if line.startswith("    (comp ")]
    found = {words[1]: (words[3], words[7]) for words in told}
    assert {ref: (key, bought[key].number.replace('"', "")) for ref, key in placed.items()} == found


def test_the_rule_check_kept_is_clean_for_each_board() -> None:
    lines = (MADE / "erc.txt").read_text().splitlines()
    for name in NAMES:
        assert sum(line.split()[:5] == [name, "0", "errors,", "0", "warnings"] for line in lines) == 1


@pytest.mark.parametrize("name", NAMES)
def test_every_wire_of_the_rows_is_in_the_drawing_kept(name: str) -> None:
    drawn = "".join(ElementTree.parse(MADE / f"wiring_{name}.svg").getroot().itertext())
    for cable in resolve(name).cables:
        for net, colour in cable.wires:
            assert f":{colour}:{net}" in drawn.replace("\n", ""), (cable.name, net)
    assert (MADE / f"wiring_{name}.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("name", NAMES)
def test_the_circuit_at_a_glance_shows_each_part_with_its_address(name: str) -> None:
    drawn = list(ElementTree.parse(MADE / f"blocks_{name}.svg").getroot().itertext())
    for part, chip, _bus, address, _often in firmware.PARTS:
        assert part in drawn and f"{chip} 0x{address:02X}" in drawn
    assert drawn.count("main bus") + drawn.count("imu_int, main bus") == 5 and drawn.count("slow bus") == 1
    lines = blocks.supplies(resolve(name))
    assert ("switch", "encoder", "gated_3v3") in lines and ("contacts", "board", "vbus") in lines
    assert (("cell", "board", "vsys") in lines) == (name == "pico_w") == (("cell", "board", "bat") not in lines)


def test_a_bill_counts_pieces_and_adds_prices() -> None:
    """Three of 2 to 3 EUR and one not found: 6 to 9, one without a price."""
    row = ("3", "R", "", "", "", "2", "3", "2024", "", "")
    none = ("1", "C", "", "", "", "not found", "not found", "", "", "")
    assert texts.total([row, none]) == (6.0, 9.0, 1)


@pytest.mark.parametrize("name", NAMES)
def test_a_bill_has_a_row_for_everything_that_is_soldered(name: str) -> None:
    design = resolve(name)
    bill = {row["name"]: int(row["quantity"]) for row in csv.DictReader(io.StringIO(MADE_NOW[f"bom_{name}.csv"]))}
    for key in {two.key for two in design.twos}:
        assert bill[key] == sum(two.key == key for two in design.twos)
    assert bill["JST GH 4"] == 5  # hinge and strut at both ends, the liner's at one
    assert bill["FSR 402"] == bill["gauge 1k"] == 4


def test_the_input_of_the_drawing_says_each_cable_once() -> None:
    made = wiring.harness(resolve("xiao_esp32c6"), parts())
    assert set(made["cables"]) == {cable.name for cable in resolve("xiao_esp32c6").cables} | {"pads"}
    assert [len(row) for row in made["connections"]] == [3] * len(made["cables"])


def test_the_plot_draws_each_state_to_scale() -> None:
    """The bar of the board that draws most in a state is as long as the panel; another is shorter by its share."""
    drawn = ElementTree.fromstring(power_page.plot())
    space = "{http://www.w3.org/2000/svg}"
    long = {}
    for rect in drawn.iter(f"{space}rect"):
        title = rect.find(f"{space}title")
        if title is not None and title.text:
            board, state = title.text.split(":")[0].split(", ")
            long[board, state] = long.get((board, state), 0.0) + float(rect.attrib["width"])
    from hardware import energy

    ma = {row[0]: energy.state_ma(row, "active") for row in energy.BOARDS}
    told = long["xiao_esp32c3", "active"] / long["xiao_esp32s3", "active"]
    assert told == pytest.approx(ma["xiao_esp32c3"] / ma["xiao_esp32s3"], rel=0.01)


BAD = (
    ("a pin used twice", "firmware/talus/board.py", "21, 0, 1, 18),", "18, 0, 1, 18),", "GPIO 18 is used twice"),
    (
        "a part nobody sells",
        "hardware/parts.csv",
        "\nTMP117,",
        "\nTMP118,",
        "TMP117: unknown part, no row in parts.csv",
    ),
    ("a column lost", "hardware/parts.csv", "\nAS5600,", "\nAS5600 ", "parts.csv line 6: 9 columns, 10 are needed"),
    ("a rail too weak", "hardware/limits.py", "3.4, 300, 500", "3.4, 300, 200", "rail 3v3: 378 mA at once, 200 are"),
)


@pytest.mark.parametrize(("file", "was", "now", "said"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_a_bad_row_stops_the_build_in_one_line(tmp_path: Path, file: str, was: str, now: str, said: str) -> None:
    """On a copy of the room, as `make hardware` runs it: exit code, one line that names the row, nothing written."""
    for room in ("hardware", "firmware/talus"):
        for path in (ROOT / room).rglob("*"):
            if path.suffix in (".py", ".csv") and not {".venv", "made", "mechanics"} & set(path.parts):
                copy = tmp_path / path.relative_to(ROOT)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(path.read_bytes())
    text = (tmp_path / file).read_text()
    assert text.count(was) == 1
    (tmp_path / file).write_text(text.replace(was, now))
    ran = subprocess.run(
        [sys.executable, "-m", "hardware.build", "--texts"],
        cwd=tmp_path,
        env={"PYTHONPATH": "firmware"},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 1 and ran.stdout == ""
    assert len(ran.stderr.splitlines()) == 1 and ran.stderr.startswith("hardware: ") and said in ran.stderr, ran.stderr
    assert not (tmp_path / "hardware/made").exists()
