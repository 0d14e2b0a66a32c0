"""Says which calls a failed test had made last."""

from reprlib import Repr
from typing import Final

from sandbox.guest.decoding import Decoder, unpack_arguments
from sandbox.guest.nodes import Malformed, Node
from sandbox.guest.solution import Solution

_TEXT_CHARS: Final = 1000
_DEPTH: Final = 500


class _Shown:
    """Stands for an argument that has no plain value."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text


def _stand_in(node: Node) -> _Shown:
    kind, *facts = node
    if kind == "handle":
        return _Shown(f"<{facts[1]} #{facts[0]}>")
    if kind == "name":
        return _Shown(".".join(facts[0][1]))
    if kind in ("class", "type"):
        return _Shown(str(facts[0]))
    return _Shown("<iterator>" if kind == "iterator" else "<callback>")


def _brief() -> Repr:
    brief = Repr()
    brief.maxlevel = 6
    brief.maxlist = brief.maxtuple = brief.maxdict = brief.maxset = brief.maxdeque = 20
    brief.maxstring = brief.maxother = brief.maxlong = 200
    return brief


def _described(target: Node, packed: bytes, brief: Repr) -> str:
    args, named = unpack_arguments(packed, Decoder(_DEPTH, _stand_in))
    shown = [brief.repr(one) for one in args]
    shown += [f"{name}={brief.repr(one)}" for name, one in named.items()]
    root, path = target[:2]
    owner = "" if root is None else f"<object #{root}>" + ("." if path else "")
    return f"{owner}{'.'.join(path)}({', '.join(shown)})"


def describe_calls(solution: Solution) -> str:
    """Return the newest calls as source text, oldest first, one a line."""
    brief = _brief()
    lines = []
    for target, packed in solution.calls:
        try:
            lines.append(_described(target, packed, brief))
        except (Malformed, RecursionError, MemoryError, ValueError):
            lines.append(f"{'.'.join(target[1])}(...)")
    return "\n".join(lines)[:_TEXT_CHARS]
