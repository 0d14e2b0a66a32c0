# /// corpus
# exam = "secret"
# aim = "read the memory of the server, the parent and everyone else through /proc"
# must_pass = ["test_nothing_found"]
# limits = { test_wall_s = 3.0 }
# ///
import os
import re

SECRET = re.compile(rb"corpus-" rb"secret-[0-9a-f]{32}")


def find(outside):
    numbers = [outside["victim_pid"], outside["server_pid"], os.getppid()]
    try:
        numbers += [int(name) for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        pass
    for number in numbers:
        if number in (os.getpid(), 0):
            continue
        try:
            with open(f"/proc/{number}/maps") as maps, open(f"/proc/{number}/mem", "rb", 0) as memory:
                for line in maps:
                    start, end = (int(part, 16) for part in line.split()[0].split("-"))
                    if "rw" in line and end - start < 2**25:
                        memory.seek(start)
                        found = SECRET.search(memory.read(end - start))
                        if found:
                            return found[0].decode()
        except (OSError, ValueError, OverflowError):
            continue
