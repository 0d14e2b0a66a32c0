# /// corpus
# entry_points = ["same", "checksum", "primes", "powerset", "steps", "packed"]
# ///
import hashlib
import struct
from itertools import combinations


def same(value):
    return value


def checksum(blob):
    return hashlib.sha256(blob).digest()


def primes(limit):
    return {n for n in range(2, limit) if all(n % d for d in range(2, int(n**0.5) + 1))}


def powerset(values):
    return {frozenset(group) for size in range(len(values) + 1) for group in combinations(values, size)}


def steps(start, stop, step):
    return range(start, stop, step)


def packed(number):
    return struct.pack(">I", number), bytearray(struct.pack("<I", number)), memoryview(b"ab").tobytes()
