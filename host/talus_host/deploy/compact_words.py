"""What a text says: its names, its words in quotes, and the names it puts together from words to ask for."""

import ast
from collections.abc import Iterable


def names_of(tree: ast.AST) -> set[str]:
    """Every name a text says."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.arg | ast.keyword) and node.arg:
            found.add(node.arg)
        elif isinstance(node, ast.alias):
            found.update(node.name.split("."))
            found.add(node.asname or node.name)
        elif isinstance(node, ast.ImportFrom):
            found.update((node.module or "").split("."))
    return found


def words_of(tree: ast.AST) -> set[str]:
    """Every word in quotes."""
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def patterns_of(tree: ast.AST) -> set[str]:
    """Texts with gaps by which something is asked for: "_%s_%s" in `getattr(owner, "_%s_%s" % row)`."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "getattr":
            asked = node.args[1]
            if isinstance(asked, ast.BinOp) and isinstance(asked.left, ast.Constant):
                found.add(str(asked.left.value))
    return found


def asked_for(trees: Iterable[ast.AST]) -> set[str]:
    """Names that some pattern makes of words there are."""
    trees = list(trees)
    words = set().union(*(words_of(tree) for tree in trees))
    names = set().union(*(names_of(tree) for tree in trees))
    found = set()
    for pattern in set().union(*(patterns_of(tree) for tree in trees)):
        for name in names:
            if any(words.issuperset(parts) for parts in splits(name, pattern, pattern.count("%s"))):
                found.add(name)
    return found


def splits(name: str, pattern: str, gaps: int) -> list[tuple[str, ...]]:
    """Every way a name fills the gaps of a pattern."""
    head, _, rest = pattern.partition("%s")
    if not name.startswith(head):
        return []
    if gaps == 1:
        return [(name[len(head) : len(name) - len(rest)],)] if name.endswith(rest) else []
    found = []
    between = rest.partition("%s")[0]
    at = name.find(between, len(head) + 1)
    while at > 0:
        found += [(name[len(head) : at], *tail) for tail in splits(name[at:], rest, gaps - 1)]
        at = name.find(between, at + 1)
    return found
