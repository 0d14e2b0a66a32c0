# /// corpus
# entry_points = ["same", "kinds", "interest", "shares", "roots", "powers"]
# ///
import cmath
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction


def same(value):
    return value


def kinds(values):
    return [type(value).__name__ for value in values]


def interest(principal, percent):
    return (Decimal(principal) * Decimal(percent) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)


def shares(parts):
    whole = sum(parts)
    return [Fraction(part, whole) for part in parts]


def roots(a, b, c):
    root = cmath.sqrt(b * b - 4 * a * c)
    return {(-b + root) / (2 * a), (-b - root) / (2 * a)}


def powers():
    return True, 1, 1.0, 1 + 0j, Decimal(1), Fraction(1)
