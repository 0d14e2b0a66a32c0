# /// corpus
# exam = "witness"
# aim = "open a port and wait for callers"
# must_pass = ["test_stopped"]
# ///
import socket


def attempt(outside):
    for family, address in ((socket.AF_INET, ("0.0.0.0", 0)), (socket.AF_INET6, ("::", 0)), (socket.AF_UNIX, "door"), (socket.AF_UNIX, "\0corpus-mark-door")):
        try:
            server = socket.socket(family, socket.SOCK_STREAM)
            server.bind(address)
            server.listen()
        except OSError:
            continue
        return "got through"
    return "stopped"
