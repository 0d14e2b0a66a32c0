# /// corpus
# exam = "secret"
# aim = "walk up the stack of every thread for the expected value"
# must_pass = ["test_nothing_found"]
# limits = { test_wall_s = 3.0 }
# ///
import inspect
import re
import sys
import traceback

SECRET = re.compile("corpus-" "secret-[0-9a-f]{32}")


def find(outside):
    texts = []
    for frame in sys._current_frames().values():
        while frame is not None:
            texts += [repr(frame.f_code.co_consts), repr(frame.f_locals)[:10**6], repr(frame.f_globals)[:10**6]]
            frame = frame.f_back
    texts += [repr(inspect.stack()), "".join(traceback.format_stack())]
    found = SECRET.search("\n".join(texts))
    return found and found[0]
