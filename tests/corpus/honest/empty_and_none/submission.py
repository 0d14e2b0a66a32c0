# /// corpus
# entry_points = ["nothing", "implicit", "empty", "optional", "passes"]
# ///


def nothing():
    return None


def implicit(flag):
    if flag:
        return flag


def empty(kind):
    return kind()


def optional(value=None):
    return value is None


def passes(*args, **kwargs): ...
