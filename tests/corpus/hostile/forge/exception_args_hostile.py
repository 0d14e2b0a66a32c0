# /// corpus
# exam = "answers"
# aim = "raise built-in errors whose arguments are objects that lie, loops or not data"
# must_pass = ["test_zero"]
# ///


class Yes:
    def __eq__(self, other):
        return True

    def __reduce__(self):
        raise SystemExit(0)


def solve(index):
    loop = []
    loop.append(loop)
    if index == 1:
        raise ValueError(Yes(), loop)
    if index == 2:
        error = KeyError("two")
        error.__cause__ = error
        error.args = (loop, Yes(), lambda: 0)
        raise error
    if index == 3:
        raise UnicodeDecodeError("utf-8", b"\xff" * 1000, 0, 10**9, "x" * 10**6)
    return 0
