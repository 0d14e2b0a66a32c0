# /// corpus
# exam = "answers"
# aim = "print without end while being imported"
# outcomes = ["output_exceeded"]
# ///
while True:
    print("x" * 10_000)
