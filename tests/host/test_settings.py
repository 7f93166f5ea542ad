"""`talus settings`: a brace's settings shown and changed over the virtual radio, and every refusal in one line."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from host.commands import Talus, refused
from twin.a_brace import Brace, in_the_air

from talus.settings import Settings
from talus.settings_file import IN_FORCE, PREVIOUS
from talus.wire import gatt
from talus_host import brace_settings
from talus_host.errors import InputError, LinkLostError, NotUnderstoodError, RefusedError
from talus_host.link import Reply
from talus_host.link.ble import Backend, BleLink, find
from talus_host.store import Store
from talus_host.verbs.settings import Asked, asked, from_air, obey_file, told
from talus_twin.board.files import MemoryFiles
from talus_twin.radio import virtual_time


def with_brace(story: Callable[[Brace, Backend], Awaitable[None]], files: MemoryFiles | None = None) -> None:
    async def whole() -> None:
        async with in_the_air(strides=1, files=files) as (brace, _, backend):
            await story(brace, backend)

    virtual_time.run(whole())


def test_what_is_shown_is_what_the_brace_has(capsys: pytest.CaptureFixture[str]) -> None:
    files = MemoryFiles()
    with files.open("/settings.json", "wb") as file:
        file.write(b'{"amber_mmhg": 31}')

    async def story(brace: Brace, backend: Backend) -> None:
        before, after = await from_air(Asked(), None, backend)
        assert before == after
        assert after.values == brace_settings.values_of(Settings({"amber_mmhg": 31}))
        assert not after.waiting
        told(Asked(), before, after, as_json=False)
        told(Asked(), before, after, as_json=True)

    with_brace(story, files)
    table, _, document = capsys.readouterr().out.partition("{")
    (line,) = [line for line in table.splitlines() if line.startswith("amber_mmhg ")]
    assert line.split() == ["amber_mmhg", "mmHg", "Abbott", "2019,", "adapted", "31", "35", "30", "50"]
    (row,) = [row for row in json.loads("{" + document)["settings"] if row["differs"]]
    assert row == {
        "name": "amber_mmhg",
        "value": 31,
        "unit": "mmHg",
        "default": 35,
        "differs": True,
        "lowest": 30,
        "highest": 50,
        "reason": "Abbott 2019, adapted",
    }


@pytest.mark.brace
def test_a_change_a_default_a_file_and_an_undo(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"version": 1, "red_a_mmhg": 60, "amber_min": 12}')

    async def story(brace: Brace, backend: Backend) -> None:
        steps: tuple[tuple[Asked, dict[str, int]], ...] = (
            (asked(["amber_mmhg=40", "offset_mmhg=8"], [], None, False), {"amber_mmhg": 40, "offset_mmhg": 8}),
            (asked(["amber_mmhg=40"], [], None, False), {"amber_mmhg": 40, "offset_mmhg": 8}),
            (asked(["red_a_mmhg=60"], ["offset_mmhg"], None, False), {"amber_mmhg": 40, "red_a_mmhg": 60}),
            (asked([], [], None, True), {"amber_mmhg": 40, "offset_mmhg": 8}),
            (asked([], [], None, True), {"amber_mmhg": 40, "red_a_mmhg": 60}),
            (asked([], [], path, False), {"red_a_mmhg": 60, "amber_min": 12}),
        )
        for wanted, expected in steps:
            _, after = await from_air(wanted, None, backend)
            assert after.values == brace_settings.values_of(Settings(expected))
            assert brace.settings_kept() == expected
        assert (brace.radio.failures, brace.air.dead) == (0, False)

    with_brace(story)


def test_a_link_that_breaks_at_any_request_changes_nothing_or_all() -> None:
    """Cut before each request and after each; then the same change again is harmless."""

    async def story(brace: Brace, backend: Backend) -> None:
        wanted = {"amber_mmhg": 40, "red_a_mmhg": 60, "still_axes": 3}
        whole = Settings(wanted)
        seen = set()
        for cut in range(2 * 6):
            brace.status.settings = Settings()
            brace.files.kept.pop("settings.json", None)
            async with BleLink(await find(backend=backend), brace.status.now_ms, backend) as link:
                before = await brace_settings.read(link)
                counted = link.request

                async def request(opcode: int, *operand: int, left: list[int] = [cut], ask: object = counted) -> Reply:  # noqa: B006
                    left[0] -= 2
                    if left[0] == -2:
                        brace.air.cut()
                    reply: Reply = await ask(opcode, *operand)  # type: ignore[operator]
                    if left[0] == -1:
                        brace.air.cut()
                    return reply

                link.request = request  # type: ignore[method-assign]
                with pytest.raises(LinkLostError):
                    await brace_settings.change(link, wanted, before)
            await asyncio.sleep(0.2)
            now = brace.status.settings.digest
            assert now in (Settings().digest, whole.digest)
            assert brace.settings_kept() == ({} if now == Settings().digest else wanted)
            seen.add(now)
            async with BleLink(await find(backend=backend), brace.status.now_ms, backend) as link:
                await brace_settings.change(link, wanted, await brace_settings.read(link))
            assert brace.settings_kept() == wanted
        assert len(seen) == 2, "some cuts came before the commit and some after"

    with_brace(story)


def test_a_lost_connection_says_what_may_have_happened(monkeypatch: pytest.MonkeyPatch) -> None:
    async def lost(*_: object) -> None:
        raise LinkLostError("the connection was lost")

    async def story(brace: Brace, backend: Backend) -> None:
        with pytest.raises(
            LinkLostError, match=r"lost; the brace kept all of this change or nothing of it: give it again"
        ):
            await from_air(asked(["amber_mmhg=40"], [], None, False), None, backend)
        with pytest.raises(LinkLostError, match=r"all of this change or nothing of it: look first"):
            await from_air(asked([], [], None, True), None, backend)
        with pytest.raises(LinkLostError, match=r"^the connection was lost$"):
            await from_air(Asked(), None, backend)

    monkeypatch.setattr(brace_settings, "ask", lost)
    monkeypatch.setattr(brace_settings, "read", lost)
    with_brace(story)


def test_what_the_brace_refuses_is_one_line_with_setting_and_value(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host without checks of its own."""

    async def story(brace: Brace, backend: Backend) -> None:
        async with BleLink(await find(backend=backend), brace.status.now_ms, backend) as link:
            row = brace_settings.NAMES.index("amber_mmhg")
            await brace_settings.ask(link, gatt.BEGIN_SETTINGS, brace.status.settings.rows)
            with pytest.raises(RefusedError, match=r"refused amber_mmhg = 51: out of range; nothing was changed"):
                await brace_settings.ask(link, gatt.SET_SETTING, row, 51)
            with pytest.raises(RefusedError, match="refused: no change is begun, or one of its steps was refused"):
                await brace_settings.ask(link, gatt.COMMIT_SETTINGS, 1)
            before = await brace_settings.read(link)
            with pytest.raises(RefusedError, match="no previous settings"):
                await brace_settings.undo(link, before)
            with pytest.raises(InputError, match="setting amber_mmhg: 51 is not an integer from 30 to 50"):
                await brace_settings.change(link, {"amber_mmhg": 51}, before)
            assert brace.settings_kept() == {}
            monkeypatch.setattr(brace_settings, "rows_digest", lambda: 1)
            with pytest.raises(NotUnderstoodError, match="another version of the settings"):
                await brace_settings.read(link)

    with_brace(story)


