# /// corpus
# exam = "witness"
# aim = "type into the terminal the server was started from"
# must_pass = ["test_stopped"]
# ///
import fcntl
import os
import termios


def attempt(outside):
    for descriptor in [0, 1, 2, *range(3, 32)]:
        try:
            for character in b"#corpus-mark\n":
                fcntl.ioctl(descriptor, termios.TIOCSTI, bytes([character]))
            return "got through"
        except OSError:
            pass
    try:
        os.open("/dev/tty", os.O_RDWR)
    except OSError:
        return "stopped"
    return "got through"
