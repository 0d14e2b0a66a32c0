# /// corpus
# exam = "answers"
# aim = "fail with a chain of a hundred thousand causes and a traceback as deep"
# must_pass = ["test_zero"]
# ///


def solve(index):
    error = None
    for number in range(100_000 * (index > 0)):
        following = ValueError(number)
        following.__context__ = following.__cause__ = error
        error = following
    if error is not None:
        raise error
    return 0
