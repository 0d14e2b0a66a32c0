# /// corpus
# exam = "witness"
# aim = "leave a file anywhere but in its own folder"
# must_pass = ["test_stopped"]
# ///
import os
import site
import sys
import tempfile


def attempt(outside):
    own = os.stat(".")
    folders = ["/", "/tmp", "/var/tmp", "/dev/shm", "/run", "/run/lock", "/etc", "/home", "/root", "/dev", "/proc/self", "..", "../.."]
    folders += [*sys.path, *site.getsitepackages(), sys.prefix, os.path.dirname(os.__file__) + "/__pycache__", tempfile.gettempdir()]
    for folder in folders:
        try:
            if os.path.samestat(os.stat(folder or "."), own):
                continue
            with open(os.path.join(folder, "corpus-mark"), "w"):
                return "got through"
        except OSError:
            pass
    return "stopped"
