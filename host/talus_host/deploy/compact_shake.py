"""What nothing on a brace reaches is left out: functions, methods, tables and imports only the desk uses.

From `main.py` on, a module's name is followed to where it is bound; a method lives while anything living says its
name, as an attribute or as a word, unless its line is marked `# desk`. Guests (texts imported beside the firmware) keep
alive what they mention.
"""

import ast

from talus_host.deploy.compact_text import Source
from talus_host.deploy.compact_words import asked_for

ROOT = "main"
Definition = ast.FunctionDef | ast.ClassDef


def bound_by(statement: ast.stmt) -> list[str]:
    """Names a statement at a module's top binds and does nothing else; [] for one that always runs."""
    if isinstance(statement, Definition):
        return [statement.name]
    if isinstance(statement, ast.Assign):
        names = []
        for target in statement.targets:
            for node in ast.walk(target):
                if isinstance(node, ast.Name):
                    names.append(node.id)
                elif not isinstance(node, ast.Tuple | ast.Store):
                    return []
        return names
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return [alias.asname or alias.name.split(".")[0] for alias in statement.names]
    return []


class Module:
    """One file's statements by the names they bind, and which of them live."""

    def __init__(self, file: Source) -> None:
        self.file = file
        self.by_name: dict[str, list[ast.stmt]] = {}
        self.always = []
        for statement in file.tree.body:
            names = bound_by(statement)
            for name in names:
                self.by_name.setdefault(name, []).append(statement)
            if not names:
                self.always.append(statement)
                for node in ast.walk(statement):
                    if isinstance(node, ast.alias | ast.Name):
                        name = node.id if isinstance(node, ast.Name) else node.asname or node.name
                        self.by_name.setdefault(name, []).append(statement)
        self.handed_on = {id(node) for one in self.always for node in ast.walk(one) if isinstance(node, ast.ImportFrom)}
        top = set(file.tree.body)
        for node in ast.walk(file.tree):
            if isinstance(node, ast.ImportFrom) and node not in top:  # inside a function, for as long as it runs
                for alias in node.names:
                    self.by_name.setdefault(alias.asname or alias.name, []).append(node)
        self.living: set[str] = set()
        self.reached = self.offered = False


