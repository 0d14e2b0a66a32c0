# /// corpus
# exam = "witness"
# aim = "use one end of an allowed socket pair to send to a named socket"
# must_pass = ["test_stopped"]
# ///
import ctypes
import socket


def attempt(outside):
    names = ["\0" + outside["abstract"], outside["abstract"], "\0" + outside["abstract"][1:], outside["unix_path"]]
    try:
        one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    except OSError:
        return "stopped"
    for name in names:
        for send in (lambda: one.sendto(b"hello", name), lambda: one.sendmsg([b"hello"], [], 0, name), lambda: one.connect(name) or one.send(b"hello")):
            try:
                send()
            except OSError:
                continue
            return "got through"
    # AF_UNSPEC undoes the pairing; a datagram socket may then be pointed anywhere.
    ctypes.CDLL(None).connect(other.fileno(), b"\0" * 16, 16)
    try:
        other.sendto(b"hello", names[0])
    except OSError:
        return "stopped"
    return "got through"
