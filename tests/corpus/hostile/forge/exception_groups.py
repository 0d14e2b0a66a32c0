# /// corpus
# exam = "shapes"
# aim = "raise groups that hold the expected error somewhere inside"
# ///


def give(kind):
    inner = ExceptionGroup("forty", [ZeroDivisionError("forty"), KeyError("forty")])
    raise BaseExceptionGroup("forty", [inner, KeyboardInterrupt()])
