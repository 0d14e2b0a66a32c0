# /// corpus
# exam = "witness"
# aim = "leave its folder by descriptors, fchdir and relative opens"
# must_pass = ["test_stopped"]
# ///
import os


def attempt(outside):
    here = os.open(".", os.O_RDONLY)
    up = here
    for _ in range(8):
        try:
            up = os.open("..", os.O_PATH | os.O_DIRECTORY, dir_fd=up)
        except OSError:
            break
    path = outside["folder"].lstrip("/") + "/notes.txt"
    try:
        os.write(os.open(path, os.O_WRONLY | os.O_APPEND, dir_fd=up), b"corpus-mark")
        return "got through"
    except OSError:
        pass
    try:
        os.fchdir(up)
        with open(path, "a") as file:
            file.write("corpus-mark")
    except OSError:
        return "stopped"
    return "got through"
