# /// corpus
# exam = "witness"
# aim = "write into the server's and the victim's memory"
# must_pass = ["test_stopped"]
# ///
import ctypes
import os


class Vector(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


def attempt(outside):
    libc = ctypes.CDLL(None, use_errno=True)
    text = ctypes.create_string_buffer(b"corpus-mark")
    local = Vector(ctypes.addressof(text), 11)
    remote = Vector(id(text) & ~7, 11)
    for number in (outside["victim_pid"], outside["server_pid"], os.getppid()):
        if number in (0, os.getpid()):
            continue
        if libc.process_vm_writev(number, ctypes.byref(local), 1, ctypes.byref(remote), 1, 0) > 0:
            return "got through"
        try:
            os.open(f"/proc/{number}/mem", os.O_RDWR)
        except OSError:
            continue
        return "got through"
    return "stopped"
