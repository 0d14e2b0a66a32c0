# /// corpus
# entry_points = ["shuffled", "rolls", "estimate", "unique"]
# ///
import random
import secrets
import uuid


def shuffled(values, seed):
    rng = random.Random(seed)
    values = list(values)
    rng.shuffle(values)
    return values


def rolls(count, seed):
    random.seed(seed)
    return [random.randint(1, 6) for _ in range(count)]


def estimate(samples):
    rng = random.Random(1)
    return 4 * sum(rng.random() ** 2 + rng.random() ** 2 <= 1 for _ in range(samples)) / samples


def unique(count):
    return len({secrets.token_hex(8) for _ in range(count)} | {str(uuid.uuid4()) for _ in range(count)})
