# /// corpus
# exam = "witness"
# aim = "reach a local socket by path or abstract name"
# must_pass = ["test_stopped"]
# ///
import socket


def attempt(outside):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
        for address in (outside["unix_path"], "\0" + outside["abstract"][1:], "\0" + outside["abstract"], "/var/run/docker.sock", "/run/systemd/private"):
            try:
                client = socket.socket(socket.AF_UNIX, kind)
                client.connect(address)
            except OSError:
                continue
            return "got through"
    return "stopped"
