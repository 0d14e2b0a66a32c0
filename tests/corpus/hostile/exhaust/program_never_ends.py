# /// corpus
# exam = "report"
# aim = "print the right answer and stay"
# outcomes = ["timed_out"]
# ///
import sys
import time

numbers = sys.argv[1:] or sys.stdin.read().split()
print(sum(int(number) for number in numbers), flush=True)
time.sleep(3600)
