"""Constants are written where they are used: what the firmware's tables say is worked out here, once, not on the brace.

Importing a file of the firmware does nothing (a rule of the house), so a name stands for what importing it here gives.
Only names bound once, at a module's top, count; only whole numbers, truths, words and tuples of them are written.
"""

import ast
import importlib
import operator
from collections.abc import Callable
from types import ModuleType

from talus_host.deploy.compact_text import Source

# Functions without arguments whose answer follows from the tables alone.
PURE = ("digest", "rows_digest", "delays_ms", "table_text")
WORD_MAX = 24  # a longer text stays where it is, once


def bound_once(tree: ast.Module) -> set[str]:
    """Names a module binds once, by an assignment at its top, and no function binds again."""
    counts: dict[str, int] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            counts[node.id] = counts.get(node.id, 0)
        if isinstance(node, ast.Global):
            for name in node.names:
                counts[name] = 9
    for statement in tree.body:
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                for node in ast.walk(target):
                    if isinstance(node, ast.Name):
                        counts[node.id] = counts.get(node.id, 0) + 1
        elif not isinstance(statement, ast.FunctionDef | ast.ClassDef):
            for node in ast.walk(statement):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    counts[node.id] = 9
    return {name for name, count in counts.items() if count == 1}


class Meanings:
    """What each module-level name of the firmware stands for, imported names included."""

    def __init__(self, files: list[Source]) -> None:
        self._once = {file.module: bound_once(file.tree) for file in files}

    def of(self, file: Source) -> dict[str, object]:
        module = importlib.import_module(file.module)
        names = {name: vars(module)[name] for name in self._once[file.module]}
        for statement in file.tree.body:
            if isinstance(statement, ast.ImportFrom) and statement.module in self._once:
                for alias in statement.names:
                    value = getattr(importlib.import_module(statement.module), alias.name)
                    if (
                        isinstance(value, ModuleType)
                        or alias.name in self._once[statement.module]
                        or (callable(value) and alias.name in PURE)
                    ):
                        names[alias.asname or alias.name] = value
        for statement in file.tree.body:
            if isinstance(statement, ast.Import):
                for alias in statement.names:
                    if alias.asname and alias.name in self._once:
                        names[alias.asname] = importlib.import_module(alias.name)
            if isinstance(statement, ast.FunctionDef) and statement.name in PURE:
                names[statement.name] = vars(module)[statement.name]
        return names

    def known(self, module: ModuleType, name: str) -> bool:
        once = self._once.get(module.__name__, set())
        return name in once or (name in PURE and callable(getattr(module, name, None)))


BINARY: dict[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.LShift: operator.lshift,
    ast.RShift: operator.rshift,
    ast.BitOr: operator.or_,
    ast.BitAnd: operator.and_,
    ast.BitXor: operator.xor,
}
UNARY: dict[type[ast.unaryop], Callable[[int], int]] = {ast.USub: operator.neg, ast.Invert: operator.invert}


def whole(value: object) -> int:
    if type(value) is not int:
        raise TypeError
    return value


def is_literal(value: object) -> bool:
    if isinstance(value, tuple):
        return all(is_literal(one) for one in value)
    return value is None or isinstance(value, bool | int | str | bytes)


def literal(value: object) -> str:
    """A value as source; numbers below zero keep their brackets."""
    text = repr(value)
    return f"({text})" if text.startswith("-") else text


