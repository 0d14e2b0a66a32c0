# /// corpus
# exam = "answers"
# aim = "map anonymous memory past the allocator, private and shared"
# must_pass = ["test_zero"]
# ///
import mmap


def solve(index):
    kept = []
    while index:
        kept.append(mmap.mmap(-1, 2**22, flags=mmap.MAP_SHARED if index % 2 else mmap.MAP_PRIVATE))
        kept[-1].write(b"\x01" * 2**22)
    return 0
