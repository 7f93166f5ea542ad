"""What stays in a brace's memory is one file: a file costs a brace its tables of names, constants and imports.

`talus.app` takes in every room its top imports reach, but what `main.py` needs before it, what is handed on as a value
and what chooses at its import. A room's names say their room from then on; whoever imports one finds it in the bundle.
Each line of the bundle has its place in the sources: `places` says which.
"""

import ast
import builtins
import io
import tokenize
from collections.abc import Iterator

from talus_host.deploy.compact_shake import bound_by
from talus_host.deploy.compact_text import Source
from talus_host.deploy.places import Place

BUNDLE = "talus.app"
ROOT = "main"
OFTEN = 11  # calls
EMPTY = (tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT, tokenize.NEWLINE, tokenize.ENDMARKER)
Function = ast.FunctionDef | ast.Lambda


def bound_inside(node: Function) -> set[str]:
    """Every name a function binds for itself or for one inside it, but what it imports of ours."""
    found = {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
    found |= {one.arg for one in ast.walk(node) if isinstance(one, ast.arg)}
    found |= {one.name for one in ast.walk(node) if isinstance(one, ast.ExceptHandler) and one.name}
    return found | {one.name for one in ast.walk(node) if isinstance(one, ast.FunctionDef) and one is not node}


class Rooms:
    """Which files there are, what they import of each other, and which of them the bundle takes in."""

    def __init__(self, files: list[Source]) -> None:
        self.files = {file.module: file for file in files}
        early: list[str] = []
        for target in self._all(self.files[ROOT]):
            if target != BUNDLE:
                self._follow(target, early)
        reached: list[str] = []
        self._follow(BUNDLE, reached)
        values = set().union(*(self._values(file) for file in files))
        out = {name for name in reached if self.files[name].native or self._chooses(self.files[name])}
        out |= {name for name in reached if any(one != name and one.startswith(name + ".") and one in early
                                                for one in self.files)}  # fmt: skip
        self.members = [name for name in reached if name not in values and name not in early and name not in out]
        self.own = {name: {bound for statement in self.files[name].tree.body if not is_import(statement)
                           for bound in bound_by(statement)} for name in self.members}  # fmt: skip

    def target(self, statement: ast.ImportFrom, name: str) -> tuple[str, str | None]:
        """(module, name in it), or (module, None) where the name is a module itself."""
        whole = f"{statement.module}.{name}"
        return (whole, None) if whole in self.files else (statement.module or "", name)

    def imports(self, tree: ast.AST) -> Iterator[tuple[ast.ImportFrom, str, str, str | None]]:
        """(statement, name it binds, module, name there) of everything imported from a file of ours."""
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    module, name = self.target(node, alias.name)
                    if module in self.files:
                        yield node, alias.asname or alias.name, module, name

    def _all(self, file: Source) -> list[str]:
        return [module for _, _, module, _ in self.imports(file.tree)]

    def _follow(self, name: str, found: list[str]) -> None:
        """What importing a file loads, each behind what it needs."""
        if name in found:
            return
        top = set(self.files[name].tree.body)
        for statement, _, module, _ in self.imports(self.files[name].tree):
            if statement in top and module != name:
                self._follow(module, found)
        found.append(name)

    def _values(self, file: Source) -> set[str]:
        """Modules a file hands on: said otherwise than before a point."""
        modules = {bound: module for _, bound, module, name in self.imports(file.tree) if name is None}
        pointed = {id(node.value) for node in ast.walk(file.tree) if isinstance(node, ast.Attribute)}
        return {modules[node.id] for node in ast.walk(file.tree)
                if isinstance(node, ast.Name) and node.id in modules and id(node) not in pointed}  # fmt: skip

    def _chooses(self, file: Source) -> bool:
        return any(isinstance(statement, ast.Try | ast.If) for statement in file.tree.body)

    def name(self, module: str, name: str) -> str:
        """What a room's name is called in the bundle."""
        return name if module == BUNDLE else f"{name}__{module.replace('.', '_')}"


def is_import(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Import | ast.ImportFrom)


class Moving:
    """One file's names written as they are called when rooms have moved into the bundle."""

    def __init__(self, file: Source, rooms: Rooms) -> None:
        self.file = file
        self.rooms = rooms
        self.inside = file.module in rooms.members
        self.names = {name: rooms.name(file.module, name) for name in rooms.own.get(file.module, ())}
        self.modules: dict[str, str] = {}
        self.outside: list[tuple[str, str, str]] = []  # (module, name, as): what a member still imports
        said: dict[ast.ImportFrom, list[str]] = {}
        for statement, bound, module, name in rooms.imports(file.tree):
            kept = said.setdefault(statement, [])
            if module not in rooms.members:
                own = name or module.rpartition(".")[2]
                kept.append(f"from {statement.module} import {own}" + (f" as {bound}" if bound != own else ""))
            elif name is None:
                self.modules[bound] = module
                kept += [] if self.inside else self._of_module(bound, module)
            elif self.inside:
                self.names[bound] = rooms.name(module, name)
            else:
                kept.append(f"from {BUNDLE} import {rooms.name(module, name)} as {bound}")
        for statement, lines in said.items():
            if any(module in rooms.members for _, _, module, _ in rooms.imports(statement)):
                file.replace(statement, "; ".join(lines) or "pass")

    def _of_module(self, bound: str, module: str) -> list[str]:
        asked = {node.attr for node in ast.walk(self.file.tree) if isinstance(node, ast.Attribute)
                 and isinstance(node.value, ast.Name) and node.value.id == bound}  # fmt: skip
        return [f"from {BUNDLE} import " + ", ".join(self.rooms.name(module, name) for name in sorted(asked))]

    def text(self) -> str:
        for statement in self.file.tree.body:
            self._walk(statement, frozenset())
        return self.file.edited()

    def _walk(self, node: ast.AST, local: frozenset[str]) -> None:
        if isinstance(node, ast.Name):
            if node.id not in local and self.names.get(node.id, node.id) != node.id:
                self.file.replace(node, self.names[node.id])
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in self.modules:
            self.file.replace(node, self.rooms.name(self.modules[node.value.id], node.attr))
        elif isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda):
            self._definition(node, local)
        else:
            for child in ast.iter_child_nodes(node):
                self._walk(child, local)

    def _definition(self, node: ast.FunctionDef | ast.ClassDef | ast.Lambda, local: frozenset[str]) -> None:
        outer: list[ast.AST] = [] if isinstance(node, ast.Lambda) else [*node.decorator_list]
        inner: list[tuple[ast.AST, frozenset[str]]]
        if isinstance(node, ast.ClassDef):
            outer += node.bases
            here = local | {name for part in node.body if not is_import(part) for name in bound_by(part)}
            inner = [(part, local if isinstance(part, ast.FunctionDef) else here) for part in node.body]
        else:
            outer += [part for part in [*node.args.defaults, *node.args.kw_defaults] if part is not None]
            here = local | bound_inside(node) | self._brought(node)
            inner = [(part, here) for part in (node.body if isinstance(node, ast.FunctionDef) else [node.body])]
        for part in outer:
            self._walk(part, local)
        for part, names in inner:
            self._walk(part, names)
        if not isinstance(node, ast.Lambda) and node in self.file.tree.body and node.name in self.names:
            word = "class" if isinstance(node, ast.ClassDef) else "def"
            start = self.file.at(node.lineno, node.col_offset) + len(word) + 1
            self.file.replace_bytes(start, start + len(node.name), self.names[node.name])

    def _brought(self, node: Function) -> set[str]:
        """Names a function imports for itself from what is not in the bundle."""
        found = {alias.asname or alias.name for one in ast.walk(node) if isinstance(one, ast.ImportFrom | ast.Import)
                 for alias in one.names}  # fmt: skip
        return found - {bound for _, bound, module, _ in self.rooms.imports(node) if module in self.rooms.members}


