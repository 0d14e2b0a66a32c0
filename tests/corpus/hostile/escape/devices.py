# /// corpus
# exam = "witness"
# aim = "open or make raw devices"
# must_pass = ["test_stopped"]
# ///
import os
import stat


def attempt(outside):
    for path in ("/dev/mem", "/dev/kmem", "/dev/port", "/dev/sda", "/dev/vda", "/dev/nvme0n1", "/dev/fuse", "/dev/kvm", "/dev/net/tun", "/dev/tty", "/dev/console", "/dev/ptmx", "/dev/loop-control", "/dev/input/event0"):
        try:
            os.open(path, os.O_RDWR)
        except OSError:
            continue
        return "got through"
    for name, kind, device in (("disk", stat.S_IFBLK, (8, 0)), ("memory", stat.S_IFCHR, (1, 1)), ("kmsg", stat.S_IFCHR, (1, 11))):
        try:
            os.mknod(name, kind | 0o666, os.makedev(*device))
            os.open(name, os.O_RDWR)
        except OSError:
            continue
        return "got through"
    return "stopped"
