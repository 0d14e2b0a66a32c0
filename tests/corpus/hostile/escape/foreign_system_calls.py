# /// corpus
# exam = "witness"
# aim = "call by the 32-bit and x32 tables, whose numbers mean other things"
# machines = ["x86_64"]
# may_pass = ["test_stopped"]
# ///
import ctypes
import mmap
import os

X32 = 0x40000000


def attempt(outside):
    libc = ctypes.CDLL(None, use_errno=True)
    made = libc.syscall(X32 | 57)
    if made == 0:
        libc.pause()
    if made > 0 or libc.syscall(X32 | 41, 2, 1, 0) >= 0 or libc.syscall(X32 | 62, outside["victim_pid"], 9) == 0:
        return "got through"
    try:
        page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    except OSError:
        return "stopped"
    # push rbx; mov eax, edi; mov ebx, esi; mov ecx, edx; int 0x80; pop rbx; ret
    page.write(b"\x53\x89\xf8\x89\xf3\x89\xd1\xcd\x80\x5b\xc3")
    call = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_int)(
        ctypes.addressof(ctypes.c_char.from_buffer(page))
    )
    if call(37, outside["victim_pid"], 9) == 0:
        return "got through"
    made = call(2, 0, 0)
    if made == 0:
        os._exit(0)
    return "got through" if made > 0 else "stopped"
