# /// corpus
# exam = "answers"
# aim = "build code from text with null bytes and lone surrogates"
# must_pass = ["test_zero"]
# ///


def solve(index):
    if index:
        return eval("7919\x00" if index == 1 else "'\ud800'.encode()")
    return 0
