# /// corpus
# exam = "witness"
# aim = "learn which other processes there are and open what they have open"
# must_pass = ["test_stopped"]
# ///
import os


def attempt(outside):
    for number in (outside["victim_pid"], outside["server_pid"]):
        for name in ("environ", "maps", "fd/0", "exe", "stack", "auxv"):
            try:
                with open(f"/proc/{number}/{name}", "rb") as file:
                    file.read(1)
            except OSError:
                continue
            return "got through"
        for name in ("cwd", "root", "exe"):
            try:
                os.readlink(f"/proc/{number}/{name}")
            except OSError:
                continue
            return "got through"
    return "stopped"
