"""The operators and built-in functions a test may apply to an object of the submission."""

import operator
from collections.abc import Callable
from typing import Any, Final

OPERATORS: Final[dict[str, Callable[..., Any]]] = {
    name: getattr(operator, name)
    for name in (
        "add sub mul truediv floordiv mod pow matmul and_ or_ xor lshift rshift "
        "iadd isub imul itruediv ifloordiv imod ipow imatmul iand ior ixor ilshift irshift "
        "eq ne lt le gt ge contains getitem setitem delitem neg pos invert index"
    ).split()
} | {
    "len": len,
    "bool": bool,
    "str": str,
    "repr": repr,
    "format": format,
    "hash": hash,
    "int": int,
    "float": float,
    "complex": complex,
    "abs": abs,
    "round": round,
    "divmod": divmod,
    "iter": iter,
    "reversed": reversed,
    "isinstance": isinstance,
    "getattr": getattr,
    "setattr": setattr,
    "delattr": delattr,
}
