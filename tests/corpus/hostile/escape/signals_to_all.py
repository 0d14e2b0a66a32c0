# /// corpus
# exam = "witness"
# aim = "kill everything it may: kill(-1), its process group, its parent's"
# must_pass = ["test_stopped"]
# ///
import os
import signal


def attempt(outside):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for number in (-1, 0, -os.getpgrp() if os.getpgrp() > 1 else -1, -outside["server_pid"], -outside["victim_pid"]):
        for kind in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.kill(number, kind)
            except OSError:
                pass
    return "stopped"
