# /// corpus
# exam = "answers"
# aim = "change a list from another thread while it is being encoded"
# may_pass = ["test_zero"]
# ///
import sys
import threading


def solve(index):
    if not index:
        return 0
    sys.setswitchinterval(1e-6)
    value = [[number] for number in range(20_000)]

    def change():
        while True:
            value.append(value.pop(0))
            value.clear()
            value.extend([number] for number in range(1000))

    threading.Thread(target=change, daemon=True).start()
    return value
