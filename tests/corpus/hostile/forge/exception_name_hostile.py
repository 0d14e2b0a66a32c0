# /// corpus
# exam = "answers"
# aim = "raise errors whose class names are huge, empty, odd or surrogate"
# must_pass = ["test_zero"]
# ///


def solve(index):
    if index == 1:
        raise type("X" * 10**6, (Exception,), {"__module__": 7, "__qualname__": "\ud800"})
    if index == 2:
        kind = type("Odd", (ValueError, KeyError), {})
        kind.__name__ = "\x1b[2J"
        raise kind("\ud800\udfff")
    if index == 3:
        parent = Exception
        for depth in range(3000):
            parent = type(f"Level{depth}", (parent,), {})
        raise parent("deep")
    return 0
