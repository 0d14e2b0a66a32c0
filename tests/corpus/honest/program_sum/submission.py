# /// corpus
# entry_points = []
# program = true
# ///
"""Adds numbers from arguments or standard input."""

import sys


def main():
    words = sys.argv[1:] or sys.stdin.read().split()
    try:
        numbers = [int(word) for word in words]
    except ValueError as error:
        print(f"not a number: {error}", file=sys.stderr)
        return 2
    print(sum(numbers))
    return 0


if __name__ == "__main__":
    sys.exit(main())
