# /// corpus
# entry_points = ["thousandth_primes", "leftovers", "tidy"]
# ///
"""An ordinary submission: the next one after a hostile program must find everything in order."""

import os
import threading


class Counterfeit(ValueError):
    """Raised for a negative count."""


def thousandth_primes(count):
    if count < 0:
        raise Counterfeit(count)
    limit = 30_000
    sieve = bytearray([1]) * limit
    sieve[0] = sieve[1] = 0
    for number in range(2, int(limit**0.5) + 1):
        if sieve[number]:
            sieve[number * number :: number] = bytes(len(range(number * number, limit, number)))
    primes = [number for number in range(limit) if sieve[number]]
    return [primes[1000 * index - 1] for index in range(1, count + 1)]


def tidy(words):
    words.sort(key=str.lower)


def leftovers():
    with open("note.txt", "w") as note:
        note.write("mine")
    found = sorted(os.listdir("."))
    os.remove("note.txt")
    marks = sorted(name for name in os.environ if "corpus" in name.lower())
    return found, marks, threading.active_count()
