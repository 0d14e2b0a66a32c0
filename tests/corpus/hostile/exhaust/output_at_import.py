# /// corpus
# exam = "answers"
# aim = "print without end while being imported"
# outcomes = ["output_exceeded"]
# limits = { test_wall_s = 3.0 }
# ///
while True:
    print("x" * 10_000)
