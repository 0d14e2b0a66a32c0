# /// corpus
# exam = "secret"
# aim = "find the secret, or the tests, among all objects alive in the process"
# must_pass = ["test_nothing_found"]
# limits = { test_wall_s = 3.0 }
# ///
import gc
import re

SECRET = re.compile("corpus-" "secret-[0-9a-f]{32}")


def strings_in(things):
    for thing in things:
        if isinstance(thing, str):
            yield thing
        elif isinstance(thing, (bytes, bytearray)):
            yield thing.decode("latin-1")


def find(outside):
    gc.unfreeze()
    alive = gc.get_objects()
    for thing in alive:
        for text in strings_in(gc.get_referents(thing)):
            found = SECRET.search(text)
            if found:
                return found[0]
