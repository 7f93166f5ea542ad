"""Names only the firmware says become words a board has anyway, or a letter or two: a name costs letters and a row.

Kept as they are: what `main.py`, a guest or a word in quotes says, what Python and MicroPython call by name, and every
file's own name. A private name is told apart by its class, a parameter by its function, so both share few letters.
"""

import ast
import builtins
import itertools
import keyword
from collections.abc import Iterator
from typing import TypeGuard

from talus_host.deploy.compact_rom import ROM_NAMES
from talus_host.deploy.compact_text import Source
from talus_host.deploy.compact_words import asked_for, names_of, words_of

# What the firmware is handed speaks these names, and so do the built-in types.
FOREIGN = """
    readfrom_mem_into writeto_mem readfrom_into readfrom writeto scan value on off init freq duty config
    active irq gap_advertise gap_connect gap_disconnect gap_pair gatts_register_services gatts_read
    gatts_write gatts_notify gatts_indicate gatts_set_buffer gattc_exchange_mtu UUID BLE readinto write
    read seek tell flush close errno const viper native ticks_ms ticks_us ticks_diff ticks_add sleep_ms
    sleep_us mem_free mem_alloc collect calcsize crc32 pack unpack pack_into unpack_from hexlify
    unhexlify array ptr8 ptr16 ptr32
""".split()  # noqa: SIM905
TYPES = (str, bytes, bytearray, memoryview, int, tuple, list, dict, set, object, Exception, OSError)


def letters() -> Iterator[str]:
    """Words that cost a brace nothing, then a, b, ... z, aa, ab, ... without Python's own words."""
    yield from ROM_NAMES
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    for size in itertools.count(1):
        for one in itertools.product(alphabet, repeat=size):
            name = "".join(one)
            if name not in keyword.kwlist and not hasattr(builtins, name) and name not in ROM_NAMES:
                yield name


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def parameters(node: ast.FunctionDef | ast.Lambda) -> list[ast.arg]:
    return [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs,
            *(one for one in (node.args.vararg, node.args.kwarg) if one)]  # fmt: skip


class Names:
    """What each name of the firmware becomes."""

    def __init__(self, files: list[Source], guests: tuple[str, ...], root: str) -> None:
        outside = [file.tree for file in files if file.module == root] + [ast.parse(text) for text in guests]
        inside = [file.tree for file in files if file.module != root]
        self.kept = set(FOREIGN) | set(dir(builtins)) | {name for kind in TYPES for name in dir(kind)}
        for tree in outside:
            self.kept |= names_of(tree) | words_of(tree)
        for tree in inside:
            self.kept |= words_of(tree)
        self.kept |= asked_for(inside)
        self.kept |= {part for file in files for part in file.module.split(".")}
        self.keywords = {node.arg for tree in outside + inside for node in ast.walk(tree)
                         if isinstance(node, ast.keyword) and node.arg}  # fmt: skip
        taken = self.kept.union(*(names_of(tree) for tree in inside))
        self._free = (name for name in letters() if name not in taken)
        self.common: list[str] = []  # shared by private names and parameters, whose uses never meet
        self._by_class(inside)
        self.ours = self._bound(inside)
        self._letters: dict[str, str] = {}
        self._loose = loose_in(inside)
        self._share(inside)

    def _bound(self, trees: list[ast.Module]) -> set[str]:
        """Public names the firmware binds: of modules, of classes and on `self`."""
        found = set()
        for tree in trees:
            for owner in ast.walk(tree):
                if isinstance(owner, ast.Module | ast.ClassDef):
                    found |= {one.name for one in owner.body if isinstance(one, ast.FunctionDef | ast.ClassDef)}
                    for one in owner.body:
                        if isinstance(one, ast.Assign):
                            found |= {node.id for target in one.targets for node in ast.walk(target)
                                      if isinstance(node, ast.Name)}  # fmt: skip
                elif isinstance(owner, ast.Attribute) and isinstance(owner.ctx, ast.Store):
                    found.add(owner.attr)
        return {name for name in found if name not in self.kept and not name.startswith("__")}

    def _by_class(self, trees: list[ast.Module]) -> None:
        """Private names by class; those said of anything but `self`, or in a class that has a base, are told apart."""
        self.private: dict[ast.ClassDef, dict[str, str]] = {}
        self.shared: set[str] = set()
        classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
        bases = {base.id for one in classes for base in one.bases if isinstance(base, ast.Name)}
        inside: set[int] = set()
        for one in classes:
            names = {node.attr for node in ast.walk(one) if of_self(node) and is_private(node.attr)}
            names |= {node.name for node in one.body if isinstance(node, ast.FunctionDef) and is_private(node.name)}
            if one.bases or one.name in bases:
                self.shared |= names
            inside |= {id(node) for node in ast.walk(one) if of_self(node)}
            self.private[one] = dict.fromkeys(sorted(names), "")
        for tree in trees:
            for node in ast.walk(tree):
                if isinstance(node, ast.Attribute) and is_private(node.attr) and id(node) not in inside:
                    self.shared.add(node.attr)
        for one, members in self.private.items():
            wanted = [name for name in members if name not in self.shared and name not in self.kept]
            self.private[one] = {name: self.letter(place) for place, name in enumerate(wanted)}

    def letter(self, place: int) -> str:
        while len(self.common) <= place:
            self.common.append(next(self._free))
        return self.common[place]

    def _share(self, trees: list[ast.Module]) -> None:
        """Letters for public names: two that never meet in one class, one module or one function may have the same."""
        meet: dict[str, set[str]] = {}
        for tree in trees:
            for group in groups_of(tree):
                names = (group & self.ours) | (group & self.shared)
                for name in names:
                    meet.setdefault(name, set()).update(names)
        for name in [name for name in meet if name in self._loose]:
            meet[name] |= set(meet)
            for other in meet:
                meet[other].add(name)
        pool: list[str] = []
        for name in sorted(meet, key=lambda name: (-len(meet[name]), name)):
            taken = {self._letters[other] for other in meet[name] if other in self._letters}
            place = next((place for place, one in enumerate(pool) if one not in taken), len(pool))
            if place == len(pool):
                pool.append(next(self._free))
            self._letters[name] = pool[place]

    def of(self, name: str) -> str:
        """A public or shared name's letters; itself where somebody else says it."""
        if name in self.kept or not (name in self.ours or name in self.shared):
            return name
        if name not in self._letters:
            self._letters[name] = next(self._free)
        return self._letters[name]


