# /// corpus
# exam = "callback"
# aim = "keep the examiner busy with calls of the callback while the time for an answer passes"
# outcomes = ["timed_out"]
# ///
import os
import threading
import time

import msgspec


def visit(values, callback):
    call = msgspec.msgpack.encode([7, "call", "callback", callback.number, b"\x92\x90\x80"])
    frame = len(call).to_bytes(4, "big") + call

    def flood():
        while True:
            os.write(3, frame)

    def drain():
        while True:
            os.read(3, 65536)

    for task in (flood, drain):
        threading.Thread(target=task, daemon=True).start()
    time.sleep(2.5)
    os._exit(0)
