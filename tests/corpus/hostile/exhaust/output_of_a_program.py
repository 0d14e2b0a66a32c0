# /// corpus
# exam = "report"
# aim = "print without end as a program"
# outcomes = ["output_exceeded"]
# limits = { test_wall_s = 3.0 }
# ///
import sys

while True:
    sys.stdout.write("42\n" * 10_000)
