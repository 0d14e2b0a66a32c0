# /// corpus
# entry_points = []
# program = true
# ///
import atexit
import os
import sys
import threading
import time


def late():
    time.sleep(0.1)
    print("from a thread")


mode = sys.argv[1]
if mode == "exit":
    atexit.register(print, "from an exit function")
elif mode == "thread":
    threading.Thread(target=late).start()
else:
    out = os.fdopen(1, "w", closefd=False)
    out.write("from a file left open")
