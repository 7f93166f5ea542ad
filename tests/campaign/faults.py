"""Every fault of the campaign: one function each, that makes it strike now. A fault that finds nothing says False."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass

from bleak.exc import BleakError
from campaign.hosts import Host
from campaign.world import DAY_MS, World

from talus.wire import gatt
from talus_host.errors import TalusError

YEAR_MS = 365 * DAY_MS
PIECE_FAULTS = ("piece duplicated", "piece corrupted", "piece cut short", "piece dropped")


@dataclass
class Scene:
    """What a fault may touch: the brace's world, the host that is syncing and its task."""

    world: World
    host: Host
    task: "asyncio.Task[object]"
    count: Callable[[str], None]


def disconnect(scene: Scene) -> bool:
    brace = scene.world.brace
    if brace is None or not brace.radio.connected:
        return False
    brace.air.cut()
    return True


def loss_of_power(scene: Scene) -> bool:
    if scene.world.brace is None:
        return False
    scene.world.down(lost_power=True)
    return True


def reset(scene: Scene) -> bool:
    if scene.world.brace is None:
        return False
    scene.world.down(lost_power=False)
    return True


def power_cut_in_a_write(scene: Scene) -> bool:
    """At one of the next changes of the flash; counted when it comes."""
    scene.world.flash.cut_in = scene.world.chance.randint(1, 6)
    return False


def flash_refuses(scene: Scene) -> bool:
    """Some of the next changes; counted one by one."""
    scene.world.flash.refuse = scene.world.chance.randint(1, 5)
    return False


def no_buffers(scene: Scene) -> bool:
    """ENOMEM for a while, at times for longer than any host waits."""
    brace, chance = scene.world.brace, scene.world.chance
    if brace is None or not brace.radio.connected:
        return False
    pool = brace.air.pool
    brace.air.pool = chance.choice((0, 0, 1, 2))

    def free() -> None:
        brace.air.pool = pool

    asyncio.get_running_loop().call_later(chance.choice((0.02, 0.2, 1.0, 4.0, 15.0)), free)
    return True


def host_cancelled(scene: Scene) -> bool:
    return not scene.task.done() and scene.task.cancel()


def host_killed_before_a_commit(scene: Scene) -> bool:
    scene.host.shelf.die = "host killed before a commit"
    return False


def host_killed_behind_a_commit(scene: Scene) -> bool:
    scene.host.shelf.die = "host killed behind a commit"
    return False


def adapter_unplugged(scene: Scene) -> bool:
    """The computer's radio vanishes, and it does not get to say goodbye."""
    radio = scene.host.central.radio
    if radio is None or not radio.le_connections:
        return False
    scene.host.central.ether.cut(radio)
    return True


def pieces_spoilt(scene: Scene) -> bool:
    chance = scene.world.chance
    scene.host.air.pieces[chance.choice(PIECE_FAULTS)] = chance.choice((1, 1, 2, 5))
    return False


def requests_repeated(scene: Scene) -> bool:
    scene.host.air.repeat_requests = scene.world.chance.choice((1, 2, 6))
    return False


def answers_repeated(scene: Scene) -> bool:
    scene.host.air.repeat_answers = scene.world.chance.choice((1, 2, 6))
    return False


def full_queue(scene: Scene) -> bool:
    """More requests in one breath than the brace has places for: some are lost, whichever."""
    return said(scene, [gatt.request(gatt.COUNT, 0)] * 20)


def malformed_requests(scene: Scene) -> bool:
    chance = scene.world.chance
    known = [bytes((row[0], row[1])) for row in gatt.REQUESTS]
    makers = (
        lambda: chance.randbytes(chance.randrange(0, gatt.CONTROL_MAX + 4)),
        lambda: chance.choice(known) + chance.randbytes(chance.randrange(0, 4)),
    )
    harmless = (gatt.FORGET, gatt.ACKNOWLEDGE, gatt.SET_CLOCK, gatt.BEGIN_SET, gatt.END_SET)
    return said(
        scene, [one for one in (chance.choice(makers)() for _ in range(6)) if one[:1] not in map(code, harmless)]
    )


def code(opcode: int) -> bytes:
    return bytes((opcode,))


def said(scene: Scene, requests: list[bytes]) -> bool:
    """Write all of them behind the collector's back."""
    link = scene.host.link
    if link is None or not link._client.is_connected:
        return False

    async def say() -> None:
        with contextlib.suppress(TalusError, BleakError):
            for one in requests:
                await link._client.write_gatt_char(gatt.CONTROL, one, response=False)

    scene.host.talking = asyncio.ensure_future(say())
    return True


def brace_clock_leaps(scene: Scene) -> bool:
    """Hours or days in which the brace measured nothing and nobody was near; or a moment's."""
    scene.world.clock.leapt_ms += int(scene.world.chance.choice((40_000, DAY_MS / 3, DAY_MS, 3 * DAY_MS)))
    return True


def host_clock_jumps(scene: Scene) -> bool:
    chance = scene.world.chance
    scene.host.jump_ms = chance.choice((0, 0, 3000, -70_000, DAY_MS, -40 * DAY_MS, YEAR_MS, -3 * YEAR_MS))
    return True


FAULTS: dict[str, Callable[[Scene], bool]] = {
    "disconnect": disconnect,
    "loss of power": loss_of_power,
    "reset": reset,
    "power cut in a write": power_cut_in_a_write,
    "flash refuses": flash_refuses,
    "ENOMEM burst": no_buffers,
    "host cancelled": host_cancelled,
    "host killed before a commit": host_killed_before_a_commit,
    "host killed behind a commit": host_killed_behind_a_commit,
    "adapter unplugged": adapter_unplugged,
    "pieces spoilt": pieces_spoilt,
    "requests repeated": requests_repeated,
    "answers repeated": answers_repeated,
    "queue of requests full": full_queue,
    "malformed requests": malformed_requests,
    "brace's clock leaps": brace_clock_leaps,
    "host's clock jumps": host_clock_jumps,
}