def loose_in(trees: list[ast.Module]) -> set[str]:
    """Names put on an object from outside its class, or in a class that has a base: they meet whatever there is."""
    found = set()
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and not of_self(node):
                found.add(node.attr)
            elif isinstance(node, ast.ClassDef) and node.bases:
                found |= {one.attr for one in ast.walk(node) if of_self(one)}
                found |= {one.name for one in node.body if isinstance(one, ast.FunctionDef)}
    return found


def groups_of(tree: ast.Module) -> list[set[str]]:
    """Names that must stay apart: a module's own and imported ones, and those of each class and its instances."""
    methods = {one for part in ast.walk(tree) if isinstance(part, ast.ClassDef) for one in part.body}
    own = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    own |= {
        one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef | ast.ClassDef) and one not in methods
    }
    own |= {alias.asname or alias.name for one in ast.walk(tree) if isinstance(one, ast.ImportFrom)
            for alias in one.names}  # fmt: skip
    groups = [own]
    for one in ast.walk(tree):
        if isinstance(one, ast.ClassDef):
            members = {node.attr for node in ast.walk(one) if of_self(node)}
            members |= {node.name for node in one.body if isinstance(node, ast.FunctionDef)}
            members |= {node.id for part in one.body for node in said_by(part) if isinstance(node, ast.Name)}
            groups.append(members)
    return groups


def said_by(part: ast.stmt) -> Iterator[ast.AST]:
    """What a class says where it is made: not the inside of its methods."""
    if isinstance(part, ast.FunctionDef):
        for one in [*part.decorator_list, *part.args.defaults, *part.args.kw_defaults]:
            yield from ast.walk(one) if one is not None else ()
    else:
        yield from ast.walk(part)


def of_self(node: ast.AST) -> TypeGuard[ast.Attribute]:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"


