# /// corpus
# exam = "witness"
# aim = "run a program that exists only in memory"
# must_pass = ["test_stopped"]
# ///
import ctypes
import os

EXECVEAT, AT_EMPTY_PATH = (322 if os.uname().machine == "x86_64" else 281), 0x1000


def attempt(outside):
    libc = ctypes.CDLL(None, use_errno=True)
    try:
        descriptor = os.memfd_create("program")
        os.write(descriptor, b"#!/bin/sh\necho corpus-mark > " + outside["folder"].encode() + b"/corpus-mark\n")
    except OSError:
        descriptor = os.open("program", os.O_CREAT | os.O_RDWR, 0o755)
        os.write(descriptor, b"#!/bin/sh\nexit 0\n")
    none = ctypes.c_char_p(None)
    libc.syscall(EXECVEAT, descriptor, b"", ctypes.byref(none), ctypes.byref(none), AT_EMPTY_PATH)
    return "stopped"
