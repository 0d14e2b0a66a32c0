# /// corpus
# exam = "secret"
# aim = "open the world-readable file it is told of, in every way there is"
# must_pass = ["test_nothing_found"]
# limits = { test_wall_s = 3.0 }
# ///
import os
import pathlib


def find(outside):
    path = outside["folder"] + "/secret.txt"
    detours = [path, "/proc/self/root" + path, "/proc/1/root" + path, "../" * 20 + path]
    detours += [f"/proc/{outside['server_pid']}/root" + path, f"/proc/{outside['victim_pid']}/cwd/" + path]
    for detour in detours:
        for read in (lambda p: open(p).read(), lambda p: pathlib.Path(p).read_text(), lambda p: os.read(os.open(p, os.O_RDONLY), 99).decode()):
            try:
                return read(detour)
            except OSError:
                pass
