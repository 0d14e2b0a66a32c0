# /// corpus
# exam = "witness"
# aim = "raise its own limits"
# must_pass = ["test_stopped"]
# ///
import resource


def attempt(outside):
    for kind in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE, resource.RLIMIT_NPROC, resource.RLIMIT_CORE):
        soft, hard = resource.getrlimit(kind)
        if hard == resource.RLIM_INFINITY:
            continue
        for change in (lambda: resource.setrlimit(kind, (hard + 1, hard + 1)), lambda: resource.prlimit(0, kind, (-1, -1))):
            try:
                change()
            except (OSError, ValueError):
                continue
            return "got through"
    return "stopped"
