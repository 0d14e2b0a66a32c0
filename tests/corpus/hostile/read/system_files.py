# /// corpus
# exam = "witness"
# aim = "read what is not Python's: accounts, the host's name, the kernel's log"
# must_pass = ["test_stopped"]
# limits = { test_wall_s = 3.0 }
# ///


def attempt(outside):
    for path in ("/etc/passwd", "/etc/shadow", "/etc/hostname", "/etc/hosts", "/root/.bashrc", "/var/log/dpkg.log", "/proc/1/environ", "/proc/kallsyms", "/dev/kmsg", "/etc/ssl/openssl.cnf"):
        try:
            with open(path, "rb") as file:
                if file.read(1):
                    return "got through"
        except OSError:
            pass
    return "stopped"
