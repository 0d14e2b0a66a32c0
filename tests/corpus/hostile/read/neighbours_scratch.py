# /// corpus
# exam = "witness"
# aim = "list the folder its own scratch folder is in, and open what lies beside it"
# must_pass = ["test_stopped"]
# limits = { test_wall_s = 3.0 }
# ///
import os


def attempt(outside):
    mine = os.stat(".").st_ino
    try:
        names = os.listdir("..")
    except OSError:
        return "stopped"
    for name in names:
        try:
            if os.stat(f"../{name}").st_ino != mine and os.path.isdir(f"../{name}") and os.listdir(f"../{name}") and os.path.realpath("..") != "/":
                return "got through"
        except OSError:
            pass
    return "stopped"
