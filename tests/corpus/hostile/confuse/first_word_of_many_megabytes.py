# /// corpus
# exam = "answers"
# aim = "send a first frame whose name is 7 MiB long, to be told in every test's message"
# outcomes = ["protocol_violation"]
# loads = false
# ///
import os

name = b"A" * (7 * 1024 * 1024)
body = b"\x91\xdb" + len(name).to_bytes(4, "big") + name
frame = len(body).to_bytes(4, "big") + body
while frame:
    frame = frame[os.write(3, frame) :]


def solve(index):
    return 0
