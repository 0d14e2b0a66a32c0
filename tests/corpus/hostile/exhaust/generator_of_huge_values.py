# /// corpus
# exam = "stream"
# aim = "yield megabytes at a time, to fill the reader"
# ///


def stream(count):
    while True:
        yield bytes(4_000_000)