class Folder(ast.NodeVisitor):
    """Walks one file and writes values in the places of the expressions that stand for them."""

    def __init__(self, file: Source, meanings: Meanings) -> None:
        self._file = file
        self._meanings = meanings
        self._names = meanings.of(file)
        self._hidden: list[set[str]] = []

    def value(self, node: ast.expr) -> tuple[bool, object]:
        """(True, what it stands for), or (False, None) where that is not known here."""
        try:
            return True, self._value(node)
        except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError):
            return False, None

    def _value(self, node: ast.expr) -> object:
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.Name) and not any(node.id in names for names in self._hidden):
            return self._names[node.id]
        if isinstance(node, ast.Attribute):
            return self._attribute(node)
        if isinstance(node, ast.Tuple):
            return tuple(self._value(one) for one in node.elts)
        if isinstance(node, ast.UnaryOp | ast.BinOp):
            return self._operation(node)
        if isinstance(node, ast.Subscript):
            return self._value(node.value)[self._value(node.slice)]  # type: ignore[index]
        if isinstance(node, ast.Call) and not node.keywords:
            return self._call(node)
        raise LookupError

    def _attribute(self, node: ast.Attribute) -> object:
        owner = self._value(node.value)
        if isinstance(owner, ModuleType):
            if self._meanings.known(owner, node.attr) or isinstance(getattr(owner, node.attr), ModuleType):
                return getattr(owner, node.attr)
            raise LookupError
        if type(owner).__name__ == "Kind":
            return getattr(owner, node.attr)
        raise LookupError

    def _operation(self, node: ast.UnaryOp | ast.BinOp) -> object:
        if isinstance(node, ast.UnaryOp):
            return UNARY[type(node.op)](whole(self._value(node.operand)))
        return BINARY[type(node.op)](whole(self._value(node.left)), whole(self._value(node.right)))

    def _call(self, node: ast.Call) -> object:
        given = [self._value(one) for one in node.args]
        function = node.func
        if isinstance(function, ast.Attribute) and function.attr == "index" and len(given) == 1:
            owner = self._value(function.value)
            if isinstance(owner, tuple) or type(owner).__name__ == "Kind":
                return owner.index(given[0])  # type: ignore[attr-defined]
        if isinstance(function, ast.Name) and function.id == "len" and isinstance(given[0], tuple | str):
            return len(given[0])
        if isinstance(function, ast.Name | ast.Attribute) and not given:
            name = function.id if isinstance(function, ast.Name) else function.attr
            if name in PURE:
                return self._value(function)()  # type: ignore[operator]
        raise LookupError

    def visit(self, node: ast.AST) -> None:
        if isinstance(node, ast.expr) and not isinstance(node, ast.Constant):
            if isinstance(getattr(node, "ctx", None), ast.Store | ast.Del):
                if not isinstance(node, ast.Name):
                    super().visit(node)
                return
            known, value = self.value(node)
            plain = isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant)
            if known and not plain and (type(value) in (int, bool) or (type(value) is str and len(value) <= WORD_MAX)):
                self._file.replace(node, literal(value))
                return
        super().visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        known, value = self.value(node.value)
        if not self._hidden and known and isinstance(value, tuple) and is_literal(value):
            self._file.replace(node.value, literal(value))
        elif not self._hidden and not known and self._literal_table(node):
            return
        else:
            self.generic_visit(node)

    def _literal_table(self, node: ast.Assign) -> bool:
        """A name bound once to a tuple of plain values, however it was worked out."""
        if len(node.targets) != 1 or not isinstance(node.targets[0], ast.Name):
            return False
        value = self._names.get(node.targets[0].id)
        if not isinstance(value, tuple) or not is_literal(value):
            return False
        self._file.replace(node.value, literal(value))
        return True

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        for default in [*node.args.defaults, *node.args.kw_defaults]:
            if default is not None:
                self.visit(default)
        self._inside(node, node.body)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._inside(node, [node.body])

    def _inside(self, node: ast.FunctionDef | ast.Lambda, body: list[ast.stmt] | list[ast.expr]) -> None:
        arguments = node.args
        names = {one.arg for one in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]}
        names |= {one.arg for one in (arguments.vararg, arguments.kwarg) if one}
        for one in ast.walk(node):
            if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
                names.add(one.id)
            elif isinstance(one, ast.alias):
                names.add((one.asname or one.name).split(".")[0])
        self._hidden.append(names)
        for part in body:
            self.visit(part)
        self._hidden.pop()


def folded(files: list[Source]) -> dict[str, str]:
    """path -> text, every constant written where it is used."""
    ours = [file for file in files if file.module.split(".")[0] == "talus" and not file.native]
    meanings = Meanings(ours)
    for file in ours:
        Folder(file, meanings).visit(file.tree)
    return {file.path: file.edited() for file in files}
