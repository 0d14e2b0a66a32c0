# /// corpus
# exam = "witness"
# aim = "start processes by every function of the library"
# must_pass = ["test_stopped"]
# ///
import multiprocessing
import os
import subprocess


def attempt(outside):
    mark = outside["folder"] + "/corpus-mark"
    for start in (
        lambda: subprocess.run(["/bin/touch", mark], check=True),
        lambda: subprocess.Popen(f"touch {mark}", shell=True),
        lambda: os.posix_spawn("/bin/touch", ["touch", mark], {}),
        lambda: os.popen("echo hello").read().index("hello"),
        lambda: 1 / (os.system(f"touch {mark}") == 0),
        lambda: multiprocessing.get_context("fork").Process(target=print).start(),
        lambda: multiprocessing.get_context("spawn").Process(target=print).start(),
    ):
        try:
            start()
        except (OSError, ValueError, ArithmeticError, AttributeError, RuntimeError, ImportError):
            continue
        return "got through"
    return "stopped"
