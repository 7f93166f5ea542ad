"""A source file as text and tree at once, and edits that never move a line: a traceback still names the true one."""

import ast
from dataclasses import dataclass, field


def module_of(path: str) -> str:
    """`talus/wire/__init__.py` -> `talus.wire`."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


NATIVE = ("@micropython.viper", "@micropython.native")


@dataclass
class Source:
    """One file: its text, its tree, and what is to be changed in it."""

    path: str
    text: str
    edits: list[tuple[int, int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.module = module_of(self.path)
        self.native = any(line.strip() in NATIVE for line in self.text.splitlines())
        self.data = self.text.encode()
        self.tree = ast.parse(self.text, self.path)
        self._lines = [0]
        for line in self.data.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """First byte of a node and the one behind it; a decorated definition begins at its decorators."""
        assert node.end_lineno is not None and node.end_col_offset is not None
        first = node
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.decorator_list:
            first = node.decorator_list[0]
            start = self._lines[first.lineno - 1] + first.col_offset - 1
        else:
            start = self._lines[first.lineno - 1] + first.col_offset
        return start, self._lines[node.end_lineno - 1] + node.end_col_offset

    def at(self, line: int, column: int) -> int:
        """The byte of a place as the tree counts them."""
        return self._lines[line - 1] + column

    def span_of(self, node: ast.arg) -> tuple[int, int]:
        assert node.end_lineno is not None and node.end_col_offset is not None
        return self.at(node.lineno, node.col_offset), self.at(node.end_lineno, node.end_col_offset)

    def line(self, node: ast.stmt) -> str:
        """The line a statement begins on (a definition's own, behind its decorators)."""
        return self.text.splitlines()[node.lineno - 1].rstrip()

    def replace(self, node: ast.expr | ast.stmt, text: str) -> None:
        """Write `text` in a node's place; the lines it took stay, empty."""
        start, end = self.span(node)
        lines = "\n" * self.data[start:end].count(b"\n")
        if lines and isinstance(node, ast.expr):
            text = f"({text}{lines})"
        else:
            text += lines
        self.edits.append((start, end, text))

    def replace_bytes(self, start: int, end: int, text: str) -> None:
        """Write `text` between two bytes of one line."""
        self.edits.append((start, end, text))

    def edited(self) -> str:
        """The text with every edit made; of two that overlap, the outer one."""
        pieces = []
        at = 0
        for start, end, text in sorted(self.edits, key=lambda edit: (edit[0], -edit[1])):
            if start < at:
                continue
            pieces += [self.data[at:start], text.encode()]
            at = end
        return b"".join([*pieces, self.data[at:]]).decode()