def test_two_braces_in_range_are_asked_for_an_address() -> None:
    async def story() -> None:
        async with (
            in_the_air(strides=1) as (_, central, backend),
            Brace(central.ether, address="C0:FF:EE:00:00:77"),
        ):
            with pytest.raises(InputError, match="--address"):
                await from_air(asked(["amber_mmhg=40"], [], None, False), None, backend)
            _, after = await from_air(asked(["amber_mmhg=40"], [], None, False), "D0:00:00:00:00:01", backend)
            assert after.values["amber_mmhg"] == 40

    virtual_time.run(story())


REFUSED = (
    (("set", "amber_mmgh=40"), 65, "setting amber_mmgh: there is none of that name"),
    (("set", "amber_mmhg=51"), 65, "setting amber_mmhg: 51 is not an integer from 30 to 50"),
    (("set", "amber_mmhg=35.5"), 65, "setting amber_mmhg: '35.5' is not an integer from 30 to 50"),
    (("set", "amber_mmhg"), 65, "setting 'amber_mmhg': is not NAME=VALUE"),
    (("set", "amber_mmhg=40", "amber_mmhg=41"), 65, "setting amber_mmhg: is given twice"),
    (("set", "amber_mmhg=40", "--default", "amber_mmhg"), 65, "setting amber_mmhg: is given a value and its default"),
    (("--default", "nothing"), 65, "setting nothing: there is none of that name"),
    (("set", "amber_mmhg=40", "--undo"), 65, "not two of them"),
    (("set",), 64, "give NAME=VALUE"),
    (("get", "amber_mmhg"), 64, "the only word here is set"),
    (("--goal-hours", "25"), 64, "less than or equal to 24"),
    (("--undo", "--goal-hours", "8"), 64, "the desk's"),
    (("--usb", "--address", "D0:00:00:00:00:01"), 64, "--address names a brace on the air"),
)


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: " ".join(row[0]))
def test_what_does_not_fit_is_refused_before_a_brace_is_looked_for(
    talus: Talus, row: tuple[tuple[str, ...], int, str]
) -> None:
    words, code, said = row
    refused(talus("settings", *words), code, said)


FILES = (
    ("{", "no JSON"),
    ("[]", "no JSON object"),
    ('{"version": 2}', "settings version: 2 is not one this firmware reads (1)"),
    ('{"amber_mmhg": "40"}', "setting amber_mmhg: '40' is not an integer from 30 to 50"),
    ('{"amber_mmhg": true}', "setting amber_mmhg: True is not an integer from 30 to 50"),
    ('{"amber": 40}', "setting amber: there is none of that name"),
    ('{"amber_mmhg": 33, "amber_mmhg": 45}', "no JSON: amber_mmhg is given twice"),
    ("[" * 100_000, "no JSON: nested too deep"),
    ('{"amber_mmhg": NaN}', "setting amber_mmhg: nan is not an integer from 30 to 50"),
)


