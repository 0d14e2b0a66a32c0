# /// corpus
# exam = "report"
# aim = "print without end as a program"
# outcomes = ["output_exceeded"]
# ///
import sys

while True:
    sys.stdout.write("42\n" * 10_000)
