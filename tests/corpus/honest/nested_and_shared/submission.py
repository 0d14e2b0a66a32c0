# /// corpus
# entry_points = ["grid", "shared", "independent", "keyed", "deep", "mixed"]
# ///


def grid(rows, columns):
    return [[0] * columns for _ in range(rows)]


def shared(rows):
    return [[0]] * rows


def independent(rows):
    return [[0] for _ in range(rows)]


def keyed():
    return {1: "int", "1": "str", (1, 2): "tuple", None: "none", 2.5: "float", frozenset({1}): "set", b"x": "bytes"}


def deep(levels):
    value = "bottom"
    for level in range(levels):
        value = {"level": level, "in": [value]}
    return value


def mixed(value):
    return {"list": [value, (value, {"set": {1, 2}})], "bytes": b"\x00", "none": None, "order": {"z": 1, "a": 2}}
