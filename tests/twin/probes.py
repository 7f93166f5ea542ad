"""What somebody with a radio may try on a brace, as rows: name, who does what, and the only right answer.

The same rows run against the twin's own `bluetooth`, against a MicroPython with NimBLE (`--brace=process`) and, where
one adapter can do them, against a brace in the air (`--brace=air`). A probe says in words what came of it.
"""

from collections.abc import Awaitable, Callable

from twin import owner, stranger
from twin.scene import Scene

Doing = Callable[[Scene], Awaitable[str]]

ALONE = "nothing and sent away, then nothing; 0 hosts, whole"
HELD = "; owner welcome, 1 hosts, whole"

# (name, who, what is done, the only right answer, whether one adapter without a look inside can do it)
PROBES: tuple[tuple[str, str, Doing, str, bool], ...] = (
    ("listens", "stranger", stranger.hears, "Talus, 0 more", True),
    ("reads names", "stranger", stranger.reads_names, "Talus; Talus, a model, a version; no serial", True),
    ("renames", "stranger", stranger.renames, "error 3", False),
    ("reads", "stranger", stranger.reads, "refused", True),
    ("reads by type", "stranger", stranger.reads_by_type, "refused", False),
    ("reads a later part", "stranger", stranger.reads_blob, "refused", False),
    ("reads several at once", "stranger", stranger.reads_multiple, "refused", False),
    ("writes", "stranger", stranger.writes, "refused", False),
    ("prepares a write", "stranger", stranger.prepares_a_write, "not taken, whole", False),
    ("subscribes and writes blindly", "stranger", stranger.writes_blindly, "nothing, whole", False),
    ("sends garbage", "stranger", stranger.sends_garbage, "answered, whole", False),
    ("stays and asks nothing", "stranger", stranger.stays, "sent away", True),
    ("comes back again and again", "stranger", owner.is_kept_out, "less time each time, owner welcome", False),
    ("pairs outside the window", "stranger", stranger.pairs_uninvited, ALONE, False),
    ("reads while it pairs", "stranger", stranger.reads_while_it_pairs, "nothing; 1 hosts, whole", False),
    ("pairs inside it without a bond", "stranger", stranger.pairs_for_once, "nothing; 0 hosts, whole", False),
    ("reads after the owner", "stranger", owner.leaves, "refused", False),
    ("comes beside the owner", "stranger", owner.shuts_the_door, "NoBraceError", False),
    ("reads", "owner's address", owner.reads_as_owner, "refused" + HELD, False),
    ("pairs anew", "owner's address", owner.pairs_as_owner, "nothing, then nothing" + HELD, False),
    ("pairs anew for once", "owner's address", owner.pairs_as_owner_for_once, "nothing" + HELD, False),
    ("guesses the key", "owner's address", owner.encrypts_with_a_wrong_key, "nothing" + HELD, False),
    ("returns after a restart", "owner", owner.restarts, "owner welcome, 1 boot later", False),
    ("returns when the radio was off", "owner", owner.returns_after_off, "nothing, owner welcome; whole", False),
    ("come one more than fit", "hosts", owner.come_in_numbers, "12 welcome, 12 hosts, whole", False),
    ("returns after the forget gesture", "owner", owner.is_forgotten, "owner shut out, 0 hosts", False),
    ("writes what is malformed", "owner", owner.writes_what_is_malformed, "answered as the table says, whole", False),
    ("writes too much", "owner", owner.writes_too_much, "result 05, result 02, serves on, whole", False),
    ("writes where none may", "owner", owner.writes_where_none_may, "error 3, whole", False),
    ("replays and goes back", "owner", owner.replays, "acknowledged stands, result 01 then 07, whole", False),
    ("floods", "owner", owner.floods, "serves on", False),
)  # fmt: skip