@pytest.mark.parametrize(("text", "said"), FILES)
def test_a_file_that_does_not_fit_is_refused_whole(talus: Talus, tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "settings.json"
    path.write_text(text)
    refused(talus("settings", "--file", str(path)), 65, "settings.json", said)


def test_a_file_as_windows_writes_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(b'\xef\xbb\xbf{"version": 1,\r\n "amber_mmhg": 33}\r\n')
    assert brace_settings.of_file(path)["amber_mmhg"] == 33


class Cable:
    """A brace's files at the end of a cable that breaks after so many puts."""

    device = "ttyTEST"

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.left = 100

    def get(self, path: str) -> bytes | None:
        return self.files.get(path)

    def put(self, path: str, data: bytes) -> None:
        self.left -= 1
        if self.left < 0:
            raise LinkLostError("the cable")
        self.files[path] = data


def test_over_a_cable_the_files_are_changed_as_the_brace_would(tmp_path: Path) -> None:
    cable, path = Cable(), tmp_path / "settings.json"
    path.write_text('{"amber_min": 12}')
    with pytest.raises(RefusedError, match="no previous settings; nothing was changed"):
        obey_file(cable, asked([], [], None, True))
    steps: tuple[tuple[Asked, bytes, bytes], ...] = (
        (asked(["amber_mmhg=40"], [], None, False), b'{"version": 1,\n "amber_mmhg": 40}\n', b'{"version": 1}\n'),
        (asked(["amber_mmhg=40"], [], None, False), b'{"version": 1,\n "amber_mmhg": 40}\n', b'{"version": 1}\n'),
        (asked([], [], None, True), b'{"version": 1}\n', b'{"version": 1,\n "amber_mmhg": 40}\n'),
        (asked([], [], path, False), b'{"version": 1,\n "amber_min": 12}\n', b'{"version": 1}\n'),
    )
    for wanted, in_force, previous in steps:
        _, after = obey_file(cable, wanted)
        assert (cable.files[IN_FORCE], cable.files[PREVIOUS]) == (in_force, previous)
        assert obey_file(cable, Asked())[0].values == after.values


@pytest.mark.parametrize("puts", [0, 1])
def test_a_cable_that_breaks_leaves_the_old_settings(puts: int) -> None:
    cable = Cable()
    obey_file(cable, asked(["amber_mmhg=40"], [], None, False))
    cable.left = puts
    with pytest.raises(LinkLostError):
        obey_file(cable, asked(["amber_mmhg=45"], [], None, False))
    assert obey_file(cable, Asked())[0].values["amber_mmhg"] == 40


def test_a_bad_file_at_the_end_of_a_cable_is_told_and_made_good(capsys: pytest.CaptureFixture[str]) -> None:
    cable = Cable()
    cable.files[IN_FORCE] = b'{"amber_mmhg": 99}'
    assert obey_file(cable, Asked())[0].values == brace_settings.values_of(Settings())
    assert "setting amber_mmhg: 99 is not an integer from 30 to 50" in capsys.readouterr().err
    obey_file(cable, asked(["amber_mmhg=35"], [], None, False))
    assert cable.files[IN_FORCE] == b'{"version": 1}\n'


def test_the_wear_goal_is_the_desks(talus: Talus, tmp_path: Path) -> None:
    with Store(tmp_path / "talus.db") as store:
        person = store.add_person("A", "UTC")
    assert talus("settings", "--goal-hours", "7.5", "--data", str(tmp_path)).returncode == 0
    with Store(tmp_path / "talus.db", create=False) as store:
        assert store.person(person)["goal_h"] == 7.5
        store.add_person("B", "UTC")
    refused(talus("settings", "--goal-hours", "8", "--data", str(tmp_path)), 65, "--person A or B")
    assert talus("settings", "--goal-hours", "0", "--person", "A", "--data", str(tmp_path)).returncode == 0
    with Store(tmp_path / "talus.db", create=False) as store:
        assert store.person(person)["goal_h"] is None


def test_the_mass_is_the_desks_too_and_the_foot_is_weighed_by_it(talus: Talus, tmp_path: Path) -> None:
    with Store(tmp_path / "talus.db") as store:
        person = store.add_person("A", "UTC")
    assert talus("settings", "--mass-kg", "75", "--data", str(tmp_path)).returncode == 0
    refused(talus("settings", "--mass-kg", "7.5", "--data", str(tmp_path)), 65, "mass_kg 7.5: is not from 20 to 300 kg")
    refused(talus("settings", "set", "amber_mmhg=30", "--mass-kg", "75", "--data", str(tmp_path)), 64, "the desk's")
    with Store(tmp_path / "talus.db", create=False) as store:
        assert store.person(person)["mass_kg"] == 75