def dense(text: str) -> Iterator[tuple[int, str]]:
    """(number, line) of each line that says something to the interpreter."""
    said: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in EMPTY:
            said.update(range(token.start[0], token.end[0] + 1))
    for number, line in enumerate(text.splitlines(), 1):
        if number in said and line != "pass":
            yield number, line


def called(text: str) -> list[str]:
    """Python's own functions a text calls often."""
    names = [node.func.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)
             and isinstance(node.func, ast.Name) and hasattr(builtins, node.func.id)]  # fmt: skip
    return sorted(name for name in set(names) if names.count(name) >= OFTEN)


def without_docs(file: Source) -> str:
    """The text without what its definitions say of themselves, which compiles to nothing."""
    for node in ast.walk(file.tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None:
            file.replace(node.body[0], "" if len(node.body) > 1 else "pass")
    return file.edited()


def imports_of(statement: ast.stmt) -> Iterator[tuple[str, str]]:
    """(name it binds, the import of it alone) of an import."""
    if isinstance(statement, ast.Import | ast.ImportFrom):
        for one in statement.names:
            alone = (
                ast.Import([one]) if isinstance(statement, ast.Import) else ast.ImportFrom(statement.module, [one], 0)
            )
            yield one.asname or one.name, ast.unparse(alone)


class Bundle:
    """Lines of many rooms below one head of imports, and the place of each."""

    def __init__(self, taken: set[str]) -> None:
        self.lines: list[str] = []
        self.places: list[Place] = []
        self._taken = taken
        self._imports: dict[str, str] = {}

    def take(self, room: str, file: Source) -> None:
        for statement in file.tree.body:
            for bound, alone in imports_of(statement):
                if bound in self._taken or self._imports.setdefault(bound, alone) != alone:
                    raise ValueError(f"{file.path}: {bound} is another thing in {BUNDLE}; import it as something else")
                file.replace(statement, "pass")
        for number, line in dense(file.edited()):
            self.lines.append(line)
            self.places.append((room, number))

    def whole(self) -> tuple[str, list[Place]]:
        # What Python brings itself is found at once when it lies beside: a miss in a large table is a long search.
        head = [*self._imports.values(), *(f"{name} = {name}" for name in called("\n".join(self.lines)))]
        return "\n".join([*head, *self.lines]) + "\n", [(BUNDLE, 1)] * len(head) + self.places


def bundled(files: list[Source], guests: tuple[str, ...] = ()) -> tuple[dict[str, str], list[Place]]:
    """(path -> text of what is left, the place of each line of the bundle)."""
    rooms = Rooms(files)
    bundle = Bundle(rooms.own[BUNDLE])
    texts = {}
    for name in rooms.members:
        file = rooms.files[name]
        moved = Source(file.path, Moving(file, rooms).text())
        bundle.take(name, Source(file.path, without_docs(moved)))
    for file in files:
        if file.module not in rooms.members:
            texts[file.path] = Moving(file, rooms).text()
    texts[rooms.files[BUNDLE].path], places = bundle.whole()
    return texts | hosts_of_guests(rooms, guests), places


def hosts_of_guests(rooms: Rooms, guests: tuple[str, ...]) -> dict[str, str]:
    """Files that only lead to the bundle, for texts that will be imported beside it and know nothing of it."""
    found: dict[str, dict[str, None]] = {}
    for text in guests:
        tree = ast.parse(text)
        for _, _, module, name in rooms.imports(tree):
            if module in rooms.members and module != BUNDLE:
                names = (
                    [name]
                    if name
                    else sorted(
                        {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)} & rooms.own[module]
                    )
                )
                found.setdefault(module, {}).update(dict.fromkeys(names))
    return {rooms.files[module].path: "".join(
        f"from {BUNDLE} import {rooms.name(module, name)} as {name}\n" for name in names) for module, names
        in found.items()}  # fmt: skip
