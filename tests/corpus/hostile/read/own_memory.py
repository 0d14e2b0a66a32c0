# /// corpus
# exam = "secret"
# aim = "find what the fork server left in the memory it handed on"
# limits = { test_wall_s = 3.0 }
# must_pass = ["test_nothing_found"]
# ///
import ctypes
import re

SECRET = re.compile(rb"corpus-" rb"secret-[0-9a-f]{32}")


def regions():
    try:
        with open("/proc/self/maps") as maps:
            for line in maps:
                if " rw" in line or " r--" in line:
                    start, end = (int(part, 16) for part in line.split()[0].split("-"))
                    if "[v" not in line:
                        yield start, end
    except OSError:
        page = id(SECRET) & ~0xFFF  # the only one known to be there
        yield page, page + 2**12


def find(outside):
    for start, end in list(regions()):
        for at in range(start, end, 2**20):
            found = SECRET.search(ctypes.string_at(at, min(2**20, end - at)))
            if found:
                return found[0].decode()
