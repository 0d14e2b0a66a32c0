# /// corpus
# exam = "witness"
# aim = "write outside through soft links, hard links and moved folders inside its own folder"
# must_pass = ["test_stopped"]
# ///
import os


def attempt(outside):
    notes = outside["folder"] + "/notes.txt"
    for link in (os.symlink, os.link):
        try:
            if not os.path.lexists("door"):
                link(notes, "door")
            with open("door", "a") as file:
                file.write("corpus-mark")
            return "got through"
        except OSError:
            pass
    try:
        os.symlink(outside["folder"], "folder")
        with open("folder/corpus-mark", "w"):
            return "got through"
    except OSError:
        pass
    try:
        os.rename("../" + os.path.basename(os.getcwd()), outside["folder"] + "/corpus-mark")
    except OSError:
        return "stopped"
    return "got through"
