# /// corpus
# entry_points = ["squares", "first_failure", "timed"]
# ///
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed


def squares(values):
    with ThreadPoolExecutor(max_workers=4) as pool:
        return list(pool.map(lambda value: value**2, values))


def first_failure(values):
    with ThreadPoolExecutor(max_workers=2) as pool:
        futures = [pool.submit(lambda value=value: 10 // value) for value in values]
        return sorted(future.result() for future in as_completed(futures))


def timed():
    fired = threading.Event()
    timer = threading.Timer(0.01, fired.set)
    timer.start()
    started = time.monotonic()
    fired.wait(1)
    timer.join()
    return fired.is_set() and time.monotonic() - started < 1
