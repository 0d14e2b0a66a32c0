"""The text of a test file by line and by syntax node."""

import ast
from functools import cached_property


class SourceText:
    """One test file's text, split into lines only when something is to be told about it."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def _lines(self) -> list[str]:
        return self.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")

    def line(self, number: int) -> str:
        """Return line `number` (from 1) without its indentation, or nothing where there is none."""
        return self._lines[number - 1].strip() if 0 < number <= len(self._lines) else ""

    def segment(self, node: ast.stmt | ast.expr) -> str:
        """Return the text of `node`, its further lines indented relative to its first."""
        if node.end_lineno is None or node.end_col_offset is None:
            return ""
        lines = [line.encode() for line in self._lines[node.lineno - 1 : node.end_lineno]]
        lines[-1] = lines[-1][: node.end_col_offset]
        lines[0] = lines[0][node.col_offset :]
        further = [_dedented(line.decode(), node.col_offset) for line in lines[1:]]
        return "\n".join([lines[0].decode(), *further])


def _dedented(line: str, column: int) -> str:
    return line[column:] if not line[:column].strip() else line.lstrip()
