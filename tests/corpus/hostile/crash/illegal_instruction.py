# /// corpus
# exam = "answers"
# aim = "run bytes that are no instructions"
# must_pass = ["test_zero"]
# machines = ["x86_64"]
# ///
import ctypes
import mmap


def solve(index):
    if index:
        page = mmap.mmap(-1, 4096, prot=7)
        page.write(b"\x0f\x0b")
        ctypes.CFUNCTYPE(None)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
    return 0
