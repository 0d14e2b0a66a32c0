from solution import collatz, primes_below, queens


def test_sieve():
    assert primes_below(1_000_000) == 78498


def test_collatz():
    assert collatz(10_000) == 6171


def test_queens():
    assert queens(7) == 40
