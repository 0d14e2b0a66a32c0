# /// corpus
# entry_points = ["total", "shout", "quiet"]
# ///
import sys

print("loading", file=sys.stderr)


def total(values):
    print(f"adding {len(values)} values")
    for value in values:
        print("value", value, sep="=", end=";")
    sys.stdout.write("\n")
    print("warning: äöü ☃", file=sys.stderr, flush=True)
    return sum(values)


def shout(text):
    print(text.upper())


def quiet(text):
    return text.lower()
