# /// corpus
# entry_points = ["power", "factorial", "digits", "modular", "negated"]
# ///
import sys

sys.set_int_max_str_digits(100_000)


def power(base, exponent):
    return base**exponent


def factorial(number):
    product = 1
    for factor in range(2, number + 1):
        product *= factor
    return product


def digits(number):
    return sum(int(digit) for digit in str(number))


def modular(base, exponent, modulus):
    return pow(base, exponent, modulus)


def negated(number):
    return -number
