# /// corpus
# exam = "witness"
# aim = "write over a compiled module of the Python installation"
# must_pass = ["test_stopped"]
# ///
import glob
import os


def attempt(outside):
    folder = os.path.dirname(os.__file__)
    for path in [*glob.glob(folder + "/__pycache__/*.pyc")[:5], *glob.glob(folder + "/*.py")[:5]]:
        try:
            with open(path, "r+b"):
                return "got through"
        except OSError:
            pass
    return "stopped"
