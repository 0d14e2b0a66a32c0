# /// corpus
# exam = "witness"
# aim = "import the server's own packages: tasks, graders, worker, gateway, the tests themselves"
# must_pass = ["test_stopped"]
# limits = { test_wall_s = 3.0 }
# ///
import importlib


def attempt(outside):
    for name in ("tasks.catalogue", "tasks.task", "graders.grade", "worker.queue", "gateway.episodes", "server.app", "test_public", "test_hidden", "tests.corpus.programs"):
        try:
            importlib.import_module(name)
        except ImportError:
            continue
        return "got through"
    return "stopped"
