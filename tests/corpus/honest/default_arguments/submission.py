# /// corpus
# entry_points = ["remember", "greet", "options", "configure"]
# ///


def remember(value, seen=[]):
    seen.append(value)
    return list(seen)


def greet(name="world", /, greeting="Hello", *, mark="!"):
    return f"{greeting}, {name}{mark}"


def options(*args, flag=False, **kwargs):
    return args, flag, dict(sorted(kwargs.items()))


def configure(overrides=None, **more):
    settings = {"depth": 1, "name": "default"}
    settings |= overrides or {}
    return settings | more
