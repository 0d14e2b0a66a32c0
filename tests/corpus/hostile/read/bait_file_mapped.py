# /// corpus
# exam = "secret"
# aim = "read the file with mmap, sendfile, splice, copy_file_range or openat2"
# must_pass = ["test_nothing_found"]
# limits = { test_wall_s = 3.0 }
# ///
import ctypes
import os


def find(outside):
    path = (outside["folder"] + "/secret.txt").encode()
    libc = ctypes.CDLL(None, use_errno=True)
    how = (ctypes.c_uint64 * 3)(os.O_RDONLY, 0, 0)
    at = os.open("/", os.O_PATH) if os.access("/", os.F_OK) else -100
    for descriptor in (
        libc.open(path, os.O_RDONLY),
        libc.openat(at, path.lstrip(b"/"), os.O_RDONLY),
        libc.syscall(437, -100, path, ctypes.byref(how), 24),
        libc.open(path, os.O_PATH),
    ):
        if descriptor >= 0:
            try:
                return os.pread(descriptor, 99, 0).decode()
            except OSError:
                copy = os.open("copy", os.O_CREAT | os.O_RDWR)
                try:
                    os.sendfile(copy, descriptor, 0, 99)
                    return os.pread(copy, 99, 0).decode()
                except OSError:
                    pass
