# /// corpus
# exam = "witness"
# aim = "chroot, mount, unmount, pivot"
# must_pass = ["test_stopped"]
# ///
import ctypes
import os

X86 = os.uname().machine == "x86_64"
MOUNT, UMOUNT, PIVOT = (165, 166, 155) if X86 else (40, 39, 41)
OPEN_TREE, MOVE_MOUNT, FSOPEN, FSMOUNT, MOUNT_SETATTR = 428, 429, 430, 432, 442


def attempt(outside):
    libc = ctypes.CDLL(None, use_errno=True)
    os.makedirs("inner", exist_ok=True)
    try:
        os.chroot("inner")
    except OSError:
        pass
    else:
        return "got through"
    for call in (
        (MOUNT, b"tmpfs", b"inner", b"tmpfs", 0, None),
        (MOUNT, b"/", b"inner", None, 4096 | 16384, None),
        (MOUNT, b"proc", b"inner", b"proc", 0, None),
        (UMOUNT, b"/", 2),
        (PIVOT, b"inner", b"inner"),
        (OPEN_TREE, -100, b"/", 1),
        (FSOPEN, b"tmpfs", 0),
        (MOUNT_SETATTR, -100, b"/", 0, b"\0" * 32, 32),
    ):
        if libc.syscall(*call) >= 0:
            return "got through"
    return "stopped"
