# /// corpus
# exam = "secret"
# aim = "reach the file by links made inside its own folder"
# must_pass = ["test_nothing_found"]
# limits = { test_wall_s = 3.0 }
# ///
import os


def find(outside):
    path = outside["folder"] + "/secret.txt"
    for name, link in (("soft", os.symlink), ("hard", os.link)):
        try:
            if not os.path.lexists(name):
                link(path, name)
            with open(name) as file:
                return file.read()
        except OSError:
            pass
    try:
        if not os.path.lexists("folder"):
            os.symlink("/", "folder")
        with open("folder" + path) as file:
            return file.read()
    except OSError:
        return None
