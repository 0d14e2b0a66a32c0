# /// corpus
# exam = "callback"
# aim = "give callbacks that call back, deeper than the wire can go"
# ///


def visit(values, callback):
    def deeper(*args):
        return callback(deeper)

    callback(deeper)
    for _ in range(100):
        callback(callback)
    return deeper