class Shaker:
    """Follows names until nothing new lives."""

    def __init__(self, files: list[Source]) -> None:
        self.modules = {file.module: Module(file) for file in files}
        self.said = asked_for(file.tree for file in files)
        self.wanted: set[str] = set()  # said by guests
        self._scanned: set[int] = set()
        self._waiting: list[tuple[Module, Definition]] = []
        self._offered: list[tuple[Module, str]] = []

    def reach(self, name: str) -> None:
        module = self.modules.get(name)
        if module is None or module.reached:
            return
        module.reached = True
        if "." in name:
            self.reach(name.rpartition(".")[0])
        for statement in module.always:
            self.scan(module, statement)
        if name == ROOT:
            for bound in list(module.by_name):
                self.live(module, bound)

    def live(self, module: Module, name: str) -> None:
        """A name of a module is needed."""
        if name in module.living:
            return
        module.living.add(name)
        for statement in module.by_name.get(name, ()):
            if isinstance(statement, ast.ImportFrom):
                self._import(statement, name)
            elif isinstance(statement, ast.Import):
                for alias in statement.names:
                    self.reach(alias.name)
            else:
                self.scan(module, statement)

    def _import(self, statement: ast.ImportFrom, name: str | None = None) -> None:
        for alias in statement.names:
            if name in (None, alias.asname or alias.name):
                whole = f"{statement.module}.{alias.name}"
                if whole in self.modules:
                    self.reach(whole)
                elif statement.module in self.modules:
                    self.reach(statement.module)
                    self.live(self.modules[statement.module], alias.name)

    def scan(self, module: Module, node: ast.AST) -> None:
        """Everything a living piece of a module mentions lives, but methods: they wait for their name."""
        if id(node) in self._scanned:
            return
        self._scanned.add(id(node))
        if isinstance(node, ast.ClassDef):
            for part in [*node.bases, *node.decorator_list]:
                self.scan(module, part)
            for statement in node.body:
                if isinstance(statement, ast.FunctionDef):
                    self._waiting.append((module, statement))
                else:
                    self.scan(module, statement)
            return
        if isinstance(node, ast.Name):
            self.live(module, node.id)
            owner = self._imported(module, node.id)
            if owner is not None:
                self.offer(owner)
        elif isinstance(node, ast.Attribute):
            if self._attribute(module, node):
                return
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            self.said.add(node.value)
        elif isinstance(node, ast.ImportFrom):
            self._import(node)
            for alias in node.names if id(node) in module.handed_on else ():
                if f"{node.module}.{alias.name}" in self.modules:
                    self.offer(self.modules[f"{node.module}.{alias.name}"])
        elif isinstance(node, ast.Import):
            for alias in node.names:
                self.reach(alias.name)
        for child in ast.iter_child_nodes(node):
            self.scan(module, child)

    def _imported(self, module: Module, name: str) -> Module | None:
        """The module a name stands for in another, if it stands for one of ours."""
        for statement in module.by_name.get(name, ()):
            if isinstance(statement, ast.ImportFrom):
                for alias in statement.names:
                    if (alias.asname or alias.name) == name:
                        return self.modules.get(f"{statement.module}.{alias.name}")
            elif isinstance(statement, ast.Import):
                for alias in statement.names:
                    if alias.asname == name:
                        return self.modules.get(alias.name)
        return None

    def _attribute(self, module: Module, node: ast.Attribute) -> bool:
        """A module's name needed by way of the module: True, and nothing else of the module is."""
        owner = self._imported(module, node.value.id) if isinstance(node.value, ast.Name) else None
        if owner is None or not isinstance(node.value, ast.Name):
            self.said.add(node.attr)
            return False
        self.live(module, node.value.id)
        self.live(owner, node.attr)
        return True

    def offer(self, module: Module) -> None:
        """A module handed on as a value: what it binds waits for its name, as the methods of a class do."""
        if not module.offered:
            module.offered = True
            self._offered += [(module, name) for name in module.by_name]

    def settle(self) -> None:
        """Methods whose names are said live, and say more; so do names of modules handed on."""
        while True:
            ready = [one for one in self._waiting if self.alive(*one)]
            named = [one for one in self._offered if one[1] in self.said and one[1] not in one[0].living]
            if not ready and not named:
                return
            for module, name in named:
                self.live(module, name)
            self._waiting = [one for one in self._waiting if not self.alive(*one)]
            for module, method in ready:
                self.scan(module, method)

    def alive(self, module: Module, method: Definition) -> bool:
        if module.file.line(method).endswith("# desk"):
            return method.name in self.wanted
        return method.name in self.said or (method.name.startswith("__") and method.name.endswith("__"))


def keep_imports(file: Source, statement: ast.ImportFrom, living: set[str]) -> None:
    kept = [alias for alias in statement.names if (alias.asname or alias.name) in living]
    if kept and len(kept) < len(statement.names):
        names = ", ".join(one.name + (f" as {one.asname}" if one.asname else "") for one in kept)
        file.replace(statement, f"from {statement.module} import {names}")
    elif not kept:
        file.replace(statement, "pass")


def drop(module: Module, shaker: Shaker) -> None:
    """Write what lives; a dead statement becomes `pass`, which compiles to nothing."""
    for statement in module.file.tree.body:
        names = bound_by(statement)
        if not names:
            continue
        if isinstance(statement, ast.ImportFrom):
            keep_imports(module.file, statement, module.living)
        elif not module.living.intersection(names):
            module.file.replace(statement, "pass")
        elif isinstance(statement, ast.ClassDef):
            for part in statement.body:
                if isinstance(part, ast.FunctionDef) and not shaker.alive(module, part):
                    module.file.replace(part, "pass")


def shaken(files: list[Source], guests: tuple[str, ...] = ()) -> dict[str, str]:
    """path -> text of every file `main.py` or a guest reaches, without what neither does."""
    shaker = Shaker(files)
    shaker.reach(ROOT)
    for number, text in enumerate(guests):
        guest = Module(Source(f"guest{number}.py", text))
        for statement in guest.file.tree.body:
            if isinstance(statement, Definition) or not bound_by(statement):
                for node in ast.walk(statement):
                    shaker.scan(guest, node)
            else:
                shaker.scan(guest, statement)
        shaker.wanted |= {node.attr for node in ast.walk(guest.file.tree) if isinstance(node, ast.Attribute)}
    shaker.settle()
    found = {}
    for name, module in shaker.modules.items():
        if not module.reached:
            continue
        if name != ROOT:
            drop(module, shaker)
        found[module.file.path] = module.file.edited()
    return found
