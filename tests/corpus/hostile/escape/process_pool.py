# /// corpus
# exam = "witness"
# aim = "spread over processes with a pool"
# must_pass = ["test_stopped"]
# ///
from concurrent.futures import ProcessPoolExecutor


def attempt(outside):
    try:
        with ProcessPoolExecutor(2) as pool:
            return "got through" if list(pool.map(abs, [-1])) == [1] else "odd"
    except (OSError, ImportError, RuntimeError, ValueError):
        return "stopped"
