# /// corpus
# exam = "witness"
# aim = "send datagrams: UDP, raw, packet, netlink, vsock"
# must_pass = ["test_stopped"]
# ///
import socket


def attempt(outside):
    for family, kind, protocol in (
        (socket.AF_INET, socket.SOCK_DGRAM, 0),
        (socket.AF_INET, socket.SOCK_RAW, 1),
        (socket.AF_INET, socket.SOCK_DGRAM, 1),
        (socket.AF_PACKET, socket.SOCK_RAW, 3),
        (socket.AF_NETLINK, socket.SOCK_RAW, 0),
        (40, socket.SOCK_STREAM, 0),
        (38, socket.SOCK_SEQPACKET, 0),
    ):
        try:
            socket.socket(family, kind, protocol)
        except OSError:
            continue
        return "got through"
    return "stopped"
