# /// corpus
# exam = "shapes"
# aim = "return things that are no data: a module, a function, a coroutine, NotImplemented"
# ///
import math


async def later():
    return 4242


class Awaiting:
    def __await__(self):
        yield 4242


def give(kind):
    return {
        "number": math,
        "flag": NotImplemented,
        "fraction": later(),
        "text": give,
        "list": type,
        "dict": Awaiting(),
    }.get(kind, ...)
