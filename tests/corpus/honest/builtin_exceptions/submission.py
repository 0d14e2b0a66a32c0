# /// corpus
# entry_points = ["fail", "guarded", "strict_sqrt"]
# ///
import math


def fail(kind):
    if kind == "index":
        return [][1]
    if kind == "key":
        return {}["missing"]
    if kind == "attribute":
        return None.nothing
    if kind == "type":
        return 1 + "1"
    if kind == "zero":
        return 1 // 0
    if kind == "unicode":
        return b"\xff".decode()
    if kind == "stop":
        return next(iter([]))
    if kind == "assert":
        assert False, "not true"
    if kind == "file":
        open("no such file")
    if kind == "overflow":
        return math.exp(1000)
    if kind == "not_implemented":
        raise NotImplementedError("later")
    raise ValueError("unknown", kind, 7)


def guarded(kind):
    try:
        fail(kind)
    except Exception as error:
        return type(error).__name__
    finally:
        kind = None


def strict_sqrt(number):
    if number < 0:
        raise ArithmeticError(number)
    return math.sqrt(number)
