# /// corpus
# exam = "callback"
# aim = "call the callback for ever"
# ///


def visit(values, callback):
    while True:
        try:
            callback(values[0])
        except Exception:
            pass
