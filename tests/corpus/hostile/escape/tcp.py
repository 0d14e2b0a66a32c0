# /// corpus
# exam = "witness"
# aim = "connect to a server on this machine, or out into the world"
# must_pass = ["test_stopped"]
# ///
import socket
import urllib.request


def attempt(outside):
    for family, address in (
        (socket.AF_INET, ("127.0.0.1", outside["tcp_port"])),
        (socket.AF_INET6, ("::1", outside["tcp_port"])),
        (socket.AF_INET, ("1.1.1.1", 53)),
    ):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as client:
                client.settimeout(0.2)
                client.connect(address)
                return "got through"
        except OSError:
            pass
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{outside['tcp_port']}/", timeout=0.2)
    except OSError:
        return "stopped"
    return "got through"
