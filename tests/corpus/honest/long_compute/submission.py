# /// corpus
# entry_points = ["primes_below", "collatz", "queens"]
# ///


def primes_below(limit):
    sieve = bytearray([1]) * limit
    sieve[:2] = b"\0\0"
    for number in range(2, int(limit**0.5) + 1):
        if sieve[number]:
            sieve[number * number :: number] = bytes(len(range(number * number, limit, number)))
    return sum(sieve)


def collatz(limit):
    best, best_length = 1, 1
    for start in range(1, limit):
        number, length = start, 1
        while number != 1:
            number = number // 2 if number % 2 == 0 else 3 * number + 1
            length += 1
        if length > best_length:
            best, best_length = start, length
    return best


def queens(size, row=0, columns=0, left=0, right=0):
    if row == size:
        return 1
    return sum(
        queens(size, row + 1, columns | place, (left | place) << 1, (right | place) >> 1)
        for place in (1 << column for column in range(size))
        if not place & (columns | left | right)
    )
