# /// corpus
# entry_points = ["parallel_sum", "locked_count", "produced"]
# ///
import queue
import threading


def parallel_sum(values, workers=4):
    sums = [0] * workers

    def work(index):
        sums[index] = sum(values[index::workers])

    threads = [threading.Thread(target=work, args=(index,)) for index in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(sums)


def locked_count(rounds):
    lock = threading.Lock()
    count = {"value": 0}

    def work():
        for _ in range(rounds):
            with lock:
                count["value"] += 1

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return count["value"]


def produced(values):
    jobs, done = queue.Queue(), []

    def consume():
        while (value := jobs.get()) is not None:
            done.append(value * 2)

    thread = threading.Thread(target=consume, daemon=True)
    thread.start()
    for value in [*values, None]:
        jobs.put(value)
    thread.join()
    return done
