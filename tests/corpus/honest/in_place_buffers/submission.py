# /// corpus
# entry_points = ["invert", "drain", "fill"]
# ///


def invert(buffer):
    for place, byte in enumerate(buffer):
        buffer[place] = byte ^ 0xFF
    buffer.append(0)


def drain(queue):
    taken = []
    while queue:
        taken.append(queue.popleft())
    queue.appendleft("done")
    return taken


def fill(counter, words):
    for word in words:
        counter[word] += 1