class Renamer:
    """Writes the new names into one file."""

    def __init__(self, file: Source, names: Names) -> None:
        self._file = file
        self._names = names
        self._class: dict[str, str] = {}

    def walk(self, node: ast.AST, here: dict[str, str], local: frozenset[str]) -> None:
        """here: new names of parameters in force; local: names the functions around bind themselves."""
        if isinstance(node, ast.Name):
            self._name(node, here, local)
        elif isinstance(node, ast.Attribute):
            self._attribute(node, here, local)
        elif isinstance(node, ast.ImportFrom):
            self._import(node, local)
        elif isinstance(node, ast.ClassDef):
            self._define(node, self._names.of(node.name) if not local else node.name)
            before, self._class = self._class, self._names.private[node]
            for statement in node.body:
                if isinstance(statement, ast.FunctionDef):
                    self._function(statement, here, local, self._member(statement.name))
                else:
                    self.walk(statement, here, local)
            for base in node.bases:
                self.walk(base, here, local)
            self._class = before
        elif isinstance(node, ast.FunctionDef):
            self._function(node, here, local, node.name if node.name in local else self._names.of(node.name))
        elif isinstance(node, ast.Lambda):
            self._inside(node, here, local)
        else:
            for child in ast.iter_child_nodes(node):
                self.walk(child, here, local)

    def _member(self, name: str) -> str:
        return self._class.get(name) or self._names.of(name)

    def _name(self, node: ast.Name, here: dict[str, str], local: frozenset[str]) -> None:
        new = here.get(node.id, node.id) if node.id in here or node.id in local else self._names.of(node.id)
        if new != node.id:
            self._file.replace(node, new)

    def _attribute(self, node: ast.Attribute, here: dict[str, str], local: frozenset[str]) -> None:
        new = self._class.get(node.attr) if of_self(node) else None
        new = new or self._names.of(node.attr)
        if new != node.attr:
            _, end = self._file.span(node)
            self._file.replace_bytes(end - len(node.attr), end, new)
        self.walk(node.value, here, local)

    def _import(self, node: ast.ImportFrom, local: frozenset[str]) -> None:
        if (node.module or "").split(".")[0] != "talus":
            return
        said = []
        for alias in node.names:
            old, new = alias.asname or alias.name, self._names.of(alias.name)
            bound = old if old in local else self._names.of(old)
            said.append(new if new == bound else f"{new} as {bound}")
        self._file.replace(node, f"from {node.module} import {', '.join(said)}")

    def _define(self, node: ast.FunctionDef | ast.ClassDef, new: str) -> None:
        if new == node.name:
            return
        word = "class" if isinstance(node, ast.ClassDef) else "def"
        start = self._file.at(node.lineno, node.col_offset) + len(word) + 1
        self._file.replace_bytes(start, start + len(node.name), new)

    def _function(self, node: ast.FunctionDef, here: dict[str, str], local: frozenset[str], name: str) -> None:
        self._define(node, name)
        for decorator in node.decorator_list:
            self.walk(decorator, here, local)
        self._inside(node, here, local)

    def _inside(self, node: ast.FunctionDef | ast.Lambda, here: dict[str, str], local: frozenset[str]) -> None:
        for default in [*node.args.defaults, *node.args.kw_defaults]:
            if default is not None:
                self.walk(default, here, local)
        body = node.body if isinstance(node, ast.FunctionDef) else [node.body]
        own = parameters(node)
        bound = {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
        bound |= {one.name for part in body for one in ast.walk(part) if isinstance(one, ast.FunctionDef)}
        bound |= {one.name for one in ast.walk(node) if isinstance(one, ast.ExceptHandler) and one.name}
        bound |= {one.asname or one.name for one in ast.walk(node) if isinstance(one, ast.alias)}
        bound -= {name for one in ast.walk(node) if isinstance(one, ast.Global) for name in one.names}
        inner = {name: new for name, new in here.items() if name not in bound}
        taken = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)} | set(inner.values())
        taken |= {one.arg for one in ast.walk(node) if isinstance(one, ast.arg)}
        place = 0
        for one in own:
            inner.pop(one.arg, None)
            if (one.arg in self._names.kept and one.arg in self._names.keywords) or one.arg == "self":
                continue
            if one.arg in self._names.keywords or len(one.arg) == 1:
                continue
            while self._names.letter(place) in taken:
                place += 1
            inner[one.arg] = self._names.letter(place)
            place += 1
            start, _ = self._file.span_of(one)
            self._file.replace_bytes(start, start + len(one.arg), inner[one.arg])
        inside = local | bound | {one.arg for one in own}
        for part in body:
            self.walk(part, inner, frozenset(inside))


def shortened(files: list[Source], guests: tuple[str, ...] = (), root: str = "main") -> dict[str, str]:
    """path -> text, the firmware's own names in letters."""
    names = Names(files, guests, root)
    for file in files:
        if file.module != root:
            for statement in file.tree.body:
                Renamer(file, names).walk(statement, {}, frozenset())
    return {file.path: file.edited() for file in files}
