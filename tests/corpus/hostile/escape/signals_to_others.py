# /// corpus
# exam = "witness"
# aim = "kill the victim, the server, the parent"
# must_pass = ["test_stopped"]
# ///
import os
import signal


def attempt(outside):
    for number in (outside["victim_pid"], outside["server_pid"], os.getppid()):
        for kind in (signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM, signal.SIGUSR1):
            try:
                if number > 0 and number != os.getpid():
                    os.kill(number, kind)
                    return "got through"
            except OSError:
                pass
    return "stopped"
