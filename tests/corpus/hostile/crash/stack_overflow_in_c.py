# /// corpus
# exam = "answers"
# aim = "overflow the C stack by C calling Python calling C"
# must_pass = ["test_zero"]
# outcomes = ["crashed", "memory_exceeded"]
# ///
import ctypes
import sys

COMPARE = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)


def solve(index):
    sys.setrecursionlimit(10**9)
    libc = ctypes.CDLL(None)
    values = (ctypes.c_int * 2)(2, 1)

    @COMPARE
    def compare(left, right):
        libc.qsort(values, 2, 4, compare)
        return 0

    if index:
        libc.qsort(values, 2, 4, compare)
    return 0
