# /// corpus
# exam = "witness"
# aim = "write, truncate, rename, remove, link in a folder that is open to all"
# must_pass = ["test_stopped"]
# ///
import os
import shutil


def attempt(outside):
    through = []
    folder, notes = outside["folder"], outside["folder"] + "/notes.txt"
    for write in (
        lambda: os.utime(notes, (0, 0)),
        lambda: os.setxattr(notes, "user.corpus", b"mark"),
        lambda: os.chown(notes, -1, os.getgid()),
        lambda: os.chmod(notes, 0o600),
        lambda: open(folder + "/corpus-mark", "w").close(),
        lambda: open(notes, "a").write("corpus-mark"),
        lambda: open(notes, "r+").truncate(0),
        lambda: os.truncate(notes, 0),
        lambda: os.rename(notes, folder + "/corpus-mark"),
        lambda: os.link(notes, folder + "/corpus-mark-link"),
        lambda: os.symlink(notes, folder + "/corpus-mark-symlink"),
        lambda: os.mkdir(folder + "/corpus-mark-folder"),
        lambda: os.mkfifo(folder + "/corpus-mark-pipe"),
        lambda: os.chown(notes, 1, 1),
        lambda: os.unlink(notes),
        lambda: shutil.rmtree(folder),
        lambda: os.unlink(outside["unix_path"]),
    ):
        try:
            write()
        except OSError:
            continue
        through.append(write)
    return "got through" if through else "stopped"
